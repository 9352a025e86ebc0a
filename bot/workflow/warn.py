"""Warnings before the slot: a day and an hour ahead, what is in the way of a post is told.

A check only reads. Whatever it finds, or fails at, the post is tried at its time all the same.
"""

import asyncio
import logging
from collections import defaultdict
from collections.abc import Mapping, Sequence

import db.deliveries
import db.events
import db.posts
import db.warnings
from bot.domain.delivery import Delivery
from bot.domain.event import EventKind
from bot.domain.post import Post
from bot.domain.warning import mark_of, was_checked_then
from bot.errors import Problem
from bot.workflow import health, outlook
from bot.workflow.desk import Desk
from bot.workflow.health import Health
from bot.workflow.in_flight import InFlight

log = logging.getLogger(__name__)

AT_ONCE = 200
"""How many posts one tick begins to check."""

PATIENCE = 120.0
"""Seconds after which a check goes on without a service that does not answer."""

_Key = tuple[int, int]  # of a connection: its server's id and its own
_Checked = tuple[Post, Sequence[Problem]]


class Warner:
    """Checks posts ahead of their time, reading each connection once for all of a tick's."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk
        self._in_flight = InFlight()
        self._checking: set[int] = set()

    async def tick(self) -> None:
        """Begin to check the posts that are a day or an hour away."""
        async with self._desk.database.reading() as reading:
            found = await db.warnings.due(
                reading, now=self._desk.now(), limit=AT_ONCE, besides=self._checking
            )
            if not found:
                return
            posts = list((await db.posts.by_ids(reading, found)).values())
            deliveries = await db.deliveries.find(reading, found)
        self._checking |= {post.id for post in posts}
        readings = self._read(
            {key: provider for post in posts for key, provider in _keys(post).items()}
        )
        for group in _by_connections(posts):
            self._in_flight.start(self._check(group, deliveries, readings))

    async def drain(self, seconds: float) -> None:
        """Let checks under way end."""
        await self._in_flight.drain(seconds)

    def _read(self, wanted: Mapping[_Key, str]) -> dict[_Key, asyncio.Future[Health]]:
        """Begin to read these connections, given with their providers."""
        readings: dict[_Key, asyncio.Future[Health]] = {}
        for key, provider in wanted.items():
            readings[key] = asyncio.get_running_loop().create_future()
            label = self._desk.services.capabilities(provider).label
            self._in_flight.start(self._examine(key, label, readings[key]))
        return readings

    async def _examine(self, key: _Key, label: str, read: asyncio.Future[Health]) -> None:
        try:
            async with asyncio.timeout(PATIENCE):
                read.set_result(await health.examine(self._desk, *key, label))
        except TimeoutError:
            read.set_result(health.silent(label))
        finally:
            read.cancel()  # has no effect once it is set

    async def _check(
        self,
        group: Sequence[Post],
        deliveries: Mapping[int, Sequence[Delivery]],
        readings: Mapping[_Key, asyncio.Future[Health]],
    ) -> None:
        """Check posts of the same connections, and write what was found."""
        try:
            keys = _keys(group[0])
            healths = {key[1]: await asyncio.shield(readings[key]) for key in keys}
            checked = [(post, await self._find(post, deliveries, healths)) for post in group]
            await self._write(checked)
        finally:
            self._checking -= {post.id for post in group}

    async def _find(
        self,
        post: Post,
        deliveries: Mapping[int, Sequence[Delivery]],
        healths: Mapping[int, Health],
    ) -> list[Problem]:
        if was_checked_then(post, self._desk.now()):
            return []
        try:
            return await outlook.problems(self._desk, post, deliveries[post.id], healths)
        except Exception:
            log.exception("Post %s could not be checked ahead of its time.", post.id)
            return []

    async def _write(self, checked: Sequence[_Checked]) -> None:
        """Note each check once, whoever else made it too, and have told what is in the way."""
        now = self._desk.now()
        marks: defaultdict[int, list[Post]] = defaultdict(list)
        for post, _ in checked:
            marks[mark_of(post, now)].append(post)
        async with self._desk.database.transaction() as transaction:
            noted = await db.warnings.note(transaction, marks)
            happened = [_happened(*pair) for pair in checked if pair[0].id in noted]
            await db.events.append(transaction, happened, now=now)
        self._desk.nudge()


def _happened(post: Post, problems: Sequence[Problem]) -> db.events.Happened:
    return db.events.Happened(
        server_id=post.server_id,
        kind=EventKind.WARNED if problems else EventKind.CHECKED,
        post_id=post.id,
        data={"problems": "\n".join(map(str, problems))} if problems else {},
        is_told=bool(problems),
    )


def _by_connections(posts: Sequence[Post]) -> list[list[Post]]:
    """Posts that wait for the same readings together: a slow service delays no other's."""
    groups: defaultdict[frozenset[_Key], list[Post]] = defaultdict(list)
    for post in posts:
        groups[frozenset(_keys(post))].append(post)
    return list(groups.values())


def _keys(post: Post) -> dict[_Key, str]:
    """The connections of a post and of its backups, with their providers."""
    pairs = ((target, target.backup) for target in post.content.targets)
    return {
        (post.server_id, one.connection_id): one.provider for pair in pairs for one in pair if one
    }
