"""Templates: what a post holds, kept under a name to begin others with."""

from dataclasses import replace

import db.events
import db.files
import db.posts
import db.templates
from bot.domain import editing
from bot.domain.event import EventKind
from bot.domain.template import LONGEST_NAME, MOST, Template
from bot.errors import InputError, NotFoundError, Problem
from bot.workflow.desk import Desk


async def find(desk: Desk, server_id: int) -> list[Template]:
    """A server's templates, by name."""
    async with desk.database.reading() as reading:
        return await db.templates.find(reading, server_id=server_id)


async def get(desk: Desk, *, server_id: int, name: str) -> Template:
    """The template of a name; raises NotFoundError."""
    async with desk.database.reading() as reading:
        found = await db.templates.get(reading, server_id=server_id, name=_tidy(name))
    if found is None:
        raise _unknown(name)
    return found


async def save(desk: Desk, *, server_id: int, user_id: int, post_id: int, name: str) -> str:
    """Keep what a post holds as a template, in the place of the one of this name; the name as it
    is kept. Raises InputError and NotFoundError.
    """
    name = _tidy(name)
    async with desk.database.transaction() as transaction:
        post = await db.posts.get(transaction, server_id=server_id, post_id=post_id)
        if post is None or post.is_hidden_from(user_id):
            raise NotFoundError(f"There is no post {post_id} here.", remedy="See /post list.")
        others = await db.templates.count(transaction, server_id=server_id, besides=name)
        if problems := _problems(name, others, is_clip=post.content.clip is not None):
            raise InputError(problems)
        content = editing.as_draft(post.content)
        await db.templates.save(
            transaction,
            server_id=server_id,
            name=name,
            content=replace(content, when_text=""),
            user_id=user_id,
            now=desk.now(),
        )
        needed = {(server_id, media.sha256) for media in content.files}
        await db.files.need(transaction, needed, now=desk.now())
        changed = _changed(server_id, user_id, name, f"saved from post {post_id}")
        await db.events.append(transaction, [changed], now=desk.now())
    return name


async def remove(desk: Desk, *, server_id: int, user_id: int, name: str) -> None:
    """Forget a template; posts that began with it stay. Raises NotFoundError."""
    async with desk.database.transaction() as transaction:
        if not await db.templates.remove(transaction, server_id=server_id, name=_tidy(name)):
            raise _unknown(name)
        changed = _changed(server_id, user_id, _tidy(name), "deleted")
        await db.events.append(transaction, [changed], now=desk.now())


def _tidy(name: str) -> str:
    return " ".join(editing.clean(name).split())


def _unknown(name: str) -> NotFoundError:
    return NotFoundError(
        f"There is no template “{name[:LONGEST_NAME]}” here.", remedy="Choose one of the list."
    )


def _changed(server_id: int, user_id: int, name: str, what: str) -> db.events.Happened:
    return db.events.Happened(
        server_id=server_id,
        kind=EventKind.SETTINGS_CHANGED,
        actor_id=user_id,
        data={"template": f"{name}: {what}"},
    )


def _problems(name: str, others: int, *, is_clip: bool) -> list[Problem]:
    found: list[Problem] = []
    if not 0 < len(name) <= LONGEST_NAME:
        message = f"it takes 1 to {LONGEST_NAME} characters; this has {len(name)}."
        found.append(Problem(field="Name", message=message, remedy="Give a shorter one."))
    if others >= MOST:
        message = f"a server keeps {MOST} templates; there are {others}."
        remedy = "Delete one with /post template delete."
        found.append(Problem(field="Template", message=message, remedy=remedy))
    if is_clip:
        message = "a post of a clip makes no template: the clip is made for one post."
        found.append(Problem(field="Post", message=message, remedy="Choose another post."))
    return found
