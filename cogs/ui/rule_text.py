"""Rules of approval as an admin types them: `2 of @Editors then each of @Client @Legal`."""

import re
from collections.abc import Collection
from dataclasses import replace

from bot.domain.approval import MOST_PEOPLE, MOST_STAGES, Roles, Rules, Stage
from bot.errors import InputError, Problem

EXAMPLE = "@Editors then 2 of @Client @Legal then each of @Boss @Ann"
NOBODY = "nobody"
EVERYONE = "everyone"
BEARERS = "@Editors @Interns, or everyone"
USUAL = "usual"
"""What stands for the server's approver role alone."""

_THEN = re.compile(r"\s*(?:;|\bthen\b)\s*", re.IGNORECASE)
_STAGE = re.compile(
    r"(?:(?P<each>(?:one\s+)?(?:from\s+)?each)\s+of\s+|(?:any\s+)?(?P<number>\d+|one|any)\s+of\s+)?"
    r"(?P<who>(?:<@[&!]?\d+>(?:\s*(?:,|or|and)?\s*)?)+)",
    re.IGNORECASE,
)
_NAMED = re.compile(r"<@(?P<kind>[&!]?)(?P<id>\d+)>")


def changed(
    rules: Rules,
    *,
    everyone: int,
    stages_text: str | None = None,
    needed: int | None = None,
    four_eyes: bool | None = None,
    across_stages: bool | None = None,
    free_text: str | None = None,
    remind: int | None = None,
    escalate_text: str | None = None,
    escalate_minutes: int | None = None,
) -> Rules:
    """The rules with what was given changed. Raises InputError."""
    asked = rules.stages if stages_text is None else stages(stages_text, everyone)
    if needed is not None:
        if len(asked) != 1 or asked[0].each:
            raise InputError([_problem("with several stages, write the number into each.")])
        asked = (replace(asked[0], needed=needed),)
    free = (free_text or "").strip().lower()
    if free_text is not None:
        is_named = free not in (NOBODY, EVERYONE)
        free_roles = tuple(sorted(roles(free_text, everyone))) if is_named else ()
        rules = replace(rules, free=free == EVERYONE, free_roles=free_roles)
    if escalate_text is not None:
        rules = replace(rules, escalate_role=_one_role(escalate_text, everyone))
    return replace(
        rules,
        remind_minutes=rules.remind_minutes if remind is None else remind,
        escalate_minutes=rules.escalate_minutes if escalate_minutes is None else escalate_minutes,
        stages=asked,
        four_eyes=rules.four_eyes if four_eyes is None else four_eyes,
        across_stages=rules.across_stages if across_stages is None else across_stages,
    )


def stages(text: str, everyone: int) -> tuple[Stage, ...]:
    """The stages that are meant; `everyone` is the role all have, which decides nothing.

    Raises InputError with an example.
    """
    if text.strip().lower() == USUAL:
        return (Stage(),)
    parts = [part for part in _THEN.split(text.strip()) if part]
    if not 0 < len(parts) <= MOST_STAGES:
        raise InputError([_problem(f"there can be 1 to {MOST_STAGES} stages.")])
    return tuple(_stage(part, everyone) for part in parts)


def roles(text: str, everyone: int) -> Roles:
    """The roles named in a text. Raises InputError where it names none."""
    found = _named_roles(text)
    if not found or everyone in found:
        raise InputError([_problem("name roles, and not everyone.", "No approval")])
    return frozenset(found)


def bearers(text: str | None, everyone: int, field: str) -> Roles | None:
    """The roles whose bearers may do something; none where everyone may, None where nothing was
    typed. Raises InputError.
    """
    if text is None:
        return None
    found = _named_roles(text)
    if text.strip().lower().lstrip("@") == EVERYONE or everyone in found:
        return frozenset()
    if not found:
        message = f"“{text[:80]}” names no role."
        raise InputError([Problem(field=field, message=message, remedy=f"Such as {BEARERS}.")])
    return frozenset(found)


def _named_roles(text: str) -> set[int]:
    return {int(named["id"]) for named in _NAMED.finditer(text) if named["kind"] == "&"}


def _one_role(text: str, everyone: int) -> int | None:
    """The role that may decide too when it is late; None for nobody."""
    if text.strip().lower() == NOBODY:
        return None
    named = list(_NAMED.finditer(text))
    if len(named) != 1 or named[0]["kind"] != "&":
        raise InputError([_escalate_problem(f"“{text[:80]}” is not one role.")])
    if int(named[0]["id"]) == everyone:
        raise InputError([_escalate_problem("everyone has this role.")])
    return int(named[0]["id"])


def _escalate_problem(message: str) -> Problem:
    return Problem(field="Escalate", message=message, remedy=f"Such as @Leads, or {NOBODY}.")


def _stage(text: str, everyone: int) -> Stage:
    found = _STAGE.fullmatch(text.strip())
    if found is None:
        raise InputError([_problem(f"“{text[:80]}” is no stage.")])
    named = list(_NAMED.finditer(found["who"]))
    asked = tuple(dict.fromkeys(int(item["id"]) for item in named if item["kind"] == "&"))
    people = tuple(dict.fromkeys(int(item["id"]) for item in named if item["kind"] != "&"))
    if everyone in asked:
        raise InputError([_problem("everyone has this role, so it would decide nothing.")])
    stage = Stage(roles=asked, people=people, needed=_number(found), each=bool(found["each"]))
    _check(stage, asked, people)
    return stage


def _number(found: re.Match[str]) -> int:
    number = found["number"] or "1"
    return int(number) if number.isdigit() else 1


def _check(stage: Stage, asked: Collection[int], people: Collection[int]) -> None:
    if not 1 <= stage.needed <= MOST_PEOPLE:
        raise InputError([_problem(f"a stage needs 1 to {MOST_PEOPLE} people.")])
    if not asked and stage.needed > len(people):
        raise InputError([_problem("a stage needs more people than it names.")])


def _problem(message: str, field: str = "Stages") -> Problem:
    return Problem(field=field, message=message, remedy=f"Such as {EXAMPLE}, or {USUAL}.")
