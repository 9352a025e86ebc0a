"""Looking a draft over: how it would go out now, and what is in its way."""

import asyncio
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import db.accounts
import db.servers
from bot.domain.limits import AccountLimits
from bot.domain.post import Post, Revision, Target
from bot.domain.server import Account, Server
from bot.domain.when import When
from bot.errors import InputError, Problem
from bot.workflow import allowances, backups, cautions, check, queue, timing
from bot.workflow.desk import Desk

PATIENCE = 4.0
"""Seconds that a person who looks at a draft waits for services to tell what accounts allow."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Examined:
    """A draft as it would go out now. `allowed` is what accounts allow now, by their ids, where their
    service told in time. `problems` are those of the whole, `of_accounts` those of
    each account, by its id; `cautions` stop nothing, but may not be meant.
    """

    post: Post
    content: Revision
    accounts: Sequence[Account]
    problems: Sequence[Problem]
    of_accounts: Mapping[int, Sequence[Problem]]
    allowed: Mapping[int, AccountLimits | None]
    cautions: Sequence[Problem] = ()

    @property
    def all_problems(self) -> list[Problem]:
        """Everything that keeps the draft from being put before the team."""
        found = [problem for each in self.of_accounts.values() for problem in each]
        return [*self.problems, *found]


async def examine(desk: Desk, post: Post, problems: Sequence[Problem] = ()) -> Examined:
    """Look a draft over for whoever writes it; `problems` are what the caller found already.

    A service that does not tell in time what its accounts allow is asked again when it is sent.
    """
    examined = await _examine(desk, post, problems, patience=PATIENCE)
    found = await cautions.of(desk, post, examined.content, examined.accounts, examined.allowed)
    return replace(examined, cautions=found)


async def checked(desk: Desk, post: Post, problems: Sequence[Problem] = ()) -> Revision:
    """The content of a post as it would go out: times and accounts read, everything checked.

    Raises InputError with all that is wrong, `problems` among it.
    """
    examined = await _examine(desk, post, problems, patience=None)
    if found := examined.all_problems:
        raise InputError(found)
    return examined.content


async def _examine(
    desk: Desk, post: Post, problems: Sequence[Problem], *, patience: float | None
) -> Examined:
    async with desk.database.reading() as reading:
        server = await db.servers.get(reading, post.server_id)
        ids = [target.account_id for target in post.content.targets]
        accounts = await db.accounts.find(reading, server_id=post.server_id, ids=ids)
        spare = await backups.find(reading, server, post.content, accounts)
    when, late = await _when(desk, post, server)
    allowed = await _allowed(desk, [*accounts, *spare.values()], patience)
    given = backups.given(post.content.targets, spare)
    content = replace(
        post.content,
        targets=tuple(visible(desk, target, allowed) for target in given),
        due_at=when.due_at,
        repeats=when.repeats,
        zone=server.zone,
    )
    whole, of_accounts = check.report(desk, content, accounts, allowed, spare)
    untimely = timing.problems(desk, content, desk.now())
    return Examined(
        post=post,
        content=content,
        accounts=accounts,
        problems=[*problems, *late, *whole, *untimely],
        of_accounts=of_accounts,
        allowed=allowed,
    )


async def _allowed(
    desk: Desk, accounts: Sequence[Account], patience: float | None
) -> dict[int, AccountLimits | None]:
    try:
        async with asyncio.timeout(patience):
            return await allowances.of(desk, accounts)
    except TimeoutError:
        return {}


def visible(desk: Desk, target: Target, allowed: Mapping[int, AccountLimits | None]) -> Target:
    """A target with a visibility chosen by name: the most public one its account allows.

    WAHDX hides what comes without one (seed 002: privacy_level defaults to SELF_ONLY).
    """
    backup = target.backup and visible(desk, target.backup, allowed)
    visibility = _visibility(desk, target, allowed.get(target.account_id))
    if visibility is None or "visibility" in target.options:
        return replace(target, backup=backup)
    options = {"visibility": visibility, **target.options}
    return replace(target, options=options, assumed=("visibility",), backup=backup)


def _visibility(desk: Desk, target: Target, limits: AccountLimits | None) -> str | None:
    capabilities = desk.services.capabilities(target.provider)
    default = capabilities.default_visibility.get(target.platform)
    return limits.visibilities[0] if default and limits and limits.visibilities else default


async def _when(desk: Desk, post: Post, server: Server) -> tuple[When, list[Problem]]:
    try:
        return await queue.read(desk, server, post.content.when_text), []
    except InputError as error:
        return When(None), list(error.problems)
