"""Embeds: Discord's limits on each part, and on all embeds of a message together."""

from collections.abc import Sequence
from datetime import datetime
from typing import Annotated

from pydantic import AfterValidator, Field

from sandbox.discord.errors import invalid
from sandbox.discord.forms import Form, broken
from sandbox.discord.values import Json

TOTAL = 6000  # characters in all embeds of one message


def _web_address(url: str) -> str:
    if not url.startswith(("http://", "https://")):
        raise broken("URL_TYPE_INVALID_SCHEME", 'Scheme must be one of ("http", "https").')
    return url


def _media_address(url: str) -> str:
    if not url.startswith(("http://", "https://", "attachment://")):
        schemes = '"http", "https", "attachment"'
        raise broken("URL_TYPE_INVALID_SCHEME", f"Scheme must be one of ({schemes}).")
    return url


WebAddress = Annotated[str, Field(max_length=2048), AfterValidator(_web_address)]
MediaAddress = Annotated[str, Field(max_length=2048), AfterValidator(_media_address)]
Name = Annotated[str, Field(min_length=1, max_length=256)]


class Picture(Form):
    """An image or thumbnail."""

    url: MediaAddress


class Footer(Form):
    """The small line below."""

    text: Annotated[str, Field(max_length=2048)]
    icon_url: MediaAddress | None = None


class Author(Form):
    """The small line above."""

    name: Annotated[str, Field(max_length=256)]
    url: WebAddress | None = None
    icon_url: MediaAddress | None = None


class EmbedField(Form):
    """A titled cell."""

    name: Name
    value: Annotated[str, Field(min_length=1, max_length=1024)]
    inline: bool = False


class Embed(Form):
    """One embed."""

    title: Annotated[str, Field(max_length=256)] | None = None
    description: Annotated[str, Field(max_length=4096)] | None = None
    url: WebAddress | None = None
    color: Annotated[int, Field(ge=0, le=0xFFFFFF)] | None = None
    timestamp: datetime | None = None
    footer: Footer | None = None
    author: Author | None = None
    image: Picture | None = None
    thumbnail: Picture | None = None
    fields: Annotated[list[EmbedField], Field(max_length=25)] = Field(
        default_factory=list[EmbedField]
    )

    def length(self) -> int:
        """Count the characters that Discord counts."""
        parts = [self.title, self.description]
        parts += [self.footer.text if self.footer else "", self.author.name if self.author else ""]
        parts += [text for field in self.fields for text in (field.name, field.value)]
        return sum(len(part or "") for part in parts)

    def empty(self) -> bool:
        """Tell whether nothing would be shown."""
        shown = (self.image, self.thumbnail, self.url)
        return not self.length() and not any(shown)


def check_embeds(embeds: Sequence[Embed]) -> list[Json]:
    """Return the embeds as they are kept, or refuse them with 50035."""
    for index, embed in enumerate(embeds):
        if embed.empty():
            raise invalid(
                ["embeds", index, "description"], "BASE_TYPE_REQUIRED", "This field is required"
            )
    if sum(embed.length() for embed in embeds) > TOTAL:
        message = f"Embed size exceeds maximum size of {TOTAL}"
        raise invalid(["embeds"], "MAX_EMBED_SIZE_EXCEEDED", message)
    return [{"type": "rich", "content_scan_version": 0} | embed.wire() for embed in embeds]
