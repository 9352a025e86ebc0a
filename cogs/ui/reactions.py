"""What follows from a reaction on a card, whether it was heard or found later."""

import logging

import discord

from bot.domain.approval import ENDS, Roles, Verdict
from bot.domain.marks import Marks
from bot.domain.post import Post, PostState
from bot.errors import ConflictError, CopydeskError, TooLateError
from bot.workflow import announce, catch_up, configure, hold, review
from bot.workflow.desk import Desk
from bot.workflow.review import Counted
from bot.workflow.voters import Voter
from cogs.ui import answers, members, places, under, voting

log = logging.getLogger(__name__)

TOLD_SECONDS, ASKED_SECONDS = 60, 3600
"""How long a message stays that tells someone why their reaction was taken off, or asks why."""

_UNKNOWN_EMOJI = 10014
Card = discord.Message | discord.PartialMessage


async def added(
    desk: Desk,
    guild: discord.Guild,
    card: Card,
    post: Post,
    *,
    user_id: int,
    roles: Roles,
    verdict: Verdict,
    is_found: bool = False,
) -> None:
    """Count a reaction, which was found later where `is_found` says so; one that may not count is taken off, and its owner told why. Whoever
    rejects or wants changes is asked why, since that decides.
    """
    try:
        voter = members.voter(guild, user_id, roles, is_found=is_found)
        counted = await _count(desk, voter, post, verdict)
    except TooLateError as error:
        view = voting.buttons(under.LATE, post.id, post.content.number)
        await take_off(desk, card, user_id, verdict)
        await say(card, user_id, str(error), ASKED_SECONDS, view)
    except CopydeskError as error:
        await take_off(desk, card, user_id, verdict)
        await say(card, user_id, str(error), TOLD_SECONDS)
    else:
        if counted and counted.replaced and counted.replaced.by_reaction:
            await take_off(desk, card, user_id, counted.replaced.verdict)
        if counted and verdict in ENDS and counted.post.state is PostState.IN_REVIEW:
            await _ask_why(desk, guild, card, counted.post, user_id, verdict)


async def removed(
    desk: Desk,
    guild: discord.Guild,
    post: Post,
    *,
    user_id: int,
    verdict: Verdict,
    is_found: bool = False,
) -> None:
    """Take back what a reaction voted, or let go what it held."""
    if verdict is Verdict.HOLD and post.state is PostState.APPROVED:
        held_by = (await catch_up.ballot(desk, post)).held_by
        roles = await members.fetch(guild, user_id) if held_by == user_id else None
        if roles is None:
            return
        try:
            await hold.release(desk, members.voter(guild, user_id, roles), post)
        except CopydeskError as error:
            log.warning("The hold of post %s stays: %s", post.id, error)
        return
    voter = members.voter(guild, user_id, frozenset(), is_found=is_found)
    await review.take_back(desk, voter, post, verdict, by_reaction=True)


async def offer(card: Card, marks: Marks) -> None:
    """Offer every vote; adding what is there already changes nothing. A reaction that Discord does
    not know any more is left out: the buttons do the same.
    """
    for emoji in marks.values():
        try:
            await card.add_reaction(emoji)
        except discord.HTTPException as error:
            if error.code != _UNKNOWN_EMOJI:
                raise
            log.warning("Card %s cannot have the emoji %s.", card.id, emoji)


async def clear(desk: Desk, card: Card, verdict: Verdict) -> None:
    """Take everyone's reaction of a kind off a card, and offer it anew."""
    mark = await _mark(desk, card, verdict)
    try:
        await card.clear_reaction(mark)
        await card.add_reaction(mark)
    except answers.UNREACHABLE as error:
        log.warning("The reactions of card %s stay: %s", card.id, error)


async def _ask_why(
    desk: Desk, guild: discord.Guild, card: Card, post: Post, user_id: int, verdict: Verdict
) -> None:
    """Ask for a reason: what should change is talked about in the post's thread, where Copydesk may
    open it.
    """
    view = voting.buttons((verdict.value,), post.id, post.content.number)
    asked = (
        f"{voting.QUESTIONS[verdict]} Reply to this, or press the button. Nothing is decided until "
        "you say."
    )
    if verdict is Verdict.CHANGES:
        pinged = discord.AllowedMentions(users=[discord.Object(user_id)])
        try:
            if thread := await _thread(desk, guild, card, post):
                await thread.send(f"<@{user_id}> {asked}", allowed_mentions=pinged, view=view)
                return
        except answers.UNREACHABLE as error:
            log.warning("Post %s is asked about beside its card: %s", post.id, error)
    await say(card, user_id, asked, ASKED_SECONDS, view)


async def _thread(
    desk: Desk, guild: discord.Guild, card: Card, post: Post
) -> discord.Thread | None:
    """The thread of a post, begun where there is none; None where it is none."""
    thread_id = post.thread_id
    if thread_id is None:
        thread_id = await places.make_thread(post, card)
        await announce.thread_made(desk, post.id, thread_id)
    found = await guild.fetch_channel(thread_id)
    return found if isinstance(found, discord.Thread) else None


async def _count(desk: Desk, voter: Voter, post: Post, verdict: Verdict) -> Counted | None:
    if verdict is not Verdict.HOLD or post.state is not PostState.APPROVED:
        return await review.cast(desk, voter, post, verdict, by_reaction=True)
    if (await catch_up.ballot(desk, post)).held_by is not None:
        return None  # it is held already: the same again changes nothing
    if refusals := await hold.hold(desk, voter, post):
        raise ConflictError(" ".join(refusals))
    return None


async def take_off(desk: Desk, card: Card, user_id: int, verdict: Verdict) -> None:
    """Take one person's reaction off a card."""
    mark = await _mark(desk, card, verdict)
    try:
        await card.remove_reaction(mark, discord.Object(user_id))
    except answers.UNREACHABLE as error:
        log.warning("The reaction of %s cannot be taken off: %s", user_id, error)


async def _mark(desk: Desk, card: Card, verdict: Verdict) -> str:
    """The reaction that says so in the server of a card."""
    server = await configure.get(desk, card.guild.id if card.guild else 0)
    return server.reactions[verdict]


async def say(
    card: Card,
    user_id: int,
    text: str,
    seconds: float,
    view: discord.ui.View = discord.utils.MISSING,
) -> None:
    """Tell one person something beside the card, for a while."""
    pinged = discord.AllowedMentions(users=[discord.Object(user_id)], replied_user=False)
    try:
        await card.reply(
            f"<@{user_id}> {text}", delete_after=seconds, allowed_mentions=pinged, view=view
        )
    except answers.UNREACHABLE as error:
        log.warning("%s cannot be told about their reaction: %s", user_id, error)
