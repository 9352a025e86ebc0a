"""A real discord.py bot, whole journeys over real sockets."""

import asyncio
import contextlib
import inspect
import io
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from typing import Any

import discord
import pytest
import yarl
from discord import app_commands, asset, gateway, http, ui

TOKEN = "bot-token"


class Compose(ui.Modal, title="New post"):
    """A modal with every kind of field."""

    caption = ui.Label(text="Caption", component=ui.TextInput(style=discord.TextStyle.paragraph))
    files = ui.Label(text="Files", component=ui.FileUpload(max_values=10, required=False))
    accounts = ui.Label(
        text="Accounts",
        component=ui.Select(options=[discord.SelectOption(label=x) for x in "abc"], max_values=3),
    )
    who = ui.Label(text="Who", component=ui.UserSelect())
    how = ui.Label(
        text="How",
        component=ui.RadioGroup(
            options=[discord.RadioGroupOption(label=x) for x in ("now", "later")]
        ),
    )

    async def on_submit(self, interaction: discord.Interaction) -> None:
        """Answer with what was filled in."""
        await interaction.response.defer(ephemeral=True, thinking=True)
        fields: Any = self
        names = [await file.read() for file in fields.files.component.values]
        await interaction.followup.send(
            f"{fields.caption.component.value} {names} {fields.accounts.component.values} "
            f"{fields.who.component.values[0].name} {fields.how.component.value}"
        )
        card = discord.Embed(title="Card").set_image(url="attachment://c.png")
        file = discord.File(io.BytesIO(b"picture"), "c.png")
        channel: Any = interaction.channel
        message = await channel.send(embed=card, file=file, view=Buttons())
        await message.add_reaction("✅")
        thread = await message.create_thread(name="Talk")
        await thread.send("Here we talk")


class Buttons(ui.View):
    """Two buttons under a card."""

    @ui.button(label="Edit", custom_id="edit")
    async def edit(self, interaction: discord.Interaction, _: Any) -> None:
        """Change the card in place, and add a private word."""
        await interaction.response.edit_message(content="edited")
        await interaction.followup.send("only you", ephemeral=True)

    @ui.button(label="Layout", custom_id="layout")
    async def layout(self, interaction: discord.Interaction, _: Any) -> None:
        """Answer with a layout."""
        view = ui.LayoutView()
        view.add_item(ui.Container(ui.TextDisplay("# Title"), ui.Separator()))
        await interaction.response.send_message(view=view)


class Bot(discord.Client):
    """A small bot that remembers what it heard."""

    def __init__(self) -> None:
        intents = discord.Intents(guilds=True, guild_messages=True, guild_reactions=True)
        super().__init__(intents=intents, guild_ready_timeout=0.05, max_messages=None)
        self.tree = app_commands.CommandTree(self)
        self.reactions: list[tuple[str, str | None]] = []
        self.heard: list[int] = []
        self.resumed = asyncio.Event()
        self.tree.command(name="compose", description="Compose")(compose)
        self.tree.command(name="find", description="Find")(find)
        self.tree.context_menu(name="Draft from this")(draft)

    async def setup_hook(self) -> None:
        """Register the commands."""
        await self.tree.sync()

    async def on_message(self, message: discord.Message) -> None:
        """Remember messages."""
        self.heard.append(message.id)

    async def on_raw_reaction_add(self, event: discord.RawReactionActionEvent) -> None:
        """Remember reactions."""
        self.reactions.append((str(event.emoji), event.member and event.member.name))

    async def on_resumed(self) -> None:
        """Remember a resume."""
        self.resumed.set()


async def compose(interaction: discord.Interaction) -> None:
    """Open the modal."""
    await interaction.response.send_modal(Compose())


async def suggest(_: discord.Interaction, typed: str) -> list[app_commands.Choice[str]]:
    """Suggest what was typed."""
    return [app_commands.Choice(name=f"{typed}!", value=typed)]


@app_commands.autocomplete(what=suggest)
async def find(interaction: discord.Interaction, what: str) -> None:
    """Answer in public."""
    await interaction.response.send_message(f"found {what}")


async def draft(interaction: discord.Interaction, message: discord.Message) -> None:
    """Answer with the content of the target and a file, then change both."""
    file = discord.File(io.BytesIO(b"one"), "1.txt")
    await interaction.response.send_message(message.content, file=file, ephemeral=True)
    answer = await interaction.original_response()
    assert [each.filename for each in answer.attachments] == ["1.txt"]
    other = discord.File(io.BytesIO(b"two"), "2.txt")
    await interaction.edit_original_response(content=f"{message.content}!", attachments=[other])


@pytest.fixture
def run_bot(monkeypatch):
    """Return how to run the bot against a served Discord."""

    @asynccontextmanager
    async def running(served) -> AsyncIterator[Bot]:
        monkeypatch.setattr(http.Route, "BASE", served.base + "/api/v10")
        address = yarl.URL(served.base.replace("http", "ws") + "/gateway")
        monkeypatch.setattr(gateway.DiscordWebSocket, "DEFAULT_GATEWAY", address)
        monkeypatch.setattr(asset.Asset, "BASE", served.base + "/cdn")
        async with Bot() as bot:
            task = asyncio.create_task(bot.start(TOKEN))
            async with asyncio.timeout(15):
                await bot.wait_until_ready()
            try:
                yield bot
            finally:
                await bot.close()
                with contextlib.suppress(asyncio.CancelledError):
                    await task

    return running


async def until(condition: Callable[[], Any]) -> None:
    """Wait until something is so; the condition may be a coroutine function."""
    async with asyncio.timeout(15):
        while True:
            found = condition()
            if await found if inspect.isawaitable(found) else found:
                return
            await asyncio.sleep(0.005)


async def play(served, kind: int, data: Any, name: str = "paul", **more: Any) -> Any:
    """Play an interaction, and return its outcome."""
    files = more.pop("files", {})
    body = {"type": kind, "channel_id": served.channel("social"), "data": data, **more}
    status, outcome = await served.act(name, "POST", "/interactions", body, files=files)
    assert status == 200, outcome
    return outcome


async def history(served, name: str = "paul") -> list[Any]:
    """Return the messages of #social as someone sees them."""
    return (await served.act(name, "GET", f"/channels/{served.channel('social')}/messages"))[1]


async def test_a_whole_journey(served, run_bot) -> None:
    """Command, modal with every field and a file, card, reaction, thread, buttons, menus."""
    async with run_bot(served) as bot:
        commands = {c["name"]: c for c in (await served.act("paul", "GET", "/commands"))[1]}
        opened = await play(served, 2, commands["compose"])
        fields = [part["component"]["custom_id"] for part in opened["modal"]["components"]]
        given = ["Hello", ["0"], ["a", "c"], [served.person("ann")], "later"]
        parts = [
            {"component": {"custom_id": key, "values" if isinstance(v, list) else "value": v}}
            for key, v in zip(fields, given, strict=True)
        ]
        data = {"custom_id": opened["modal"]["custom_id"], "components": parts}
        more = {"modal_interaction_id": opened["id"], "files": {"p.txt": b"bytes"}}
        assert (await play(served, 5, data, **more))["outcome"] == "deferred"

        async def shown(count: int) -> bool:
            return len(await history(served)) == count

        await until(lambda: shown(2))
        threads = served.discord.world.store.channels
        await until(
            lambda: any(each["name"] == "Talk" and each["message_count"] for each in threads)
        )
        answer, card = await history(served)
        assert answer["content"] == "Hello [b'bytes'] ['a', 'c'] ann later"
        assert answer["flags"] == 64
        assert card["reactions"][0]["me"] is False
        async with served.http.get(card["embeds"][0]["image"]["url"]) as response:
            assert await response.read() == b"picture"
        place = f"/channels/{card['channel_id']}/messages/{card['id']}"
        await served.act("ann", "PUT", f"{place}/reactions/✅")
        await until(lambda: len(bot.reactions) == 2)
        assert bot.reactions == [("✅", "Copydesk"), ("✅", "ann")]
        for custom_id, outcome in (("edit", "update"), ("layout", "message")):
            pressed = {"custom_id": custom_id, "component_type": 2}
            assert (await play(served, 3, pressed, message_id=card["id"]))["outcome"] == outcome
        await until(lambda: shown(4))
        _, edited, *answers = await history(served)
        assert edited["content"] == "edited"
        assert {each["flags"] for each in answers} == {64, 32768}
        typed = [{"name": "what", "value": "x", "focused": True}]
        suggested = await play(served, 4, commands["find"] | {"options": typed})
        assert suggested["choices"] == [{"name": "x!", "value": "x"}]
        target = await served.say("ann", "an idea")
        used = commands["Draft from this"] | {"target_id": target["id"]}
        await play(served, 2, used)

        async def changed() -> bool:
            return (await history(served))[-1]["content"] == "an idea!"

        await until(changed)
        assert [f["filename"] for f in (await history(served))[-1]["attachments"]] == ["2.txt"]


async def test_the_library_reads_and_changes(served, run_bot) -> None:
    """What discord.py fetches and changes it understands: members, channels, messages, files."""
    async with run_bot(served) as bot:
        guild = bot.guilds[0]
        member = await guild.fetch_member(int(served.person("ann")))
        assert [role.name for role in member.roles] == ["@everyone", "Approver"]
        channel = bot.get_channel(int(served.channel("social")))
        assert channel.permissions_for(guild.me).add_reactions
        sent = await channel.send("one", file=discord.File(io.BytesIO(b"1"), "1.txt"), nonce=7)
        same = await channel.send("one", nonce=7)
        assert same.id == sent.id
        fetched = await channel.fetch_message(sent.id)
        assert await fetched.attachments[0].read() == b"1"
        more = discord.File(io.BytesIO(b"2"), "2.txt")
        edited = await fetched.add_files(more)
        assert [file.filename for file in edited.attachments] == ["1.txt", "2.txt"]
        reply = await edited.reply("two")
        assert reply.reference.message_id == sent.id
        await edited.add_reaction("🎉")
        reactions = (await channel.fetch_message(sent.id)).reactions
        assert [user.id async for user in reactions[0].users()] == [bot.user.id]
        await edited.remove_reaction("🎉", bot.user)
        assert [m.id async for m in channel.history(limit=None, oldest_first=True)] == [
            sent.id,
            reply.id,
        ]
        thread = await channel.create_thread(name="t", type=discord.ChannelType.public_thread)
        await thread.edit(archived=True)
        assert [each.id async for each in channel.archived_threads()] == [thread.id]
        await reply.delete()
        with pytest.raises(discord.NotFound) as missing:
            await channel.fetch_message(reply.id)
        assert missing.value.code == 10008
        with pytest.raises(discord.HTTPException) as long:
            await channel.send("x" * 2001)
        assert long.value.code == 50035
        async with channel.typing():
            pass
        assert (await bot.application_info()).id == bot.application_id
        assert await bot.user.display_avatar.read()


async def test_dropped_sockets_resume_without_loss(served, run_bot) -> None:
    """After a cut and after RECONNECT the bot resumes, and hears what happened between."""
    async with run_bot(served) as bot:
        said: list[int] = []
        for cut in (
            lambda: served.discord.drop_gateways(resumable=True),
            served.discord.ask_to_reconnect,
        ):
            bot.resumed.clear()
            await cut()
            said += [int((await served.say("ann", str(n)))["id"]) for n in range(3)]
            async with asyncio.timeout(15):
                await bot.resumed.wait()
        await until(lambda: len(bot.heard) == 6)
        assert bot.heard == said


async def test_what_happens_offline_is_not_replayed(served, run_bot) -> None:
    """A bot that starts again hears nothing of the time between, and reads it instead."""
    async with run_bot(served):
        card = await served.say("ann", "card")
    assert not served.discord.bot_connected
    path = f"/channels/{card['channel_id']}/messages/{card['id']}"
    await served.act("ann", "PUT", f"{path}/reactions/✅")
    await served.say("ann", "missed")
    async with run_bot(served) as bot:
        last = int((await served.say("ann", "heard"))["id"])
        await until(lambda: bot.heard)
        assert (bot.heard, bot.reactions) == ([last], [])
        message = await bot.get_channel(int(card["channel_id"])).fetch_message(int(card["id"]))
        assert message.reactions[0].count == 1


async def test_global_rate_limits_are_waited_out(served, run_bot) -> None:
    """discord.py reads the 429 as a global limit, waits, and tries again."""
    async with run_bot(served) as bot:
        served.discord.limit_requests(3)
        channel = bot.get_channel(int(served.channel("social")))
        sent = await asyncio.gather(*(channel.send(str(n)) for n in range(5)))
        assert len({message.id for message in sent}) == 5
