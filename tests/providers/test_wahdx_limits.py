"""WAHDX, limits: each number of its documentation (seed 002) is the last that is taken."""

from dataclasses import replace

import pytest

from bot.domain.fit import problems
from bot.domain.media import EXTENSIONS, Media
from bot.domain.platform import Kind, Platform
from providers.wahdx.limits import LIMITS

MB = 1_000_000
EVERYWHERE = ("video/mp4", "video/quicktime", "video/webm")
META_ONLY = ("video/x-m4v", "video/x-msvideo")
VIDEO = Media(
    sha256="0" * 64,
    content_type="video/mp4",
    size=500 * MB,
    filename="v.mp4",
    width=1080,
    height=1920,
    seconds=600,
    frame_rate=60,
)
PHOTO = replace(VIDEO, content_type="image/jpeg", size=MB, filename="a.jpg", width=1920)


def said(
    platform: Platform, kind: Kind, *media: Media, caption: str = "Hello", title: str = ""
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


@pytest.mark.parametrize(
    ("taken", "refused"),
    [
        ({"size": 500 * MB}, {"size": 500 * MB + 1}),
        ({"seconds": 3.0}, {"seconds": 2.9}),
        ({"seconds": 600.0}, {"seconds": 600.1}),
        ({"frame_rate": 24.0}, {"frame_rate": 23.0}),
        ({"frame_rate": 60.0}, {"frame_rate": 61.0}),
    ],
)
@pytest.mark.parametrize("platform", LIMITS)
def test_videos(platform: Platform, taken: dict[str, float], refused: dict[str, float]):
    """A video of 3 seconds to 10 minutes, 24 to 60 frames a second and 500 MB is taken."""
    assert said(platform, Kind.VIDEO, replace(VIDEO, **taken)) == []
    assert said(platform, Kind.VIDEO, replace(VIDEO, **refused)) == ["Media"]


@pytest.mark.parametrize("platform", LIMITS)
def test_formats_of_videos(platform: Platform):
    """TikTok takes three formats, the others two more; one video a post."""
    for content_type in EVERYWHERE:
        assert said(platform, Kind.VIDEO, replace(VIDEO, content_type=content_type)) == []
    for content_type in META_ONLY:
        expected = ["Media"] if platform is Platform.TIKTOK else []
        assert said(platform, Kind.VIDEO, replace(VIDEO, content_type=content_type)) == expected
    assert said(platform, Kind.VIDEO, VIDEO, VIDEO) == ["Media"]


@pytest.mark.parametrize(("platform", "most"), [(Platform.TIKTOK, 35), (Platform.INSTAGRAM, 10)])
def test_numbers_of_photos(platform: Platform, most: int):
    """Up to 35 photos on TikTok and 10 on Instagram; one is enough."""
    square = replace(PHOTO, height=PHOTO.width)
    for number, expected in ((1, []), (most, []), (most + 1, ["Media"])):
        assert said(platform, Kind.PHOTOS, *[square] * number) == expected


@pytest.mark.parametrize(("kind", "caption"), [(Kind.VIDEO, 2_200), (Kind.PHOTOS, 4_000)])
def test_captions_of_tiktok(kind: Kind, caption: int):
    """TikTok counts UTF-16 units: 2,200 with a video, whatever WAHDX says, 4,000 with photos."""
    media = VIDEO if kind is Kind.VIDEO else PHOTO
    assert said(Platform.TIKTOK, kind, media, caption="😀" * (caption // 2)) == []
    assert said(Platform.TIKTOK, kind, media, caption="😀" * (caption // 2) + "x") == ["Caption"]


def test_titles_of_photos():
    """90 UTF-16 units with photos on TikTok, where a title of a video is not shown."""
    assert said(Platform.TIKTOK, Kind.PHOTOS, PHOTO, title="x" * 90) == []
    assert said(Platform.TIKTOK, Kind.PHOTOS, PHOTO, title="x" * 91) == ["Title"]
    assert said(Platform.TIKTOK, Kind.VIDEO, VIDEO, title="x" * 91) == []


def test_text_alone():
    """Threads and Facebook take a text without files, the others do not."""
    refusing = [platform for platform in LIMITS if said(platform, Kind.TEXT)]
    assert refusing == [Platform.TIKTOK, Platform.INSTAGRAM]


def test_each_format_has_an_extension_of_its_own():
    """WAHDX tells a video from a photo by the extension, so each format must have one."""
    files = [limit.files for limits in LIMITS.values() for limit in limits.of.values()]
    types = {content_type for limit in files if limit for content_type in limit.types}
    assert len({EXTENSIONS[content_type] for content_type in types}) == len(types)
