"""The tree of commands as Discord gets it (its documentation, "Application Command Object")."""

import re
from collections.abc import AsyncIterator, Iterator
from importlib import import_module
from typing import Any

import discord
import pytest
from discord import app_commands

from bot.client import COGS, INTENTS, Copydesk
from bot.scheduler import Scheduler
from bot.workflow.desk import Desk

NAME = re.compile(r"^[-_'\w]{1,32}$")
EXPECTED = {
    "post new",
    "post clip",
    "post duplicate",
    "post template save",
    "post template list",
    "post template delete",
    "clips make",
    "post list",
    "post history",
    "post drafts",
    "post edit",
    "post show",
    "post cancel",
    "post reschedule",
    "queue calendar",
    "queue next",
    "desk setup",
    "desk settings",
    "desk approval",
    "desk pause",
    "desk resume",
    "desk status",
    "provider connect",
    "provider list",
    "provider test",
    "provider rename",
    "provider replace-key",
    "provider disconnect",
    "account list",
    "account check",
    "account connect",
    "account rename",
    "account set",
    "account backup",
}


@pytest.fixture
def engine() -> str:
    """One engine is enough: commands do not touch the database."""
    return "sqlite"


@pytest.fixture
async def bot(desk: Desk) -> AsyncIterator[Copydesk]:
    """The bot with its cogs loaded, not connected."""
    bot = Copydesk(desk, Scheduler())
    for cog in COGS:
        await import_module(cog).setup(bot)
    yield bot
    await bot.close()


def leaves(bot: Copydesk) -> Iterator[app_commands.Command[Any, ..., Any]]:
    """Every command that can be given."""
    for command in bot.tree.walk_commands():
        if isinstance(command, app_commands.Command):
            yield command


def described(payload: dict[str, Any]) -> Iterator[dict[str, Any]]:
    """A command with all its options, and theirs."""
    yield payload
    for option in payload.get("options", []):
        yield from described(option)


def test_the_commands_are_those_that_are_documented(bot: Copydesk) -> None:
    """No command comes or goes by accident."""
    assert {command.qualified_name for command in leaves(bot)} == EXPECTED


def test_every_command_keeps_to_discords_rules(bot: Copydesk) -> None:
    """Names, descriptions, numbers of options and choices, and the 8,000 characters of a command."""
    for command in bot.tree.get_commands(type=discord.AppCommandType.chat_input):
        payload = command.to_dict(bot.tree)
        size = 0
        for part in described(payload):
            assert NAME.match(part["name"]), part["name"]
            assert part["name"] == part["name"].lower()
            assert 1 <= len(part["description"]) <= 100
            assert part["description"] != "…", f"{part['name']} has no description"
            options, choices = part.get("options", []), part.get("choices", [])
            assert len(options) <= 25
            assert len(choices) <= 25
            assert not (choices and part.get("autocomplete"))
            assert len({option["name"] for option in options}) == len(options)
            required = [option.get("required", False) for option in options]
            assert required == sorted(required, reverse=True), "required options come first"
            for choice in choices:
                assert 1 <= len(choice["name"]) <= 100
                size += len(choice["name"]) + len(str(choice["value"]))
            size += len(part["name"]) + len(part["description"])
        assert size <= 8000


def test_every_command_is_for_servers_only(bot: Copydesk) -> None:
    """In direct messages there is no team."""
    for command in bot.tree.get_commands():
        assert command.to_dict(bot.tree)["contexts"] in (None, [0]) or command.guild_only
        assert command.guild_only, command.name


def test_only_keys_are_hidden_from_all_but_admins(bot: Copydesk) -> None:
    """Writing, looking and pausing is offered to everyone; what needs a right says so when asked."""
    permissions = {command.name: command.default_permissions for command in bot.tree.get_commands()}
    admins = discord.Permissions(manage_guild=True)
    assert permissions == {
        "post": None,
        "clips": None,
        "Draft a post from this": None,
        "account": None,
        "queue": None,
        "desk": None,
        "provider": admins,
    }


def test_states_are_offered_in_words(bot: Copydesk) -> None:
    """People choose “in review”, not a name of the code."""
    command = next(item for item in leaves(bot) if item.qualified_name == "post list")
    [state] = command.parameters
    assert "in review" in [choice.name for choice in state.choices]
    assert all("_" not in choice.name for choice in state.choices)


def test_no_privileged_intent_is_asked_for() -> None:
    """An operator has nothing to switch on at Discord: servers, reactions and that there are messages
    are enough.
    """
    assert discord.Intents(guilds=True, guild_reactions=True, guild_messages=True) == INTENTS


def test_nobody_is_pinged_unless_named(bot: Copydesk) -> None:
    """What the bot sends mentions no one by itself."""
    assert bot.allowed_mentions is not None
    assert bot.allowed_mentions.to_dict() == discord.AllowedMentions.none().to_dict()
