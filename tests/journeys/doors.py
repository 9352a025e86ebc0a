"""Every way in that Discord offers: each command, suggestion, button, menu and form, used by hand.

What people can use is read off the bot itself, so what is added later is tried as well.
"""

import itertools
import json
import re
import typing
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, cast

import discord
import simcord
from discord import ui
from simcord.enums import InteractionType

from bot.client import Copydesk
from tests.journeys.team import Team

_COMMAND, _GROUP, _TEXT, _NUMBER, _SWITCH, _USER, _CHANNEL, _ROLE = 1, 2, 3, 4, 5, 6, 7, 8
_FILE = 11
_GROUP_OF_CHOICES = re.compile(r"\(\?P<\w+>([^()]*)\)")
_MAY_BE_LEFT_OUT = re.compile(r"\(\?:[^()]*\([^()]*\)[^()]*\)\?")
_ANY = {r"\d+": ["1"], r"\d*": [""], r"\w+": ["x"], r"\w*": [""]}
_KINDS = {
    ui.Button: 2,
    ui.Select: 3,
    ui.UserSelect: 5,
    ui.RoleSelect: 6,
    ui.ChannelSelect: 8,
}
ACTIONS = ["open", "send", "files", "account", "discard", "gone", "text", "options"]
"""What the buttons of drafts do, among other things."""

_SOMEONE = {"id": "3", "username": "someone", "discriminator": "0", "avatar": None}
_MESSAGE: Mapping[str, Any] = {
    "content": "",
    "timestamp": "2026-01-01T00:00:00+00:00",
    "edited_timestamp": None,
    "tts": False,
    "mention_everyone": False,
    "mentions": [],
    "mention_roles": [],
    "attachments": [],
    "embeds": [],
    "pinned": False,
    "type": 0,
    "flags": 0,
}

FORMS = (
    "provider:connect:wahdx",
    "provider:replace:1",
    "post:new",
    "post:edit:1:1",
    "post:mend:1",
    "vote:reject:1:1",
    "vote:time:1:1",
    "trouble:live:1",
    "trouble:time:1",
    "draft-form:text:1:1:0:0",
    "clips:options:1:0",
    "account:set:x",
)


@dataclass(frozen=True)
class Way:
    """One way in: what it is, as people name it, and what Discord sends when it is used."""

    name: str
    type: int
    data: Mapping[str, Any]
    message: Mapping[str, Any] | None = None

    @property
    def is_numbered(self) -> bool:
        """Whether it is a command that was given a number."""
        is_command = self.type == InteractionType.APPLICATION_COMMAND
        return is_command and f'"type": {_NUMBER}' in json.dumps(self.data)


def bot_of(team: Team) -> Copydesk:
    """The bot that a team has."""
    return cast("Copydesk", team.env.bot)


def items_of(bot: Copydesk) -> Mapping[re.Pattern[str], type[Any]]:
    """The buttons and menus that outlive a restart, by the patterns of their `custom_id`s."""
    return bot._connection._view_store._dynamic_items


async def commands(bot: Copydesk, *, number: int = 1) -> list[Way]:
    """Every command with every option that takes a number or must be given, and message menus;
    then every suggestion. Numbers are `number`.
    """
    ids = {command.name: command.id for command in await bot.tree.fetch_commands()}
    ways: list[Way] = []
    for command in bot.tree.get_commands():
        root = {"id": str(ids[command.name]), "name": command.name, "type": 1}
        payload = command.to_dict(bot.tree)
        ways += _of_group(root, [command.name], payload.get("options", []), number)
    for menu in bot.tree.get_commands(type=discord.AppCommandType.message):
        ways.append(_of_menu(ids[menu.name], menu.name))
    return ways


def _of_menu(menu_id: int, name: str) -> Way:
    message = {**_MESSAGE, "id": "1", "channel_id": "2", "author": _SOMEONE, "content": "Said"}
    root = {"id": str(menu_id), "name": name, "type": 3}
    target = {"target_id": "1", "resolved": {"messages": {"1": message}}}
    return Way(name, InteractionType.APPLICATION_COMMAND, root | target)


def _of_group(
    root: Mapping[str, Any], path: Sequence[str], options: Sequence[Any], number: int
) -> Iterator[Way]:
    for option in options:
        if option["type"] in (_COMMAND, _GROUP):
            inner = option.get("options", [])
            if option["type"] == _GROUP:
                yield from _of_group(root, [*path, option["name"]], inner, number)
            else:
                yield from _of_leaf(root, [*path, option["name"]], inner, number)


def _of_leaf(
    root: Mapping[str, Any], path: Sequence[str], options: Sequence[Any], number: int
) -> Iterator[Way]:
    wanted = [item for item in options if item.get("required") or item["type"] == _NUMBER]
    given = [_filled(item, number) for item in wanted if item["type"] != _FILE]
    name = " ".join(path)
    yield Way(name, InteractionType.APPLICATION_COMMAND, _nested(root, path, given))
    for item in options:
        if item.get("autocomplete"):
            typed = {"name": item["name"], "type": item["type"], "value": "", "focused": True}
            yield Way(
                f"{name} {item['name']}:",
                InteractionType.APPLICATION_COMMAND_AUTOCOMPLETE,
                _nested(root, path, [typed]),
            )


def _filled(option: Mapping[str, Any], number: int) -> dict[str, Any]:
    if option.get("choices"):
        value = option["choices"][0]["value"]
    else:
        plain = {_NUMBER: number, _SWITCH: True}
        value = plain.get(option["type"], "tomorrow 9:00")
    return {"name": option["name"], "type": option["type"], "value": value}


def _nested(root: Mapping[str, Any], path: Sequence[str], given: Sequence[Any]) -> dict[str, Any]:
    options = list(given)
    for depth, name in enumerate(reversed(path[1:])):
        options = [{"name": name, "type": _GROUP if depth else _COMMAND, "options": options}]
    return {**root, "options": options}


def parts(bot: Copydesk, *, number: int = 1) -> list[Way]:
    """Every button and menu that outlives a restart, in each of its forms."""
    ways: list[Way] = []
    for pattern, item in items_of(bot).items():
        kind = _kind(item)
        for custom_id in samples(pattern.pattern, number):
            assert pattern.fullmatch(custom_id), (custom_id, pattern.pattern)
            ways.append(_part(kind, custom_id))
    return ways


def samples(pattern: str, number: int) -> Iterator[str]:
    """What matches a pattern of a `custom_id`: each of the words it names, and one number."""
    plain = _MAY_BE_LEFT_OUT.sub("", pattern)
    choices = [_choices(found, number) for found in _GROUP_OF_CHOICES.findall(plain)]
    for chosen in itertools.product(*choices):
        words = iter(chosen)
        yield _GROUP_OF_CHOICES.sub(lambda _: next(words), plain)  # noqa: B023


def _choices(group: str, number: int) -> list[str]:
    if group == "[a-z]+":
        return ACTIONS
    if group == r"\d+":
        return [str(number)]
    return _ANY.get(group) or group.split("|")


def _kind(item: type[Any]) -> int:
    [base] = [base for base in item.__orig_bases__ if typing.get_origin(base) is ui.DynamicItem]
    [inner] = typing.get_args(base)
    return _KINDS[typing.get_origin(inner)]


def _part(kind: int, custom_id: str) -> Way:
    component: dict[str, Any] = {"type": kind, "custom_id": custom_id, "id": 2}
    data: dict[str, Any] = {"component_type": kind, "custom_id": custom_id}
    if kind == _KINDS[ui.Button]:
        component |= {"style": 2, "label": "Press"}
    else:
        component |= {"options": [{"label": "one", "value": "1"}]}
        data |= {"values": ["1"]} | ({"resolved": {}} if kind != _KINDS[ui.Select] else {})
    row = {"type": 1, "id": 1, "components": [component]}
    return Way(custom_id, InteractionType.MESSAGE_COMPONENT, data, {"components": [row]})


def forms() -> list[Way]:
    """Forms as they are sent, each with something typed."""
    entries = ("answer", "caption", "key", "name", "value", "when", "title")
    rows = [
        {"type": 18, "component": {"type": 4, "custom_id": entry, "value": TYPED}}
        for entry in entries
    ]
    return [
        Way(name, InteractionType.MODAL_SUBMIT, {"custom_id": name, "components": rows})
        for name in FORMS
    ]


TYPED, NOTHING = "by hand", "[]"
"""What is typed, and what is sent where nothing is: to what no button says."""


async def use(team: Team, who: simcord.MemberActor, way: Way, on: discord.Message) -> str:
    """Use one way in, buttons and menus as if they were on a message; everything the bot sent to
    Discord because of it.
    """
    before = len(team.env.http_requests)
    channel = next(item for item in (team.social, team.approvals) if item.id == on.channel.id)
    message = _message(team, on) | dict(way.message or {})
    await who._dispatch_interaction(
        way.type, channel, dict(way.data), extra={"message": message}, source_message_id=on.id
    )
    await team.env.settle()
    sent = team.env.http_requests[before:]
    return json.dumps([[request.path, request.json] for request in sent], default=str)


def _message(team: Team, on: discord.Message) -> dict[str, Any]:
    author = {**_SOMEONE, "id": str(cast("discord.ClientUser", team.env.bot.user).id)}
    where = {"id": str(on.id), "channel_id": str(on.channel.id)}
    return {**_MESSAGE, **where, "author": author}
