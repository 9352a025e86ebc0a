"""Every error becomes a sentence; what is none of ours shows nothing of the inside."""

import logging
from typing import Any, cast

import discord
import pytest
from discord import app_commands

from bot.errors import (
    AccountBrokenError,
    ConflictError,
    DatabaseAwayError,
    InputError,
    NotAllowedError,
    NotFoundError,
    Problem,
    RefusedError,
    TryLaterError,
)
from cogs import errors
from cogs.ui import answers

SECRET = "sk_0123456789 /srv/copydesk/secret.key"


class Asked:
    """An interaction that keeps what it is answered."""

    def __init__(self, *, deferred: bool = False, gone: bool = False) -> None:
        self.deferred, self.gone = deferred, gone
        self.said: list[tuple[str, Any]] = []
        self.response = self.followup = self

    def is_done(self) -> bool:
        """Whether it was acknowledged."""
        return self.deferred

    async def send_message(self, text: str, **more: Any) -> None:
        """Take an answer."""
        assert more["ephemeral"], "nobody else reads it"
        if self.gone:
            response = cast("Any", type("Response", (), {"status": 404, "reason": "Not Found"})())
            raise discord.NotFound(response, {"code": 10062, "message": "Unknown interaction"})
        self.said.append((text, more["embed"]))

    send = send_message


async def said_of(error: Exception, asked: Asked | None = None) -> str:
    """What a person reads of an error."""
    asked = asked or Asked()
    await answers.refuse(cast("Any", asked), error)
    [(text, embed)] = asked.said
    return text if embed is discord.utils.MISSING else str(embed.to_dict())


@pytest.mark.parametrize(
    "kind",
    [
        RefusedError,
        NotAllowedError,
        NotFoundError,
        ConflictError,
        TryLaterError,
        AccountBrokenError,
    ],
)
@pytest.mark.parametrize("deferred", [False, True])
async def test_our_errors_are_told_with_their_remedy(kind: Any, deferred: bool) -> None:
    """The sentence of the error, then what to do."""
    said = await said_of(kind("It is so.", remedy="Do this."), Asked(deferred=deferred))
    assert said == "⚠️ It is so. Do this."


async def test_problems_are_told_one_by_one() -> None:
    """Each has its field, what is wrong, and the remedy."""
    problem = Problem(field="When", message="it is late.", remedy="Hurry.")
    said = await said_of(InputError([problem]))
    assert "'name': 'When'" in said
    assert "It is late." in said
    assert "→ Hurry." in said


async def test_a_long_sentence_is_cut() -> None:
    """Discord takes 2,000 characters."""
    assert len(await said_of(RefusedError("x" * 3000))) < 2000


async def test_the_inside_is_never_shown(caplog: pytest.LogCaptureFixture) -> None:
    """An error that is none of ours is told by its kind and the time of the log, no more."""
    said = await said_of(ValueError(SECRET))
    assert "Copydesk failed here (ValueError)" in said
    assert "Try again" in said
    assert "UTC" in said
    for part in ("sk_0123456789", "/srv", "Traceback"):
        assert part not in said
    [record] = caplog.records
    assert record.levelno == logging.ERROR
    assert record.exc_info, "whoever runs it finds the whole error in the log"


async def test_a_database_that_is_away_is_told(caplog: pytest.LogCaptureFixture) -> None:
    """People read that nothing was changed and what to do; what the database says is in the log."""
    said = await said_of(DatabaseAwayError(SECRET))
    assert "nothing was changed. Try again in a few minutes" in said
    assert SECRET not in said
    assert SECRET in caplog.text


async def test_our_errors_are_no_alarm(caplog: pytest.LogCaptureFixture) -> None:
    """A refusal is normal and leaves no error in the log."""
    await said_of(NotFoundError("There is no post 7 here."))
    assert caplog.records == []


async def test_nobody_left_to_tell_is_no_error(caplog: pytest.LogCaptureFixture) -> None:
    """When the interaction has ended, that is noted and nothing is raised."""
    await answers.refuse(cast("Any", Asked(gone=True)), NotFoundError("No."))
    assert "Nobody can be told" in caplog.text


def a_command() -> app_commands.Command[Any, ..., Any]:
    """Any command."""

    @app_commands.command(description="Any")
    async def any_command(interaction: discord.Interaction) -> None: ...

    return any_command


async def test_what_a_command_raises_is_unwrapped() -> None:
    """discord.py wraps errors of commands; people read the error itself."""
    asked = Asked()
    wrapped = app_commands.CommandInvokeError(a_command(), NotFoundError("No such post."))
    await errors._refuse(cast("Any", asked), wrapped)
    assert asked.said[0][0] == "⚠️ No such post."


async def test_a_missing_right_is_named() -> None:
    """The permission is named in words, with whom to ask."""
    asked = Asked()
    error = app_commands.MissingPermissions(["manage_guild"])
    await errors._refuse(cast("Any", asked), error)
    assert asked.said[0][0] == "⚠️ This needs the permission: manage guild. Ask an admin."


async def test_a_command_that_changed_meanwhile_is_told(caplog: pytest.LogCaptureFixture) -> None:
    """Any other error of discord.py's commands is answered too, without its text."""
    asked = Asked()
    await errors._refuse(cast("Any", asked), app_commands.CommandNotFound(SECRET, []))
    assert "CommandNotFound" in asked.said[0][0]
    assert "sk_" not in asked.said[0][0]
    assert caplog.records
