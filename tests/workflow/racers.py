"""Processes that decide on the same posts at the same moment."""

import asyncio
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Any, TypeAlias

from bot.domain.approval import Verdict
from bot.domain.post import PostState
from bot.errors import ConflictError
from bot.storage import Storage
from bot.vault import Vault
from bot.workflow import browse, compose, revise
from bot.workflow.compose import Typed
from bot.workflow.desk import Desk
from bot.workflow.media_links import MediaLinks
from db.database import Database
from tests.factories import AUTHOR, CHANNEL, SERVER
from tests.life import Life
from tests.scripted import ScriptedService, ScriptedServices

Line: TypeAlias = "Connection[Any, Any]"


def a_desk(url: str, folder: Path, key: str) -> Desk:
    """A desk of its own on a database that others work on too."""
    vault = Vault([key])
    database = Database(url)
    return Desk(
        database=database,
        storage=Storage(f"file:{folder}"),
        services=ScriptedServices(database, vault, ScriptedService()),
        links=MediaLinks("https://desk.example", vault),
    )


def race(url: str, folder: Path, key: str, what: str, line: Line) -> None:
    """Take part: say `ready`, read the id of a post at a time, do one's part of the race for it at
    once, and say who won; until None is read.
    """
    asyncio.run(_race(a_desk(url, folder, key), what, line))


async def _race(desk: Desk, what: str, line: Line) -> None:
    line.send("ready")
    while (post_id := await asyncio.to_thread(line.recv)) is not None:
        line.send(await _take_part(desk, post_id, what))
    await desk.services.close()
    await desk.database.close()


async def _take_part(desk: Desk, post_id: int, what: str) -> str:
    post = (await browse.show(desk, server_id=SERVER, post_id=post_id)).post
    if post.content.number != 1:
        return "lost"  # its card, or its button, was of what the post was before
    if what == "edit":
        if post.state is not PostState.IN_REVIEW:
            return "lost"  # what is approved may be changed as well, but not in this race
        accounts = tuple(target.account_id for target in post.content.targets)
        typed = Typed(caption="Edited", title="", account_ids=accounts, when_text="now", media=())
        draft = await compose.write(
            desk, server_id=SERVER, channel_id=CHANNEL, author_id=AUTHOR, typed=typed
        )
        try:
            await revise.edit(desk, post, draft)
        except ConflictError:
            return "lost"
        return "won"
    verdict = Verdict(what)
    counted = await Life(desk).vote(post, verdict, reason="Dull." if what == "reject" else "")
    return "won" if counted else "lost"
