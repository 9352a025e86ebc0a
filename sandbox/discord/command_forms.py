"""Application commands: the rules of their names, options and choices."""

import unicodedata
from collections.abc import Sequence
from typing import Annotated, Any, Literal

from pydantic import AfterValidator, Field, model_validator

from sandbox.discord.forms import Form, Lenient, SnowflakeId, broken

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

    commands: Annotated[list[Command], Field(max_length=130)]
