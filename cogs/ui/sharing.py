"""Writing a draft together: the button of its author, the people to choose from, the invitation.

Everything is in the `custom_id`s, so that it outlives a restart: `writers:<what>:<post>`.
"""

import re
from typing import Any, Self

import discord
from discord import ui

from bot.client import Admitted
from bot.domain.event import Event
from bot.domain.post import Post
from bot.workflow import share
from bot.workflow.share import Guest
from cogs.ui import draft_items

NO_VOTE = (
    "Four eyes: once you have written on this, your own approval of it does not count. Another "
    "approver is needed; where there is none, an admin turns four eyes off with `/desk approval`."
)
_LABELS = {"ask": "Write together", "open": "Open the draft"}


class WritersButton(
    Admitted,
    ui.DynamicItem[ui.Button[ui.View]],
    template=r"writers:(?P<what>ask|open):(?P<post>\d+)",
):
    """Choose who else writes a draft, or open one that is shared."""

    def __init__(self, what: str, post_id: int) -> None:
        super().__init__(ui.Button(label=_LABELS[what], custom_id=f"writers:{what}:{post_id}"))
        self.what = what
        self.post_id = post_id

    @classmethod
    async def from_custom_id(
        cls, _interaction: discord.Interaction[Any], _item: ui.Item[Any], match: re.Match[str]
    ) -> Self:
        """Make the button of a message sent earlier, perhaps by an earlier process."""
        return cls(match["what"], int(match["post"]))

    async def callback(self, interaction: discord.Interaction[Any]) -> None:
        """Leave it to the cog that knows the workflow."""
        interaction.client.dispatch("writers", interaction, self.what, self.post_id, [])


class WritersPick(
    Admitted, ui.DynamicItem[ui.UserSelect[ui.View]], template=r"writers:pick:(?P<post>\d+)"
):
    """Choose who else writes a draft; those who do already are chosen."""

    def __init__(self, post_id: int, chosen: frozenset[int] = frozenset()) -> None:
        super().__init__(
            ui.UserSelect(
                custom_id=f"writers:pick:{post_id}",
                placeholder="Who else writes it",
                min_values=0,
                max_values=share.MOST,
                default_values=[discord.Object(person) for person in sorted(chosen)],
            )
        )
        self.post_id = post_id

    @classmethod
    async def from_custom_id(
        cls, _interaction: discord.Interaction[Any], _item: ui.Item[Any], match: re.Match[str]
    ) -> Self:
        """Make the select of a message sent earlier."""
        return cls(int(match["post"]))

    async def callback(self, interaction: discord.Interaction[Any]) -> None:
        """Leave it to the cog that knows the workflow."""
        interaction.client.dispatch(
            "writers", interaction, "pick", self.post_id, _guests(interaction)
        )


def screen(draft: Post) -> tuple[discord.Embed, ui.View]:
    """Who writes a draft, and the people to choose from."""
    embed = discord.Embed(
        title=f"Who writes draft {draft.id}",
        description=f"{_writers(draft)}\n\nWhoever you choose may change and send it as you may, "
        "and is told where you began it. Under four eyes none of you approves it.",
        colour=0x2F7FD1,
    )
    view = ui.View(timeout=None)
    view.add_item(WritersPick(draft.id, draft.writers))
    view.add_item(draft_items.button("back", "Done", draft))
    return embed, view


def _writers(draft: Post) -> str:
    others = ", ".join(f"<@{person}>" for person in sorted(draft.writers))
    told = f"<@{draft.author_id}> with {others}" if others else f"<@{draft.author_id}> alone"
    former = ", ".join(f"<@{person}>" for person in sorted(draft.former))
    return f"{told}\nNot any more, though they changed it: {former}" if former else told


def invited(event: Event) -> list[int]:
    """The people with whom a draft was shared just then."""
    return [int(person) for person in event.data.get("people", "").split()]


def invitation(event: Event) -> tuple[str, discord.AllowedMentions, ui.View]:
    """What is said beside an invitation: who is pinged, and nobody else, and what opens the draft."""
    people = invited(event)
    pinged = discord.AllowedMentions(
        users=[discord.Object(person) for person in people], replied_user=False
    )
    view = ui.View(timeout=None)
    view.add_item(WritersButton("open", event.post_id or 0))
    return " ".join(f"<@{person}>" for person in people), pinged, view


def _guests(interaction: discord.Interaction[Any]) -> list[Guest]:
    """Who was chosen, with what Discord says of them."""
    data: Any = interaction.data or {}
    resolved: Any = data.get("resolved", {})
    users, members = resolved.get("users", {}), resolved.get("members", {})
    return [
        Guest(
            user_id=int(person),
            is_bot=bool(users.get(person, {}).get("bot")),
            is_member=person in members,
        )
        for person in map(str, data.get("values", []))
    ]
