"""The one table of what platforms take, and how a service narrows it."""

import pytest

from bot.domain.counting import TextLimit, Unit
from bot.domain.limits import ContentLimit, FileLimit, Limits
from bot.domain.media import EXTENSIONS, Media
from bot.domain.platform import LABELS, Kind, Platform
from bot.domain.platform_limits import PLATFORM_LIMITS
from tests.factories import a_media

LIMITS = Limits(
    {
        Kind.TEXT: ContentLimit(caption=TextLimit(5, Unit.CHARACTERS)),
        Kind.VIDEO: ContentLimit(
            caption=TextLimit(9, Unit.CHARACTERS),
            files=FileLimit(count=1, types=frozenset({"video/mp4"}), size=1000),
        ),
    }
)


def test_every_platform_stands_in_the_table() -> None:
    """Whatever a service brings a post to has limits, and types that can be kept."""
    assert set(PLATFORM_LIMITS) == set(Platform)
    files = [limit.files for limits in PLATFORM_LIMITS.values() for limit in limits.of.values()]
    assert all(taken.types <= set(EXTENSIONS) for taken in files if taken)


def test_kinds_with_files_say_which() -> None:
    """Photos and videos have limits of files, and text has none."""
    for limits in PLATFORM_LIMITS.values():
        assert all(
            (kind is Kind.TEXT) == (limit.files is None) for kind, limit in limits.of.items()
        )


def test_service_narrows() -> None:
    """A service keeps some kinds, changes texts and files of one, and leaves the table as it is."""
    narrowed = LIMITS.only(Kind.VIDEO).text(Kind.VIDEO, needs_title=True).files(Kind.VIDEO, size=9)
    assert list(narrowed.of) == [Kind.VIDEO]
    assert narrowed.of[Kind.VIDEO].needs_title
    files = narrowed.of[Kind.VIDEO].files
    assert files
    assert (files.size, files.count) == (9, 1)
    assert LIMITS.of[Kind.VIDEO].files != files


def test_clip_has_a_videos_texts() -> None:
    """A clip takes the texts of a video, and no file, since the service has it."""
    assert LIMITS.clips() == Limits(
        {Kind.CLIP: ContentLimit(caption=TextLimit(9, Unit.CHARACTERS))}
    )


def test_text_has_no_files_to_change() -> None:
    """A service that narrows files where there are none is told at once."""
    with pytest.raises(ValueError, match="text has no files"):
        LIMITS.files(Kind.TEXT, size=9)


def test_platforms_have_labels() -> None:
    """Every platform has a name for people."""
    assert set(LABELS) == set(Platform)


def test_each_type_has_an_extension_of_its_own() -> None:
    """A service that goes by the extension tells every type apart."""
    assert len(set(EXTENSIONS.values())) == len(EXTENSIONS)


@pytest.mark.parametrize(
    ("media", "aspect"),
    [(a_media(width=30, height=20), 1.5), (a_media(), None), (a_media(width=0, height=0), None)],
)
def test_aspect(media: Media, aspect: float | None) -> None:
    """Width by height, where both were measured."""
    assert media.aspect == aspect
