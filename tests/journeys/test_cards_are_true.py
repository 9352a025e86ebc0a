"""Whatever happens to posts, and wherever Discord is closed meanwhile, their cards say what is so."""

import random
from collections.abc import Awaitable, Callable
from contextlib import suppress
from typing import Any

import discord
import pytest
from simcord.backend.models import Overwrite
from simcord.enums import OverwriteType

from bot.domain.pause import Scope
from bot.domain.post import PostState
from bot.errors import RefusedError
from bot.workflow import browse, cancel, configure, pause, reschedule
from bot.workflow.browse import Shown
from bot.workflow.pause import Pauser
from cogs.ui import cards
from tests.journeys.team import FACEBOOK, THREADS, Team

NEVER_SHOWN = {PostState.DRAFT, PostState.CANCELLED, PostState.EXPIRED}
"""What may be without a card: what came to its end before its card could be shown."""

STEPS = 50


class Walk:
    """A walk through things that happen, chosen by a seed."""

    def __init__(self, team: Team, seed: int) -> None:
        self.team = team
        self.random = random.Random(seed)  # noqa: S311 - to be repeated
        self.is_closed = False
        self.roles = [team.role, team.guild.create_role("Editors")]

    async def go(self) -> None:
        """Make the steps, then let everything be open, answered and told."""
        steps: list[Callable[[], Awaitable[Any]]] = [
            self.write,
            self.decide,
            self.decide,
            self.cancel,
            self.reschedule,
            self.pause,
            self.change_role,
            self.close,
            self.open,
            self.go_wrong,
            self.tick,
            self.tick,
        ]
        await self.write()
        for _ in range(STEPS):
            with suppress(RefusedError):
                await self.random.choice(steps)()
        await self.open()
        self.team.wahdx.fault = "none"
        for _ in range(4):
            await self.tick()

    async def posts(self) -> list[Shown]:
        """Read all posts."""
        return await browse.recent(self.team.desk, server_id=self.team.guild.id, limit=100)

    async def one(self) -> Any:
        """Choose a post."""
        return self.random.choice(await self.posts()).post

    async def write(self) -> None:
        """Write a post, which nobody can where cards cannot be shown."""
        if self.is_closed:
            return
        when = self.random.choice(["now", "in 2 hours", "in 3 days"])
        await self.team.ask(caption="Beans", accounts=[THREADS, FACEBOOK], when=when)

    async def decide(self) -> None:
        """Approve or reject a post."""
        found = [message for message in self.team.approvals.history() if message.embeds]
        if found:
            emoji = self.random.choice(["✅", "✅", "❌", "⏸️"])
            await self.team.approver.react(self.random.choice(found), emoji)

    async def cancel(self) -> None:
        """Cancel a post."""
        await cancel.cancel(
            self.team.desk,
            server_id=self.team.guild.id,
            post_id=(await self.one()).id,
            user_id=self.team.admin.id,
            may_cancel_any=True,
        )

    async def reschedule(self) -> None:
        """Give a post another time."""
        await reschedule.reschedule(
            self.team.desk,
            server_id=self.team.guild.id,
            post_id=(await self.one()).id,
            when_text="in 5 hours",
            user_id=self.team.admin.id,
            may_decide=True,
        )

    async def pause(self) -> None:
        """Pause the server, or end that."""
        by = Pauser(server_id=self.team.guild.id, user_id=self.team.admin.id, may_decide=True)
        what = self.random.choice([pause.pause, pause.resume])
        await what(self.team.desk, by, Scope.SERVER, 0)

    async def change_role(self) -> None:
        """Have others decide."""
        await configure.change(
            self.team.desk,
            server_id=self.team.guild.id,
            user_id=self.team.admin.id,
            approver_role_id=self.random.choice(self.roles).id,
        )

    async def close(self) -> None:
        """Close the channel of the cards to the bot."""
        denied = discord.Permissions(view_channel=True).value
        me = self.team.env.bot.user
        assert me is not None
        overwrite = Overwrite(target_id=me.id, type=OverwriteType.MEMBER, allow=0, deny=denied)
        self.team.env.backend.set_overwrite(self.team.approvals.id, overwrite)
        self.is_closed = True

    async def open(self) -> None:
        """Open it again."""
        me = self.team.env.bot.user
        assert me is not None
        self.team.env.backend.delete_overwrite(self.team.approvals.id, me.id)
        await self.team.env.settle()
        self.is_closed = False

    async def go_wrong(self) -> None:
        """Have the service misbehave, or behave again."""
        self.team.wahdx.fault = self.random.choice(["none", "refused", "drop_after", "none"])

    async def tick(self) -> None:
        """Let time pass and the machine work."""
        await self.team.advance(self.random.choice([1, 60, 4000]))
        await self.team.tick()


def read(embed: discord.Embed) -> tuple[object, ...]:
    """What people read in a card."""
    fields = [(field.name, field.value) for field in embed.fields]
    return embed.title, embed.description, embed.footer.text, embed.colour, fields


@pytest.mark.parametrize("seed", range(12))
async def test_every_card_says_what_is_so(team: Team, seed: int) -> None:
    """After any sequence of events, once Discord is open, every card equals the row."""
    walk = Walk(team, seed)
    await walk.go()
    server = await configure.get(team.desk, team.guild.id)
    messages = {message.id: message for message in team.approvals.history()}
    shown = await walk.posts()
    for item in shown:
        if item.post.card_message_id is None:
            assert item.post.state in NEVER_SHOWN
            continue
        [embed] = messages[item.post.card_message_id].embeds
        assert read(embed) == read(cards.card(item.post, item.deliveries, server, item.ballot))
