"""The components of messages and modals, with the rules each has by itself."""

from typing import Annotated, Any, Literal

from pydantic import AfterValidator, Discriminator, Field, Tag, model_validator

from sandbox.discord.embeds import MediaAddress, WebAddress
from sandbox.discord.forms import Form, Lenient, SnowflakeId, broken
from sandbox.discord.values import Json

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


class TextDisplay(Part):
    """Markdown text."""

    type: Literal[10]
    content: Annotated[str, Field(min_length=1, max_length=4000)]


class Media(Form):
    """Where a picture, video or file comes from."""

    url: MediaAddress


class Thumbnail(Part):
    """A small picture beside a section."""

    type: Literal[11]
    media: Media
    description: Annotated[str, Field(max_length=1024)] | None = None
    spoiler: bool = False


class GalleryItem(Form):
    """One picture or video of a gallery."""

    media: Media
    description: Annotated[str, Field(max_length=1024)] | None = None
    spoiler: bool = False


class MediaGallery(Part):
    """Pictures and videos."""

    type: Literal[12]
    items: Annotated[list[GalleryItem], Field(min_length=1, max_length=10)]


def _attached(media: Media) -> Media:
    if not media.url.startswith("attachment://") and "/cdn/" not in media.url:
        raise broken(
            "UNFURLED_MEDIA_ITEM_INVALID", "Only attachment:// references are supported here"
        )
    return media


class File(Part):
    """A file of the message."""

    type: Literal[13]
    file: Annotated[Media, AfterValidator(_attached)]
    spoiler: bool = False


class Separator(Part):
    """A line or a gap."""

    type: Literal[14]
    divider: bool = True
    spacing: Literal[1, 2] = 1


def _kind(value: Any) -> str:
    """Name a component by its type, for the unions below (a tag Discord never shows)."""
    body: Json = value if isinstance(value, dict) else {}  # pyright: ignore[reportUnknownVariableType]
    kind = body.get("type")
    return f"~{5 if kind in (6, 7, 8) else kind}"


_OneButton = Annotated[Button, Tag("~2")]
_OneText = Annotated[TextDisplay, Tag("~10")]
_OneThumbnail = Annotated[Thumbnail, Tag("~11")]
_OneString = Annotated[StringSelect, Tag("~3")]
_OneEntity = Annotated[EntitySelect, Tag("~5")]
_OneInput = Annotated[TextInput, Tag("~4")]


class ActionRow(Part):
    """Up to five buttons, or one select."""

    type: Literal[1]
    components: Annotated[
        list[Annotated[_OneButton | _OneString | _OneEntity, Discriminator(_kind)]],
        Field(min_length=1, max_length=5),
    ]

    @model_validator(mode="after")
    def not_too_wide(self) -> "ActionRow":
        """A select takes the whole row."""
        if len(self.components) > 1 and any(each.type != 2 for each in self.components):
            raise broken(
                "COMPONENT_LAYOUT_WIDTH_EXCEEDED",
                "The specified component exceeds the maximum width",
            )
        return self


class Section(Part):
    """Texts with a button or a picture beside them."""

    type: Literal[9]
    components: Annotated[
        list[Annotated[_OneText, Discriminator(_kind)]], Field(min_length=1, max_length=3)
    ]
    accessory: Annotated[_OneButton | _OneThumbnail, Discriminator(_kind)]


_Layout = (
    Annotated[ActionRow, Tag("~1")]
    | Annotated[Section, Tag("~9")]
    | _OneText
    | Annotated[MediaGallery, Tag("~12")]
    | Annotated[File, Tag("~13")]
    | Annotated[Separator, Tag("~14")]
)


class Container(Part):
    """A framed group."""

    type: Literal[17]
    components: Annotated[list[Annotated[_Layout, Discriminator(_kind)]], Field(min_length=1)]
    accent_color: Annotated[int, Field(ge=0, le=0xFFFFFF)] | None = None
    spoiler: bool = False


class Label(Part):
    """A field of a modal with its name."""

    type: Literal[18]
    label: Annotated[str, Field(min_length=1, max_length=45)]
    description: Short | None = None
    component: Annotated[
        _OneInput
        | _OneString
        | _OneEntity
        | Annotated[FileUpload, Tag("~19")]
        | Annotated[RadioGroup, Tag("~21")]
        | Annotated[CheckboxGroup, Tag("~22")]
        | Annotated[Checkbox, Tag("~23")],
        Discriminator(_kind),
    ]

    @model_validator(mode="after")
    def named_once(self) -> "Label":
        """A text input inside a label has no label of its own."""
        if isinstance(self.component, TextInput) and self.component.label:
            raise broken("TEXT_INPUT_LABEL_NOT_ALLOWED", "label may not be used inside a Label")
        return self


class InputRow(Part):
    """The older form of a modal's field: a row with one text input, which names itself."""

    type: Literal[1]
    components: Annotated[
        list[Annotated[_OneInput, Discriminator(_kind)]], Field(min_length=1, max_length=1)
    ]

    @model_validator(mode="after")
    def named(self) -> "InputRow":
        """A text input in a row needs a label."""
        if not self.components[0].label:
            raise broken("BASE_TYPE_REQUIRED", "This field is required")
        return self


Row = Annotated[Annotated[ActionRow, Tag("~1")], Discriminator(_kind)]
Block = Annotated[_Layout | Annotated[Container, Tag("~17")], Discriminator(_kind)]
Question = Annotated[
    Annotated[Label, Tag("~18")] | _OneText | Annotated[InputRow, Tag("~1")], Discriminator(_kind)
]
