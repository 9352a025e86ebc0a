"""Letters in pictures: every sign of a text is drawn, in the right way, in the right order."""

import pytest
from PIL import Image

from bot import faces, lettering, pictograms, typesetting
from bot.lettering import Style

STYLE = Style(24)
INK = "#000000"


def drawn(text: str, style: Style = STYLE) -> Image.Image:
    """A text on white."""
    paper = Image.new("RGB", (400, 48), "white")
    lettering.draw(paper, (8, 34), text, INK, style)
    return paper


def in_order(text: str, most: float = 400) -> list[list[str]]:
    """The words of each line, from left to right."""
    lines = typesetting.lines([(text, INK)], STYLE, most)
    return [[piece.text for piece in line.pieces if piece.text.strip()] for line in lines]


@pytest.mark.parametrize(
    "sign",
    [
        "漢",
        "語",
        "あ",
        "ア",
        "ー",
        "한",
        "글",
        "臺",
        "灣",
        "、",
        "。",
        "「",
        "Ａ",
        "！",
        "㈱",
        "①",
        "★",
        "₿",
        "½",
        "é",
        "Я",
        "س",
        "ש",
        "ก",
        "न",
    ],
)
def test_no_boxes(sign: str) -> None:
    """Chinese, Japanese, Korean and all other writing is drawn, not the box for what a font lacks."""
    assert faces.name_of(sign, "")
    assert drawn(sign).tobytes() != drawn("\U000fffff").tobytes()
    assert drawn(sign).tobytes() != drawn(" ").tobytes()


@pytest.mark.parametrize(
    ("text", "han"),
    [
        ("直す", "jp"),
        ("直 한국", "kr"),
        ("咖啡豆，这里", "sc"),
        ("臺灣的咖啡", "tc"),
        ("plain ☕", ""),
    ],
)
def test_whose_han(text: str, han: str) -> None:
    """Han signs are drawn as where the text comes from, told by what stands beside them."""
    assert faces.han_of(text) == han


def test_han_differs() -> None:
    """The same sign looks different in Japan and in China; bold is darker than usual."""
    assert (
        drawn("直骨", Style(24, 400, "jp")).tobytes()
        != drawn("直骨", Style(24, 400, "sc")).tobytes()
    )
    thin, bold = (drawn("直骨", Style(24, weight, "jp")) for weight in (400, 700))
    assert sum(bold.convert("L").tobytes()) < sum(thin.convert("L").tobytes())


@pytest.mark.parametrize(
    "emoji", ["☕", "🎉", "❤️", "👍🏽", "🇩🇪", "👩‍👩‍👧", "👩🏿‍🚀", "1️⃣", "🏴󠁧󠁢󠁳󠁣󠁴󠁿", "❤‍🔥"]
)
def test_emoji_have_colour(emoji: str) -> None:
    """An emoji is one picture in colour: also families, flags, skin tones and keycaps."""
    assert len(pictograms.of(emoji)) == 1
    _, saturation, _ = drawn(emoji).convert("HSV").split()
    assert max(saturation.tobytes()) > 100


def test_unknown_emoji() -> None:
    """Of a family that has no picture its parts are drawn; what is no emoji has none."""
    assert len(pictograms.of("👩‍🐶")) == 2
    assert pictograms.of("字") == []


def test_mathematical_letters() -> None:
    """Letters that people take from mathematics to write bold are drawn plain, since no font has them."""
    assert drawn("𝗕").tobytes() == drawn("B").tobytes()


def test_lines_of_chinese() -> None:
    """Text without spaces is broken between signs, and no line begins with a stop."""
    lines = in_order("新鲜的咖啡豆，" * 12, 172)
    assert len(lines) > 8
    assert not any("".join(line).startswith("，") for line in lines)
    assert "".join(word for line in lines for word in line) == "新鲜的咖啡豆，" * 12


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("one two", ["one", "two"]),
        ("שלום עולם", ["עולם", "שלום"]),
        ("one שלום עולם two", ["one", "עולם", "שלום", "two"]),
        ("שלום Harbour Coffee עולם", ["עולם", "Harbour", "Coffee", "שלום"]),
        ("سعر 25 ريال", ["ريال", "25", "سعر"]),
    ],
)
def test_from_right_to_left(text: str, words: list[str]) -> None:
    """Words of Arabic and Hebrew stand from right to left, those of other writing within keep theirs."""
    assert in_order(text) == [words]


def test_no_line_is_too_long() -> None:
    """Lines fit, whatever the words."""
    text = "https://harbour.example/" + "very" * 50 + " word " * 20
    for line in typesetting.lines([(text, INK)], STYLE, 300):
        assert sum(lettering.width(piece.text, STYLE) for piece in line.pieces) <= 301
