"""What WAHDX answers about accounts (seed 002): the list, and what TikTok lets one of them do."""

from typing import Any, cast

from pydantic import Field, ValidationError

from bot.domain.limits import AccountLimits
from bot.domain.platform import Platform
from bot.domain.server import RemoteAccount
from providers.wahdx.models import Wire
from providers.wahdx.options import MOST_PUBLIC_FIRST


class ListedAccount(Wire):
    """One item of `GET /api/content/accounts`."""

    account_id: str = Field(alias="accountId", min_length=1)
    platform: str
    display_name: str | None = None
    username: str | None = None
    avatar_url: str | None = None
    status: str | None = None
    followers: int | None = None

    def account(self) -> RemoteAccount | None:
        """The account; None on a platform Copydesk does not know. Only `active` ones are usable."""
        if self.platform not in list(Platform):
            return None
        return RemoteAccount(
            remote_id=self.account_id,
            platform=Platform(self.platform),
            name=self.display_name or self.username or self.account_id,
            username=self.username or "",
            usable=self.status in (None, "active"),
            avatar_url=self.avatar_url or "",
            followers=self.followers,
        )


class AccountList(Wire):
    """The answer of `GET /api/content/accounts`."""

    subscription: str | None = None
    data: list[ListedAccount]


class CreatorInfo(Wire):
    """What a TikTok account allows."""

    privacy_level_options: list[str]
    max_video_post_duration_sec: int | None = None

    def limits(self) -> AccountLimits:
        """The same in our words, most public first; levels nobody documented come last."""
        order = {name: place for place, name in enumerate(MOST_PUBLIC_FIRST)}
        levels = sorted(self.privacy_level_options, key=lambda name: order.get(name, len(order)))
        return AccountLimits(
            visibilities=tuple(levels), max_video_seconds=self.max_video_post_duration_sec
        )


def find_creator_info(data: Any) -> CreatorInfo | None:
    """The first object in the answer that names privacy levels: WAHDX documents no place for it."""
    if not isinstance(data, dict):
        return None
    fields = cast("dict[str, Any]", data)
    if "privacy_level_options" in fields:
        try:
            return CreatorInfo.model_validate(fields)
        except ValidationError:
            return None
    return next((found for inner in fields.values() if (found := find_creator_info(inner))), None)
