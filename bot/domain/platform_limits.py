"""What each platform takes, whatever service brings it there: the one table.

A service that takes less, or documents something else, says so where it is declared
(`providers/<service>/limits.py`). What a platform does not publish is left open (None) or told
below as taken from a service's documents. 1 MB is a million bytes, as platforms write it.
"""

from collections.abc import Mapping
from dataclasses import replace

from bot.domain.counting import TextLimit, Unit
from bot.domain.limits import ContentLimit, FileLimit, Limits
from bot.domain.platform import Kind, Platform

MB = 1_000_000
GB = 1_000 * MB
JPEG, PNG, WEBP = "image/jpeg", "image/png", "image/webp"
MP4, MOV, WEBM, M4V, AVI = (
    "video/mp4",
    "video/quicktime",
    "video/webm",
    "video/x-m4v",
    "video/x-msvideo",
)


def _characters(maximum: int) -> TextLimit:
    return TextLimit(maximum, Unit.CHARACTERS)


def _photos(
    count: int, size: int, *types: str, aspect: tuple[float, float] | None = None
) -> FileLimit:
    return FileLimit(count=count, types=frozenset(types or {JPEG, PNG}), size=size, aspect=aspect)


def _video(
    size: int,
    *types: str,
    seconds: tuple[float, float] | None = None,
    aspect: tuple[float, float] | None = None,
    frame_rate: tuple[float, float] | None = None,
) -> FileLimit:
    return FileLimit(
        count=1,
        types=frozenset(types or {MP4, MOV}),
        size=size,
        seconds=seconds,
        aspect=aspect,
        frame_rate=frame_rate,
    )


def _same_texts(limit: ContentLimit, *, photos: FileLimit, video: FileLimit) -> Limits:
    """A platform that takes text alone, photos and a video with the same texts."""
    return Limits(
        {
            Kind.TEXT: limit,
            Kind.PHOTOS: replace(limit, files=photos),
            Kind.VIDEO: replace(limit, files=video),
        }
    )


# developers.tiktok.com, Content Posting API. "Direct post": a video's caption has 2,200 UTF-16
# units. "Photo post": title 90, description 4,000, 35 photos. "Media transfer guide": formats,
# 4 GB, 20 MB, 23 to 60 frames, 10 minutes. At least 3 seconds: seed 002.
_TIKTOK = Limits(
    {
        Kind.VIDEO: ContentLimit(
            caption=TextLimit(2_200, Unit.UTF16),
            files=_video(4 * GB, MP4, MOV, WEBM, seconds=(3, 600), frame_rate=(23, 60)),
        ),
        Kind.PHOTOS: ContentLimit(
            caption=TextLimit(4_000, Unit.UTF16),
            title=TextLimit(90, Unit.UTF16),
            files=_photos(35, 20 * MB, JPEG, WEBP),
        ),
    }
)

# developers.facebook.com, "IG User media": caption, 30 hashtags, 20 mentions, image and reel
# specifications. "Content publishing": 10 files in a carousel. No post without a file.
_INSTAGRAM = _same_texts(
    ContentLimit(caption=_characters(2_200), hashtags=30, mentions=20),
    photos=_photos(10, 8 * MB, JPEG, aspect=(0.8, 1.91)),
    video=_video(300 * MB, seconds=(3, 900), aspect=(0.01, 10), frame_rate=(23, 60)),
).only(Kind.PHOTOS, Kind.VIDEO)

# developers.google.com, YouTube Data API, "Videos": title of 100 characters, description of 5,000
# bytes, neither with < or >. support.google.com, "Upload videos longer than 15 minutes": 256 GB
# or 12 hours, whichever is less.
_YOUTUBE = Limits(
    {
        Kind.VIDEO: ContentLimit(
            caption=TextLimit(5_000, Unit.BYTES),
            title=_characters(100),
            needs_title=True,
            forbidden="<>",
            files=_video(256 * GB, MP4, MOV, WEBM, M4V, AVI, seconds=(0, 12 * 3_600)),
        )
    }
)

# 63,206 characters: seed 003. Meta publishes no firm limits for the files of a Page; these are
# the ones publishing services keep to (10 photos of 10 MB, a video of 4 GB and 4 hours).
_FACEBOOK = _same_texts(
    ContentLimit(caption=_characters(63_206)),
    photos=_photos(10, 10 * MB),
    video=_video(4 * GB, seconds=(1, 4 * 3_600)),
)

# developers.facebook.com, Threads API. "Posts": 500 characters, emoji counted as their bytes,
# 20 files in a carousel. "Overview": image and video specifications.
_THREADS = _same_texts(
    ContentLimit(caption=TextLimit(500, Unit.THREADS)),
    photos=_photos(20, 8 * MB, aspect=(0.1, 10)),
    video=_video(GB, seconds=(0, 300), aspect=(0.01, 10), frame_rate=(23, 60)),
)

# docs.x.com, "Counting characters" (280 for an account without Premium) and "Media best
# practices": 4 photos of 5 MB, or one video of 512 MB.
_X = _same_texts(
    ContentLimit(caption=TextLimit(280, Unit.X)),
    photos=_photos(4, 5 * MB, JPEG, PNG, WEBP),
    video=_video(512 * MB, seconds=(0.5, 140), aspect=(0.33, 3), frame_rate=(0, 60)),
)

# 3,000 characters: seed 003. learn.microsoft.com, LinkedIn "MultiImage API": 20 photos; "Videos
# API": MP4 of 3 seconds to 30 minutes and 500 MB. LinkedIn's help: photos of 5 MB.
_LINKEDIN = _same_texts(
    ContentLimit(caption=_characters(3_000)),
    photos=_photos(20, 5 * MB),
    video=_video(500 * MB, MP4, seconds=(3, 1_800), aspect=(0.42, 2.4)),
)

# Description of 800 and title of 100 characters: seed 003. Pinterest's help, "Review pin specs":
# 20 MB a picture, 5 in a carousel; video of 4 seconds to 15 minutes, 2 GB, 1.91:1 to 1:2.
# No pin without a file.
_PINTEREST = _same_texts(
    ContentLimit(caption=_characters(800), title=_characters(100)),
    photos=_photos(5, 20 * MB, JPEG, PNG, WEBP),
    video=_video(2 * GB, MP4, MOV, M4V, seconds=(4, 900), aspect=(0.5, 1.91)),
).only(Kind.PHOTOS, Kind.VIDEO)

# github.com/bluesky-social/atproto, lexicons: `app.bsky.feed.post` (300 graphemes),
# `app.bsky.embed.images` (4 of a million bytes), `app.bsky.embed.video` (MP4 of 100 million
# bytes). bsky.social's blog, March 2025: 3 minutes.
_BLUESKY = _same_texts(
    ContentLimit(caption=TextLimit(300, Unit.BLUESKY)),
    photos=_photos(4, MB, JPEG, PNG, WEBP),
    video=_video(100 * MB, MP4, seconds=(0, 180)),
)

# support.reddithelp.com: title of 300 and text of 40,000 characters, 20 pictures of 20 MB, a
# video of 1 GB and 15 minutes.
_REDDIT = _same_texts(
    ContentLimit(caption=_characters(40_000), title=_characters(300)),
    photos=_photos(20, 20 * MB),
    video=_video(GB, seconds=(0, 900)),
)

PLATFORM_LIMITS: Mapping[Platform, Limits] = {
    Platform.TIKTOK: _TIKTOK,
    Platform.INSTAGRAM: _INSTAGRAM,
    Platform.YOUTUBE: _YOUTUBE,
    Platform.FACEBOOK: _FACEBOOK,
    Platform.THREADS: _THREADS,
    Platform.X: _X,
    Platform.LINKEDIN: _LINKEDIN,
    Platform.PINTEREST: _PINTEREST,
    Platform.BLUESKY: _BLUESKY,
    Platform.REDDIT: _REDDIT,
}
