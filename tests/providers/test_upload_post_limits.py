"""Upload-Post's own limits: each number of its pages is the last that is taken."""

from dataclasses import replace
from typing import Any

import pytest

from bot.domain.fit import problems
from bot.domain.media import Media
from bot.domain.platform import Kind, Platform
from providers.upload_post.limits import LIMITS

MB = 1_000_000
PHOTO = Media(
    sha256="0" * 64,
    content_type="image/jpeg",
    size=MB,
    filename="a.jpg",
    width=1080,
    height=1080,
)
CLIP = replace(
    PHOTO, content_type="video/mp4", filename="v.mp4", height=1920, seconds=30, frame_rate=30
)


def said(
    platform: Platform, kind: Kind, *media: Media, caption: str = "Hello", title: str = "T"
) -> list[str]:
    """The fields of a post that would be refused."""
    found = problems(
        LIMITS[platform],
        platform.label,
        kind=kind,
        caption=caption,
        title=title,
        media=media,
    )
    return [problem.field for problem in found]


def test_every_platform_takes_what_the_service_lists():
    """YouTube takes videos, Reddit no video, four platforms no text alone."""
    kinds = {platform: set(limits.of) for platform, limits in LIMITS.items()}
    everything = {Kind.TEXT, Kind.PHOTOS, Kind.VIDEO}
    assert kinds == dict.fromkeys(Platform, everything) | {
        Platform.TIKTOK: {Kind.PHOTOS, Kind.VIDEO},
        Platform.INSTAGRAM: {Kind.PHOTOS, Kind.VIDEO},
        Platform.PINTEREST: {Kind.PHOTOS, Kind.VIDEO},
        Platform.YOUTUBE: {Kind.VIDEO},
        Platform.REDDIT: {Kind.TEXT, Kind.PHOTOS},
    }


@pytest.mark.parametrize(
    ("platform", "kind", "most"),
    [
        (Platform.PINTEREST, Kind.PHOTOS, 500),
        (Platform.PINTEREST, Kind.VIDEO, 500),
        (Platform.REDDIT, Kind.TEXT, 5_000),
        (Platform.LINKEDIN, Kind.TEXT, 3_000),
    ],
)
def test_texts(platform: Platform, kind: Kind, most: int):
    """A caption may have as many characters as the page of limits says."""
    media = {Kind.PHOTOS: (PHOTO,), Kind.VIDEO: (CLIP,), Kind.TEXT: ()}[kind]
    assert said(platform, kind, *media, caption="x" * most) == []
    assert said(platform, kind, *media, caption="x" * (most + 1)) != []


@pytest.mark.parametrize(
    ("platform", "kind", "most", "needed"),
    [
        (Platform.TIKTOK, Kind.PHOTOS, 90, True),
        (Platform.PINTEREST, Kind.VIDEO, 100, True),
        (Platform.PINTEREST, Kind.PHOTOS, 100, True),
        (Platform.YOUTUBE, Kind.VIDEO, 100, True),
        (Platform.REDDIT, Kind.PHOTOS, 300, True),
        (Platform.FACEBOOK, Kind.VIDEO, 255, False),
        (Platform.LINKEDIN, Kind.VIDEO, 400, False),
    ],
)
def test_titles(platform: Platform, kind: Kind, most: int, needed: bool):
    """A title has its length, and is needed where a caption in its place might be too long."""
    media = CLIP if kind is Kind.VIDEO else PHOTO
    assert said(platform, kind, media, title="x" * most) == []
    assert said(platform, kind, media, title="x" * (most + 1)) != []
    assert (said(platform, kind, media, title="") != []) == needed


@pytest.mark.parametrize(
    ("platform", "taken", "refused"),
    [
        (Platform.LINKEDIN, {"seconds": 600}, {"seconds": 601}),
        (Platform.LINKEDIN, {"content_type": "video/webm"}, {"content_type": "video/quicktime"}),
        (Platform.PINTEREST, {"size": 1000 * MB}, {"size": 1000 * MB + 1}),
        (Platform.PINTEREST, {"seconds": 4}, {"seconds": 3}),
        (Platform.BLUESKY, {"seconds": 60}, {"seconds": 61}),
        (Platform.BLUESKY, {"size": 100 * MB}, {"size": 100 * MB + 1}),
        (Platform.TIKTOK, {"seconds": 600}, {"seconds": 601}),
        (Platform.INSTAGRAM, {"size": 300 * MB}, {"size": 300 * MB + 1}),
        (Platform.X, {"seconds": 140}, {"seconds": 141}),
    ],
)
def test_videos(platform: Platform, taken: dict[str, Any], refused: dict[str, Any]):
    """A video may be as long, as large and of the types the page of requirements says."""
    assert said(platform, Kind.VIDEO, replace(CLIP, **taken)) == []
    assert said(platform, Kind.VIDEO, replace(CLIP, **refused)) != []


@pytest.mark.parametrize(
    ("platform", "count", "type_", "other"),
    [
        (Platform.THREADS, 10, "image/png", "image/webp"),
        (Platform.BLUESKY, 4, "image/webp", "image/gif"),
        (Platform.X, 4, "image/png", "image/webp"),
        (Platform.TIKTOK, 35, "image/webp", "image/png"),
        (Platform.INSTAGRAM, 10, "image/png", "image/webp"),
        (Platform.PINTEREST, 5, "image/webp", "image/gif"),
    ],
)
def test_photos(platform: Platform, count: int, type_: str, other: str):
    """So many photos, of the types the page of requirements says."""
    photo = replace(PHOTO, content_type=type_)
    assert said(platform, Kind.PHOTOS, *[photo] * count) == []
    assert said(platform, Kind.PHOTOS, *[photo] * (count + 1)) != []
    assert said(platform, Kind.PHOTOS, replace(PHOTO, content_type=other)) != []
