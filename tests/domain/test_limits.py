"""What platforms take, counted in their own units."""

import struct

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.limits import Limits, MediaLimit, TextLimit, Unit, problems
from bot.domain.media import EXTENSIONS, kind_of
from bot.domain.platform import LABELS, Kind, Platform
from tests.factories import a_media, a_video

FAMILY = "\U0001f468\u200d\U0001f469\u200d\U0001f467"  # three emoji joined: 👨‍👩‍👧
TEXTS = [
    # text, UTF-16 units, bytes, characters, Threads' count
    ("", 0, 0, 0, 0),
    ("hello", 5, 5, 5, 5),
    ("é", 1, 2, 1, 1),
    ("e\u0301", 2, 3, 2, 2),
    ("日本", 2, 6, 2, 2),
    ("👍", 2, 4, 1, 4),
    ("☀", 1, 3, 1, 3),
    (FAMILY, 8, 18, 5, 14),
]


@pytest.mark.parametrize(("text", "utf16", "size", "characters", "threads"), TEXTS)
def test_units(text: str, utf16: int, size: int, characters: int, threads: int) -> None:
    """Each unit counts an emoji its own way."""
    counts = {unit: TextLimit(1, unit).length(text) for unit in Unit}
    assert counts == {
        Unit.UTF16: utf16,
        Unit.BYTES: size,
        Unit.CHARACTERS: characters,
        Unit.THREADS: threads,
    }


@given(st.text())
def test_utf16_counted_another_way(text: str) -> None:
    """UTF-16 units are one for a character below U+10000 and two above."""
    assert TextLimit(1, Unit.UTF16).length(text) == sum(1 + (ord(c) > 0xFFFF) for c in text)


@given(st.text())
def test_bytes_counted_another_way(text: str) -> None:
    """Bytes are what the service receives in UTF-8."""
    assert TextLimit(1, Unit.BYTES).length(text) == struct.calcsize(f"{len(text.encode())}B")


@given(st.text(), st.text())
def test_counts_add_up(one: str, other: str) -> None:
    """Text never counts less beside other text, and Threads never less than its characters."""
    for unit in Unit:
        limit = TextLimit(1, unit)
        assert limit.length(one + other) == limit.length(one) + limit.length(other)
    assert TextLimit(1, Unit.THREADS).length(one) >= len(one)


PHOTOS = MediaLimit(
    count=2,
    types=frozenset({"image/jpeg"}),
    size=1000,
    caption=TextLimit(4, Unit.CHARACTERS),
    title=TextLimit(3, Unit.UTF16),
)
LIMITS = Limits(text=TextLimit(5, Unit.UTF16), photos=PHOTOS)


def found(**changes) -> list[tuple[str, str, str]]:
    """Check a post against the limits above; field, message and remedy of each problem."""
    post = {"caption": "", "title": "", "media": ()} | changes
    kind = kind_of(post["media"])
    return [
        (problem.field, problem.message, problem.remedy)
        for problem in problems(LIMITS, "Desk", kind=kind, **post)
    ]


LEAVE = "or leave this account out."


@pytest.mark.parametrize(
    ("post", "problem"),
    [
        (
            {"caption": "👍👍👍"},
            ("Caption", "Desk takes 5 UTF-16 units; this has 6.", f"Shorten it by 1, {LEAVE}"),
        ),
        (
            {"caption": "12345", "media": (a_media(),)},
            ("Caption", "Desk takes 4 characters; this has 5.", f"Shorten it by 1, {LEAVE}"),
        ),
        (
            {"title": "1234", "media": (a_media(),)},
            ("Title", "Desk takes 3 UTF-16 units; this has 4.", f"Shorten it by 1, {LEAVE}"),
        ),
        (
            {"media": (a_media(),) * 4},
            ("Media", "Desk takes 2 files; 4 were given.", f"Take 2 away, {LEAVE}"),
        ),
        (
            {"media": (a_media("p.png", "image/png"),)},
            ("Media", "Desk takes jpeg; p.png is image/png.", f"Convert it, {LEAVE}"),
        ),
        (
            {"media": (a_media(size=1001),)},
            (
                "Media",
                "Desk takes 1,000 bytes a file; photo.jpg has 1,001.",
                f"Give a smaller file, {LEAVE}",
            ),
        ),
        (
            {"media": (a_video(),)},
            (
                "Media",
                "Desk takes text or photos; a video was given.",
                f"Add text or photos, {LEAVE}",
            ),
        ),
    ],
)
def test_problem_says_all(post: dict, problem: tuple[str, str, str]) -> None:
    """A problem names the field, the limit with its unit, what was found and what to do."""
    assert found(**post) == [problem]


@pytest.mark.parametrize(
    "post",
    [
        {"caption": "12345", "title": "a text shows no title"},
        {"caption": "👍👍a"},
        {"caption": "1234", "title": "123", "media": (a_media(size=1000),) * 2},
    ],
)
def test_limit_itself_is_taken(post: dict) -> None:
    """A post exactly at its limits is taken."""
    assert found(**post) == []


def test_text_alone_where_files_are_needed() -> None:
    """A platform that takes no bare text says that a file is missing."""
    limits = Limits(photos=PHOTOS)
    [problem] = problems(limits, "Desk", kind=Kind.TEXT, caption="a", title="", media=())
    assert problem.message == "Desk takes photos; no file was given."


def test_every_problem_at_once() -> None:
    """All problems are told together, not one after the other."""
    problems = found(caption="12345", title="1234", media=(a_media(size=2000),) * 3)
    assert [field for field, _, _ in problems] == ["Caption", "Title", *["Media"] * 4]


def test_platforms_have_labels() -> None:
    """Every platform has a name for people."""
    assert set(LABELS) == set(Platform)


def test_each_type_has_an_extension_of_its_own() -> None:
    """A service that goes by the extension tells every type apart."""
    assert len(set(EXTENSIONS.values())) == len(EXTENSIONS)
