"""A rehearsal: the form of its post, the card that approvers would see, and what would happen."""

import discord
from discord import ui

from bot.domain.first_run import Step
from bot.domain.post import Post
from bot.domain.server import Server
from cogs.ui import cards, words
from cogs.ui.first_run_items import StepButton

STANDS = "Where it stands"
"""The field of a card that says so."""

SAMPLE = "Hello from our new desk 👋"


def form() -> ui.Modal:
    """The form of the post of a rehearsal."""
    form = ui.Modal(title="A post that goes nowhere", custom_id="setup:rehearse")
    entry = ui.TextInput[ui.Modal](
        custom_id="answer",
        style=discord.TextStyle.paragraph,
        default=SAMPLE,
        max_length=2000,
    )
    form.add_item(ui.Label(text="Caption", component=entry))
    return form


def asked(post: Post, server: Server) -> tuple[discord.Embed, ui.View]:
    """The card as the approvers would see it, and the button that approves it."""
    embed = cards.card(post, (), server)
    embed.title = "Rehearsal: the card as approvers see it"
    embed.set_footer(text="Nothing was kept or sent.")
    view = ui.View(timeout=None)
    view.add_item(StepButton("approve", Step.DRY_RUN, "Approve"))
    return embed, view


def approved(card: discord.Embed, server: Server) -> discord.Embed:
    """What would have happened, told on the card of a rehearsal."""
    embed = card.copy()
    embed.title = "Rehearsal: approved"
    embed.colour = discord.Colour(0x2E9E5B)
    for number, field in enumerate(embed.fields):
        if field.name == STANDS:
            embed.set_field_at(
                number, name=STANDS, value="Approved in this rehearsal.", inline=False
            )
    channel = server.approvals_channel_id
    steps = [
        f"1. Its card would stand in <#{channel}>." if channel else "1. No channel is set yet.",
        "2. People would vote there, and be counted by the rules above.",
        "3. Once approved, the services would be called, each once, for the accounts above.",
        "4. The result would be told where `/post new` was used, with its links.",
    ]
    embed.add_field(
        name="What would happen", value=words.clip("\n".join(steps), 1024), inline=False
    )
    embed.add_field(name="Now for real", value="Write a post with `/post new`.", inline=False)
    return embed
