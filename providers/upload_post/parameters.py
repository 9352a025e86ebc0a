"""Making options out of Upload-Post's parameters."""

from bot.domain.options import Option, OptionKind
from bot.domain.platform import Kind

VIDEO = frozenset({Kind.VIDEO})
PHOTOS = frozenset({Kind.PHOTOS})
TEXT = frozenset({Kind.TEXT})
MEDIA = VIDEO | PHOTOS
ALL = MEDIA | TEXT

_STORY = "STORIES"


def switch(name: str, label: str, kinds: frozenset[Kind]) -> Option:
    """On or off."""
    return Option(name=name, label=label, kind=OptionKind.SWITCH, kinds=kinds)


def text(
    name: str,
    label: str,
    kinds: frozenset[Kind],
    maximum: int | None = None,
    *,
    required: bool = False,
    listed: bool = False,
) -> Option:
    """A text of so many characters; `listed` where Upload-Post lists an account's."""
    return Option(
        name=name,
        label=label,
        kind=OptionKind.TEXT,
        kinds=kinds,
        maximum=maximum,
        required=required,
        listed=listed,
    )


def link(name: str, label: str, kinds: frozenset[Kind]) -> Option:
    """An address."""
    return Option(name=name, label=label, kind=OptionKind.LINK, kinds=kinds, maximum=2_048)


def number(name: str, label: str, kinds: frozenset[Kind], maximum: int | None = None) -> Option:
    """A whole number."""
    return Option(name=name, label=label, kind=OptionKind.NUMBER, kinds=kinds, maximum=maximum)


def choice(name: str, label: str, kinds: frozenset[Kind], *choices: str) -> Option:
    """One of several words; STORIES makes a story of the post."""
    return Option(
        name=name,
        label=label,
        kind=OptionKind.CHOICE,
        kinds=kinds,
        choices=choices,
        story=_STORY if _STORY in choices else "",
    )


def several(
    name: str,
    label: str,
    kinds: frozenset[Kind],
    maximum: int | None = None,
    item_maximum: int | None = None,
) -> Option:
    """A list, one item a line."""
    return Option(
        name=name,
        label=label,
        kind=OptionKind.LIST,
        kinds=kinds,
        maximum=maximum,
        item_maximum=item_maximum,
    )


def first_comment(kinds: frozenset[Kind], maximum: int | None = None) -> Option:
    """A comment made right after publishing."""
    return text("first_comment", "First comment", kinds, maximum)
