"""What people fill in: options of commands, values of selects, fields of modals.

Discord's clients refuse to send what breaks a component's rules; so does this.
"""

from typing import Any

from pydantic import Field

from sandbox.discord.drafts import walk
from sandbox.discord.errors import invalid
from sandbox.discord.forms import Lenient
from sandbox.discord.resolved import CHANNEL, MENTIONABLE, ROLE, USER, Resolved
from sandbox.discord.values import Json

Path = list[str | int]
_ENTITY_OPTIONS = {6: USER, 7: CHANNEL, 8: ROLE, 9: MENTIONABLE}


class Typed(Lenient):
    """An option of a command as a person's client sends it."""

    name: str
    value: str | int | float | bool | None = None
    focused: bool = False
    options: list["Typed"] = Field(default_factory=list["Typed"])


class Filled(Lenient):
    """A field of a modal as a person's client sends it, within its label or row."""

    custom_id: str | None = None
    value: str | bool | None = None
    values: list[str] = Field(default_factory=list[str])
    component: "Filled | None" = None
    components: list["Filled"] = Field(default_factory=list["Filled"])


def options(
    specs: list[Json], given: list[Typed], resolved: Resolved, *, final: bool
) -> list[Json]:
    """Return the options of a command as the bot gets them; `final` is false while typing."""
    path: Path = ["data", "options"]
    known = {spec["name"]: spec for spec in specs}
    names = [each.name for each in given]
    for name in names:
        if name not in known or names.count(name) > 1:
            raise invalid([*path, name], "BASE_TYPE_CHOICES", "Unknown or repeated option.")
    if any(spec["type"] <= 2 for spec in specs):
        return [_branch(known, given, resolved, final=final)]
    missing = [spec["name"] for spec in specs if spec.get("required") and spec["name"] not in names]
    if missing and final:
        raise invalid([*path, missing[0]], "BASE_TYPE_REQUIRED", "This option is required.")
    return [_option(known[each.name], each, resolved, final=final) for each in given]


def _branch(known: dict[str, Json], given: list[Typed], resolved: Resolved, *, final: bool) -> Json:
    if len(given) != 1:
        raise invalid(["data", "options"], "BASE_TYPE_REQUIRED", "Choose one subcommand.")
    spec = known[given[0].name]
    inner = options(spec.get("options", []), given[0].options, resolved, final=final)
    return {"name": spec["name"], "type": spec["type"], "options": inner}


def _option(spec: Json, given: Typed, resolved: Resolved, *, final: bool) -> Json:
    path: Path = ["data", "options", spec["name"]]
    value, kind = given.value, spec["type"]
    answer: Json = {"name": spec["name"], "type": kind}
    if given.focused and not final:
        return answer | {"value": str(value), "focused": True}
    if kind in _ENTITY_OPTIONS:
        resolved.add(_ENTITY_OPTIONS[kind], str(value), path)
        return answer | {"value": str(value)}
    if kind == 11:
        return answer | {"value": resolved.add_file(str(value), path)}
    _check_plain(spec, value, path)
    return answer | {"value": value}


_PLAIN: dict[int, tuple[type, ...]] = {3: (str,), 4: (int,), 5: (bool,), 10: (int, float)}


def _check_plain(spec: Json, value: Any, path: Path) -> None:
    kind = spec["type"]
    if not isinstance(value, _PLAIN[kind]) or (isinstance(value, bool) and kind != 5):
        raise invalid(path, "BASE_TYPE_CHOICES", "The value does not fit the option's type.")
    choices = [choice["value"] for choice in spec.get("choices", [])]
    if choices and value not in choices:
        raise invalid(path, "BASE_TYPE_CHOICES", f"Value must be one of {choices}.")
    if kind == 3:
        _check_length(spec, str(value), path, most=6000)
    elif kind in (4, 10):
        low, high = spec.get("min_value", -(2**53)), spec.get("max_value", 2**53)
        if not low <= value <= high:
            raise invalid(path, "NUMBER_TYPE_BETWEEN", f"Must be between {low} and {high}.")


def _check_length(spec: Json, value: str, path: Path, *, most: int) -> None:
    low, high = spec.get("min_length", 0), spec.get("max_length", most)
    if not low <= len(value) <= high:
        raise invalid(path, "BASE_TYPE_BAD_LENGTH", f"Must be between {low} and {high} in length.")


def chosen(component: Json, values: list[str], resolved: Resolved) -> list[str]:
    """Return what was chosen in a select, file upload or checkbox group, by its rules."""
    path: Path = ["data", component["custom_id"]]
    all_of = len(component["options"]) if component["type"] == 22 else 1  # by default
    most = component.get("max_values", all_of)
    least = component.get("min_values", 1)
    optional = component.get("required") is False
    if not (optional and not values) and not least <= len(values) <= most:
        raise invalid(path, "BASE_TYPE_BAD_LENGTH", f"Choose between {least} and {most}.")
    if component["type"] == 19:
        return [resolved.add_file(index, path) for index in values]
    if "options" in component:
        _check_among(component, values, path)
    else:
        for value in values:
            resolved.add(component["type"], value, path)
    return values


def _check_among(component: Json, values: list[str], path: Path) -> None:
    known = [option["value"] for option in component["options"]]
    if any(value not in known for value in values) or len(set(values)) < len(values):
        raise invalid(path, "BASE_TYPE_CHOICES", f"Value must be one of {known}.")


def modal(form: Json, submitted: list[Filled], resolved: Resolved) -> list[Json]:
    """Return a modal's components as the bot gets them, or refuse what breaks their rules."""
    filled = _by_custom_id(submitted)
    return [_top(part, filled, resolved) for part in form["components"]]


def _by_custom_id(parts: list[Filled]) -> dict[str, Filled]:
    found: dict[str, Filled] = {}
    for part in parts:
        if part.custom_id is not None:
            found[part.custom_id] = part
        found |= _by_custom_id([*part.components, *([part.component] if part.component else [])])
    return found


def _top(part: Json, filled: dict[str, Filled], resolved: Resolved) -> Json:
    answer = {"type": part["type"], "id": part["id"]}
    if part["type"] == 18:
        return answer | {"component": _field(part["component"], filled, resolved)}
    if part["type"] == 1:
        return answer | {"components": [_field(part["components"][0], filled, resolved)]}
    return answer


def _field(part: Json, filled: dict[str, Filled], resolved: Resolved) -> Json:
    given = filled.get(part["custom_id"], Filled())
    answer = {name: part[name] for name in ("type", "id", "custom_id")}
    if part["type"] == 4:
        return answer | {"value": _typed(part, str(given.value or ""))}
    if part["type"] == 21:
        return answer | {"value": _picked(part, given.value)}
    if part["type"] == 23:
        return answer | {"value": given.value is True}
    return answer | {"values": chosen(part, given.values, resolved)}


def _typed(part: Json, value: str) -> str:
    if value or part.get("required", True):
        path: Path = ["data", part["custom_id"]]
        least = part.get("min_length", 0) or int(part.get("required", True))
        _check_length(part | {"min_length": least}, value, path, most=4000)
    return value


def _picked(part: Json, value: str | bool | None) -> str | None:
    if value is None:
        if part.get("required", True):
            raise invalid(["data", part["custom_id"]], "BASE_TYPE_REQUIRED", "Choose one.")
        return None
    _check_among(part, [str(value)], ["data", part["custom_id"]])
    return str(value)


def find_component(components: list[Json], custom_id: str, kind: int) -> Json:
    """Return the component of a message that is used, or refuse what cannot be used."""
    for part in walk(components):
        if part.get("custom_id") == custom_id and part["type"] == kind and not part.get("disabled"):
            return part
    message = "Component validation failed"
    raise invalid(["data", "custom_id"], "COMPONENT_VALIDATION_FAILED", message)
