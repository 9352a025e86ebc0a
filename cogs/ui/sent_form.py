"""What people filled into a form, read from Discord's payload.

Modals do not survive a restart of the process: discord.py forgets them and drops their answers.
So they are never registered with it: every answer is read from the `interaction` event, by the
form's `custom_id`, the same way before and after a restart.
"""

from dataclasses import dataclass
from typing import Any

import discord
from pydantic import BaseModel, Field


class SentFile(BaseModel):
    """A file someone put into a form; `size` in bytes, the link is good for a while only."""

    filename: str
    size: int
    url: str


class _Entry(BaseModel):
    custom_id: str = ""
    value: Any = None
    values: list[str] = []


class _Row(BaseModel):
    component: _Entry | None = None


class _Resolved(BaseModel):
    attachments: dict[str, SentFile] = {}


class _Submit(BaseModel):
    custom_id: str
    components: list[_Row]
    resolved: _Resolved = Field(default_factory=_Resolved)


@dataclass(frozen=True, slots=True)
class Answers:
    """What a person filled into a form, by the `custom_id` of its entries."""

    custom_id: str
    texts: dict[str, str]
    choices: dict[str, list[str]]
    files: dict[str, list[SentFile]]


def answers(interaction: discord.Interaction) -> Answers | None:
    """The answers in an interaction, or None when it is not a submitted form."""
    if interaction.type is not discord.InteractionType.modal_submit:
        return None
    submit = _Submit.model_validate(interaction.data)
    entries = [row.component for row in submit.components if row.component]
    sent = submit.resolved.attachments
    return Answers(
        custom_id=submit.custom_id,
        texts={entry.custom_id: str(entry.value or "") for entry in entries if not entry.values},
        choices={entry.custom_id: entry.values for entry in entries},
        files={
            entry.custom_id: [sent[value] for value in entry.values if value in sent]
            for entry in entries
        },
    )
