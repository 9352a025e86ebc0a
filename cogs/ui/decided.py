"""What is told of decisions: rejected, to be changed, changed, held, let go, or none in time."""

import json
from collections.abc import Iterable, Sequence
from typing import Any

import discord

from bot.domain import changes as domain
from bot.domain.event import Event, EventKind
from bot.domain.post import Post, PostState, Revision
from cogs.ui import words

KINDS = frozenset(
    {
        EventKind.REJECTED,
        EventKind.CHANGES_ASKED,
        EventKind.REVISED,
        EventKind.HELD,
        EventKind.RELEASED,
        EventKind.EXPIRED,
    }
)
MOST_OF_A_PART = 700
"""Characters that are shown of one part that changed."""

_MARKS = {"=": "{}", "-": "~~{}~~", "+": "**{}**"}


def text(event: Event, post: Post, card_link: str, caption: str) -> str:
    """The sentence that is told, with the reason whole."""
    who = f"<@{event.actor_id}>"
    reason = words.escape(event.data.get("reason", ""))
    match event.kind:
        case EventKind.REJECTED:
            why = f"\nWhy: {reason}" if reason else ""
            return f"{who} rejected post {post.id}. It does not go out.{why}\n> {caption}"
        case EventKind.CHANGES_ASKED:
            return (
                f"{who} asks for changes of post {post.id}: {reason}\nWhoever wrote it makes them with"
                f" “Change it” under [its card]({card_link}); then it is asked for approval again."
            )
        case EventKind.REVISED:
            changed = "\n".join(changes(event)) or "Nothing of it changed."
            return (
                f"{who} changed post {post.id}. What was voted on it is void, and it is asked for"
                f" approval again: [its card]({card_link}).\n{changed}"
            )
        case EventKind.HELD:
            return f"{who} holds post {post.id}: what had not left waits until it is let go."
        case EventKind.EXPIRED:
            return (
                f"Post {post.id} expired: its time came before a decision. It did not go out. Ask"
                " again for a new time; or an approver lets it go out under"
                f" [its card]({card_link}).\n> {caption}"
            )
        case _:
            return f"{who} let post {post.id} go: it goes out at its time."


def replaced(post: Post, card_link: str) -> discord.Embed:
    """What stands in the place of a card whose post was changed."""
    told = (
        f"Post {post.id} was changed, so what was voted here is void. [Its card]({card_link})"
        " shows what counts now."
    )
    embed = discord.Embed(description=told, colour=words.POST_COLOURS[PostState.CANCELLED])
    return embed.set_footer(text=f"Post {post.id} · an earlier revision")


def changes(event: Event) -> list[str]:
    """What changed, a line for each part: the text word by word, the rest before and after."""
    found: list[list[Any]] = json.loads(event.data.get("changes", "[]"))
    return [f"**{part}:** {_pieces(pieces)}" for part, pieces in found]


def differences(before: Revision, after: Revision) -> list[str]:
    """What is different between two revisions, in the same lines."""
    return [
        f"**{change.part}:** {_pieces(change.pieces)}" for change in domain.changes(before, after)
    ]


def _pieces(pieces: Iterable[Sequence[str]]) -> str:
    """Pieces that stayed, went and came, as far as there is room."""
    told = ""
    for mark, piece in pieces:
        shown = _piece(mark, piece.replace("\n", " "))
        if len(told) + len(shown) > MOST_OF_A_PART:
            return f"{told} …"
        told += f" {shown}" if told.endswith("~~") and mark == "+" else shown
    return told


def _piece(mark: str, piece: str) -> str:
    """A piece with its mark; space stays outside, or Discord shows no mark."""
    bare = words.clip(piece.strip(), MOST_OF_A_PART // 3)
    if not bare:
        return piece[:1]
    before, after = " " * piece[:1].isspace(), " " * piece[-1:].isspace()
    return f"{before}{_MARKS[mark].format(words.escape(bare))}{after}"
