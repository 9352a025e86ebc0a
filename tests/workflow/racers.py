"""Two processes that decide on the same posts: `python -m tests.workflow.racers URL FOLDER WHAT KEY`.

Each says `ready`, reads the id of a post a line, and does its part of the race for it at once.
"""

import asyncio
import sys
from pathlib import Path

from cryptography.fernet import Fernet

from bot.domain.approval import Verdict
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

KEY = Fernet.generate_key().decode() if __name__ != "__main__" else sys.argv[4]


def a_desk(url: str, folder: Path) -> Desk:
    """A desk of its own on a database that others work on too."""
    vault = Vault([KEY])
    database = Database(url)
    return Desk(
        database=database,
        storage=Storage(f"file:{folder}"),
        services=ScriptedServices(database, vault, ScriptedService()),
        links=MediaLinks("https://desk.example", vault),
    )


async def race(url: str, folder: Path, what: str) -> None:
    """Take part until there is no more post to be decided on."""
    desk = a_desk(url, folder)
    _say("ready")
    while line := await asyncio.to_thread(sys.stdin.readline):
        _say(await _take_part(desk, int(line), what))
    await desk.services.close()
    await desk.database.close()


def _say(text: str) -> None:
    sys.stdout.write(f"{text}\n")
    sys.stdout.flush()


async def _take_part(desk: Desk, post_id: int, what: str) -> str:
    post = (await browse.show(desk, server_id=SERVER, post_id=post_id)).post
    if post.content.number != 1:
        return "lost"  # its card, or its button, was of what the post was before
    if what == "edit":
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


if __name__ == "__main__":
    asyncio.run(race(sys.argv[1], Path(sys.argv[2]), sys.argv[3]))
