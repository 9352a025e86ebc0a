"""Interactions: what people start, as the bot gets it, and what they learn of its answer."""

import asyncio
import secrets
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any, Literal

from pydantic import Field

from sandbox.discord import answers, commands, files, permissions, shapes
from sandbox.discord.answers import Filled, Typed
from sandbox.discord.call import Call
from sandbox.discord.errors import Refusal
from sandbox.discord.forms import Form, Lenient, SnowflakeId
from sandbox.discord.message_shape import shape
from sandbox.discord.permissions import P
from sandbox.discord.resolved import Resolved
from sandbox.discord.values import Json
from sandbox.discord.world import Event, Viewer, World

COMMAND, COMPONENT, AUTOCOMPLETE, MODAL = 2, 3, 4, 5
ANSWER_TIME = timedelta(seconds=3)
TOKEN_LIFE = timedelta(minutes=15)


@dataclass
class Interaction:
    """One thing a person did with the bot, and how far the bot's answer has come."""

    id: str
    kind: int
    who: Viewer
    channel: Json
    started_at: datetime
    token: str = field(default_factory=lambda: secrets.token_urlsafe(96))
    data: Json = field(default_factory=dict[str, Any])
    message: Json | None = None  # the message whose component, or whose modal, was used
    triggered_by: "Interaction | None" = None  # what opened the modal
    callback_type: int = 0  # 0 while unanswered
    original_id: str | None = None
    message_ids: set[str] = field(default_factory=set[str])
    modal: Json | None = None
    outcome: asyncio.Future[Json] = field(
        default_factory=lambda: asyncio.get_running_loop().create_future()
    )


class Given(Lenient):
    """What the person typed, chose or filled in."""

    id: SnowflakeId | None = None
    name: str | None = None
    options: list[Typed] = Field(default_factory=list[Typed])
    target_id: SnowflakeId = "0"
    custom_id: str = ""
    component_type: int = 0
    values: list[str] = Field(default_factory=list[str])
    components: list[Filled] = Field(default_factory=list[Filled])


class Start(Form):
    """The body with which a person's client starts an interaction."""

    type: Literal[2, 3, 4, 5]
    channel_id: SnowflakeId
    message_id: SnowflakeId | None = None
    modal_interaction_id: SnowflakeId | None = None
    data: Given = Field(default_factory=Given)


class Interactions:
    """The interactions of the last quarter of an hour; they do not survive a restart."""

    def __init__(self, world: World) -> None:
        self.world = world
        self.patience = ANSWER_TIME.total_seconds()  # how long a person's client waits
        self._by_id: dict[str, Interaction] = {}
        self._by_token: dict[str, Interaction] = {}

    async def start(self, call: Call) -> Json:
        """Play a person's interaction to the bot and return what became of it."""
        form = call.form(Start)
        interaction = self._open(call, form)
        resolved = Resolved(self.world, call.who, interaction.channel, call.uploads)
        if form.type in (COMMAND, AUTOCOMPLETE):
            interaction.data = self._command(interaction, form.data, resolved)
        elif form.type == COMPONENT:
            interaction.data = self._component(interaction, form, resolved)
        else:
            interaction.data = self._modal(interaction, form, resolved)
        if resolved.body:
            interaction.data["resolved"] = resolved.body
        return await self._deliver(interaction)

    def _open(self, call: Call, form: Start) -> Interaction:
        channel = self.world.channel(form.channel_id)
        needed = P.USE_APPLICATION_COMMANDS if form.type in (COMMAND, AUTOCOMPLETE) else 0
        permissions.require(self.world.store, call.uid, channel, needed)
        return Interaction(self.world.new_id(), form.type, call.who, channel, self.world.now())

    def _command(self, interaction: Interaction, given: Given, resolved: Resolved) -> Json:
        command = self.world.store.commands.get(given.id or "")
        if command is None or command["name"] != given.name:
            raise Refusal(10063)
        commands.require_usable(self.world, interaction.who.uid, command)
        data: Json = {name: command[name] for name in ("id", "name", "type")}
        if "guild_id" in command:
            data["guild_id"] = command["guild_id"]
        if command["type"] == 1:
            specs: list[Json] = command.get("options", [])
            final = interaction.kind == COMMAND
            return data | {"options": answers.options(specs, given.options, resolved, final=final)}
        resolved.add_target(command["type"], given.target_id)
        return data | {"target_id": given.target_id}

    def _component(self, interaction: Interaction, form: Start, resolved: Resolved) -> Json:
        given, message = form.data, self._visible_message(interaction, form.message_id or "")
        interaction.message = message
        kind = given.component_type
        component = answers.find_component(message["components"], given.custom_id, kind)
        data: Json = {"custom_id": given.custom_id, "component_type": kind, "id": component["id"]}
        if kind != 2:
            data["values"] = answers.chosen(component, given.values, resolved)
        return data

    def _visible_message(self, interaction: Interaction, message_id: str) -> Json:
        message = self.world.store.messages.get(message_id)
        if not message or message["channel_id"] != interaction.channel["id"]:
            raise Refusal(10008)
        if message["viewer"] not in (None, interaction.who.uid):
            raise Refusal(10008)
        return message

    def _modal(self, interaction: Interaction, form: Start, resolved: Resolved) -> Json:
        opener = self._by_id.get(form.modal_interaction_id or "")
        if not opener or not opener.modal or opener.who.uid != interaction.who.uid:
            raise Refusal(10062)
        interaction.triggered_by = opener
        if opener.message:
            interaction.message = self.world.store.messages.get(opener.message["id"])
        parts = answers.modal(opener.modal, form.data.components, resolved)
        return {"custom_id": opener.modal["custom_id"], "components": parts}

    async def _deliver(self, interaction: Interaction) -> Json:
        self._forget_old()
        self._by_id[interaction.id] = self._by_token[interaction.token] = interaction
        self.world.publish(
            Event(
                "INTERACTION_CREATE",
                lambda who: self._payload(interaction, who),
                only=self.world.bot_id,
            )
        )
        try:
            async with asyncio.timeout(self.patience):
                found = await asyncio.shield(interaction.outcome)
        except TimeoutError:
            found = {"outcome": "failed", "reason": "The application did not respond"}
        return {"id": interaction.id} | found

    def _forget_old(self) -> None:
        limit = self.world.now() - timedelta(hours=1)  # an open modal outlives its token
        for interaction in list(self._by_id.values()):
            if interaction.started_at > limit:
                break
            del self._by_id[interaction.id], self._by_token[interaction.token]

    def _payload(self, interaction: Interaction, bot: Viewer) -> Json:
        world, channel, uid = self.world, interaction.channel, interaction.who.uid
        member = shapes.member_in(world, uid, channel)
        own = str(permissions.in_channel(world.store, world.bot_id, channel))
        payload: Json = {
            "id": interaction.id,
            "type": interaction.kind,
            "token": interaction.token,
            "version": 1,
            "application_id": world.bot_id,
            "guild_id": world.guild_id,
            "guild": {"id": world.guild_id, "locale": "en-US", "features": []},
            "channel_id": channel["id"],
            "channel": shapes.channel(channel) | {"permissions": member["permissions"]},
            "member": member,
            "app_permissions": own,
            "locale": "en-US",
            "guild_locale": "en-US",
            "entitlements": [],
            "entitlement_sku_ids": [],
            "authorizing_integration_owners": {"0": world.guild_id},
            "context": 0,
            "attachment_size_limit": files.BOT_LIMIT,
            "data": interaction.data,
        }
        if interaction.message:
            payload["message"] = shape(world, bot, interaction.message)
        return payload

    def awaiting(self, interaction_id: str, token: str) -> Interaction:
        """Return an interaction that may be answered, or refuse with 10062 or 40060."""
        interaction = self._by_id.get(interaction_id)
        if interaction is None or interaction.token != token:
            raise Refusal(10062)
        if interaction.callback_type:
            raise Refusal(40060)
        if self.world.now() - interaction.started_at > ANSWER_TIME:
            raise Refusal(10062)
        return interaction

    def answered(self, token: str) -> Interaction:
        """Return an interaction whose token still works, or refuse with 10015 or 50027."""
        interaction = self._by_token.get(token)
        if interaction is None or not interaction.callback_type:
            raise Refusal(10015)
        if self.world.now() - interaction.started_at > TOKEN_LIFE:
            raise Refusal(50027)
        return interaction
