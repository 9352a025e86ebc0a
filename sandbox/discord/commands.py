"""Application commands: their registration, and who may use them."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from sandbox.discord import permissions
from sandbox.discord.call import Call
from sandbox.discord.command_forms import Command, Commands
from sandbox.discord.errors import Refusal, invalid
from sandbox.discord.forms import read
from sandbox.discord.values import Json
from sandbox.discord.world import Event, World

LIMITS = {1: 100, 2: 15, 3: 15}  # chat, user and message commands in one scope
CREATES = 200  # commands that may be created within a day
DAY = timedelta(days=1)


def _scope(call: Call) -> str | None:
    """Return the server in the path, or None for global commands."""
    if call["application_id"] != call.world.bot_id:
        raise Refusal(10002)
    return call.same_guild().guild_id if "guild_id" in call.params else None


def listing(call: Call) -> list[Json]:
    """Return the commands of a scope."""
    guild_id = _scope(call)
    return [each for each in call.world.store.commands if each.get("guild_id") == guild_id]


def overwrite(call: Call) -> list[Json]:
    """Replace all commands of a scope; those that keep their name keep their id."""
    try:
        wanted = read(Commands, {"commands": call.body}).commands
    except Refusal as refusal:  # Discord's path starts at the list itself
        refusal.body["errors"] = refusal.body["errors"]["commands"]
        raise
    names = [(each.name, each.type) for each in wanted]
    _check_counts(names)
    before = {(each["name"], each["type"]): each["id"] for each in listing(call)}
    for key, command_id in before.items():
        if key not in names:
            call.world.store.commands.drop(command_id)
    kept = [_keep(call, each, before.get((each.name, each.type))) for each in wanted]
    _publish(call)
    return kept


def create(call: Call) -> Json:
    """Register one command, in place of one with its name and type."""
    wanted = call.form(Command)
    before = {(each["name"], each["type"]): each["id"] for each in listing(call)}
    key = (wanted.name, wanted.type)
    if key not in before:
        _check_counts([*before, key])
    kept = _keep(call, wanted, before.get(key))
    _publish(call)
    return kept


def change(call: Call) -> Json:
    """Change some fields of a command."""
    command = get(call)
    wanted = read(Command, command | call.fields())
    others = [(each["name"], each["type"]) for each in listing(call) if each is not command]
    _check_counts([*others, (wanted.name, wanted.type)])
    kept = _keep(call, wanted, command["id"])
    _publish(call)
    return kept


def get(call: Call) -> Json:
    """Return one command, or refuse with 10063."""
    found = (each for each in listing(call) if each["id"] == call["command_id"])
    command = next(found, None)
    if command is None:
        raise Refusal(10063)
    return command


def delete(call: Call) -> None:
    """Remove one command."""
    call.world.store.commands.drop(get(call)["id"])
    _publish(call)


def _check_counts(names: Sequence[tuple[str, int]]) -> None:
    for index, key in enumerate(names):
        if key in names[:index]:
            message = "Application command names must be unique"
            raise invalid([index, "name"], "APPLICATION_COMMANDS_DUPLICATE_NAME", message)
    for kind, limit in LIMITS.items():
        if sum(each == kind for _, each in names) > limit:
            message = f"Maximum number of application commands reached ({limit})"
            raise Refusal(30032, message=message)


def _keep(call: Call, wanted: Command, command_id: str | None) -> Json:
    guild_id, world = _scope(call), call.world
    if command_id is None:
        _count_creation(world)
    defaults: Json = {"contexts": None, "integration_types": [0], "dm_permission": True}
    record = defaults | wanted.model_dump(exclude={"id"}, exclude_none=True, exclude_defaults=True)
    record |= {
        "id": command_id or world.new_id(),
        "application_id": world.bot_id,
        "version": world.new_id(),
        "type": wanted.type,
        "description": wanted.description,
        "default_member_permissions": wanted.default_member_permissions,
        "nsfw": wanted.nsfw,
    }
    return world.store.commands.save(record | ({"guild_id": guild_id} if guild_id else {}))


def _count_creation(world: World) -> None:
    """Refuse with 30034 the 201st new command within a day."""
    record = world.store.settings.get("creates") or {"id": "creates", "at": []}
    since = world.now() - DAY
    record["at"] = [each for each in record["at"] if datetime.fromisoformat(each) > since]
    if len(record["at"]) >= CREATES:
        raise Refusal(30034)
    record["at"].append(world.stamp())
    world.store.settings.save(record)


def _publish(call: Call) -> None:
    call.world.publish(Event("COMMANDS_UPDATE", lambda _: {}, bot_too=False))


def usable(call: Call) -> list[Json]:
    """Return the commands someone may use in the server."""
    return [each for each in call.world.store.commands if _may_use(call.world, call.uid, each)]


def require_usable(world: World, uid: str, command: Json) -> None:
    """Refuse with 50013 a command someone may not use."""
    if not _may_use(world, uid, command):
        raise Refusal(50013)


def _may_use(world: World, uid: str, command: Json) -> bool:
    needed = command["default_member_permissions"]
    if command["contexts"] is not None and 0 not in command["contexts"]:
        return False  # not meant for servers
    allowed = permissions.in_guild(world.store, uid)
    if needed is None or allowed == permissions.EVERYTHING:
        return True
    return needed != "0" and allowed & int(needed) == int(needed)
