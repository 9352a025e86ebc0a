"""Which font has a sign, and the fonts themselves: Noto, for all writing in use.

A font is opened by its path, so that its file is mapped into memory once, however many sizes of it
are in use, and only as far as signs are read from it. Fonts are shared: one thread at a time.
"""

from collections.abc import Callable
from functools import lru_cache, partial
from importlib import resources

import regex
from PIL import Image, ImageDraw, ImageFont

_SCRIPTS = {
    "Arabic": "NotoSansArabic", "Hebrew": "NotoSansHebrew", "Thai": "NotoSansThai",
    "Devanagari": "NotoSansDevanagari", "Bengali": "NotoSansBengali", "Tamil": "NotoSansTamil",
    "Telugu": "NotoSansTelugu", "Gujarati": "NotoSansGujarati", "Gurmukhi": "NotoSansGurmukhi",
    "Kannada": "NotoSansKannada", "Malayalam": "NotoSansMalayalam", "Oriya": "NotoSansOriya",
    "Sinhala": "NotoSansSinhala", "Armenian": "NotoSansArmenian", "Georgian": "NotoSansGeorgian",
    "Ethiopic": "NotoSansEthiopic", "Khmer": "NotoSansKhmer", "Lao": "NotoSansLao",
    "Myanmar": "NotoSansMyanmar",
}  # fmt: skip
_CJK = ["Han", "Hiragana", "Katakana", "Hangul", "Bopomofo"]
_SCRIPT = regex.compile("|".join(rf"(?P<{each}>\p{{sc={each}}})" for each in [*_SCRIPTS, *_CJK]))

USUAL, OUTLINED = "NotoSans", "NotoEmoji"
_HAN = {"": 2, "jp": 0, "kr": 1, "sc": 2, "tc": 3}
"""The faces within the collection of Noto Sans CJK."""

_SIZE = 24  # at which signs are looked for
_NO_SIGN = "\U000fffff"


def han_of(text: str) -> str:
    """In whose way the Han signs of a text are drawn: `jp` beside kana, `kr` beside hangul, `tc` where
    some are written so in Taiwan and Hong Kong alone, else `sc`; empty where it has none.
    """
    for script, face in ((r"[\p{Hiragana}\p{Katakana}]", "jp"), (r"\p{Hangul}", "kr")):
        if regex.search(script, text):
            return face
    signs = "".join(regex.findall(r"\p{Han}", text))
    if not signs:
        return ""
    return "tc" if not _is_in(signs, "gb2312") and _is_in(signs, "big5") else "sc"


def _is_in(signs: str, encoding: str) -> bool:
    return signs.encode(encoding, errors="ignore").decode(encoding) == signs


def name_of(sign: str, han: str) -> str:
    """The name of the font that has a sign; `han` says which one has those of Chinese, Japanese and
    Korean, as in `han_of`. Empty where none has it.
    """
    if sign.isascii() or sign.isspace():
        return USUAL
    found = _SCRIPT.match(sign)
    if not found:
        return _of_symbol(sign, han)
    return _SCRIPTS.get(found.lastgroup or "", f"cjk-{han}")


@lru_cache(maxsize=2048)
def _of_symbol(sign: str, han: str) -> str:
    """The first font that has a sign which no script owns."""
    names = (USUAL, "NotoSansSymbols", f"cjk-{han}", OUTLINED)
    return next((name for name in names if _has(name, sign)), "")


def _has(name: str, sign: str) -> bool:
    """Whether a font draws anything but its sign for what it has not."""
    drawn = font(name, _SIZE, 400)
    return _picture(drawn, sign) != _nothing(name)


@lru_cache(maxsize=32)
def _nothing(name: str) -> bytes:
    return _picture(font(name, _SIZE, 400), _NO_SIGN)


def _picture(drawn: ImageFont.FreeTypeFont, sign: str) -> bytes:
    picture = Image.new("L", (2 * _SIZE, 2 * _SIZE))
    ImageDraw.Draw(picture).text((_SIZE // 2, _SIZE // 2), sign, font=drawn, fill=255)
    return picture.tobytes()


@lru_cache(maxsize=64)
def font(name: str, size: int, weight: int) -> ImageFont.FreeTypeFont:
    """A font in a size (pixels) and a weight (400 is usual, 700 bold)."""
    made = _opener(name)(size=size)
    made.set_variation_by_axes([weight])
    return made


def _opener(name: str) -> Callable[..., ImageFont.FreeTypeFont]:
    if name.startswith("cjk-"):
        path = resources.files("manimgx_fonts_cjk").joinpath("NotoSansCJK-VF.otf.ttc")
        index = _HAN[name.removeprefix("cjk-")]
        return partial(ImageFont.truetype, str(path), index=index)
    path = resources.files("manimgx_fonts").joinpath(f"{name}[wght].ttf")
    return partial(ImageFont.truetype, str(path))
