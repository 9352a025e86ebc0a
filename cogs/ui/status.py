"""What `/desk status` shows."""

from collections.abc import Mapping, Sequence

import discord

from bot.domain.approval import Stage
from bot.domain.delivery import DeliveryState, summary
from bot.domain.errand import Errand
from bot.domain.event import Event, EventKind
from bot.domain.pause import Pause, Scope
from bot.domain.server import Account, ConnectionHealth
from bot.workflow.browse import Shown
from bot.workflow.recover import TROUBLED
from bot.workflow.services import Services
from bot.workflow.status import Status
from cogs.ui import ballots, cards, words

ROOM, LONGEST = 680, 240
"""Characters of a field and of a line: eight fields with their names stay within an embed."""

_NOT_TOLD: Mapping[EventKind, str] = {
    EventKind.REVIEW_ASKED: "asking for approval",
    EventKind.REVISED: "asking for approval again",
    EventKind.CHANGES_ASKED: "which changes are wanted",
    EventKind.HELD: "that it is held",
    EventKind.RELEASED: "that it is held no more",
    EventKind.REJECTED: "that it was rejected",
    EventKind.CANCELLED: "that it was cancelled",
    EventKind.SHARED: "that it is written together",
    EventKind.EXPIRED: "that it expired",
    EventKind.RESCHEDULED: "its new time",
    EventKind.SETTLED: "what became of it",
    EventKind.WARNED: "a warning",
    EventKind.REMINDED: "that a decision is waited for",
    EventKind.ESCALATED: "that others may decide too",
}

_NOTICES: Mapping[EventKind, str] = {
    EventKind.ACCOUNT_LOST: "an account that must be connected again",
    EventKind.ACCOUNT_EXPIRING: "an account that must be connected again soon",
    EventKind.ACCOUNT_BACK: "an account that is connected again",
    EventKind.ACCOUNT_JOINED: "a new account",
    EventKind.KEY_REFUSED: "a key that is refused",
    EventKind.KEY_BACK: "a key that works again",
    EventKind.RETURNED: "an absence of Copydesk",
    EventKind.CLOSED: "why posts cannot be approved",
}


def embed(status: Status, services: Services) -> discord.Embed:
    """Everything that waits, one field for each sort; a sort of which nothing waits is left out."""
    shown = discord.Embed(title="What waits here", colour=0x2F7FD1)
    parts = {
        "Waits for you": [_mine(kind, item) for kind, item in status.mine],
        "Wants a vote": [
            f"{_post(item)} · {_undecided(item, status)} · {_expires(item)}"
            for item in status.in_review
        ],
        "Goes out within 24 h": [f"{_post(item)} · {_due(item)}" for item in status.due],
        "Wants people": [f"{_post(item)} · {_trouble(item)}" for item in status.troubled],
        "Could not be told": [
            f"{_about(item.event)} · {words.escape(item.why)}" for item in status.untold
        ],
        "Services": _services(status, services),
        "Accounts": [words.account(each) for each in status.accounts if not each.usable],
        "Paused": [_pause(pause, status, services) for pause in status.pauses],
    }
    for name, lines in parts.items():
        if lines:
            _add(shown, name, lines)
    if not shown.fields:
        shown.description = "Nothing: no vote, no post within 24 hours, no trouble."
    return shown


def _add(shown: discord.Embed, name: str, lines: Sequence[str]) -> None:
    """Add as many lines as there is room for, and count the others."""
    kept: list[str] = []
    for line in (words.clip(line, LONGEST) for line in lines):
        if sum(len(each) + 1 for each in [*kept, line]) > ROOM:
            break
        kept.append(line)
    if len(kept) < len(lines):
        kept.append(f"… and {len(lines) - len(kept)} more")
    shown.add_field(name=name, value="\n".join(kept), inline=False)


def _about(event: Event) -> str:
    """What could not be told: of a post, or of the whole server."""
    if event.post_id is None:
        return _NOTICES.get(event.kind, "something about this server")
    return f"Post {event.post_id}: {_NOT_TOLD.get(event.kind, 'its card')}"


def _post(item: Shown) -> str:
    """A post by its number, linked to its card."""
    post = item.post
    return (
        f"[Post {post.id}]({cards.card_link(post)})" if post.card_message_id else f"Post {post.id}"
    )


def _mine(kind: Errand, item: Shown) -> str:
    """What the person who asks is to do."""
    match kind:
        case Errand.TROUBLE:
            return f"{_post(item)} · {_trouble(item)}"
        case Errand.REASON:
            return f"{_post(item)} · say why, with the button under its card; until then it is held"
        case Errand.VOTE:
            return f"{_post(item)} · your vote · {_expires(item)}"
        case Errand.HOLD:
            return f"{_post(item)} · you hold it"
        case Errand.CHANGE:
            return f"{_post(item)} · <@{item.post.decided_by}> asks you for changes"
        case Errand.DRAFT:
            text = item.post.content.caption.replace("\n", " ") or "no text"
            whose = "your draft"
            if item.post.writers:
                whose = f"a draft of {ballots.written_by(item.post)}"
            return f"Post {item.post.id} · {whose} · {words.escape(words.clip(text, 60))}"


def _undecided(item: Shown, status: Status) -> str:
    """Who has not decided yet, or what holds it."""
    server = status.server.at(item.post.content.due_at, status.now)
    stands = ballots.where(item.post, item.ballot, server)
    if stands.holding:
        return f"<@{stands.holding[0].user_id}> holds it"
    if server.approver_role_id is None and server.rules.stages == (Stage(),):
        return "no approver role is set"
    return f"waits for {ballots.needed(stands.lacks)}"


def _expires(item: Shown) -> str:
    due_at = item.post.content.due_at
    return f"expires {discord.utils.format_dt(due_at, 'R')}" if due_at else "goes out at approval"


def _due(item: Shown) -> str:
    waiting = [one for one in item.deliveries if one.state is DeliveryState.WAITING]
    soonest = min(one.due_at for one in waiting)
    paused = " · paused" if any(one.paused for one in waiting) else ""
    if any(one.disconnected for one in waiting):
        paused += " · held until its account is connected again"
    count = f"{len(waiting)} account{'s' * (len(waiting) != 1)}"
    return f"{discord.utils.format_dt(soonest, 'R')} · {count}{paused}"


def _trouble(item: Shown) -> str:
    found = [one for one in item.deliveries if one.state in TROUBLED]
    labels = ", ".join(words.escape(one.target.label) for one in found)
    return f"{summary(found)} · {labels}"


def _services(status: Status, services: Services) -> list[str]:
    names = {item.id: words.connection(services, item) for item in status.connections}
    refused = [
        f"{words.escape(names[item.id])} is refused: an admin gives it another key with "
        "`/provider replace-key`"
        for item in status.connections
        if item.health is ConnectionHealth.REFUSED
    ]
    return refused + [
        f"{words.escape(names.get(item.connection_id, 'a connection'))} does not answer; asked "
        f"again {discord.utils.format_dt(item.until, 'R')} · {words.escape(item.reason)}"
        for item in status.broken
    ]


def _pause(pause: Pause, status: Status, services: Services) -> str:
    who = f"<@{pause.paused_by}>" if pause.paused_by else "whoever runs Copydesk"
    what = {
        Scope.EVERYTHING: "Everything",
        Scope.SERVER: "This server",
        Scope.CONNECTION: _named(
            {item.id: words.connection(services, item) for item in status.connections}, pause
        ),
        Scope.ACCOUNT: _named(_labels(status.accounts), pause),
    }[pause.scope]
    return f"{what} · by {who} {discord.utils.format_dt(pause.paused_at, 'R')}"


def _labels(accounts: Sequence[Account]) -> dict[int, str]:
    return {account.id: account.label for account in accounts}


def _named(names: Mapping[int, str], pause: Pause) -> str:
    return words.escape(names.get(pause.scope_id, f"{pause.scope} {pause.scope_id}"))
