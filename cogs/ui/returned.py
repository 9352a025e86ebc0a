"""What is told after an absence: the votes that were found, what ran late, what was missed."""

from collections.abc import Callable
from datetime import datetime

import discord

from bot.domain import absence
from bot.domain.approval import Verdict
from bot.domain.event import Event
from cogs.ui import words

_Row = list[object]


def embed(event: Event) -> discord.Embed:
    """The short report of a server."""
    since, back = (datetime.fromisoformat(event.data[name]) for name in ("since", "back"))
    told = discord.Embed(
        title="Copydesk was away",
        description=f"From {discord.utils.format_dt(since, 'f')} to "
        f"{discord.utils.format_dt(back, 'f')}. Nothing else of this server was concerned.",
        colour=0xE0A526,
    )
    _add(told, event, "votes", "Votes counted now", _vote)
    _add(told, event, "late", "Went out late", _late)
    _add(told, event, "missed", "Missed: choose “What to do” under the card", _missed)
    _add(told, event, "expired", "Expired undecided: “Ask again” under the card", _post)
    return told


def _add(
    told: discord.Embed, event: Event, part: str, name: str, line: Callable[[_Row], str]
) -> None:
    count, rows = absence.part(event.data, part)
    lines = [line(row) for row in rows]
    if count > len(lines):
        lines.append(f"… and {count - len(lines)} more")
    if lines:
        words.add_lines(told, name, lines)


def _post(row: _Row) -> str:
    return f"Post {row[0]}"


def _vote(row: _Row) -> str:
    said = str(row[2])
    what = words.MARKS[Verdict(said)] if said else "took their vote back"
    return f"{_post(row)} · <@{row[1]}> {what}"


def _late(row: _Row) -> str:
    return f"{_post(row)} · {words.escape(str(row[1]))} · {row[2]} min late"


def _missed(row: _Row) -> str:
    return f"{_post(row)} · {words.escape(str(row[1]))}"
