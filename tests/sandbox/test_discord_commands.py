"""Commands: the rules of registration, who sees them, and what people may type."""

from datetime import timedelta
from typing import Any

import pytest


def command(**parts: Any) -> dict[str, Any]:
    return {"name": "post", "description": "d", **parts}


def option(**parts: Any) -> dict[str, Any]:
    return {"type": 3, "name": "text", "description": "d", **parts}


CHOICE = {"name": "n", "value": "v"}
SUB = {"type": 1, "name": "sub", "description": "d"}
REFUSED: list[tuple[list[dict[str, Any]], str]] = [
    ([command(name="Post")], "APPLICATION_COMMAND_INVALID_NAME"),
    ([command(name="new post")], "APPLICATION_COMMAND_INVALID_NAME"),
    ([command(name="x" * 33)], "APPLICATION_COMMAND_INVALID_NAME"),
    ([command(name="")], "APPLICATION_COMMAND_INVALID_NAME"),
    ([command(name="a.b")], "APPLICATION_COMMAND_INVALID_NAME"),
    ([command(description="")], "BASE_TYPE_REQUIRED"),
    ([command(description="x" * 101)], "BASE_TYPE_MAX_LENGTH"),
    ([command(), command()], "APPLICATION_COMMANDS_DUPLICATE_NAME"),
    ([command(type=2)], "APPLICATION_COMMAND_CONTEXT_MENU_INVALID"),
    ([{"type": 3, "name": "x" * 33}], "APPLICATION_COMMAND_INVALID_NAME"),
    ([command(options=[option()] * 2)], "APPLICATION_COMMAND_OPTIONS_NAME_DUPLICATE"),
    (
        [command(options=[option(), option(name="b", required=True)])],
        "APPLICATION_COMMAND_OPTIONS_REQUIRED_INVALID",
    ),
    (
        [command(options=[option(autocomplete=True, choices=[CHOICE])])],
        "APPLICATION_COMMAND_OPTIONS_CHOICES_AUTOCOMPLETE_INVALID",
    ),
    (
        [command(options=[option(type=6, autocomplete=True)])],
        "APPLICATION_COMMAND_OPTIONS_TYPE_INVALID",
    ),
    ([command(options=[option(type=12)])], "NUMBER_TYPE_MAX"),
    ([command(options=[option(description="x" * 101)])], "BASE_TYPE_MAX_LENGTH"),
    ([command(options=[option(name="Text")])], "APPLICATION_COMMAND_INVALID_NAME"),
    ([command(options=[option(name=f"o{n}") for n in range(26)])], "BASE_TYPE_MAX_LENGTH"),
    (
        [command(options=[option(choices=[{"name": str(n), "value": "v"} for n in range(26)])])],
        "BASE_TYPE_MAX_LENGTH",
    ),
    (
        [command(options=[option(type=4, choices=[CHOICE])])],
        "APPLICATION_COMMAND_OPTIONS_CHOICE_VALUE_INVALID",
    ),
    (
        [command(options=[option(choices=[CHOICE, CHOICE])])],
        "APPLICATION_COMMAND_OPTIONS_CHOICES_NAME_DUPLICATE",
    ),
    ([command(options=[SUB, option()])], "APPLICATION_COMMAND_OPTIONS_TYPE_INVALID"),
    ([command(options=[{**SUB, "options": [SUB]}])], "APPLICATION_COMMAND_OPTIONS_TYPE_INVALID"),
    ([command(options=[option(options=[option()])])], "APPLICATION_COMMAND_OPTIONS_TYPE_INVALID"),
    (
        [
            command(
                options=[
                    option(
                        name=f"o{n}",
                        choices=[{"name": f"{c}" + "n" * 90, "value": "v" * 90} for c in range(9)],
                    )
                    for n in range(6)
                ]
            )
        ],
        "APPLICATION_COMMAND_TOO_LARGE",
    ),
]


def codes(errors: Any) -> set[str]:
    """Collect all codes of a nested `errors`."""
    if isinstance(errors, list):
        return {each["code"] for each in errors}
    return set().union(*map(codes, errors.values()))


@pytest.mark.parametrize(("body", "code"), REFUSED)
async def test_registration_is_refused(served, body, code) -> None:
    """A set of commands that breaks a rule is refused whole, and the old set stays."""
    path = f"/applications/{served.discord.world.bot_id}/commands"
    before = (await served.call("PUT", path, [command(name="before")]))[1]
    status, answer = await served.call("PUT", path, body)
    assert (status, answer["code"]) == (400, 50035)
    assert code in codes(answer["errors"])
    assert (await served.call("GET", path))[1] == before


@pytest.mark.parametrize(("kind", "limit"), [(1, 100), (2, 15), (3, 15)])
async def test_how_many_commands(served, kind, limit) -> None:
    """A scope holds 100 chat commands, 15 user menus and 15 message menus."""
    path = f"/applications/{served.discord.world.bot_id}/commands"
    described = {"description": "d"} if kind == 1 else {}
    body = [{"type": kind, "name": f"c{n}", **described} for n in range(limit + 1)]
    assert (await served.call("PUT", path, body))[1]["code"] == 30032
    assert (await served.call("PUT", path, body[:-1]))[0] == 200


async def test_sync_keeps_ids_and_scopes_apart(served) -> None:
    """Commands keep their ids over a sync; those of the server stand beside the global ones."""
    root = f"/applications/{served.discord.world.bot_id}"
    first = (await served.call("PUT", f"{root}/commands", [command(), command(name="b")]))[1]
    again = (await served.call("PUT", f"{root}/commands", [command(description="new")]))[1]
    assert [each["id"] for each in again] == [first[0]["id"]]
    here = f"{root}/guilds/{served.discord.world.guild_id}/commands"
    own = (await served.call("POST", here, command(name="local")))[1]
    assert own["guild_id"] == served.discord.world.guild_id
    listed = (await served.act("paul", "GET", "/commands"))[1]
    assert [each["name"] for each in listed] == ["post", "local"]
    changed = (await served.call("PATCH", f"{here}/{own['id']}", {"description": "c"}))[1]
    assert (changed["id"], changed["description"]) == (own["id"], "c")
    assert (await served.call("DELETE", f"{here}/{own['id']}"))[0] == 204
    assert (await served.call("GET", f"{here}/{own['id']}"))[1]["code"] == 10063
    assert (await served.call("PUT", "/applications/1/commands", []))[1]["code"] == 10002


async def test_default_permissions_hide_commands(served) -> None:
    """People see and use the commands their permissions allow; administrators all."""
    path = f"/applications/{served.discord.world.bot_id}/commands"
    body = [
        command(name="all"),
        command(name="managers", default_member_permissions="32"),
        command(name="nobody", default_member_permissions="0"),
    ]
    made = (await served.call("PUT", path, body))[1]
    listed = (await served.act("paul", "GET", "/commands"))[1]
    assert [each["name"] for each in listed] == ["all"]
    assert len((await served.act("adam", "GET", "/commands"))[1]) == 3
    used = {"type": 2, "channel_id": served.channel("social"), "data": made[1]}
    assert (await served.act("paul", "POST", "/interactions", used))[1]["code"] == 50013


OPTIONS = [
    option(name="need", required=True, min_length=2, max_length=5),
    option(name="pick", choices=[CHOICE]),
    option(type=4, name="count", min_value=1, max_value=3),
    option(type=5, name="flag"),
    option(type=6, name="who"),
    option(type=8, name="role"),
    option(type=7, name="where"),
    option(type=10, name="float"),
    option(type=11, name="file"),
]


@pytest.mark.parametrize(
    "given",
    [
        {},
        {"need": "x"},
        {"need": "xxxxxx"},
        {"need": 5},
        {"need": "xx", "pick": "w"},
        {"need": "xx", "count": 4},
        {"need": "xx", "count": 1.5},
        {"need": "xx", "count": True},
        {"need": "xx", "flag": "yes"},
        {"need": "xx", "who": "1"},
        {"need": "xx", "role": "1"},
        {"need": "xx", "where": "1"},
        {"need": "xx", "float": "1"},
        {"need": "xx", "file": "0"},
        {"need": "xx", "other": "x"},
    ],
)
async def test_typed_options_are_checked(served, given) -> None:
    """What a person types must fit the option, as Discord's client sees to it."""
    path = f"/applications/{served.discord.world.bot_id}/commands"
    made = (await served.call("PUT", path, [command(options=OPTIONS)]))[1][0]
    options = [{"name": name, "value": value} for name, value in given.items()]
    data = {"id": made["id"], "name": "post", "options": options}
    body = {"type": 2, "channel_id": served.channel("social"), "data": data}
    status, answer = await served.act("paul", "POST", "/interactions", body)
    assert (status, answer["code"]) == (400, 50035)


async def test_options_arrive_resolved(served, bot) -> None:
    """People, roles, channels and files come with what they stand for."""
    path = f"/applications/{served.discord.world.bot_id}/commands"
    sub = {"type": 1, "name": "new", "description": "d", "options": OPTIONS}
    made = (await served.call("PUT", path, [command(options=[sub])]))[1][0]
    given = {
        "need": "xx",
        "pick": "v",
        "count": 2,
        "flag": True,
        "who": served.person("ann"),
        "role": served.role("Approver"),
        "where": served.channel("social"),
        "float": 1.5,
        "file": "0",
    }
    options = [{"name": name, "value": value} for name, value in given.items()]
    data = {"id": made["id"], "name": "post", "options": [{"name": "new", "options": options}]}
    body = {"type": 2, "channel_id": served.channel("social"), "data": data}
    served.discord.interactions.patience = 0.05
    outcome = (await served.act("paul", "POST", "/interactions", body, files={"f.txt": b"x"}))[1]
    assert outcome["outcome"] == "failed"
    interaction = await bot.event("INTERACTION_CREATE")
    resolved = interaction["data"]["resolved"]
    assert set(resolved) == {"users", "members", "roles", "channels", "attachments"}
    typed = {each["name"]: each["value"] for each in interaction["data"]["options"][0]["options"]}
    file = resolved["attachments"][typed["file"]]
    async with served.http.get(file["url"]) as response:
        assert await response.read() == b"x"
    assert interaction["member"]["permissions"] != "0"
    assert interaction["attachment_size_limit"] == 10 * 1024 * 1024


async def test_creations_of_a_day(served) -> None:
    """Two hundred commands may be created within a day; names that stay are not created."""
    path = f"/applications/{served.discord.world.bot_id}/commands"

    async def sync(prefix: str) -> Any:
        body = [command(name=f"{prefix}{n}") for n in range(100)]
        return (await served.call("PUT", path, body))[1]

    assert len(await sync("a")) == len(await sync("b")) == len(await sync("b")) == 100
    assert (await sync("c"))["code"] == 30034
    served.ahead = timedelta(hours=25)
    assert len(await sync("c")) == 100
