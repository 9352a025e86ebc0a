"""Options: what can be chosen for one account beside text, files and time; declared by services."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum

from bot.domain.platform import Kind
from bot.errors import Problem


class OptionKind(StrEnum):
    """What is given for an option."""

    TEXT = "text"
    CHOICE = "choice"
    SWITCH = "switch"
    NUMBER = "number"
    LIST = "list"
    LINK = "link"


@dataclass(frozen=True, kw_only=True, slots=True)
class Option:
    """One thing that can be chosen; forms and checks are made from it.

    Its value travels as text: a switch is `true` or `false`, a list has one item a line.
    `maximum` counts the characters of a text or link, the items of a list, or bounds a number;
    `item_maximum` counts the characters of an item. `kinds` are the posts it applies to. Of a
    `listed` option the service lists the values that an account has, such as its boards. `story` is
    the choice that makes the post a story, which is seen on a whole screen and without its text. A
    `retired` one is not offered any more; what was approved with it still goes out with it.
    """

    name: str
    label: str
    kind: OptionKind
    choices: tuple[str, ...] = ()
    maximum: int | None = None
    item_maximum: int | None = None
    required: bool = False
    kinds: frozenset[Kind] = frozenset(Kind)
    listed: bool = False
    story: str = ""
    retired: bool = False


def retired(option: Option) -> Option:
    """The same, offered no more."""
    return replace(option, retired=True)


@dataclass(frozen=True, kw_only=True, slots=True)
class Listed:
    """A value that an account has for an option, and what people call it."""

    value: str
    name: str


Value = str | bool | int | list[str]


def is_story(declared: Sequence[Option], given: Mapping[str, str], kind: Kind) -> bool:
    """Whether the given options make a post of this kind a story."""
    return any(
        option.story and kind in option.kinds and given.get(option.name) == option.story
        for option in declared
    )


def values(declared: Sequence[Option], given: Mapping[str, str], kind: Kind) -> dict[str, Value]:
    """The given options that apply to a kind of post, each in its own type; wrong ones raise
    ValueError, so check first.
    """
    return {
        option.name: _value(option, given[option.name])
        for option in declared
        if kind in option.kinds and given.get(option.name, "").strip()
    }


def problems(
    declared: Sequence[Option], given: Mapping[str, str], kind: Kind, label: str
) -> list[Problem]:
    """Everything wrong with the options of an account, named by `label`."""
    known = {option.name: option for option in declared}
    found = [
        Problem(
            field=name,
            message=f"{label} has no such option.",
            remedy=f"Choose among {', '.join(known) or 'none'}.",
        )
        for name in given
        if name not in known
    ]
    for option in declared:
        if kind in option.kinds:
            found += _wrong(option, given.get(option.name, ""), label)
    return found


def _value(option: Option, text: str) -> Value:
    match option.kind:
        case OptionKind.SWITCH:
            return text == "true"
        case OptionKind.NUMBER:
            return int(text)
        case OptionKind.LIST:
            return [item.strip() for item in text.splitlines() if item.strip()]
        case _:
            return text


def _wrong(option: Option, text: str, label: str) -> list[Problem]:
    rule = _broken_rule(option, text)
    if rule is None:
        return []
    message, remedy = rule
    return [Problem(field=option.label, message=f"{label} {message}", remedy=remedy)]


def _broken_rule(option: Option, text: str) -> tuple[str, str] | None:
    """What is broken and what to do, or None."""
    if not text.strip():
        return ("needs it.", "Give it, or leave this account out.") if option.required else None
    match option.kind:
        case OptionKind.CHOICE if text not in option.choices:
            return f"does not take {text}.", f"Choose one of {', '.join(option.choices)}."
        case OptionKind.SWITCH if text not in ("true", "false"):
            return f"takes true or false, not {text}.", "Give true or false."
        case OptionKind.LINK if not text.startswith(("https://", "http://")):
            return f"takes an address; {text} is none.", "Give it with https://."
        case OptionKind.NUMBER:
            return _number_rule(option, text)
        case OptionKind.LIST:
            return _list_rule(option, text)
        case _:
            return _length_rule(option.maximum, text)


def _number_rule(option: Option, text: str) -> tuple[str, str] | None:
    if not text.isascii() or not text.isdigit():
        return f"takes a whole number; {text} is none.", "Give a number."
    if option.maximum is not None and int(text) > option.maximum:
        return f"takes at most {option.maximum:,}; {int(text):,} was given.", "Give less."
    return None


def _list_rule(option: Option, text: str) -> tuple[str, str] | None:
    items = [item.strip() for item in text.splitlines() if item.strip()]
    if option.maximum is not None and len(items) > option.maximum:
        return (
            f"takes {option.maximum}; {len(items)} were given.",
            f"Take {len(items) - option.maximum} away.",
        )
    return next((rule for item in items if (rule := _length_rule(option.item_maximum, item))), None)


def _length_rule(maximum: int | None, text: str) -> tuple[str, str] | None:
    if maximum is None or len(text) <= maximum:
        return None
    return (
        f"takes {maximum:,} characters; this has {len(text):,}.",
        f"Shorten it by {len(text) - maximum:,}.",
    )
