"""The bot's answers to interactions: the first response, the original, the follow-ups."""

from typing import Annotated, Any, Literal

from pydantic import Field

from sandbox.discord import drafts, messages
from sandbox.discord.call import Call
from sandbox.discord.command_forms import Choice
from sandbox.discord.components import CustomId
from sandbox.discord.drafts import EPHEMERAL, LOADING, Draft, Parcel
from sandbox.discord.errors import Refusal, invalid
from sandbox.discord.forms import Form, read
from sandbox.discord.interactions import AUTOCOMPLETE, COMMAND, COMPONENT, MODAL, Interaction
from sandbox.discord.layouts import Question
from sandbox.discord.values import Json
from sandbox.discord.world import World

MESSAGE, DEFERRED, DEFERRED_UPDATE, UPDATE, CHOICES, SHOW_MODAL = 4, 5, 6, 7, 8, 9
ORIGINAL = "@original"


class ModalForm(Form):
    """The modal of a response."""

    title: Annotated[str, Field(min_length=1, max_length=45)]
    custom_id: CustomId
    components: Annotated[list[Question], Field(min_length=1, max_length=5)]


class ChoicesForm(Form):
    """The suggestions of a response to autocomplete."""

    choices: Annotated[list[Choice], Field(max_length=25)]


class Callback(Form):
    """The body of the first response; its `data` is read by its type."""

    type: Literal[4, 5, 6, 7, 8, 9]
    data: dict[str, Any] | None = None


def respond(call: Call, interaction: Interaction) -> Json | None:
    """Give the first response; return the message it made or changed, if any."""
    callback, world = call.form(Callback), call.world
    kind, data = callback.type, callback.data or {}
    _check_fits(interaction, kind)
    parcel = Parcel(read(Draft, data, "data"), call.uploads)
    message: Json | None = None
    if kind in (MESSAGE, DEFERRED):
        message = _first_message(world, interaction, parcel, deferred=kind == DEFERRED)
    elif kind == UPDATE and interaction.message:
        message = messages.change(world, interaction.message, parcel)
    outcome = _outcome(interaction, kind, data)
    if kind in (UPDATE, DEFERRED_UPDATE) and interaction.message:
        interaction.original_id = interaction.message["id"]
        interaction.message_ids.add(interaction.message["id"])
    interaction.callback_type = kind
    if not interaction.outcome.done():
        interaction.outcome.set_result(outcome)
    return message


def _check_fits(interaction: Interaction, kind: int) -> None:
    fitting = {MESSAGE, DEFERRED, SHOW_MODAL}
    if interaction.kind == AUTOCOMPLETE:
        fitting = {CHOICES}
    elif interaction.kind == MODAL:
        fitting = {MESSAGE, DEFERRED}
    if interaction.kind in (COMPONENT, MODAL) and interaction.message:
        fitting |= {UPDATE, DEFERRED_UPDATE}
    if kind not in fitting:
        known = ", ".join(map(str, sorted(fitting)))
        raise invalid(["type"], "BASE_TYPE_CHOICES", f"Value must be one of {{{known}}}.")


def _outcome(interaction: Interaction, kind: int, data: Json) -> Json:
    if kind == SHOW_MODAL:
        interaction.modal = _modal(data)
        return {"outcome": "modal", "modal": interaction.modal}
    if kind == CHOICES:
        return {"outcome": "choices", **read(ChoicesForm, data, "data").wire()}
    names = {
        MESSAGE: "message",
        DEFERRED: "deferred",
        DEFERRED_UPDATE: "deferred",
        UPDATE: "update",
    }
    return {"outcome": names[kind]}


def _modal(data: Json) -> Json:
    modal = read(ModalForm, data, "data").wire()
    drafts.number_parts(list(drafts.walk(modal["components"])))
    return modal


def _first_message(
    world: World, interaction: Interaction, parcel: Parcel, *, deferred: bool
) -> Json:
    record = _message(world, interaction, parcel.draft.flags or 0)
    if deferred:
        record["flags"] |= LOADING  # of all that came with it, only EPHEMERAL is kept
    else:
        messages.fill(world, record, parcel)
    if interaction.kind == COMMAND or not interaction.message:
        record["type"] = 20 if interaction.data.get("type", 1) == 1 else 23
    else:
        record["type"] = 19
        record["message_reference"] = messages.refer_to(world, interaction.message)
    messages.keep(world, record)
    interaction.original_id = record["id"]
    interaction.message_ids.add(record["id"])
    return record


def _message(world: World, interaction: Interaction, flags: int) -> Json:
    record = messages.new_record(world, world.bot_id, interaction.channel)
    if flags & EPHEMERAL:
        record |= {"flags": EPHEMERAL, "viewer": interaction.who.uid}
    return record | {"webhook": True, "interaction_metadata": _metadata(world, interaction)}


def _metadata(world: World, interaction: Interaction) -> Json:
    meta: Json = {
        "id": interaction.id,
        "type": interaction.kind,
        "user_id": interaction.who.uid,
        "authorizing_integration_owners": {"0": world.guild_id},
    }
    if "name" in interaction.data:
        meta["name"] = " ".join(_path(interaction.data))
    if interaction.kind == COMPONENT and interaction.message:
        meta["interacted_message_id"] = interaction.message["id"]
    if interaction.triggered_by:
        meta["triggering_interaction_metadata"] = _metadata(world, interaction.triggered_by)
    if interaction.original_id:
        meta["original_response_message_id"] = interaction.original_id
    return meta


def _path(command: Json) -> list[str]:
    """The names of a command and its subcommands, as it was typed."""
    inner = next((each for each in command.get("options", []) if each["type"] <= 2), None)
    return [command["name"], *(_path(inner) if inner else [])]


def follow_up(world: World, interaction: Interaction, parcel: Parcel) -> Json:
    """Send a further message; the first one after a deferral takes the place of "thinking…"."""
    original = world.store.messages.get(interaction.original_id or "")
    if original and original["flags"] & LOADING:
        return messages.change(world, original, parcel)
    record = _message(world, interaction, parcel.draft.flags or 0)
    if original:
        record |= {"type": 19, "message_reference": messages.refer_to(world, original)}
    messages.fill(world, record, parcel)
    messages.keep(world, record)
    interaction.message_ids.add(record["id"])
    return record


def find(world: World, interaction: Interaction, message_id: str) -> Json:
    """Return a message of this interaction, or refuse with 10008."""
    key = interaction.original_id if message_id == ORIGINAL else message_id
    record = world.store.messages.get(key or "")
    if record is None or key not in interaction.message_ids:
        raise Refusal(10008)
    return record
