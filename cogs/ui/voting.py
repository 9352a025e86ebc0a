"""Buttons under a card that is voted on, and the forms that ask why.

Everything is in the `custom_id`s, so that it outlives a restart: `vote:<what>:<post>:<revision>`.
A button of an older revision is refused: what it was pressed on is not what would be decided.
"""

import re
from typing import Any, Self

import discord
from discord import ui

from bot.client import Admitted
from bot.domain.approval import Verdict
from bot.domain.marks import USUAL, Marks
from bot.domain.times import EXAMPLES
from cogs.ui import words

REASON = 1000
"""Characters that a reason may have."""

_LABELS = {
    "approve": "Approve",
    "reject": "Reject",
    "changes": "Changes",
    "hold": "Hold",
    "back": "Take it back",
    "release": "Let it go",
    "edit": "Change it",
    "now": "Now",
    "slot": "Next free slot",
    "time": "New time",
    "again": "Ask again",
}
_STYLES = {"approve": discord.ButtonStyle.success, "reject": discord.ButtonStyle.danger}
_ASKED = {
    "reject": ("Why is it rejected?", "What is wrong with it"),
    "changes": ("What should change?", "What its author should do"),
    "time": ("When", EXAMPLES),
    "again": ("When", EXAMPLES),
}
_TIMES = frozenset({"time", "again"})
QUESTIONS = {Verdict.REJECT: "Why is it rejected?", Verdict.CHANGES: "What should change?"}
"""What is asked of whoever rejects or wants changes by a reaction."""

FORMS = frozenset(_ASKED)
"""Buttons that ask for something first."""


def buttons(actions: tuple[str, ...], post_id: int, revision: int, marks: Marks = USUAL) -> ui.View:
    """Buttons in their order, with the reactions that vote the same."""
    view = ui.View(timeout=None)
    for action in actions:
        view.add_item(VoteButton(action, post_id, revision, marks))
    return view


def form(action: str, post_id: int, revision: int, filled: str = "") -> ui.Modal:
    """The form of a button that asks for something; its entry is called `answer`."""
    label, placeholder = _ASKED[action]
    made = ui.Modal(title=f"Post {post_id}", custom_id=f"vote:{action}:{post_id}:{revision}")
    entry = ui.TextInput[ui.Modal](
        custom_id="answer",
        style=discord.TextStyle.short if action in _TIMES else discord.TextStyle.paragraph,
        placeholder=words.clip(placeholder, 100),
        default=filled or None,
        max_length=100 if action in _TIMES else REASON,
    )
    made.add_item(ui.Label(text=label, component=entry))
    return made


class VoteButton(
    Admitted,
    ui.DynamicItem[ui.Button[ui.View]],
    template=rf"vote:(?P<action>{'|'.join(_LABELS)}):(?P<post>\d+):(?P<revision>\d+)",
):
    """A vote, or what can be done with a post beside voting."""

    def __init__(self, action: str, post_id: int, revision: int, marks: Marks = USUAL) -> None:
        mark = marks[Verdict(action)] if action in list(Verdict) else None
        super().__init__(
            ui.Button(
                label=_LABELS[action],
                emoji=mark,
                style=_STYLES.get(action, discord.ButtonStyle.secondary),
                custom_id=f"vote:{action}:{post_id}:{revision}",
            )
        )
        self.action = action
        self.post_id = post_id
        self.revision = revision

    @classmethod
    async def from_custom_id(
        cls, _interaction: discord.Interaction[Any], _item: ui.Item[Any], match: re.Match[str]
    ) -> Self:
        """Make the button of a message sent earlier, perhaps by an earlier process."""
        return cls(match["action"], int(match["post"]), int(match["revision"]))

    async def callback(self, interaction: discord.Interaction[Any]) -> None:
        """Leave it to the cog that knows the workflow."""
        interaction.client.dispatch("vote", interaction, self.action, self.post_id, self.revision)
