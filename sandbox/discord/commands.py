"""Application commands: the rules of their registration, and who may use them."""

import unicodedata
from collections.abc import Sequence
from typing import Annotated, Any, Literal

from pydantic import AfterValidator, Field, model_validator

from sandbox.discord import permissions
from sandbox.discord.call import Call
from sandbox.discord.errors import Refusal, invalid
from sandbox.discord.forms import Form, Lenient, SnowflakeId, broken, read
from sandbox.discord.values import Json
from sandbox.discord.world import Event, World

LIMITS = {1: 100, 2: 15, 3: 15}  # chat, user and message commands in one scope
SIZE = 8000  # characters of names, descriptions and values in one command
SUBCOMMAND, GROUP = 1, 2
_SCRIPTS = (("\u0900", "\u097f"), ("\u0e00", "\u0e7f"))  # Devanagari and Thai, marks included


def _chat_name(name: str) -> str:
    r"""Check Discord's `^[-_'\p{L}\p{N}\p{sc=Deva}\p{sc=Thai}]{1,32}$`, in lower case."""
    if not 1 <= len(name) <= 32 or name != name.lower() or not all(map(_nameable, name)):
        raise broken("APPLICATION_COMMAND_INVALID_NAME", "Command name is invalid")
    return name


def _nameable(char: str) -> bool:
    script = any(low <= char <= high for low, high in _SCRIPTS)
    return char in "-_'" or script or unicodedata.category(char)[0] in "LN"


class Choice(Form):
    """A fixed value of an option."""

    name: Annotated[str, Field(min_length=1, max_length=100)]
    value: Any


class Option(Lenient):
    """An option, a subcommand or a group of subcommands."""

    type: Annotated[int, Field(ge=1, le=11)]
    name: Annotated[str, AfterValidator(_chat_name)]
    description: Annotated[str, Field(min_length=1, max_length=100)]
    required: bool = False
    choices: Annotated[list[Choice], Field(max_length=25)] | None = None
    options: Annotated[list["Option"], Field(max_length=25)] | None = None
    channel_types: list[int] | None = None
    min_value: float | None = None
    max_value: float | None = None
    min_length: Annotated[int, Field(ge=0, le=6000)] | None = None
    max_length: Annotated[int, Field(ge=1, le=6000)] | None = None
    autocomplete: bool = False

    @model_validator(mode="after")
    def choices_fit(self) -> "Option":
        """Choices and autocomplete exclude each other; both need text or a number."""
        if self.choices and self.autocomplete:
            message = "Autocomplete cannot be set with choices"
            raise broken("APPLICATION_COMMAND_OPTIONS_CHOICES_AUTOCOMPLETE_INVALID", message)
        if (self.choices or self.autocomplete) and self.type not in (3, 4, 10):
            raise broken("APPLICATION_COMMAND_OPTIONS_TYPE_INVALID", "Option type is invalid")
        for choice in self.choices or []:
            _check_choice(self.type, choice.value)
        names = [choice.name for choice in self.choices or []]
        if len(set(names)) < len(names):
            message = "Option choice names must be unique"
            raise broken("APPLICATION_COMMAND_OPTIONS_CHOICES_NAME_DUPLICATE", message)
        return self

    @model_validator(mode="after")
    def nested_rightly(self) -> "Option":
        """Groups hold subcommands, subcommands hold plain options, those hold none."""
        inner = [option.type for option in self.options or []]
        if self.type == GROUP:
            wrong = any(kind != SUBCOMMAND for kind in inner)
        elif self.type == SUBCOMMAND:
            wrong = any(kind <= GROUP for kind in inner)
        else:
            wrong = bool(inner)
        if wrong:
            message = "Sub-command and sub-command group option types are mutually exclusive"
            raise broken("APPLICATION_COMMAND_OPTIONS_TYPE_INVALID", message)
        _check_order(self.options or [])
        return self


def _check_choice(kind: int, value: Any) -> None:
    right = isinstance(value, str) if kind == 3 else isinstance(value, int | float)
    if not right or isinstance(value, bool) or (kind == 3 and not 1 <= len(value) <= 100):
        message = "Choice value is invalid for the option's type"
        raise broken("APPLICATION_COMMAND_OPTIONS_CHOICE_VALUE_INVALID", message)


def _check_order(options: Sequence[Option]) -> None:
    names = [option.name for option in options]
    if len(set(names)) < len(names):
        raise broken("APPLICATION_COMMAND_OPTIONS_NAME_DUPLICATE", "Option names must be unique")
    required = [option.required for option in options]
    if required != sorted(required, reverse=True):
        message = "Required options must be placed before non-required options"
        raise broken("APPLICATION_COMMAND_OPTIONS_REQUIRED_INVALID", message)


class Command(Lenient):
    """The body of a command: chat (1), user menu (2) or message menu (3)."""

    id: SnowflakeId | None = None
    name: str
    type: Literal[1, 2, 3] = 1
    description: Annotated[str, Field(max_length=100)] = ""
    options: Annotated[list[Option], Field(max_length=25)] | None = None
    default_member_permissions: SnowflakeId | None = None
    dm_permission: bool | None = None
    nsfw: bool = False
    contexts: list[Literal[0, 1, 2]] | None = None
    integration_types: list[Literal[0, 1]] | None = None

    @model_validator(mode="after")
    def fits_its_type(self) -> "Command":
        """Chat commands are named in lower case and described; menus have a name alone."""
        if self.type == 1:
            _chat_name(self.name)
            if not self.description:
                raise broken("BASE_TYPE_REQUIRED", "This field is required")
        elif self.description or self.options:
            message = "Context menu commands cannot have description or options"
            raise broken("APPLICATION_COMMAND_CONTEXT_MENU_INVALID", message)
        elif not 1 <= len(self.name.strip()) <= 32:
            raise broken("APPLICATION_COMMAND_INVALID_NAME", "Command name is invalid")
        return self

    @model_validator(mode="after")
    def holds_together(self) -> "Command":
        """Subcommands do not stand beside plain options; the whole stays under 8000."""
        kinds = {option.type <= GROUP for option in self.options or []}
        if len(kinds) > 1:
            message = "Sub-command and sub-command group option types are mutually exclusive"
            raise broken("APPLICATION_COMMAND_OPTIONS_TYPE_INVALID", message)
        _check_order(self.options or [])
        if (size := _size(self)) > SIZE:
            message = f"Command exceeds maximum size ({SIZE}): {size}"
            raise broken("APPLICATION_COMMAND_TOO_LARGE", message)
        return self


def _size(part: Command | Option) -> int:
    own = len(part.name) + len(part.description)
    choices = (part.choices or []) if isinstance(part, Option) else []
    own += sum(len(choice.name) + len(str(choice.value)) for choice in choices)
    return own + sum(_size(option) for option in part.options or [])


class Commands(Form):
    """All commands of a scope, at once."""

    commands: list[Command]


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
    wanted = read(Command, command | call.body)
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
