"""The steps of a post's life, as people and ticks make them, for tests that start in its middle."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import count
from typing import Any

from sqlalchemy import select

import db.events
from bot.domain.approval import Roles, Rules, Verdict
from bot.domain.delivery import Delivery
from bot.domain.event import Event, EventKind
from bot.domain.media import Media
from bot.domain.platform import Platform
from bot.domain.post import Post, PostState
from bot.domain.server import Server
from bot.domain.times import Timing
from bot.workflow import announce, browse, cancel, compose, configure, connect, review
from bot.workflow.compose import Typed
from bot.workflow.desk import Desk
from bot.workflow.publish import Publisher
from bot.workflow.review import Counted
from bot.workflow.track import Tracker
from bot.workflow.voters import Voter
from db.tables import attempts
from tests.factories import APPROVER, AUTHOR, CARD, CHANNEL, ROLE, SERVER

_cards = count(CARD)


@dataclass(frozen=True)
class Life:
    """Walks posts through a desk."""

    desk: Desk
    roles: dict[int, Roles] = field(default_factory=dict[int, Roles])

    async def connect(self, key: str = "sk_0123456789abcdef") -> dict[Platform, int]:
        """Connect the service and name the approver role; the account ids by platform."""
        await configure.change(self.desk, server_id=SERVER, user_id=APPROVER, approver_role_id=ROLE)
        found = await connect.connect(
            self.desk,
            server_id=SERVER,
            provider="wahdx",
            credentials={"key": key},
            user_id=APPROVER,
        )
        return {account.platform: account.id for account in found}

    async def write(
        self,
        *platforms: Platform,
        caption: str = "Hello",
        title: str = "",
        when: str = "now",
        media: Sequence[Media] = (),
        timing: Timing | None = None,
        accounts: Sequence[int] = (),
    ) -> Post:
        """Write a draft for all accounts on these platforms, and for those of these ids."""
        known = await connect.accounts(self.desk, SERVER)
        wanted = (item for item in known if item.platform in platforms or item.id in accounts)
        chosen = tuple(item.id for item in wanted)
        typed = Typed(
            caption=caption,
            title=title,
            account_ids=chosen,
            when_text=when,
            media=tuple(media),
            timing=timing,
        )
        return await compose.write(
            self.desk, server_id=SERVER, channel_id=CHANNEL, author_id=AUTHOR, typed=typed
        )

    async def in_review(self, *platforms: Platform, **typed: Any) -> Post:
        """Write a post, put it before the team and send its card."""
        post = await compose.ask_review(self.desk, await self.write(*platforms, **typed))
        await announce.card_sent(self.desk, post.id, channel_id=CHANNEL, message_id=next(_cards))
        return (await browse.show(self.desk, server_id=SERVER, post_id=post.id)).post

    async def decide(self, post: Post, *, approves: bool = True, is_approver: bool = True) -> Post:
        """Approve a post, or reject it with a reason; the post after it."""
        roles = frozenset({ROLE} if is_approver else set[int]())
        verdict = Verdict.APPROVE if approves else Verdict.REJECT
        now = (await browse.show(self.desk, server_id=SERVER, post_id=post.id)).post
        await self.vote(now, verdict, reason="" if approves else "Dull.", roles=roles)
        return (await browse.show(self.desk, server_id=SERVER, post_id=post.id)).post

    async def vote(
        self,
        post: Post,
        verdict: Verdict = Verdict.APPROVE,
        *,
        user_id: int = APPROVER,
        roles: Roles = frozenset({ROLE}),
        reason: str = "",
        by_reaction: bool = False,
    ) -> Counted | None:
        """Vote on a post as it was read."""
        return await review.cast(
            self.desk,
            self.voter(user_id, roles),
            post,
            verdict,
            reason=reason,
            by_reaction=by_reaction,
        )

    async def take_back(
        self,
        post: Post,
        verdict: Verdict = Verdict.APPROVE,
        *,
        user_id: int = APPROVER,
        by_reaction: bool = False,
    ) -> Counted | None:
        """Take a vote back."""
        voter = self.voter(user_id, frozenset({ROLE}))
        return await review.take_back(self.desk, voter, post, verdict, by_reaction=by_reaction)

    def voter(self, user_id: int = APPROVER, roles: Roles = frozenset({ROLE})) -> Voter:
        """A person with these roles; of the earlier voters, `roles` says which they have now."""

        async def ask(user_ids: Collection[int]) -> Mapping[int, Roles]:
            return {asked: self.roles.get(asked, frozenset({ROLE})) for asked in user_ids}

        return Voter(server_id=SERVER, user_id=user_id, roles=roles, ask=ask)

    async def settings(self) -> Server:
        """Read the settings of the server."""
        return await configure.get(self.desk, SERVER)

    async def rules(self, rules: Rules) -> None:
        """Choose how the server approves."""
        await configure.change(self.desk, server_id=SERVER, user_id=APPROVER, approval=rules)

    async def approved(self, *platforms: Platform, **typed: Any) -> Post:
        """Bring a post to the machine."""
        return await self.decide(await self.in_review(*platforms, **typed))

    async def cancel(self, post: Post, *, user_id: int = AUTHOR, may_any: bool = False) -> None:
        """Cancel a post."""
        await cancel.cancel(
            self.desk, server_id=SERVER, post_id=post.id, user_id=user_id, may_cancel_any=may_any
        )

    async def publish(self) -> None:
        """Publish what is due, to the end of the calls."""
        publisher = Publisher(self.desk)
        await publisher.tick()
        await publisher.drain(5)

    async def track(self) -> None:
        """Ask about what is to be asked about now, to the end of the answers."""
        tracker = Tracker(self.desk)
        await tracker.tick()
        await tracker.drain(5)

    async def state(self, post: Post) -> PostState:
        """Read where people stand with a post."""
        return (await browse.show(self.desk, server_id=SERVER, post_id=post.id)).post.state

    async def deliveries(self, post: Post) -> Sequence[Delivery]:
        """Read the deliveries of a post."""
        return (await browse.show(self.desk, server_id=SERVER, post_id=post.id)).deliveries

    async def events(self, post: Post) -> list[Event]:
        """Read what happened to a post."""
        async with self.desk.database.reading() as reading:
            return await db.events.find(reading, server_id=SERVER, post_id=post.id)

    async def delivery(self, post: Post) -> Delivery:
        """Read a post's only delivery."""
        [delivery] = await self.deliveries(post)
        return delivery

    async def settled(self, post: Post) -> int:
        """Count how often a post's end was told."""
        return [event.kind for event in await self.events(post)].count(EventKind.SETTLED)

    async def ledger(self) -> list[tuple[str | None, str]]:
        """Read how all attempts ended, with what was kept of the answers."""
        ended = select(attempts.c.outcome, attempts.c.detail).order_by(attempts.c.id)
        async with self.desk.database.reading() as reading:
            return [(row.outcome, row.detail) for row in await reading.execute(ended)]
