"""How components stand together: texts, media, rows, sections, containers, labels of modals."""

from typing import Annotated, Any, Literal

from pydantic import AfterValidator, Discriminator, Field, Tag, model_validator

from sandbox.discord.components import (
    Button,
    Checkbox,
    CheckboxGroup,
    EntitySelect,
    FileUpload,
    Part,
    RadioGroup,
    Short,
    StringSelect,
    TextInput,
)
from sandbox.discord.embeds import MediaAddress
from sandbox.discord.forms import Form, broken


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


def _kind(part: Any) -> str:
    """Name a component by its type, for the unions below (a tag that Discord never shows)."""
    kind: Any = getattr(part, "type", None)
    if isinstance(part, dict):
        kind = part.get("type")  # pyright: ignore[reportUnknownMemberType, reportUnknownVariableType]
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
