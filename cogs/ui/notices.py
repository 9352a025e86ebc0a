"""What is told of a server as a whole: pure functions of the event and how things stand."""

from collections.abc import Sequence

import discord
from discord import ui

from bot.domain.event import Event, EventKind
from bot.domain.post import Post
from bot.domain.server import Account
from bot.workflow.endangered import Endangered
from bot.workflow.services import Services
from cogs.ui import account_items, cards, words
from cogs.ui.account_items import AccountButton
from providers.capabilities import Connecting

SHOWN = 10
"""Posts that are named; the others are counted."""

_BAD, _WARNING, _GOOD = 0xC0392B, 0xE0A526, 0x2E9E5B
_COLOURS = {
    EventKind.ACCOUNT_LOST: _BAD,
    EventKind.KEY_REFUSED: _BAD,
    EventKind.ACCOUNT_EXPIRING: _WARNING,
}


def mark(event: Event) -> str:
    """What a notice is recognised by when it is looked for."""
    return f"Notice {event.id}"


def closed(event: Event) -> discord.Embed:
    """That no card can be shown, and why."""
    told = words.escape(event.data.get("why", ""))
    said = f"{told} Posts wait until an admin sets a channel with /desk settings."
    return discord.Embed(title="Posts cannot be approved now", description=said, colour=_BAD)


def of_connection(
    event: Event, found: Endangered, services: Services
) -> tuple[discord.Embed, ui.View | None]:
    """A notice about a connection or its accounts, with what can be done about it."""
    embed = discord.Embed(
        title=words.clip(_title(event, found, services), 256),
        description=words.clip(_text(event, found, services), 1500),
        colour=_COLOURS.get(event.kind, _GOOD),
    )
    for name, posts in _posts(event, found).items():
        words.add_lines(embed, name, _lines(posts))
    return embed, _view(event, found, services)


def _title(event: Event, found: Endangered, services: Services) -> str:
    via = words.connection(services, found.connection) if found.connection else "A connection"
    names = words.escape(_names(found.accounts))
    is_one = len(found.accounts) == 1
    match event.kind:
        case EventKind.ACCOUNT_LOST:
            return f"{names} must be connected again"
        case EventKind.ACCOUNT_EXPIRING:
            return f"{names} must be connected again soon"
        case EventKind.ACCOUNT_BACK:
            return f"{names} {'is' if is_one else 'are'} connected again"
        case EventKind.ACCOUNT_JOINED:
            return f"{names} {'is' if is_one else 'are'} connected"
        case EventKind.KEY_REFUSED:
            return f"{words.escape(via)} is refused"
        case _:
            return f"{words.escape(via)} works again"


def _text(event: Event, found: Endangered, services: Services) -> str:
    via = words.connection(services, found.connection) if found.connection else "its connection"
    match event.kind:
        case EventKind.ACCOUNT_LOST | EventKind.ACCOUNT_EXPIRING:
            return (
                f"{_named(found.accounts)} behind {words.escape(via)}. {_by_hand(found, services)}"
            )
        case EventKind.KEY_REFUSED:
            told = words.escape(event.data.get("trouble", ""))
            return f"{told}\nAn admin gives it another key.".strip()
        case EventKind.ACCOUNT_JOINED:
            return f"<@{event.actor_id}> connected it behind {words.escape(via)}."
        case _:
            return "What waited for it goes on; about what is too late by now you are asked."


def _named(accounts: Sequence[Account]) -> str:
    """What is wrong with one account, or which they are."""
    if len(accounts) == 1:
        return f"{accounts[0].trouble} It is"
    names = ", ".join(account.label for account in accounts[:SHOWN])
    more = f" and {len(accounts) - SHOWN} more" if len(accounts) > SHOWN else ""
    return f"{words.escape(names)}{more} are"


def _by_hand(found: Endangered, services: Services) -> str:
    """Where an account is connected that cannot be connected from here."""
    if found.connection is None:
        return ""
    capabilities = services.capabilities(found.connection.provider)
    if all(item.platform in capabilities.connectable for item in found.accounts):
        return ""
    return capabilities.connecting_page or "Connect it at its service."


def _posts(event: Event, found: Endangered) -> dict[str, Sequence[Post]]:
    if event.kind in {EventKind.ACCOUNT_LOST, EventKind.KEY_REFUSED}:
        return {
            "Wait until then": found.waiting,
            "Not approved yet": found.in_review,
        }
    if event.kind is EventKind.ACCOUNT_EXPIRING:
        return {"Are to go out": [*found.waiting, *found.in_review]}
    return {"Go on": found.waiting} if found.waiting else {}


def _lines(posts: Sequence[Post]) -> list[str]:
    lines = [_line(post) for post in posts[:SHOWN]]
    if len(posts) > SHOWN:
        lines.append(f"… and {len(posts) - SHOWN} more")
    return lines


def _line(post: Post) -> str:
    name = f"Post {post.id}"
    if post.card_message_id:
        name = f"[{name}]({cards.card_link(post)})"
    due_at = post.content.due_at
    when = f" · {discord.utils.format_dt(due_at, 'R')}" if due_at else ""
    text = words.clip(post.content.caption.replace("\n", " ") or "no text", 60)
    return f"{name}{when} · {words.escape(text)}"


def _view(event: Event, found: Endangered, services: Services) -> ui.View | None:
    """What can be done: reconnect where the service lets us, or give another key; and look again."""
    if event.kind not in _COLOURS or found.connection is None:
        return None
    connection_id = found.connection.id
    read = AccountButton("read", connection_id)
    if event.kind is EventKind.KEY_REFUSED:
        return account_items.view(AccountButton("key", connection_id), read)
    capabilities = services.capabilities(found.connection.provider)
    platforms = {item.platform for item in found.accounts} & capabilities.connectable
    if capabilities.connecting is Connecting.NONE or not platforms:
        return account_items.view(read)
    buttons = [
        AccountButton("connect", connection_id, platform, f"Reconnect {platform.label}")
        for platform in sorted(platforms)[:4]
    ]
    return account_items.view(*buttons, read)


def _names(accounts: Sequence[Account]) -> str:
    if not accounts:
        return "An account"
    first, *more = (account.label for account in accounts)
    return f"{first} and {len(more)} more" if more else first
