"""Text in pictures: which font has a sign, how wide a text is, where a word may be broken.

Signs are drawn with the Noto fonts; what none of them has (Chinese, Japanese, Korean) is a box, and
emoji have no colour. Fonts are shared: one thread at a time.
"""

from functools import lru_cache
from importlib import resources
from io import BytesIO

import regex
from PIL import Image, ImageDraw, ImageFont

from bot.domain.emoji import EMOJI

_GRAPHEME = regex.compile(r"\X")
_WORD = regex.compile(r"\n|[^\S\n]*[^\s]+|[^\S\n]+")
_SIZE = 24  # at which signs are looked for
_NO_SIGN = "\U000fffff"

_FONTS = (
    "NotoSans", "NotoSansArabic", "NotoSansHebrew", "NotoSansDevanagari", "NotoSansThai",
    "NotoSansBengali", "NotoSansTamil", "NotoSansTelugu", "NotoSansGujarati", "NotoSansGurmukhi",
    "NotoSansKannada", "NotoSansMalayalam", "NotoSansOriya", "NotoSansSinhala", "NotoSansArmenian",
    "NotoSansGeorgian", "NotoSansEthiopic", "NotoSansKhmer", "NotoSansLao", "NotoSansMyanmar",
    "NotoSansSymbols", "NotoEmoji",
)  # fmt: skip
"""The fonts in which a sign is looked for, the usual ones first."""


def words(text: str) -> list[str]:
    """A text as words, each with the space before it, and its ends of lines."""
    return _WORD.findall(text.replace("\r", ""))


def broken(word: str, most: float, size: int, weight: int) -> list[str]:
    """A word in pieces of at most so many pixels."""
    if width(word, size, weight) <= most:
        return [word]
    signs: list[str] = _GRAPHEME.findall(word)
    half = len(signs) // 2
    if not half:
        return [word]
    parts = ("".join(signs[:half]), "".join(signs[half:]))
    return [piece for part in parts for piece in broken(part, most, size, weight)]


def width(text: str, size: int, weight: int) -> float:
    """How wide a text is, in pixels."""
    return sum(font(name, size, weight).getlength(run) for run, name in runs(text))


def runs(text: str) -> list[tuple[str, str]]:
    """A text in runs of one font each."""
    found: list[tuple[str, str]] = []
    for sign in _GRAPHEME.findall(text):
        name = "NotoEmoji" if EMOJI.fullmatch(sign) else _font_of(sign[0])
        if found and found[-1][1] == name:
            found[-1] = (found[-1][0] + sign, name)
        else:
            found.append((sign, name))
    return found


@lru_cache(maxsize=4096)
def _font_of(sign: str) -> str:
    """The first font that has a sign; the usual one where none has."""
    if sign.isspace():
        return "NotoSans"
    return next((name for name in _FONTS if _has(name, sign)), "NotoSans")


def _has(name: str, sign: str) -> bool:
    drawn = font(name, _SIZE, 400)
    return _picture(drawn, sign) != _picture(drawn, _NO_SIGN)


def _picture(drawn: ImageFont.FreeTypeFont, sign: str) -> bytes:
    picture = Image.new("L", (2 * _SIZE, 2 * _SIZE))
    ImageDraw.Draw(picture).text((_SIZE // 2, _SIZE // 2), sign, font=drawn, fill=255)
    return picture.tobytes()


@lru_cache(maxsize=128)
def font(name: str, size: int, weight: int) -> ImageFont.FreeTypeFont:
    """A font in a size (pixels) and a weight (400 is usual, 700 bold)."""
    data = resources.files("manimgx_fonts").joinpath(f"{name}[wght].ttf").read_bytes()
    made = ImageFont.truetype(BytesIO(data), size)
    made.set_variation_by_axes([weight])
    return made
