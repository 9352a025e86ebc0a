"""A small bot that uses every component, for the tests of the sandbox's page."""

import asyncio
import io
import os
from typing import Any

import discord
import yarl
from discord import app_commands, gateway, http, ui
from PIL import Image

http.Route.BASE = os.environ["DISCORD_API_URL"]
gateway.DiscordWebSocket.DEFAULT_GATEWAY = yarl.URL(os.environ["DISCORD_GATEWAY_URL"])


class Client(discord.Client):
    """The bot, with its commands synced when it starts."""

    def __init__(self) -> None:
        intents = discord.Intents(guilds=True, guild_reactions=True)
        super().__init__(intents=intents, guild_ready_timeout=0.05)
        self.tree = app_commands.CommandTree(self)

    async def setup_hook(self) -> None:
        """Sync the commands."""
        await self.tree.sync()


client = Client()
say = client.tree
sample = app_commands.Group(name="sample", description="One of everything")
desk = app_commands.Group(name="desk", description="The desk")
provider = app_commands.Group(name="provider", description="Services that publish")


def picture(colour: str) -> discord.File:
    """Return a small picture."""
    raw = io.BytesIO()
    Image.new("RGB", (320, 200), colour).save(raw, "PNG")
    raw.seek(0)
    return discord.File(raw, f"{colour}.png", description=f"all {colour}")


def given(*labels: Any) -> list[Any]:
    """Return what labelled fields got."""
    fields = [label.component for label in labels]
    return [getattr(field, "values" if hasattr(field, "values") else "value") for field in fields]


def described(value: Any) -> str:
    """Return what a field of a modal got, in words."""
    if isinstance(value, (list, tuple)):
        return ", ".join(map(described, value)) or "none"
    return str(getattr(value, "filename", None) or getattr(value, "name", None) or value)


class Everything(ui.Modal, title="Everything a modal has"):
    """The first of two modals that hold every field; a modal has room for five."""

    note = ui.TextDisplay("Please fill in **all** of this.")
    caption = ui.Label(
        text="Caption",
        description="What goes out",
        component=ui.TextInput(style=discord.TextStyle.paragraph, min_length=3, max_length=20),
    )
    when = ui.Label(text="When", component=ui.TextInput(default="now", required=False))
    accounts = ui.Label(
        text="Accounts",
        component=ui.Select(
            min_values=1,
            max_values=2,
            options=[
                discord.SelectOption(label=name, value=name.lower(), description=f"on {name}")
                for name in ("TikTok", "Threads", "Facebook")
            ],
        ),
    )
    media = ui.Label(
        text="Media", component=ui.FileUpload(required=False, min_values=0, max_values=10)
    )

    async def on_submit(self, interaction: discord.Interaction) -> None:
        """Say what was given."""
        names = ("caption", "when", "accounts", "media")
        values = given(self.caption, self.when, self.accounts, self.media)
        text = "\n".join(f"{n}: {described(v)}" for n, v in zip(names, values, strict=True))
        await interaction.response.send_message(text)


class Choices(ui.Modal, title="Every choice a modal has"):
    """The second of the two."""

    tone = ui.Label(
        text="Tone",
        component=ui.RadioGroup(
            options=[
                discord.RadioGroupOption(label="Calm", value="calm", description="No shouting"),
                discord.RadioGroupOption(label="Loud", value="loud"),
            ]
        ),
    )
    days = ui.Label(
        text="Days",
        component=ui.CheckboxGroup(
            max_values=2,
            options=[
                discord.CheckboxGroupOption(label=name, value=name.lower())
                for name in ("Monday", "Tuesday", "Friday")
            ],
        ),
    )
    agreed = ui.Label(text="Tell everybody", component=ui.Checkbox())
    who = ui.Label(text="Who", component=ui.UserSelect(max_values=2))
    where = ui.Label(text="Where", component=ui.ChannelSelect(required=False))

    async def on_submit(self, interaction: discord.Interaction) -> None:
        """Say what was given; break when the tone is loud, after which it may be sent again."""
        parts = given(self.tone, self.days, self.agreed, self.who, self.where)
        if parts[0] == "loud":
            raise ValueError("too loud")
        await interaction.response.send_message(" | ".join(map(described, parts)))


class Old(ui.View):
    """Buttons and selects in rows."""

    def __init__(self) -> None:
        super().__init__(timeout=None)
        self.add_item(ui.Button(label="Read more", url="https://example.com/more"))

    @ui.button(label="Count", style=discord.ButtonStyle.primary)
    async def count(self, interaction: discord.Interaction, button: ui.Button[Any]) -> None:
        """Count in place."""
        number = int((button.label or "").partition(" ")[2] or 0) + 1
        button.label = f"Count {number}"
        await interaction.response.edit_message(view=self)

    @ui.button(label="Approve", emoji="✅", style=discord.ButtonStyle.success)
    async def approve(self, interaction: discord.Interaction, _: ui.Button[Any]) -> None:
        """Answer to one person."""
        await interaction.response.send_message("Only for your eyes.", ephemeral=True)

    @ui.button(label="Break", style=discord.ButtonStyle.danger)
    async def silent(self, interaction: discord.Interaction, _: ui.Button[Any]) -> None:
        """Never answer."""

    @ui.button(label="Not now", style=discord.ButtonStyle.secondary, disabled=True)
    async def disabled(self, interaction: discord.Interaction, _: ui.Button[Any]) -> None:
        """Cannot be pressed."""

    @ui.select(
        placeholder="Pick two",
        min_values=1,
        max_values=2,
        options=[discord.SelectOption(label=name, emoji="☕") for name in ("Flat", "Long", "Cold")],
    )
    async def pick(self, interaction: discord.Interaction, select: ui.Select[Any]) -> None:
        """Say what was picked."""
        await interaction.response.send_message(f"Picked {', '.join(select.values)}")

    @ui.select(cls=ui.UserSelect, placeholder="Pick a person")
    async def person(self, interaction: discord.Interaction, select: ui.UserSelect[Any]) -> None:
        """Say who was picked."""
        await interaction.response.send_message(f"Picked {select.values[0].mention}")

    @ui.select(cls=ui.RoleSelect, placeholder="Pick a role")
    async def role(self, interaction: discord.Interaction, select: ui.RoleSelect[Any]) -> None:
        """Say which was picked."""
        await interaction.response.send_message(f"Picked {select.values[0].name}")


class New(ui.LayoutView):
    """Components V2."""

    def __init__(self) -> None:
        super().__init__(timeout=None)
        thumbnail = ui.Thumbnail("attachment://teal.png", description="all teal")
        button: ui.Button[Any] = ui.Button(label="Open", custom_id="open")
        self.add_item(
            ui.Container(
                ui.TextDisplay("### A container\nwith **everything** in it"),
                ui.Section(ui.TextDisplay("Text beside a picture"), accessory=thumbnail),
                ui.Section(ui.TextDisplay("Text beside a button"), accessory=button),
                ui.Separator(spacing=discord.SeparatorSpacing.large),
                ui.MediaGallery(
                    discord.MediaGalleryItem("attachment://teal.png"),
                    discord.MediaGalleryItem("attachment://navy.png", spoiler=True),
                ),
                ui.File("attachment://notes.txt"),
                ui.ActionRow(ui.Button(label="Go", custom_id="go")),
                accent_colour=discord.Colour(0xB4552D),
            )
        )


@sample.command(description="Old components")
async def old(interaction: discord.Interaction) -> None:
    """Send buttons and selects."""
    await interaction.response.send_message("Old components", view=Old())


@sample.command(description="New components")
async def new(interaction: discord.Interaction) -> None:
    """Send Components V2."""
    files = [picture("teal"), picture("navy"), discord.File(io.BytesIO(b"notes"), "notes.txt")]
    await interaction.response.send_message(view=New(), files=files)


@sample.command(description="Embeds, files and markdown")
async def page(interaction: discord.Interaction) -> None:
    """Send two embeds of one gallery, and text with all that markdown has."""
    card = discord.Embed(
        title="A card",
        url="https://example.com/card",
        description="With **bold**, a [link](https://example.com) and <t:1900000000:R>",
        colour=0x2E7D4F,
        timestamp=discord.utils.utcnow(),
    )
    card.set_author(name="Ann").set_footer(text="In review")
    card.add_field(name="Accounts", value="TikTok, Threads").add_field(name="When", value="now")
    card.set_image(url="attachment://teal.png").set_thumbnail(url="attachment://navy.png")
    twin = discord.Embed(url="https://example.com/card").set_image(url="attachment://maroon.png")
    text = (
        "# Heading\n**bold** *italic* __under__ ~~gone~~ ||secret|| `code`\n> quoted\n- one\n"
        "  - inner\n1. first\n-# small print\n```py\nprint('<b>')\n```<script>alert(1)</script> "
        f"{interaction.user.mention} <t:1700000000:D> https://example.com/a_b_c @everyone"
    )
    files = [picture("teal"), picture("navy"), picture("maroon")]
    await interaction.response.send_message(text, embeds=[card, twin], files=files)


@sample.command(description="A modal with text, a select and files")
async def modal(interaction: discord.Interaction) -> None:
    """Open the first modal."""
    await interaction.response.send_modal(Everything())


@sample.command(description="A modal with choices")
async def choices(interaction: discord.Interaction) -> None:
    """Open the second modal."""
    await interaction.response.send_modal(Choices())


@sample.command(description="Thinks first")
async def slow(interaction: discord.Interaction) -> None:
    """Answer after a while."""
    await interaction.response.defer(ephemeral=True, thinking=True)
    await asyncio.sleep(0.5)
    await interaction.followup.send("Thought about it.")


@sample.command(description="Never answers")
async def silence(interaction: discord.Interaction) -> None:
    """Stay silent."""


@sample.command(description="Takes every kind of option")
@app_commands.choices(mood=[app_commands.Choice(name="Good", value="good")])
async def options(
    interaction: discord.Interaction,
    post: str,
    count: app_commands.Range[int, 1, 5],
    loud: bool | None = None,
    share: float | None = None,
    who: discord.Member | None = None,
    where: discord.TextChannel | None = None,
    role: discord.Role | None = None,
    file: discord.Attachment | None = None,
    mood: app_commands.Choice[str] | None = None,
) -> None:
    """Say what was given."""
    parts = [post, count, loud, share, who, where, role, file, mood]
    await interaction.response.send_message(" | ".join(map(described, parts)))


@options.autocomplete("post")
async def suggest(_: discord.Interaction, current: str) -> list[app_commands.Choice[str]]:
    """Suggest posts."""
    posts = {"Autumn blend": "p1", "Opening hours": "p2", "Open day": "p3"}
    return [
        app_commands.Choice(name=name, value=value)
        for name, value in posts.items()
        if current.lower() in name.lower()
    ]


@say.context_menu(name="Draft a post from this")
async def draft(interaction: discord.Interaction, message: discord.Message) -> None:
    """Say what was chosen."""
    await interaction.response.send_message(f"Draft: {message.content}", ephemeral=True)


@desk.command(description="Settings of this server")
async def settings(
    interaction: discord.Interaction,
    approvals: discord.TextChannel,
    approver: discord.Role,
    zone: str,
) -> None:
    """Take the settings."""
    text = f"Set: {approvals.name}, {approver.name}, {zone}"
    await interaction.response.send_message(text, ephemeral=True)


class Key(ui.Modal, title="Connect"):
    """Asks for a key."""

    key = ui.Label(text="Key", component=ui.TextInput(custom_id="key"))

    async def on_submit(self, interaction: discord.Interaction) -> None:
        """Say how long it is."""
        (key,) = given(self.key)
        text = f"Connected with a key of {len(key)} characters"
        await interaction.response.send_message(text, ephemeral=True)


@provider.command(description="Connect a service")
async def connect(interaction: discord.Interaction, service: str) -> None:
    """Ask for the key."""
    await interaction.response.send_modal(Key())


for group in (sample, desk, provider):
    say.add_command(group)
client.run(os.environ["DISCORD_TOKEN"])
