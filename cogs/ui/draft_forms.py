"""The forms under a draft: its text, its time, its files, the text of one account."""

import discord
from discord import ui

from bot.domain.media import MAX_FILES
from bot.domain.post import Post, Target
from bot.domain.times import Timing
from bot.domain.when import EXAMPLES
from cogs.ui import forms, sent_form, words


def text(custom_id: str, draft: Post) -> ui.Modal:
    """The caption and the title of a draft."""
    content = draft.content
    return _texts(custom_id, f"Text of draft {draft.id}", content.caption, content.title)


def own_text(custom_id: str, draft: Post, target: Target) -> ui.Modal:
    """The caption and the title of one account."""
    return _texts(custom_id, f"Text for {target.label}", *draft.content.text_of(target))


def when(custom_id: str, draft: Post) -> ui.Modal:
    """The time of a draft, and who keeps it."""
    form = ui.Modal(title=f"When draft {draft.id} goes out", custom_id=custom_id)
    entry = ui.TextInput[ui.Modal](
        custom_id="when",
        default=draft.content.when_text or None,
        placeholder=EXAMPLES,
        max_length=100,
        required=False,
    )
    form.add_item(ui.Label(text="When", description=EXAMPLES, component=entry))
    options = [
        discord.SelectOption(
            label=words.clip(choice.name, 100),
            value=choice.value,
            default=choice.value == draft.content.timing,
        )
        for choice in forms.TIMINGS
    ]
    keeper = ui.Select[ui.Modal](custom_id="timing", options=options)
    form.add_item(ui.Label(text="Who keeps the time", component=keeper))
    return form


def files(custom_id: str, draft: Post) -> ui.Modal:
    """Files to add to those of a draft."""
    form = ui.Modal(title=f"Add files to draft {draft.id}", custom_id=custom_id)
    room = MAX_FILES - len(draft.content.media)
    entry = ui.FileUpload[ui.Modal](
        custom_id="media", required=False, min_values=0, max_values=max(1, room)
    )
    told = f"Up to {room} more; photos, or one video."
    form.add_item(ui.Label(text="Media", description=told, component=entry))
    links = ui.TextInput[ui.Modal](
        custom_id="links",
        style=discord.TextStyle.paragraph,
        max_length=2000,
        required=False,
        placeholder="https://…",
    )
    told = "Addresses of files, one a line."
    form.add_item(ui.Label(text="Or links", description=told, component=links))
    return form


def order(custom_id: str, draft: Post) -> ui.Modal:
    """The order of the files of a draft, by their numbers."""
    form = ui.Modal(title=f"Order of the files of draft {draft.id}", custom_id=custom_id)
    numbers = " ".join(str(number + 1) for number in range(len(draft.content.media)))
    entry = ui.TextInput[ui.Modal](custom_id="order", default=numbers, max_length=100)
    help_text = "Their numbers in the order you want; what you leave out is taken away."
    form.add_item(ui.Label(text="Order", description=help_text, component=entry))
    return form


def timing(answered: sent_form.Answers) -> Timing:
    """Who keeps the time, as it was chosen."""
    chosen = answered.choices.get("timing") or [""]
    return Timing(chosen[0]) if chosen[0] in list(Timing) else Timing.HERE


def texts(answered: sent_form.Answers) -> tuple[str, str]:
    """The caption and the title that were typed."""
    return answered.texts.get("caption", ""), answered.texts.get("title", "")


def typed(answered: sent_form.Answers) -> discord.Embed:
    """What was typed into a form that came too late, to be copied."""
    found = [value for value in answered.texts.values() if value.strip()]
    embed = discord.Embed(title="What you typed", colour=0xE0A526)
    embed.description = words.clip("\n\n".join(map(words.escape, found)), 4096) or "*nothing*"
    return embed


def _texts(custom_id: str, name: str, caption: str, title: str) -> ui.Modal:
    form = ui.Modal(title=words.clip(name, 45), custom_id=custom_id)
    body = ui.TextInput[ui.Modal](
        custom_id="caption",
        style=discord.TextStyle.paragraph,
        max_length=4000,
        required=False,
        default=words.clip(caption, 4000) or None,
    )
    head = ui.TextInput[ui.Modal](
        custom_id="title", max_length=300, required=False, default=words.clip(title, 300) or None
    )
    form.add_item(ui.Label(text="Caption", component=body))
    form.add_item(ui.Label(text="Title", description=forms.TITLED, component=head))
    return form
