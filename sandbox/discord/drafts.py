"""Messages before they are kept: the rules on what a message may hold."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Annotated, Any

from pydantic import Field

from sandbox.discord.embeds import Embed, check_embeds
from sandbox.discord.errors import Refusal, invalid
from sandbox.discord.files import Upload
from sandbox.discord.forms import Form, SnowflakeId, read
from sandbox.discord.layouts import Block, Row
from sandbox.discord.values import Json

EPHEMERAL, LOADING, HAS_THREAD, COMPONENTS_V2 = 1 << 6, 1 << 7, 1 << 5, 1 << 15
SUPPRESS_EMBEDS, SUPPRESS_NOTIFICATIONS = 1 << 2, 1 << 12
SETTABLE = SUPPRESS_EMBEDS | SUPPRESS_NOTIFICATIONS | EPHEMERAL | COMPONENTS_V2
TEXT_TOTAL, COMPONENTS_TOTAL = 4000, 40  # characters and components of a V2 message


class AllowedMentions(Form):
    """Whom a message may ping."""

    parse: list[str] = Field(default_factory=list)
    users: Annotated[list[SnowflakeId], Field(max_length=100)] = Field(default_factory=list)
    roles: Annotated[list[SnowflakeId], Field(max_length=100)] = Field(default_factory=list)
    replied_user: bool = False


class Reference(Form):
    """The message that is answered."""

    message_id: SnowflakeId
    channel_id: SnowflakeId | None = None
    guild_id: SnowflakeId | None = None
    fail_if_not_exists: bool = True
    type: int = 0


class Note(Form):
    """What is said about one attachment: new (`id` is the index of its file) or kept."""

    id: SnowflakeId
    filename: str | None = None
    description: Annotated[str, Field(max_length=1024)] | None = None


class Draft(Form):
    """The body of a message that is created or edited."""

    content: Annotated[str, Field(max_length=2000)] | None = None
    tts: bool | None = None
    nonce: Annotated[str, Field(max_length=25)] | None = None
    enforce_nonce: bool | None = None
    embeds: Annotated[list[Embed], Field(max_length=10)] | None = None
    components: list[Any] | None = None
    attachments: Annotated[list[Note], Field(max_length=10)] | None = None
    allowed_mentions: AllowedMentions | None = None
    message_reference: Reference | None = None
    flags: int | None = None

    def embed_list(self) -> list[Json]:
        """Return the embeds as they are kept."""
        return check_embeds(self.embeds or [])


@dataclass(frozen=True)
class Parcel:
    """The body of a message with its files by their index."""

    draft: Draft
    uploads: Mapping[str, Upload] = field(default_factory=dict[str, Upload])


class Rows(Form):
    """Components as all messages may have them."""

    components: Annotated[list[Row], Field(max_length=5)]


class Blocks(Form):
    """Components as messages with COMPONENTS_V2 have them."""

    components: Annotated[list[Block], Field(max_length=COMPONENTS_TOTAL)]


def component_list(draft: Draft, *, layout: bool) -> list[Json]:
    """Return the components as they are kept: valid, with unique ids."""
    given = {"components": draft.components or []}
    kept: list[Json] = read(Blocks if layout else Rows, given).wire()["components"]
    parts = list(walk(kept))
    if layout and len(parts) > COMPONENTS_TOTAL:
        message = f"Must be {COMPONENTS_TOTAL} or fewer components in total."
        raise invalid(["components"], "COMPONENT_MAX_TOTAL_COMPONENTS_EXCEEDED", message)
    if sum(len(part.get("content", "")) for part in parts) > TEXT_TOTAL:
        message = f"Must be {TEXT_TOTAL} or fewer in length."
        raise invalid(["components"], "COMPONENT_TEXT_SIZE_EXCEEDED", message)
    number_parts(parts)
    return kept


def number_parts(parts: list[Json]) -> None:
    """Give each component a number, and refuse ids and custom ids used twice."""
    custom_ids = [part["custom_id"] for part in parts if "custom_id" in part]
    if len(set(custom_ids)) < len(custom_ids):
        message = "Component custom id cannot be duplicated"
        raise invalid(["components"], "COMPONENT_CUSTOM_ID_DUPLICATED", message)
    numbers = [part["id"] for part in parts if part.get("id")]
    if len(set(numbers)) < len(numbers):
        message = "Component id cannot be duplicated"
        raise invalid(["components"], "COMPONENT_ID_DUPLICATED", message)
    free = (number for number in range(1, 1000) if number not in numbers)
    for part in parts:
        if not part.get("id"):
            part["id"] = next(free)


def walk(parts: list[Json]) -> Iterator[Json]:
    """Yield all components, outer before inner."""
    for part in parts:
        yield part
        inner = [*part.get("components", []), part.get("accessory"), part.get("component")]
        yield from walk([each for each in inner if each])


def check_content(record: Json) -> None:
    """Refuse a message that shows nothing (50006), or what COMPONENTS_V2 excludes (50035)."""
    if not any(record[name] for name in ("content", "embeds", "components", "attachments")):
        raise Refusal(50006)
    if not record["flags"] & COMPONENTS_V2:
        return
    for name in ("content", "embeds"):
        if record[name]:
            message = f"The '{name}' field cannot be used when using MessageFlags.IS_COMPONENTS_V2"
            raise invalid([name], "MESSAGE_CANNOT_USE_LEGACY_FIELDS_WITH_COMPONENTS_V2", message)
