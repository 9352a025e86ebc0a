"""Two people send the form of one draft at the same moment."""

import asyncio
from types import SimpleNamespace
from typing import Any

from bot.domain.platform import Platform
from bot.workflow import browse, share
from bot.workflow.desk import Desk
from bot.workflow.share import Guest
from cogs.draft_form import DraftFormCog
from tests.cogs.heard import Heard
from tests.factories import AUTHOR, SERVER
from tests.life import Life

BEN = 31
TURNS = 5


async def test_one_form_wins_and_the_other_is_given_back(desk: Desk) -> None:
    """One changes the draft; the other says by whom it was changed, shows it, and has the text."""
    life = Life(desk)
    await life.connect()
    draft = await life.write(Platform.THREADS, caption="Begun")
    of: dict[str, Any] = {"server_id": SERVER, "post_id": draft.id}
    await share.share(desk, **of, user_id=AUTHOR, guests=[Guest(user_id=BEN)])
    bot: Any = SimpleNamespace(desk=desk)
    cog = DraftFormCog(bot)
    for turn in range(TURNS):
        typed = {person: f"Turn {turn} of {person}" for person in (AUTHOR, BEN)}
        sent = {person: form(draft.id, turn, person, typed[person]) for person in typed}
        await asyncio.gather(*(cog.on_interaction(each) for each in sent.values()))
        now = (await browse.show(desk, **of)).post
        assert now.edits == turn + 1
        [won] = [person for person in typed if typed[person] == now.content.caption]
        [late] = typed.keys() - {won}
        said = "\n".join(sent[late].said)
        assert f"was changed by <@{won}> since you opened it" in said
        assert typed[won] in said
        assert typed[late] in said
        assert "since you opened it" not in "\n".join(sent[won].said)


def form(post_id: int, edits: int, person: int, caption: str) -> Any:
    """The form of a draft's text, as somebody sends it who saw it after so many changes."""
    entries = [{"type": 4, "custom_id": "caption", "value": caption}]
    data: dict[str, Any] = {
        "custom_id": f"draft-form:text:{post_id}:{edits}:0:0",
        "components": [{"type": 18, "component": entry} for entry in entries],
    }
    heard = Heard(data)
    heard.user = SimpleNamespace(id=person)
    return heard
