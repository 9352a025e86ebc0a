"""How it is shown that a post repeats, and what the clocks of its zone do to that."""

from datetime import UTC, timedelta
from zoneinfo import ZoneInfo

import discord

from bot.domain.event import Event
from bot.domain.post import Post, Revision
from bot.domain.rule import Rule, Shift, rule_of
from cogs.ui import words

_MOST_SHIFTS = 2
"""Days that are named: the clocks of most zones change twice in a year."""


def lines(content: Revision, *, goes_on: bool) -> list[str]:
    """The rule of a post, with the time after its own and the days on which the clocks change it,
    where it goes on; nothing for a post that goes out once.
    """
    rule = rule_of(content)
    if rule is None:
        return []
    told = words.clip(rule.words, 200)
    if not goes_on or content.due_at is None:
        return [told]
    moment = timedelta(microseconds=1)
    # A post that was moved alone does not stand where its rule goes on from.
    if rule.after(content.due_at - moment) == content.due_at:
        told += f", next {discord.utils.format_dt(rule.after(content.due_at), 'F')}"
    shifts = rule.shifts(content.due_at)
    found = [told, *(_shift_line(rule, shift) for shift in shifts[:_MOST_SHIFTS])]
    more = len(shifts) - _MOST_SHIFTS
    return [*found, f"⚠️ … and {more} more such times in the coming year."] if more > 0 else found


def told(event: Event, post: Post, card_link: str, text: str) -> str:
    """What is told of a post that repeats another."""
    left_out = int(event.data.get("left_out", "0"))
    sentences = [
        f"Post {event.data.get('follows')} is repeated by post {post.id}, approved with it: "
        f"[its card]({card_link}).",
        f"It goes out {words.moment(post.content.due_at)}.",
    ]
    if left_out:
        times = "1 time" if left_out == 1 else f"{left_out} times"
        sentences.append(f"Left out, since passed meanwhile: {times}.")
    return " ".join(sentences) + f"\n> {text}"


def _shift_line(rule: Rule, shift: Shift) -> str:
    zone = ZoneInfo(rule.zone)
    instead = shift.moment.astimezone(zone)
    day = f"{shift.wall:%Y-%m-%d}"
    if shift.is_skipped:
        return f"⚠️ On {day} the clocks skip {shift.wall:%H:%M}: it goes out at {instead:%H:%M}."
    utc = shift.moment.astimezone(UTC)
    return (
        f"⚠️ On {day} the clocks show {shift.wall:%H:%M} twice: "
        f"it goes out the first time ({utc:%H:%M} UTC)."
    )
