"""What Genviral answers (its pages Get Accounts, Upload File, Create, Retry, Delete), read tolerantly."""

from typing import Any, cast

from pydantic import AliasChoices, BaseModel, ConfigDict, Field

from bot.domain.limits import AccountLimits
from bot.domain.platform import Kind, Platform
from bot.domain.server import RemoteAccount
from providers.answer import words
from providers.genviral.limits import HOSTED_CAPTION, HOSTED_SECONDS, X_CAPTION, X_SECONDS
from providers.plan import Plan

_KINDS = {"text_only": Kind.TEXT, "text": Kind.TEXT, "video": Kind.VIDEO, "slideshow": Kind.PHOTOS}
# The other names of platforms in seed 003.
_PLATFORMS = {
    "twitter": Platform.X,
    "instagram-standalone": Platform.INSTAGRAM,
    "linkedin-page": Platform.LINKEDIN,
}


class Wire(BaseModel):
    """Something Genviral sends: unknown fields are ignored, numbers are taken for texts."""

    model_config = ConfigDict(extra="ignore", coerce_numbers_to_str=True, frozen=True)


class Envelope(Wire):
    """What is around every answer. `ok: false` is a refusal, whatever the HTTP status."""

    ok: bool
    code: int | None = None


class AccountCapabilities(Wire):
    """What an account can publish; older versions of Genviral leave all of it out."""

    supported_content_kinds: Any = None
    caption_limit: Any = None

    @property
    def kinds(self) -> frozenset[Kind] | None:
        """The kinds of post it takes; None where nothing known is named."""
        told = self.supported_content_kinds
        names = [str(name) for name in cast("list[Any]", told)] if isinstance(told, list) else []
        return frozenset(_KINDS[name] for name in names if name in _KINDS) or None


class ListedAccount(Wire):
    """One item of `GET /accounts`; `type` is `byo` (the team's own) or `hosted` (Genviral's)."""

    id: str = Field(min_length=1)
    platform: str
    type: str | None = None
    username: str | None = None
    display_name: str | None = None
    status: str | None = None
    capabilities: AccountCapabilities | None = None

    @property
    def is_hosted(self) -> bool:
        """Whether Genviral runs the account itself."""
        return self.type == "hosted"

    def account(self) -> RemoteAccount | None:
        """The account; None on a platform Copydesk does not know. Only `active` ones are usable."""
        platform = self._platform()
        if platform is None:
            return None
        return RemoteAccount(
            remote_id=self.id,
            platform=platform,
            name=self.display_name or self.username or self.id,
            username=self.username or "",
            usable=self.status in (None, "active"),
        )

    def limits(self) -> AccountLimits:
        """What it allows: a hosted one less, one on X more where it may write more (Premium)."""
        told = self.capabilities or AccountCapabilities()
        caption = told.caption_limit if isinstance(told.caption_limit, int) else None
        platform, seconds = self._platform(), None
        if self.is_hosted:
            caption = min(caption or HOSTED_CAPTION, HOSTED_CAPTION)
            seconds = HOSTED_SECONDS
        elif platform is Platform.TIKTOK:
            caption = None  # one number, where a video and a slideshow have limits of their own
        elif platform is Platform.X and (caption or 0) <= X_CAPTION:
            seconds = X_SECONDS
        return AccountLimits(
            caption=caption,
            kinds=told.kinds,
            max_video_seconds=seconds,
            covers=frozenset() if self._refuses_covers() else None,
        )

    def _refuses_covers(self) -> bool:
        return self.is_hosted and self._platform() in (Platform.TIKTOK, Platform.INSTAGRAM)

    def _platform(self) -> Platform | None:
        name = self.platform.lower()
        return _PLATFORMS.get(name) or (Platform(name) if name in list(Platform) else None)


class Accounts(Wire):
    """The list in `data`."""

    accounts: list[ListedAccount]


class AccountsReply(Wire):
    """The answer of `GET /accounts`."""

    data: Accounts


class Saved(Wire):
    """A post as create and update answer with it."""

    id: str = Field(min_length=1)
    status: str | None = None
    duplicate: bool | None = None
    warnings: list[Any] | None = None

    @property
    def reason(self) -> str:
        """What a person should know about it: its warnings, and that it was there already."""
        told = [f"Genviral warns: {words(warning)}" for warning in self.warnings or []]
        return " ".join(([_DUPLICATE] if self.duplicate else []) + told)


_DUPLICATE = "Genviral had this post already."


class SavedReply(Wire):
    """The answer of `POST /posts` and `PATCH /posts/{id}`."""

    data: Saved


class UploadPlace(Wire):
    """Where a file goes, and the address it has afterwards."""

    upload_url: str = Field(alias="uploadUrl", pattern="^https?://")
    url: str = Field(pattern="^https?://")
    content_type: str | None = Field(default=None, alias="contentType")


class UploadReply(Wire):
    """The answer of `POST /files`."""

    data: UploadPlace


class Retried(Wire):
    """Which posts were queued again, and why others were not."""

    ids: list[str]
    errors: dict[str, Any] | None = None


class RetryReply(Wire):
    """The answer of `POST /posts/retry`."""

    data: Retried


class Deleted(Wire):
    """Which posts are gone (`skipped`: were gone before), and why others are not."""

    deleted: list[str] = Field(validation_alias=AliasChoices("deletedIds", "deleted_ids"))
    skipped: list[str] | None = None
    errors: dict[str, Any] | None = None


class DeleteReply(Wire):
    """The answer of `POST /posts/delete`."""

    data: Deleted


class Credits(Wire):
    """What is left of a plan's credits."""

    limit: int | None = None
    remaining: int | None = None


class Subscription(Wire):
    """A plan: `tier` such as `medium`, `status` such as `active`."""

    tier: str | None = None
    status: str | None = None
    credits: Credits | None = None


class PlanData(Wire):
    """The plan of the key's workspace."""

    subscription: Subscription


class PlanReply(Envelope):
    """The answer of `GET /subscription`."""

    data: PlanData

    def plan(self) -> Plan:
        """The same in our words; a plan without credits says nothing of them."""
        told = self.data.subscription
        name = ", ".join(filter(None, (told.tier, told.status)))
        held = told.credits
        if held is None or not held.limit:
            return Plan(name=name.capitalize())
        left = f"{held.remaining} of {held.limit} credits are left."
        return Plan(name=name.capitalize(), left=(left,))
