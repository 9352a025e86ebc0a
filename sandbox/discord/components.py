"""The components people act on, in messages and modals, with the rules each has by itself."""

from typing import Annotated, Literal

from pydantic import AfterValidator, Field, model_validator

from sandbox.discord.embeds import WebAddress
from sandbox.discord.forms import Form, Lenient, SnowflakeId, broken

CustomId = Annotated[str, Field(min_length=1, max_length=100)]
Short = Annotated[str, Field(max_length=100)]
Word = Annotated[str, Field(min_length=1, max_length=100)]


class Part(Lenient):
    """What all components have."""

    id: Annotated[int, Field(ge=0)] | None = None


class PartialEmoji(Form):
    """An emoji on a button or an option."""

    id: SnowflakeId | None = None
    name: str | None = None
    animated: bool | None = None


class Button(Part):
    """A button: an interaction, a link, or a shop item."""

    type: Literal[2]
    style: Literal[1, 2, 3, 4, 5, 6]
    label: Annotated[str, Field(max_length=80)] | None = None
    emoji: PartialEmoji | None = None
    custom_id: CustomId | None = None
    url: Annotated[WebAddress, Field(max_length=512)] | None = None
    sku_id: SnowflakeId | None = None
    disabled: bool = False

    @model_validator(mode="after")
    def names_its_effect(self) -> "Button":
        """A button has exactly the one of custom_id, url, sku_id that its style asks for."""
        wanted = {5: "url", 6: "sku_id"}.get(self.style, "custom_id")
        given = [name for name in ("custom_id", "url", "sku_id") if getattr(self, name)]
        if given != [wanted]:
            message = f"A button of style {self.style} must have a {wanted} and no other of these"
            raise broken("BUTTON_COMPONENT_INVALID", message)
        if self.style != 6 and not self.label and not self.emoji:
            message = "A label or emoji is required"
            raise broken("BUTTON_COMPONENT_LABEL_OR_EMOJI_REQUIRED", message)
        return self


class Option(Lenient):
    """A choice of a select, radio group or checkbox group."""

    label: Word
    value: Word
    description: Short | None = None
    default: bool = False
    emoji: PartialEmoji | None = None


def _distinct(options: list[Option]) -> list[Option]:
    if len({option.value for option in options}) < len(options):
        raise broken(
            "SELECT_COMPONENT_OPTION_VALUE_DUPLICATED", "The specified option value is already used"
        )
    return options


Options = Annotated[list[Option], AfterValidator(_distinct)]


class Choice(Part):
    """A component from which several may be chosen: the rules of its counts."""

    custom_id: CustomId
    min_values: Annotated[int, Field(ge=0, le=25)] = 1
    max_values: Annotated[int, Field(ge=1, le=25)] = 1
    required: bool = True

    @model_validator(mode="after")
    def counts_fit(self) -> "Choice":
        """No more may be asked for than allowed, and no more preset than may be chosen."""
        if self.min_values > self.max_values:
            raise broken("SELECT_COMPONENT_MIN_OVER_MAX", "min_values must not exceed max_values")
        preset = [each for each in getattr(self, "options", []) if each.default]
        if len(preset) > self.max_values:
            raise broken("SELECT_COMPONENT_TOO_MANY_DEFAULT_VALUES", "Too many default values")
        return self


class Menu(Choice):
    """What the five kinds of select share."""

    placeholder: Annotated[str, Field(max_length=150)] | None = None
    disabled: bool = False


class StringSelect(Menu):
    """A select among given options."""

    type: Literal[3]
    options: Annotated[Options, Field(min_length=1, max_length=25)]


class DefaultValue(Form):
    """A preset user, role or channel."""

    id: SnowflakeId
    type: Literal["user", "role", "channel"]


class EntitySelect(Menu):
    """A select among people, roles, both, or channels."""

    type: Literal[5, 6, 7, 8]
    channel_types: list[int] | None = None
    default_values: Annotated[list[DefaultValue], Field(max_length=25)] | None = None


class TextInput(Part):
    """A field for typing, in modals."""

    type: Literal[4]
    custom_id: CustomId
    style: Literal[1, 2]
    label: Annotated[str, Field(min_length=1, max_length=45)] | None = None
    min_length: Annotated[int, Field(ge=0, le=4000)] = 0
    max_length: Annotated[int, Field(ge=1, le=4000)] = 4000
    required: bool = True
    value: Annotated[str, Field(max_length=4000)] | None = None
    placeholder: Short | None = None

    @model_validator(mode="after")
    def lengths_fit(self) -> "TextInput":
        """The lengths leave room, and what is preset fits them."""
        if self.min_length > self.max_length:
            raise broken("TEXT_INPUT_MIN_OVER_MAX", "min_length must not exceed max_length")
        if self.value and not self.min_length <= len(self.value) <= self.max_length:
            message = f"Must be between {self.min_length} and {self.max_length} in length."
            raise broken("BASE_TYPE_BAD_LENGTH", message)
        return self


class FileUpload(Choice):
    """A field for files, in modals."""

    type: Literal[19]
    min_values: Annotated[int, Field(ge=0, le=10)] = 1
    max_values: Annotated[int, Field(ge=1, le=10)] = 1


class RadioGroup(Part):
    """One of some, in modals."""

    type: Literal[21]
    custom_id: CustomId
    options: Annotated[Options, Field(min_length=2, max_length=10)]
    required: bool = True


class CheckboxGroup(Choice):
    """Any of some, in modals."""

    type: Literal[22]
    options: Annotated[Options, Field(min_length=1, max_length=10)]
    min_values: Annotated[int, Field(ge=0, le=10)] = 1
    max_values: Annotated[int, Field(ge=1, le=10)] = 10


class Checkbox(Part):
    """A yes or no, in modals."""

    type: Literal[23]
    custom_id: CustomId
    default: bool = False
