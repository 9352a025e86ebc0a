"""Forms: the modals people fill in, and what they filled in, read from Discord's payload.

Modals do not survive a restart of the process: discord.py forgets them and drops their answers.
So they are never registered with it: every answer is read from the `interaction` event, by the
form's `custom_id`, the same way before and after a restart.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import discord
from discord import app_commands, ui
from pydantic import BaseModel, Field

from bot.domain.clip import Clip, PostClip
from bot.domain.media import MAX_FILES
from bot.domain.platform import Kind
from bot.domain.post import Revision
from bot.domain.server import Account
from bot.domain.when import EXAMPLES
from cogs.ui import words
from providers.capabilities import Capabilities
from providers.catalogue import PROVIDERS

MOST_OPTIONS = 25  # of a select: Discord's limit
TITLED = "For YouTube, Reddit, Pinterest, and photos on TikTok."


TIMINGS = [
    app_commands.Choice(name="Copydesk: it calls the service at the time", value="here"),
    app_commands.Choice(name="The service, where it can: it gets the post early", value="service"),
]


async def show(interaction: discord.Interaction, form: ui.Modal) -> None:
    """Open a form; it must be the first answer to an interaction, and never to another form."""
    form.stop()  # so that discord.py does not remember it (see above)
    await interaction.response.send_modal(form)


def post_form(
    custom_id: str, accounts: Sequence[Account], filled: Revision | None = None
) -> ui.Modal:
    """The form of a post, empty or filled with what was typed before."""
    if filled and filled.clip:
        return _form(custom_id, _of_clip(accounts, filled.clip), filled=filled)
    files = ui.FileUpload[ui.Modal](
        custom_id="media", required=False, min_values=0, max_values=MAX_FILES
    )
    kept = f"{len(filled.media)} kept; new ones replace them" if filled and filled.media else ""
    media = ui.Label[ui.Modal](
        text="Media",
        description=kept or f"Up to {MAX_FILES} photos, or one video.",
        component=files,
    )
    taking = [account for account in accounts if _kinds(account) - {Kind.CLIP}]
    return _form(custom_id, taking, media, filled=filled)


def clip_form(
    custom_id: str, accounts: Sequence[Account], clip: PostClip, *, proposed: Clip | None
) -> ui.Modal:
    """The form of a post made from a clip, filled with what its service proposes."""
    return _form(custom_id, _of_clip(accounts, clip), proposed=proposed)


def _form(
    custom_id: str,
    accounts: Sequence[Account],
    *more: ui.Label[ui.Modal],
    filled: Revision | None = None,
    proposed: Clip | None = None,
) -> ui.Modal:
    form = ui.Modal(title="Write a post", custom_id=custom_id)
    known = filled or proposed
    caption = ui.TextInput[ui.Modal](
        custom_id="caption",
        style=discord.TextStyle.paragraph,
        max_length=4000,
        required=False,
        default=words.clip(known.caption, 4000) if known else None,
    )
    title = ui.TextInput[ui.Modal](
        custom_id="title",
        max_length=300,
        required=False,
        default=words.clip(known.title, 300) if known else None,
    )
    when = ui.TextInput[ui.Modal](
        custom_id="when",
        max_length=100,
        required=False,
        placeholder=EXAMPLES,
        default=filled.when_text if filled else "now",
    )
    form.add_item(ui.Label(text="Caption", component=caption))
    form.add_item(ui.Label(text="Title", description=TITLED, component=title))
    for label in more:
        form.add_item(label)
    more_than_fit = f"{MOST_OPTIONS} of {len(accounts)}; /post new service: offers one service's"
    form.add_item(
        ui.Label(
            text="Accounts",
            description=more_than_fit if len(accounts) > MOST_OPTIONS else None,
            component=_account_select(accounts, filled),
        )
    )
    form.add_item(ui.Label(text="When", description=EXAMPLES, component=when))
    return form


def _of_clip(accounts: Sequence[Account], clip: PostClip) -> list[Account]:
    return [account for account in accounts if account.connection_id == clip.connection_id]


def _kinds(account: Account) -> frozenset[Kind]:
    return PROVIDERS[account.provider].capabilities.kinds


def connect_form(custom_id: str, capabilities: Capabilities) -> ui.Modal:
    """The form that takes a service's credentials, made from what the service declares."""
    form = ui.Modal(title=words.clip(f"Connect {capabilities.label}", 45), custom_id=custom_id)
    for field in capabilities.credentials:
        entry = ui.TextInput[ui.Modal](
            custom_id=field.name,
            placeholder=field.placeholder or None,
            max_length=500,
            required=field.required,
        )
        form.add_item(
            ui.Label(
                text=field.label,
                description=words.clip(field.help or capabilities.key_page, 100),
                component=entry,
            )
        )
    return form


def question(custom_id: str, title: str, label: str, help_text: str, placeholder: str) -> ui.Modal:
    """A form of one line; its entry is called `answer`."""
    form = ui.Modal(title=title, custom_id=custom_id)
    entry = ui.TextInput[ui.Modal](custom_id="answer", placeholder=placeholder, max_length=2000)
    form.add_item(ui.Label(text=label, description=words.clip(help_text, 100), component=entry))
    return form


def _account_select(accounts: Sequence[Account], filled: Revision | None) -> ui.Select[ui.Modal]:
    chosen = {target.account_id for target in filled.targets} if filled else set[int]()
    first = sorted(accounts, key=lambda account: (account.id not in chosen, not account.usable))
    options = [
        discord.SelectOption(
            label=words.clip(account.label, 100),
            value=str(account.id),
            description=None if account.usable else "must be reconnected at its service",
            default=account.id in chosen,
        )
        for account in first[:MOST_OPTIONS]
    ]
    return ui.Select(
        custom_id="accounts",
        options=options,
        min_values=1,
        max_values=len(options),
        placeholder="Where it goes",
    )


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
