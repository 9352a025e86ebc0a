"""Messages: send, read, edit, delete."""

import re
from collections.abc import Mapping
from datetime import timedelta

from sandbox.discord import drafts, files, permissions
from sandbox.discord.call import Call
from sandbox.discord.drafts import Draft, Note, Parcel, Reference
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
    fill(world, record, parcel)
    if not call.allowed(P.EMBED_LINKS):
        record["embeds"] = []  # Discord drops them without a word
    drafts.check_some_content(record)
    keep(world, record, channel)
    if parcel.draft.enforce_nonce and parcel.draft.nonce:
        world.nonces[channel["id"], parcel.draft.nonce] = record["id"]
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
    """Put what a draft brings into a message; fields it does not name stay."""
    draft, given = parcel.draft, parcel.draft.model_fields_set
    _set_flags(record, draft)
    drafts.check_layout(draft, record["flags"])
    by_name = _attach(world, record, parcel)
    if "content" in given:
        record["content"] = (draft.content or "").strip()
    if "embeds" in given:
        record["embeds"], used = files.with_references(world, draft.embed_list(), by_name)
        # a file that an embed shows is not listed beside it
        record["hidden"] = sorted({*record.get("hidden", []), *used})
    if "components" in given:
        layout = bool(record["flags"] & drafts.COMPONENTS_V2)
        components = drafts.component_list(draft, layout=layout)
        record["components"], _ = files.with_references(world, components, by_name)
    for name in ("nonce", "tts"):
        if (value := getattr(draft, name)) is not None:
            record[name] = value
    _find_mentions(world, record, draft)


def _set_flags(record: Json, draft: Draft) -> None:
    if draft.flags is None:
        return
    lasting = record["flags"] & ~drafts.SUPPRESS_EMBEDS
    record["flags"] = lasting | draft.flags & drafts.SETTABLE & ~drafts.EPHEMERAL


def _attach(world: World, record: Json, parcel: Parcel) -> dict[str, str]:
    """Attach the uploads and, in an edit, keep only the files the draft names."""
    notes = {note.id: note for note in parcel.draft.attachments or []}
    if parcel.draft.attachments is not None:
        _keep_only(world, record, parcel, notes)
    for index, upload in parcel.uploads.items():
        note = notes[index].wire() if index in notes else {}
        ephemeral = record["viewer"] is not None
        kept = files.keep(world, upload, record["channel_id"], note, ephemeral=ephemeral)
        record["attachments"].append(kept["id"])
    if len(record["attachments"]) > 10:
        message = "Must be 10 or fewer in length."
        raise invalid(["attachments"], "BASE_TYPE_MAX_LENGTH", message)
    return {world.store.files[each]["filename"]: each for each in record["attachments"]}


def _keep_only(world: World, record: Json, parcel: Parcel, notes: Mapping[str, Note]) -> None:
    shown_in_embeds = set(record.get("hidden", []))
    for key in notes:
        if key not in parcel.uploads and key not in record["attachments"]:
            message = f"Attachment data for `{key}` not found"
            raise invalid(["attachments"], "ATTACHMENT_NOT_FOUND", message)
    gone = [
        each for each in record["attachments"] if each not in notes and each not in shown_in_embeds
    ]
    for each in gone:
        world.store.drop_file(each)
    record["attachments"] = [each for each in record["attachments"] if each not in gone]


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


def keep(world: World, record: Json, channel: Json) -> None:
    """Keep a new message and tell everyone who may see it."""
    world.store.add_message(record)
    if not record["viewer"]:
        channel["last_message_id"] = record["id"]
        if channel["type"] in permissions.THREADS:
            channel["message_count"] += 1
            channel["total_message_sent"] += 1
        world.store.channels.save(channel)
    publish(world, "MESSAGE_CREATE", record)


def get(call: Call) -> Json:
    """Return one message."""
    call.channel(P.READ_MESSAGE_HISTORY)
    return call.shown(call.message())


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
    """Change a message in place, whoever may do so, and tell everyone who may see it."""
    changed: Json = {**record, "attachments": list(record["attachments"])}
    fill(world, changed, parcel)
    drafts.check_some_content(changed)
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
    channel["members"].setdefault(call.uid, call.world.stamp())


def history(call: Call) -> list[Json]:
    """Return messages newest first; the query may hold limit and one of before, after, around."""
    channel, page = call.channel(), call.query
    if not call.allowed(P.READ_MESSAGE_HISTORY):
        return []
    limit = int(page.get("limit") or 50)
    if not 1 <= limit <= 100:
        raise invalid(["limit"], "NUMBER_TYPE_BETWEEN", "int value should be between 1 and 100.")
    store = call.world.store
    seen = (store.messages[str(each)] for each in store.message_ids(channel["id"]))
    visible = [each for each in seen if each["viewer"] in (None, call.uid)]
    return [call.shown(record) for record in reversed(_page(visible, page, limit))]


def _page(oldest_first: list[Json], page: Mapping[str, str], limit: int) -> list[Json]:
    if after := page.get("after"):
        return [each for each in oldest_first if int(each["id"]) > int(after)][:limit]
    if around := page.get("around"):
        half = limit // 2
        before = [each for each in oldest_first if int(each["id"]) < int(around)]
        rest = [each for each in oldest_first if int(each["id"]) >= int(around)]
        return before[-half:] * bool(half) + rest[: limit - half]
    if before := page.get("before"):
        oldest_first = [each for each in oldest_first if int(each["id"]) < int(before)]
    return oldest_first[-limit:]
