"""The chain of a post as people read it: rows become lines, lines become pages with buttons.

A page is found again by what its button carries, `history:<post>:<page>`, so it outlives a restart.
"""

import re
from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import Any, Self

import discord
from discord import ui

from bot.client import Admitted
from bot.domain.marks import Marks
from bot.workflow.history import History, Kept, Made, Noted
from cogs.ui import cards, decided, happened, words
from providers.catalogue import PROVIDERS

ROOM, MOST_LINES = 3500, 40
"""Characters and lines of a page: with its head it stays within an embed, and can be read."""

LONGEST = 1200
"""Characters of a line; what changed in a text is the longest there is."""

MOST_OF_AN_ANSWER, MOST_OF_A_TEXT = 300, 120

_ENDED = {
    "accepted": "it accepted",
    "waiting": "nothing went out; it is tried again",
    "failed": "it refused",
    "unknown": "nobody knows whether it went out",
    "interrupted": "cut off, since Copydesk stopped meanwhile",
}


def page(found: History, number: int = 1) -> tuple[discord.Embed, ui.View]:
    """One page of a post's history, counted from 1, the nearest where there is none of that number;
    with buttons to the pages beside it.
    """
    post = found.shown.post
    pages = pack(lines(found))
    number = min(max(number, 1), len(pages))
    embed = discord.Embed(
        title=f"Post {post.id} · history",
        description="\n".join(pages[number - 1]),
        colour=words.POST_COLOURS[post.state],
    ).set_footer(text=f"Page {number} of {len(pages)} · oldest first")
    if number == 1:
        stands = cards.standing(post, found.shown.deliveries, found.server, found.shown.ballot)
        embed.add_field(name="Now", value=words.clip(stands, 1000), inline=False)
        if places := _places(found):
            embed.add_field(name="Where", value=places, inline=False)
    view = ui.View(timeout=None)
    if len(pages) > 1:
        view.add_item(TurnTo(post.id, number - 1, "Earlier", disabled=number == 1))
        view.add_item(TurnTo(post.id, number + 1, "Later", disabled=number == len(pages)))
    return embed, view


def lines(found: History) -> list[str]:
    """Everything that led to where a post stands, oldest first."""
    befores = [None, *found.revisions]
    entries = [
        (kept.at, 0, kept.content.number, _revision(kept, before))
        for kept, before in zip(found.revisions, befores, strict=False)
    ]
    entries += [(made.started_at, 1, made.id, _attempt(made)) for made in found.attempts]
    marks = found.server.reactions
    entries += [(noted.event.at, 2, noted.event.id, _event(noted, marks)) for noted in found.events]
    entries.sort(key=lambda entry: entry[:3])
    return [words.clip(line, LONGEST) for *_, told in entries for line in told]


def pack(told: Sequence[str]) -> list[list[str]]:
    """Lines in pages, at least one; no line is parted."""
    pages: list[list[str]] = [[]]
    left = ROOM
    for line in told:
        if pages[-1] and (len(line) + 1 > left or len(pages[-1]) == MOST_LINES):
            pages.append([])
            left = ROOM
        pages[-1].append(line)
        left -= len(line) + 1
    return pages


def _revision(kept: Kept, before: Kept | None) -> list[str]:
    content = kept.content
    head = f"{_at(kept.at)} 📝 <@{kept.by}> wrote revision {content.number}"
    if before is not None:
        told = decided.differences(before.content, content)
        return [f"{head}, which changes:", *_indented(told or ["nothing that is shown"])]
    text = words.clip(content.caption.replace("\n", " "), MOST_OF_A_TEXT) or "no text"
    accounts = ", ".join(target.label for target in content.targets) or "no account"
    return [head, *_indented([words.escape(text), words.escape(accounts)])]


def _event(noted: Noted, marks: Marks) -> list[str]:
    said = happened.sentence(noted.event, marks)
    if not said:
        return []
    who_knows = happened.told(
        noted.event, is_untold=noted.is_untold, trouble=noted.trouble, told_in=noted.told_in
    )
    head, *more = said.split("\n")
    return [f"{_at(noted.event.at)} {head}{who_knows}", *_indented(more)]


def _attempt(made: Made) -> list[str]:
    service = PROVIDERS[made.provider].capabilities.label if made.provider else "a service"
    ended = "no answer yet"
    if made.outcome and made.ended_at:
        took = (made.ended_at - made.started_at).total_seconds()
        ended = f"{_ENDED.get(made.outcome, made.outcome)}, after {took:.1f} s"
    answer = made.detail.replace("\n", " ")
    answered = [words.code(words.clip(answer, MOST_OF_AN_ANSWER))] if answer else []
    return [f"{_at(made.started_at)} 📤 Called {service}: {ended}", *_indented(answered)]


def _places(found: History) -> str:
    """Where a post is shown, talked about and told."""
    post = found.shown.post
    places = [f"[card]({cards.card_link(post)})"] if post.card_message_id else []
    places += [f"thread <#{post.thread_id}>"] if post.thread_id else []
    if post.origin_message_id:
        began = words.message_link(post.server_id, post.channel_id, post.origin_message_id)
        places.append(f"[where it began]({began})")
    return " · ".join(places)


def _indented(told: Sequence[str]) -> Iterator[str]:
    return (f"\u2003{line}" for line in told)


def _at(moment: datetime) -> str:
    return " ".join(discord.utils.format_dt(moment, style) for style in ("d", "t"))


class TurnTo(
    Admitted, ui.DynamicItem[ui.Button[ui.View]], template=r"history:(?P<post>\d+):(?P<page>\d+)"
):
    """Show another page of a post's history."""

    def __init__(
        self, post_id: int, number: int, label: str = "", *, disabled: bool = False
    ) -> None:
        custom_id = f"history:{post_id}:{number}"
        super().__init__(ui.Button(label=label or "Page", custom_id=custom_id, disabled=disabled))
        self.post_id = post_id
        self.number = number

    @classmethod
    async def from_custom_id(
        cls, _interaction: discord.Interaction[Any], _item: ui.Item[Any], match: re.Match[str]
    ) -> Self:
        """Make the button of a message sent earlier, perhaps by an earlier process."""
        return cls(int(match["post"]), int(match["page"]))

    async def callback(self, interaction: discord.Interaction[Any]) -> None:
        """Leave it to the cog that knows the workflow."""
        interaction.client.dispatch("history", interaction, self.post_id, self.number)
