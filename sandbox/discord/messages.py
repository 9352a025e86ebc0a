"""Messages: send, edit, delete."""

import re
from datetime import timedelta

from sandbox.discord import channels, drafts, files, permissions
from sandbox.discord.call import Call
from sandbox.discord.drafts import Draft, Parcel, Reference
from sandbox.discord.errors import Refusal, invalid
from sandbox.discord.message_shape import publish
from sandbox.discord.permissions import P
from sandbox.discord.values import Json, created_at
from sandbox.discord.world import World

NONCE_LIFE = timedelta(minutes=5)


def send(call: Call) -> Json:
    """Send a message; with `enforce_nonce` a repeat returns the first."""
    world, parcel = call.world, call.parcel()
    channel = world.channel(call["channel_id"])
    call.channel(permissions.speaking(channel) | (P.ATTACH_FILES if parcel.uploads else 0))
    _check_person(call, parcel.draft)
    if first := _sent_before(world, channel["id"], parcel.draft):
        return call.shown(first)
    wake_thread(call, channel)
    record = new_record(world, call.uid, channel)
    if parcel.draft.message_reference:
        _refer(call, record, parcel.draft.message_reference)
    if not call.allowed(P.EMBED_LINKS):
        parcel.draft.embeds = None  # Discord drops them without a word
    fill(world, record, parcel)
    keep(world, record)
    if parcel.draft.enforce_nonce and parcel.draft.nonce:
        world.remember_nonce(channel["id"], parcel.draft.nonce, record["id"])
    return call.shown(record)


def _check_person(call: Call, draft: Draft) -> None:
    """People's clients send no embeds and no components."""
    if call.uid != call.world.bot_id and (draft.embeds or draft.components):
        raise Refusal(50013)


def _sent_before(world: World, channel_id: str, draft: Draft) -> Json | None:
    if not draft.enforce_nonce or not draft.nonce:
        return None
    known = world.nonces.get((channel_id, draft.nonce))
    record = world.store.messages.get(known) if known else None
    if record and world.now() - created_at(record["id"]) < NONCE_LIFE:
        return record
    return None


def new_record(world: World, author_id: str, channel: Json) -> Json:
    """Return an empty message of someone in a channel, not yet kept."""
    return {
        "id": world.new_id(),
        "channel_id": channel["id"],
        "author_id": author_id,
        "type": 0,
        "content": "",
        "timestamp": world.stamp(),
        "edited_timestamp": None,
        "tts": False,
        "flags": 0,
        "pinned": False,
        "embeds": [],
        "components": [],
        "attachments": [],  # ids of files
        "hidden": [],  # those of them that an embed shows
        "mentions": [],
        "mention_roles": [],
        "mention_everyone": False,
        "allowed_mentions": None,
        "reactions": [],  # {"emoji": name, "users": [uid]}
        "message_reference": None,
        "nonce": None,
        "viewer": None,  # the one person who sees an ephemeral message
        "webhook": False,
        "interaction_metadata": None,
    }


def _refer(call: Call, record: Json, reference: Reference) -> None:
    if not call.allowed(P.READ_MESSAGE_HISTORY):
        raise Refusal(160002)
    target = call.world.store.messages.get(reference.message_id)
    if target is None or target["channel_id"] != call["channel_id"] or target["viewer"]:
        if reference.fail_if_not_exists:
            raise invalid(["message_reference"], "REPLIES_UNKNOWN_MESSAGE", "Unknown message")
        return
    record |= {"type": 19, "message_reference": refer_to(call.world, target)}


def refer_to(world: World, target: Json) -> Json:
    """Return the reference a reply carries."""
    place = {"channel_id": target["channel_id"], "guild_id": world.guild_id}
    return {"type": 0, "message_id": target["id"], **place}


def fill(world: World, record: Json, parcel: Parcel) -> None:
    """Put what a draft brings into a message; fields it does not name stay.

    Nothing outside the record changes before everything is found to be valid.
    """
    draft, given = parcel.draft, parcel.draft.model_fields_set
    before = list(record["attachments"])
    _set_flags(record, draft)
    by_name = _list_files(world, record, parcel)
    if "content" in given:
        record["content"] = (draft.content or "").strip()
    if "embeds" in given:
        record["embeds"], used = files.with_references(world, draft.embed_list(), by_name)
        # a file that an embed shows is not listed beside it
        record["hidden"] = sorted({*record["hidden"], *used})
    if "components" in given:
        layout = bool(record["flags"] & drafts.COMPONENTS_V2)
        components = drafts.component_list(draft, layout=layout)
        record["components"], _ = files.with_references(world, components, by_name)
    for name in ("nonce", "tts"):
        if (value := getattr(draft, name)) is not None:
            record[name] = value
    drafts.check_content(record)
    _find_mentions(world, record, draft)
    _keep_files(world, record, parcel, before)


def _set_flags(record: Json, draft: Draft) -> None:
    if draft.flags is None:
        return
    lasting = record["flags"] & ~drafts.SUPPRESS_EMBEDS
    record["flags"] = lasting | draft.flags & drafts.SETTABLE & ~drafts.EPHEMERAL


def _list_files(world: World, record: Json, parcel: Parcel) -> dict[str, str]:
    """List the files the message will have; return their ids by name."""
    notes, files_now = _notes(parcel), record["attachments"]
    if parcel.draft.attachments is not None:  # an edit names what it keeps
        for key in notes:
            if key not in parcel.uploads and key not in files_now:
                message = f"Attachment data for `{key}` not found"
                raise invalid(["attachments"], "ATTACHMENT_NOT_FOUND", message)
        files_now = [each for each in files_now if each in notes or each in record["hidden"]]
    record["attachments"] = [*files_now, *(each.file_id for each in parcel.uploads.values())]
    if len(record["attachments"]) > 10:
        raise invalid(["attachments"], "BASE_TYPE_MAX_LENGTH", "Must be 10 or fewer in length.")
    by_name = {world.store.files[each]["filename"]: each for each in files_now}
    for key, upload in parcel.uploads.items():
        by_name[files.final_name(upload, notes.get(key, {}))] = upload.file_id
    return by_name


def _notes(parcel: Parcel) -> dict[str, Json]:
    return {note.id: note.wire() for note in parcel.draft.attachments or []}


def _keep_files(world: World, record: Json, parcel: Parcel, before: list[str]) -> None:
    notes, ephemeral = _notes(parcel), record["viewer"] is not None
    for key, upload in parcel.uploads.items():
        note = notes.get(key, {})
        files.keep(world, upload, record["channel_id"], note, ephemeral=ephemeral)
    for each in before:
        if each not in record["attachments"]:
            world.store.drop_file(each)


def _find_mentions(world: World, record: Json, draft: Draft) -> None:
    if draft.allowed_mentions is not None:
        record["allowed_mentions"] = draft.allowed_mentions.wire()
    allowed = record["allowed_mentions"]
    parse = ["users", "roles", "everyone"] if allowed is None else allowed.get("parse", [])
    for kind, pattern in (("users", r"<@!?(\d+)>"), ("roles", r"<@&(\d+)>")):
        named: set[str] = set(re.findall(pattern, record["content"]))
        if kind not in parse:
            named &= set((allowed or {}).get(kind, []))
        known = world.store.users if kind == "users" else world.store.roles
        record["mentions" if kind == "users" else "mention_roles"] = sorted(
            each for each in named if known.get(each)
        )
    author, channel = record["author_id"], world.channel(record["channel_id"])
    record["mention_everyone"] = (
        "everyone" in parse
        and re.search(r"@(everyone|here)\b", record["content"]) is not None
        and permissions.may(world.store, author, channel, P.MENTION_EVERYONE)
    )
    _mention_replied(world, record, allowed)


def _mention_replied(world: World, record: Json, allowed: Json | None) -> None:
    if record["type"] != 19 or (allowed is not None and not allowed.get("replied_user")):
        return
    target = world.store.messages.get(record["message_reference"]["message_id"])
    if target and target["author_id"] not in record["mentions"]:
        record["mentions"].append(target["author_id"])


def keep(world: World, record: Json) -> None:
    """Keep a new message and tell everyone who may see it."""
    channel = world.channel(record["channel_id"])
    world.store.add_message(record)
    if not record["viewer"]:
        channel["last_message_id"] = record["id"]
        if channel["type"] in permissions.THREADS:
            channel["message_count"] += 1
            channel["total_message_sent"] += 1
        world.store.channels.save(channel)
    publish(world, "MESSAGE_CREATE", record)


def edit(call: Call) -> Json:
    """Edit one's own message."""
    parcel = call.parcel()
    channel = call.channel(P.ATTACH_FILES if parcel.uploads else 0)
    record = call.message()
    if record["author_id"] != call.uid:
        raise Refusal(50005)
    require_awake(channel)
    _check_person(call, parcel.draft)
    return call.shown(change(call.world, record, parcel))


def change(world: World, record: Json, parcel: Parcel) -> Json:
    """Change a message as it is now, whoever may do so, and tell everyone who may see it."""
    record = world.message_as_it_is(record["id"])
    changed = dict(record)
    fill(world, changed, parcel)
    changed["flags"] &= ~drafts.LOADING
    if not record["flags"] & drafts.LOADING:
        changed["edited_timestamp"] = world.stamp()
    world.store.messages.save(changed)
    publish(world, "MESSAGE_UPDATE", changed)
    return changed


def delete(call: Call) -> None:
    """Delete one's own message, or anyone's with MANAGE_MESSAGES."""
    channel, record = call.channel(), call.message()
    if record["author_id"] != call.uid:
        call.channel(P.MANAGE_MESSAGES)
    require_awake(channel)
    remove(call.world, record)


def remove(world: World, record: Json) -> None:
    """Take a message away, and tell everyone who could see it."""
    world.store.drop_message(record)
    publish(world, "MESSAGE_DELETE", record)


def require_awake(channel: Json) -> None:
    """Refuse with 50083 to change anything in an archived thread."""
    if channel["type"] in permissions.THREADS and channel["thread_metadata"]["archived"]:
        raise Refusal(50083)


def wake_thread(call: Call, channel: Json) -> None:
    """Writing into an archived thread opens it again, unless it is locked; the writer joins."""
    if channel["type"] not in permissions.THREADS:
        return
    state = channel["thread_metadata"]
    if state["locked"] and not call.allowed(P.MANAGE_THREADS):
        raise Refusal(50083)
    if state["archived"]:
        state |= {"archived": False, "archive_timestamp": call.world.stamp()}
        channels.publish(call.world, "UPDATE", channel)
    channel["members"].setdefault(call.uid, call.world.stamp())
