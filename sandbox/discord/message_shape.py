"""How a message looks to each of its readers."""

from sandbox.discord import files, shapes
from sandbox.discord.drafts import EPHEMERAL
from sandbox.discord.values import Json
from sandbox.discord.world import Event, Viewer, World

_PLAIN = (
    "id", "channel_id", "type", "content", "timestamp", "edited_timestamp", "tts", "flags",
    "pinned", "mention_roles", "mention_everyone",
)  # fmt: skip


def shape(world: World, who: Viewer, record: Json, *, depth: int = 1) -> Json:
    """Return Discord's message object as one reader sees it, with fresh links."""
    hidden = record["hidden"]
    listed = [each for each in record["attachments"] if each not in hidden]
    body = {name: record[name] for name in _PLAIN} | {
        "author": author(world, record),
        "mentions": [shapes.user(world.store.users[uid]) for uid in record["mentions"]],
        "embeds": files.with_links(world, who.origin, record["embeds"]),
        "components": _with_media(files.with_links(world, who.origin, record["components"])),
        "attachments": [files.shape(world, who.origin, each) for each in listed],
    }
    if reactions := _reactions(record, who):
        body["reactions"] = reactions
    if record["nonce"] is not None and record["author_id"] == who.uid:
        body["nonce"] = record["nonce"]
    if record["webhook"]:
        body |= {"webhook_id": world.bot_id, "application_id": world.bot_id}
    _add_interaction(world, body, record)
    _add_reference(world, who, body, record, depth)
    if thread := world.store.channels.get(record["id"]):
        body["thread"] = shapes.thread_for(thread, who.uid)
    if not _readable(world, who, record):
        body |= {"content": "", "embeds": [], "components": [], "attachments": []}
    return body


def author(world: World, record: Json) -> Json:
    """Return the user object of a message's author."""
    return shapes.user(world.store.users[record["author_id"]])


def _readable(world: World, who: Viewer, record: Json) -> bool:
    """Tell whether the reader gets the content: a bot without the intent reads little."""
    if who.uid != world.bot_id or world.store.settings["guild"]["privileged_intents"]:
        return True
    return record["author_id"] == who.uid or who.uid in record["mentions"]


def _reactions(record: Json, who: Viewer) -> list[Json]:
    return [
        {
            "emoji": shapes.emoji(each["emoji"]),
            "count": len(each["users"]),
            "count_details": {"normal": len(each["users"]), "burst": 0},
            "burst_colors": [],
            "burst_count": 0,
            "me": who.uid in each["users"],
            "burst_me": False,
            "me_burst": False,
        }
        for each in record["reactions"]
    ]


def _add_interaction(world: World, body: Json, record: Json) -> None:
    if meta := record["interaction_metadata"]:
        body["interaction_metadata"] = _with_user(world, meta)


def _with_user(world: World, meta: Json) -> Json:
    shown = {key: value for key, value in meta.items() if key != "user_id"}
    shown["user"] = shapes.user(world.store.users[meta["user_id"]])
    if opener := shown.get("triggering_interaction_metadata"):
        shown["triggering_interaction_metadata"] = _with_user(world, opener)
    return shown


def _add_reference(world: World, who: Viewer, body: Json, record: Json, depth: int) -> None:
    if not record["message_reference"]:
        return
    body["message_reference"] = record["message_reference"]
    if record["type"] in (19, 21, 23) and depth:
        target = world.store.messages.get(record["message_reference"].get("message_id", ""))
        body["referenced_message"] = shape(world, who, target, depth=0) if target else None


def _with_media(components: list[Json]) -> list[Json]:
    """Add to media what Discord finds out about them."""
    for part in components:
        slots = [part.get("media"), part.get("file")]
        slots += [item.get("media") for item in part.get("items", [])]
        for media in filter(None, slots):
            media |= {"proxy_url": media["url"], "loading_state": 2, "placeholder": "", "flags": 0}
        if "file" in part:
            part |= {"name": part["file"]["url"].split("?")[0].rsplit("/", 1)[-1], "size": 0}
        _with_media([*part.get("components", []), *filter(None, [part.get("accessory")])])
    return components


def publish(world: World, name: str, record: Json) -> None:
    """Tell everyone who may see a message that it came, changed or went."""
    channel = world.store.channels.get(record["channel_id"])
    place = {"guild_id": world.guild_id}

    def body(who: Viewer) -> Json:
        if name == "MESSAGE_DELETE":
            return place | {"id": record["id"], "channel_id": record["channel_id"]}
        member = shapes.member(world.store.users[record["author_id"]], with_user=False)
        return shape(world, who, record) | place | {"member": member}

    bot_too = not record["flags"] & EPHEMERAL
    world.publish(Event(name, body, channel, record["viewer"], bot_too))
