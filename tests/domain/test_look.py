"""How posts look at each platform: folded, linked, cut."""

import pytest

from bot.domain import folding, look
from bot.domain.look import LOOKS
from bot.domain.platform import Kind, Platform

LONG = "One two three four five six seven eight nine ten. " * 12


def test_every_platform_has_a_look() -> None:
    """Whatever a post is for can be drawn."""
    assert set(LOOKS) == set(Platform)


@pytest.mark.parametrize(
    ("text", "most", "lines", "shown"),
    [
        ("short", 10, None, "short"),
        ("short", None, None, "short"),
        ("one two three", 9, None, "one two"),
        ("one two three", 7, None, "one two"),
        ("unbreakable", 4, None, "unbr"),
        ("a\nb\nc\nd", 99, 2, "a\nb"),
        ("👩‍👩‍👧👩‍👩‍👧👩‍👩‍👧", 2, None, "👩‍👩‍👧👩‍👩‍👧"),
        ("e\u0301e\u0301", 1, None, "e\u0301"),
    ],
)
def test_folding(text: str, most: int | None, lines: int | None, shown: str) -> None:
    """A text is folded where a platform folds it, at a word, never within a sign."""
    folded = folding.fold(text, most, lines)
    assert folded.shown == shown
    assert (folded.hidden > 0) == (shown != text)


def test_what_is_linked() -> None:
    """Hashtags, mentions and addresses are links; signs within words are none."""
    linked = [
        piece
        for piece, is_link in folding.pieces("Hi @ann #beans a#b x@y.z https://a.example/b?c=#d!")
        if is_link
    ]
    assert linked == ["@ann", "#beans", "https://a.example/b?c=#d!"]
    text = "plain #tag end"
    assert "".join(piece for piece, _ in folding.pieces(text)) == text


@pytest.mark.parametrize(
    ("platform", "kind", "aspect", "is_cut", "has_bars"),
    [
        (Platform.INSTAGRAM, Kind.PHOTOS, 1.0, False, False),
        (Platform.INSTAGRAM, Kind.PHOTOS, 9 / 16, True, False),
        (Platform.INSTAGRAM, Kind.VIDEO, 9 / 16, True, False),
        (Platform.TIKTOK, Kind.VIDEO, 9 / 16, False, False),
        (Platform.TIKTOK, Kind.VIDEO, 16 / 9, False, True),
        (Platform.YOUTUBE, Kind.VIDEO, 9 / 16, False, False),
        (Platform.PINTEREST, Kind.PHOTOS, 0.5, True, False),
    ],
)
def test_framing(
    platform: Platform, kind: Kind, aspect: float, is_cut: bool, has_bars: bool
) -> None:
    """A picture is shown whole in the shapes a platform takes, else cut or put between bars."""
    frame = look.frame(LOOKS[platform], kind, aspect)
    assert (frame.is_cut, frame.has_bars) == (is_cut, has_bars)


@pytest.mark.parametrize(
    ("platform", "told"),
    [
        (Platform.INSTAGRAM, "behind “… more”"),
        (Platform.PINTEREST, "only by those who open it"),
        (Platform.LINKEDIN, "shows no title"),
        (Platform.YOUTUBE, "The title is cut"),
    ],
)
def test_notes(platform: Platform, told: str) -> None:
    """What is not seen at once is said in a sentence."""
    assert any(told in note for note in look.notes(platform, Kind.PHOTOS, LONG, LONG[:99], [1.0]))


def test_nothing_to_say() -> None:
    """What is seen whole needs no words."""
    assert look.notes(Platform.X, Kind.TEXT, "Hello", "", []) == []


@pytest.mark.parametrize(
    ("platform", "caption", "is_exact"),
    [
        (Platform.LINKEDIN, LONG, True),
        (Platform.LINKEDIN, "a\n" * 9, False),
        (Platform.LINKEDIN, "語" * 200, False),
        (Platform.BLUESKY, "a\n" * 30, True),
        (Platform.FACEBOOK, LONG, False),
        (Platform.THREADS, LONG, False),
    ],
)
def test_what_platforms_tell(platform: Platform, caption: str, is_exact: bool) -> None:
    """Only where a platform itself tells where it folds is that said as a fact."""
    (told,) = look.notes(platform, Kind.TEXT, caption, "", [])
    assert ("about here" not in told) == is_exact


@pytest.mark.parametrize(
    ("text", "east", "hidden"), [("語" * 20, 1, 0), ("語" * 20, 2, 10), ("a" * 20, 2, 0)]
)
def test_wide_signs_take_more_room(text: str, east: float, hidden: int) -> None:
    """A Chinese sign takes the room of several letters."""
    assert folding.fold(text, 20, east=east).hidden == hidden


def test_addresses_that_are_no_links() -> None:
    """Where a platform makes no links of addresses, that is said, and they are not coloured."""
    text = "See https://a.example #beans"
    links = LOOKS[Platform.INSTAGRAM].links
    assert [piece for piece, is_link in folding.pieces(text, links) if is_link] == ["#beans"]
    (told,) = look.notes(Platform.INSTAGRAM, Kind.PHOTOS, text, "", [1.0])
    assert "no links" in told
    assert look.notes(Platform.X, Kind.TEXT, text, "", []) == []
