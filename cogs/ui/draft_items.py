"""What can be pressed and chosen under a draft.

Everything is in the `custom_id`s, so that it outlives a restart:
`draft:<what>:<post>:<edits>:<about>` for buttons, `draft-pick:…` for selects, `draft-form:…` for the
forms they open. `edits` is how often the draft had been changed when it was shown; `about` an
account, or a page.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Self

import discord
from discord import ui

from bot.client import Admitted
from bot.domain.post import Post
from bot.workflow.redraft import Hand

FORM = "draft-form:"
FORMS = frozenset({"text", "when", "own", "add", "order", "options", "moment", "picture"})
"""What opens a form."""

_ID = r"(?P<what>[a-z]+):(?P<post>\d+):(?P<edits>\d+):(?P<about>\d*)"


@dataclass(frozen=True, kw_only=True, slots=True)
class Pressed:
    """What was pressed under which draft, as it was when it was shown; `values` were chosen, `page`
    is that of a form that has several.
    """

    what: str
    post_id: int
    edits: int
    about: int = 0
    values: Sequence[str] = ()
    page: int = 0

    def hand(self, interaction: discord.Interaction[Any]) -> Hand:
        """The person who pressed it, at the draft as they saw it."""
        return Hand(
            server_id=interaction.guild_id or 0,
            user_id=interaction.user.id,
            post_id=self.post_id,
            edits=self.edits,
        )

    def form_id(self, page: int = 0) -> str:
        """The name of the form that this opens; `page` where it has several."""
        return f"{FORM}{self.what}:{self.post_id}:{self.edits}:{self.about}:{page}"


def sent(custom_id: str) -> Pressed:
    """What opened the form of this name."""
    what, *numbers = custom_id.removeprefix(FORM).split(":")
    post_id, edits, about, page = map(int, numbers)
    return Pressed(what=what, post_id=post_id, edits=edits, about=about, page=page)


def button(
    what: str,
    label: str,
    draft: Post,
    *,
    about: int | str = "",
    style: discord.ButtonStyle = discord.ButtonStyle.secondary,
) -> "DraftButton":
    """A button under a draft."""
    made = ui.Button[ui.View](
        label=label, style=style, custom_id=f"draft:{what}:{draft.id}:{draft.edits}:{about}"
    )
    return DraftButton(made, Pressed(what=what, post_id=draft.id, edits=draft.edits))


def select(
    what: str,
    placeholder: str,
    draft: Post,
    options: Sequence[discord.SelectOption],
    *,
    about: int | str = "",
    most: int = 1,
    least: int = 1,
) -> "DraftSelect":
    """A select under a draft."""
    made = ui.Select[ui.View](
        custom_id=f"draft-pick:{what}:{draft.id}:{draft.edits}:{about}",
        placeholder=placeholder,
        options=list(options),
        min_values=least,
        max_values=most,
    )
    return DraftSelect(made, Pressed(what=what, post_id=draft.id, edits=draft.edits))


def done(draft: Post) -> "DraftButton":
    """What leads back to the card of a draft."""
    return button("back", "Done", draft, style=discord.ButtonStyle.primary)


class DraftButton(Admitted, ui.DynamicItem[ui.Button[ui.View]], template=f"draft:{_ID}"):
    """A button under a draft."""

    def __init__(self, item: ui.Button[ui.View], pressed: Pressed) -> None:
        super().__init__(item)
        self.pressed = pressed

    @classmethod
    async def from_custom_id(
        cls, _interaction: discord.Interaction[Any], item: ui.Item[Any], match: re.Match[str]
    ) -> Self:
        """Make the button of a message sent earlier, perhaps by an earlier process."""
        return cls(item, _pressed(match))  # pyright: ignore[reportArgumentType] - what matched is a button

    async def callback(self, interaction: discord.Interaction[Any]) -> None:
        """Leave it to the cog that knows the workflow."""
        _dispatch(interaction, self.pressed)


class DraftSelect(Admitted, ui.DynamicItem[ui.Select[ui.View]], template=f"draft-pick:{_ID}"):
    """A select under a draft."""

    def __init__(self, item: ui.Select[ui.View], pressed: Pressed) -> None:
        super().__init__(item)
        self.pressed = pressed

    @classmethod
    async def from_custom_id(
        cls, interaction: discord.Interaction[Any], item: ui.Item[Any], match: re.Match[str]
    ) -> Self:
        """Make the select of a message sent earlier, with what was chosen now."""
        return cls(item, _pressed(match, _values(interaction)))  # pyright: ignore[reportArgumentType] - what matched is a select

    async def callback(self, interaction: discord.Interaction[Any]) -> None:
        """Leave it to the cog that knows the workflow."""
        _dispatch(interaction, self.pressed)


def _dispatch(interaction: discord.Interaction[Any], pressed: Pressed) -> None:
    event = "draft_form" if pressed.what in FORMS else "draft"
    interaction.client.dispatch(event, interaction, pressed)


def _pressed(match: re.Match[str], values: Sequence[str] = ()) -> Pressed:
    return Pressed(
        what=match["what"],
        post_id=int(match["post"]),
        edits=int(match["edits"]),
        about=int(match["about"] or 0),
        values=values,
    )


def _values(interaction: discord.Interaction[Any]) -> list[str]:
    data: Any = interaction.data
    return [str(value) for value in data.get("values", [])]
