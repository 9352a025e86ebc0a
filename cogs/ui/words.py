"""How states look: a mark and a colour for each, and small pieces of text."""

import re
from collections.abc import Sequence
from datetime import datetime

import discord

from bot.domain import marks
from bot.domain.caution import HIDING
from bot.domain.delivery import DeliveryState
from bot.domain.post import PostState, Target
from bot.domain.server import Account, AccountHealth, Connection
from bot.domain.times import Timing
from bot.workflow.services import Services
from cogs.ui import values
from providers.catalogue import PROVIDERS

MARKS = marks.USUAL
"""How votes look where no server's own reactions are at hand."""

POST_COLOURS = {
    PostState.DRAFT: 0x8A8F98,
    PostState.IN_REVIEW: 0xE0A526,
    PostState.CHANGES_REQUESTED: 0xD9822B,
    PostState.APPROVED: 0x2F7FD1,
    PostState.REJECTED: 0xC0392B,
    PostState.CANCELLED: 0x5D6470,
    PostState.EXPIRED: 0x7A4E9C,
}

DELIVERY_MARKS = {
    DeliveryState.WAITING: "🕓",
    DeliveryState.SUBMITTING: "📤",
    DeliveryState.SUBMITTED: "⏳",
    DeliveryState.SCHEDULED_AT_PROVIDER: "🗓️",
    DeliveryState.PUBLISHED: "✅",
    DeliveryState.IN_INBOX: "📥",
    DeliveryState.ACCEPTED_UNVERIFIED: "☑️",
    DeliveryState.FAILED: "❌",
    DeliveryState.UNKNOWN: "❓",
    DeliveryState.MISSED: "⌛",
    DeliveryState.HELD: "⏸️",
    DeliveryState.CANCELLED: "🚫",
}

PAUSED, DISCONNECTED = "⏸️", "🔌"

LONGEST_NAME, SHORTEST_CUT = 60, 90
"""Characters: a line is never cut within the name of its account."""

LOOKS_LIKE_A_BACKTICK = "\u02cb"
_MARKUP = re.compile(
    r"(?P<address>https?://[^\s<]+)|(?P<indent>^[ \t]*)(?P<first>[>#-])|(?P<mark>[\\*_~`|\[<])",
    re.MULTILINE,
)

TIMINGS = {Timing.HERE: "Copydesk", Timing.SERVICE: "the service, where it can"}


def moment(at: datetime | None) -> str:
    """A time as Discord shows it to each reader in their own zone; None means at approval."""
    if at is None:
        return "as soon as it is approved"
    return f"{discord.utils.format_dt(at, 'F')} ({discord.utils.format_dt(at, 'R')})"


def target(target: Target) -> str:
    """An account with what is chosen for it."""
    return f"**{escape(clip(target.label, LONGEST_NAME))}**{_visibility(target)}"


def backup(target: Target) -> str:
    """Who takes over when an account refuses, or nothing."""
    if target.backup is None:
        return ""
    name = escape(clip(target.backup.label, LONGEST_NAME))
    return f" · backup: {name} via {service(target.backup)}{_visibility(target.backup)}"


def service(target: Target) -> str:
    """The service behind an account."""
    return PROVIDERS[target.provider].capabilities.label


def _visibility(target: Target) -> str:
    visibility = target.options.get("visibility")
    if not visibility:
        return ""
    is_unmeant = visibility in HIDING and "visibility" in target.assumed
    mark = "⚠️ " if is_unmeant else ""
    return f" · {mark}{values.called('visibility', visibility)}"


def escape(text: str) -> str:
    """Text from elsewhere, so that it shows as it is written: no markup, mentions or hidden links.

    discord.py's own `escape_markdown` lets a second `[text](link)` of a line through, and takes
    half a second for a caption of unfinished links.
    """
    return _MARKUP.sub(_escaped, text)


def _escaped(found: re.Match[str]) -> str:
    if found["address"]:
        return found["address"]
    return f"{found['indent'] or ''}\\{found['first'] or found['mark']}"


def verbatim(text: str, most: int) -> str:
    """Text from elsewhere, as it is written and whole, in at most `most` characters.

    Where signs of escaping would take too many, it becomes a block of code.
    """
    escaped = escape(text)
    if len(escaped) <= most:
        return escaped
    return f"```\n{clip(text.replace('`', LOOKS_LIKE_A_BACKTICK), most - 8)}\n```"


def clip(text: str, most: int) -> str:
    """Text cut to `most` characters, with a sign that it was cut."""
    return text if len(text) <= most else text[: most - 1] + "…"


def code(text: str) -> str:
    """Text from elsewhere in a fixed width, whatever it holds."""
    return "`" + text.replace("`", "'") + "`"


def size(count: int) -> str:
    """Bytes as people read them."""
    if count < 1024:
        return f"{count} byte{'s' * (count != 1)}"
    return f"{count / 1024 / 1024:.1f} MiB" if count >= 100_000 else f"{count / 1024:.0f} KiB"


def add_lines(embed: discord.Embed, name: str, lines: Sequence[str], *, keep: int = 0) -> None:
    """Add lines as fields of at most 1,024 characters, within the embed's 6,000.

    Long lines are cut alike so that all are shown, in what is left of the embed but for `keep`
    characters; where even that is too little, the last ones are counted.
    """
    blocks: list[str] = []
    for line in _fitting(lines, 6000 - len(embed) - len(name) - keep):
        if blocks and len(blocks[-1]) + len(line) < 1024:
            blocks[-1] += f"\n{line}"
        else:
            blocks.append(line)
    for number, block in enumerate(blocks):
        embed.add_field(name="\u200b" if number else name, value=block, inline=False)


def _fitting(lines: Sequence[str], room: int) -> list[str]:
    """The lines, cut and counted so that they and what parts them take at most `room`."""
    most = 1000
    while most > SHORTEST_CUT and sum(min(len(line), most) + 1 for line in lines) > room:
        most -= 10
    shown = [clip(line, most) for line in lines]
    more = ""
    while shown and sum(len(line) + 1 for line in [*shown, more]) > room:
        shown.pop()
        more = f"… and {len(lines) - len(shown)} more"
    return [*shown, more] if more else shown


def connection(services: Services, connection: Connection) -> str:
    """A connection as people tell it from others."""
    label = services.capabilities(connection.provider).label
    told = f"{label} · key …{connection.hint}" if connection.hint else label
    has_own_name = connection.name not in ("", label)
    return f"{connection.name} · {told}" if has_own_name else told


HEALTHS = {
    AccountHealth.GOOD: ("✅", ""),
    AccountHealth.EXPIRING: ("🟡", "must be reconnected soon"),
    AccountHealth.EXPIRED: ("⚠️", "must be reconnected at its service"),
    AccountHealth.GONE: ("⚠️", "is not at its service any more"),
}
"""How accounts are: a mark, and what is wrong."""


def account(account: Account, backup: str = "") -> str:
    """A connected account in one line, with the name of its backup."""
    mark, trouble = HEALTHS[account.health]
    health = f"{mark} {trouble} ·" if trouble else mark
    told = f" · backup: {escape(backup)}" if backup else ""
    return f"{health} {escape(account.label)} (@{escape(account.username)}){told}"


def message_link(server_id: int, channel_id: int | None, message_id: int | None) -> str:
    """The address of a message."""
    return f"https://discord.com/channels/{server_id}/{channel_id}/{message_id}"
