"""What platforms take, counted in their own units."""

import struct
import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.counting import TextLimit, Unit

FAMILY = "\U0001f468\u200d\U0001f469\u200d\U0001f467"  # three emoji joined: 👨‍👩‍👧
UNITS = (Unit.UTF16, Unit.BYTES, Unit.CHARACTERS, Unit.THREADS, Unit.X, Unit.BLUESKY)
TEXTS = [
    ("", (0, 0, 0, 0, 0, 0)),
    ("hello", (5, 5, 5, 5, 5, 5)),
    ("é", (1, 2, 1, 1, 1, 1)),
    ("e\u0301", (2, 3, 2, 2, 1, 1)),
    ("日本", (2, 6, 2, 2, 4, 2)),
    ("👍", (2, 4, 1, 4, 2, 1)),
    ("☀", (1, 3, 1, 3, 2, 1)),
    ("❤️", (2, 6, 2, 6, 2, 1)),
    (FAMILY, (8, 18, 5, 18, 2, 2)),
]
LINK = "https://example.com/menu?day=monday#soup"


def count(unit: Unit, text: str) -> int:
    """Count a text."""
    return TextLimit(1, unit).length(text)


@pytest.mark.parametrize(("text", "counts"), TEXTS)
def test_units(text: str, counts: tuple[int, ...]) -> None:
    """Each unit counts an emoji its own way."""
    assert tuple(count(unit, text) for unit in UNITS) == counts


@pytest.mark.parametrize(
    ("text", "length"),
    [
        (LINK, 23),  # however long
        ("t.co", 23),  # however short
        (f"Soup: {LINK}, bread", 36),
        (f"({LINK})", 25),  # the bracket is no part of it
        ("https://example.com/a(b)c)", 24),
        ("https://example.com/a. Next", 29),
        ("example.com/?", 24),
        ("EXAMPLE.COM", 23),
        ("http://example.com:8080/a", 23),
        ("example.com:80", 26),  # a port only where http or a path says so
        ("日本example.com日本", 31),
        ("http://日本語.jp/", 23),
        ("cup@example.com", 15),
        ("#example.com", 12),
        ("-example.com", 12),
        ("example.com@home", 16),
        ("Node.js and end.Next", 35),  # js is no domain, next is
        ("e.g. 1.5", 8),
        ("http://localhost/a", 18),
        (f"{LINK} {LINK}", 47),
        ("👍🏽", 2),
        ("🇩🇪🇫🇷", 4),
        ("1️⃣#️⃣", 4),
        ("© ©️", 4),  # a sign, and a picture of it
        ("☀\ufe0e", 4),  # asked for as text
        ("🏴󠁧󠁢󠁥󠁮󠁧󠁿", 2),
        ("“…” — ‘’", 9),
        ("Ж", 1),
        ("a\r\nb", 3),
        (f"Hi 日本 {FAMILY} {LINK}", 34),
    ],
)
def test_what_x_counts(text: str, length: int) -> None:
    """X counts an address 23, an emoji 2, most alphabets 1 and the rest 2 (twitter-text)."""
    assert count(Unit.X, text) == length


@pytest.mark.parametrize(
    "piece",
    ["a.", "a.b.c.", "a-", ".com", "x.co(", "x.co/(", "(a", "x.co?", "http://", "http://a.",
     "👨\u200d", "x.co/!!!!", "日.", "@", "x.co:"],
)  # fmt: skip
def test_hostile_text_is_counted_quickly(piece: str) -> None:
    """No text that a form takes holds up the event loop while it is counted."""
    text = piece * (4_000 // len(piece))
    began = time.process_time()
    for unit in Unit:
        count(unit, text)
    assert time.process_time() - began < 0.25  # 5 to 15 ms on an idle machine


@given(st.text())
def test_utf16_counted_another_way(text: str) -> None:
    """UTF-16 units are one for a character below U+10000 and two above."""
    assert count(Unit.UTF16, text) == sum(1 + (ord(c) > 0xFFFF) for c in text)


@given(st.text())
def test_bytes_counted_another_way(text: str) -> None:
    """Bytes are what the service receives in UTF-8."""
    assert count(Unit.BYTES, text) == struct.calcsize(f"{len(text.encode())}B")


@given(st.text(), st.text())
def test_lines_add_up(one: str, other: str) -> None:
    """What stands on another line changes no count; Bluesky's also bounds the bytes."""
    for unit in UNITS[:-1]:
        assert count(unit, f"{one}\n.\n{other}") == (
            count(unit, f"{one}\n") + 1 + count(unit, f"\n{other}")
        )


@given(st.text())
def test_counts_are_bounded(text: str) -> None:
    """Threads counts at least the characters and at most the bytes; Bluesky at most the characters
    unless the bytes weigh more.
    """
    assert len(text) <= count(Unit.THREADS, text) <= max(len(text), len(text.encode()))
    assert count(Unit.BLUESKY, text) <= max(len(text), len(text.encode()) / 10 + 1)


@given(st.text(alphabet=st.characters(max_codepoint=0x17F, exclude_characters=".\u0300\r")))
def test_x_counts_latin_text_plainly(text: str) -> None:
    """Without addresses and emoji, Latin text counts its characters."""
    assert count(Unit.X, text) == len(text)


@given(st.lists(st.sampled_from([LINK, "example.com", "日本", "👍", "plain", FAMILY])))
def test_x_counts_words_one_by_one(words: list[str]) -> None:
    """A text counts as much as its words and the spaces between them."""
    total = sum(count(Unit.X, word) for word in words)
    assert count(Unit.X, " ".join(words)) == total + max(len(words) - 1, 0)
