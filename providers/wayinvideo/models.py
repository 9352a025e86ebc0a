"""What WayinVideo answers about accounts, uploads and posts (seed 000), read tolerantly."""

import math
from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Annotated

from pydantic import AliasChoices, BaseModel, BeforeValidator, ConfigDict, Field

from bot.domain.delivery import DeliveryState
from bot.domain.server import RemoteAccount
from providers.submission import Receipt, Recipient
from providers.wayinvideo.platforms import PLATFORMS

RESULTS_PAGE = "https://wayin.ai/wayinvideo"
"""Where the calendar is found, which shows results and times; its own address is not documented."""

_LOOK = f"See what became of it in the calendar at {RESULTS_PAGE}."


def _number(value: object) -> float | None:
    try:
        number = float(str(value))
    except ValueError:
        return None
    return number if math.isfinite(number) else None


def web_address(text: str | None) -> str:
    """An address people can open; empty for what is none."""
    return text if text and text.startswith(("https://", "http://")) else ""


Number = Annotated[float | None, BeforeValidator(_number)]
"""A number nothing hangs on: what is none counts as not told."""


class Wire(BaseModel):
    """Any answer: what is not named is left aside, numbers may stand for texts."""

    model_config = ConfigDict(extra="ignore", coerce_numbers_to_str=True, frozen=True)


def moment(milliseconds: float | None) -> datetime | None:
    """A moment of the Unix clock in milliseconds; None for one no calendar has."""
    try:
        return datetime.fromtimestamp(milliseconds / 1000, UTC) if milliseconds else None
    except (ValueError, OverflowError, OSError):
        return None


class Account(Wire):
    """A connected account."""

    id: str
    platform: str
    platform_username: str | None = None
    platform_avatar: str | None = None
    token_valid: bool | None = None
    token_expiring_soon: bool | None = None

    def remote(self) -> RemoteAccount | None:
        """The same in our words; None on a platform Copydesk does not know."""
        platform = PLATFORMS.get(self.platform.lower())
        if platform is None:
            return None
        return RemoteAccount(
            remote_id=self.id,
            platform=platform,
            name=self.platform_username or self.id,
            username=self.platform_username or "",
            usable=self.token_valid is not False,
            expires_soon=self.token_expiring_soon is True,
            avatar_url=web_address(self.platform_avatar),
        )


class Accounts(Wire):
    """The answer of `GET /api/v2/social-media/accounts`."""

    data: list[Account]


class Link(Wire):
    """An address to authorise at."""

    auth_url: str = Field(pattern="^https?://")


class LinkReply(Wire):
    """The answer of `POST /api/v2/social-media/oauth/{platform}`."""

    data: Link


class UploadPlace(Wire):
    """Where a file goes, and what it is called afterwards (`identify` in older pages)."""

    upload_url: str = Field(pattern="^https?://")
    identity: str = Field(validation_alias=AliasChoices("identity", "identify"))


class UploadReply(Wire):
    """The answer of `POST /api/v2/upload/single-file`."""

    data: UploadPlace


class Task(Wire):
    """A publishing task. It is seen only once, in the answer that made it."""

    task_id: Annotated[str, Field(min_length=1)]
    status: str | None = None
    scheduled_at: Number = None

    def receipts(self, recipients: Sequence[Recipient], at: datetime | None) -> list[Receipt]:
        """What this means for each recipient, who were to be served at a time (UTC) or now."""
        return [self._receipt(len(recipients), at)] * len(recipients)

    def _receipt(self, count: int, at: datetime | None) -> Receipt:
        match (self.status or "").upper():
            case "ERROR":
                return self._failed("WayinVideo could not publish it and gave no reason.")
            case "CANCELLED":
                return self._failed("It was cancelled at WayinVideo.")
            case "DONE":
                return Receipt(state=DeliveryState.PUBLISHED, remote_id=self.task_id)
            case "PARTIAL_DONE" if count > 1:
                return self._accepted(
                    f"WayinVideo published to some of {count} accounts and not to others, and does"
                    " not say to which."
                )
            case _:
                time = moment(self.scheduled_at) or at
                return self._accepted(
                    f"It is scheduled at WayinVideo for {time:%Y-%m-%d %H:%M} UTC."
                    if time
                    else "WayinVideo has it and tells no results."
                )

    def _accepted(self, reason: str) -> Receipt:
        # Not `scheduled_at_provider`, even where a time was given: nothing can be read later, so
        # a delivery could never leave that state.
        return Receipt(
            state=DeliveryState.ACCEPTED_UNVERIFIED,
            remote_id=self.task_id,
            reason=reason,
            remedy=_LOOK,
        )

    def _failed(self, reason: str) -> Receipt:
        return Receipt(
            state=DeliveryState.FAILED,
            remote_id=self.task_id,
            reason=reason,
            remedy="Check the account and the clip at WayinVideo, then publish again.",
        )


class PublishReply(Wire):
    """The answer of `POST /api/v2/social-media/publish`."""

    data: Task
