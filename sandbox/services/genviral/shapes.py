"""Saying what is wrong with a JSON value, field by field, as a schema library does."""

from collections.abc import Callable, Collection, Iterator, Mapping
from datetime import datetime
from typing import Any, cast

Path = tuple[str | int, ...]
Issue = dict[str, Any]
Shape = Callable[[Any, Path], Iterator[Issue]]
"""Gives what is wrong with a value that stands at a path."""


def issue(path: Path, code: str, message: str) -> Issue:
    """One thing that is wrong."""
    return {"path": list(path), "code": code, "message": message}


def text(*, least: int = 0, most: int | None = None) -> Shape:
    """A text of so many characters."""

    def check(value: Any, path: Path) -> Iterator[Issue]:
        if not isinstance(value, str):
            yield issue(path, "invalid_type", "Expected string")
        elif len(value) < least:
            yield issue(path, "too_small", f"Must contain at least {least} character(s)")
        elif most is not None and len(value) > most:
            yield issue(path, "too_big", f"Must contain at most {most} character(s)")

    return check


def choice(*words: str) -> Shape:
    """One of some words."""

    def check(value: Any, path: Path) -> Iterator[Issue]:
        if value not in words:
            expected = " | ".join(words)
            yield issue(path, "invalid_enum_value", f"Invalid enum value. Expected {expected}")

    return check


def boolean(value: Any, path: Path) -> Iterator[Issue]:
    """True or false, not their words."""
    if not isinstance(value, bool):
        yield issue(path, "invalid_type", "Expected boolean")


def number(value: Any, path: Path) -> Iterator[Issue]:
    """A number of seconds or bytes."""
    if isinstance(value, bool) or not isinstance(value, (int, float)) or value < 0:
        yield issue(path, "invalid_type", "Expected a positive number")


def integer(value: Any, path: Path) -> Iterator[Issue]:
    """A whole number, 0 or more."""
    if isinstance(value, bool) or not isinstance(value, int) or value < 0:
        yield issue(path, "invalid_type", "Expected a positive integer")


def link(value: Any, path: Path) -> Iterator[Issue]:
    """A web address."""
    if not isinstance(value, str) or not value.startswith(("https://", "http://")):
        yield issue(path, "invalid_string", "Invalid url")


def moment(value: Any, path: Path) -> Iterator[Issue]:
    """A time with its offset."""
    try:
        has_offset = datetime.fromisoformat(value).tzinfo is not None
    except (TypeError, ValueError):
        has_offset = False
    if not has_offset:
        yield issue(path, "invalid_string", "Expected ISO 8601 datetime with timezone offset")


def optional(shape: Shape) -> Shape:
    """The same, or null."""

    def check(value: Any, path: Path) -> Iterator[Issue]:
        if value is not None:
            yield from shape(value, path)

    return check


def listing(item: Shape, *, least: int = 0, most: int) -> Shape:
    """A list of so many things."""

    def check(value: Any, path: Path) -> Iterator[Issue]:
        if not isinstance(value, list):
            yield issue(path, "invalid_type", "Expected array")
            return
        items = cast("list[Any]", value)
        if not least <= len(items) <= most:
            yield issue(path, "too_big", f"Array must contain {least} to {most} element(s)")
        for place, one in enumerate(items):
            yield from item(one, (*path, place))

    return check


def fields(shapes: Mapping[str, Shape], *, required: Collection[str] = ()) -> Shape:
    """An object with these fields and no other."""

    def check(value: Any, path: Path) -> Iterator[Issue]:
        if not isinstance(value, dict):
            yield issue(path, "invalid_type", "Expected object")
            return
        given = cast("dict[str, Any]", value)
        if unknown := sorted(given.keys() - shapes.keys()):
            yield issue(
                path, "unrecognized_keys", f"Unrecognized key(s) in object: {', '.join(unknown)}"
            )
        for name in required:
            if name not in given:
                yield issue((*path, name), "invalid_type", "Required")
        for name, shape in shapes.items():
            if name in given:
                yield from shape(given[name], (*path, name))

    return check
