"""Upload-Post's profiles: the accounts behind them, what they allow, and connecting more."""

from collections.abc import Set
from dataclasses import replace
from datetime import timedelta
from typing import Any, cast

from pydantic import Field

from bot.domain.cover import CoverForm
from bot.domain.limits import AccountLimits
from bot.domain.platform import Platform
from bot.domain.server import RemoteAccount
from providers.call import CHANGE
from providers.connecting import ConnectLink
from providers.http import ServiceClient
from providers.plan import Plan
from providers.upload_post_api.names import account_id, platform_of, profile_of
from providers.upload_post_api.refusals import AbsentError, accepted
from providers.upload_post_api.results import Wire

PRIVACY_LEVELS = (
    "PUBLIC_TO_EVERYONE",
    "FOLLOWER_OF_CREATOR",
    "MUTUAL_FOLLOW_FRIENDS",
    "SELF_ONLY",
)
"""TikTok's privacy levels, most public first."""

# Those the connection page can be narrowed to; the documentation names no others for it.
_NARROWING = frozenset(
    {
        Platform.TIKTOK,
        Platform.INSTAGRAM,
        Platform.LINKEDIN,
        Platform.YOUTUBE,
        Platform.FACEBOOK,
        Platform.X,
        Platform.THREADS,
    }
)


_COVERS = {"cover_timestamp": CoverForm.FRAME, "cover_image": CoverForm.PICTURE}


class Profile(Wire):
    """One profile; a platform's value is its account, or "" or null where there is none."""

    username: str = Field(min_length=1)
    social_accounts: dict[str, Any] | None = None
    blocked: bool | None = None

    def accounts(self) -> list[RemoteAccount]:
        """Its accounts on the platforms Copydesk knows."""
        return [
            self._account(platform, value)
            for name, value in (self.social_accounts or {}).items()
            if value and (platform := platform_of(name))
        ]

    def keeps_privacy(self) -> bool:
        """Whether its TikTok account can publish a video for fewer than everyone.

        A connection that tells what it can do, and not this, publishes every video for everyone,
        whatever level is asked for.
        """
        able = self._able()
        return able is None or "video_privacy" in able

    def covers(self) -> frozenset[CoverForm] | None:
        """The forms in which its TikTok account takes a cover; None where it does not tell."""
        able = self._able()
        return (
            None
            if able is None
            else frozenset(form for name, form in _COVERS.items() if name in able)
        )

    def _able(self) -> list[Any] | None:
        """What its connection to TikTok can do; None where it does not tell."""
        tiktok = (self.social_accounts or {}).get(Platform.TIKTOK)
        told = cast("dict[str, Any]", tiktok) if isinstance(tiktok, dict) else {}
        able = told.get("capabilities")
        return cast("list[Any]", able) if isinstance(able, list) else None

    def has(self, platform: Platform) -> bool:
        """Whether it has a usable account on a platform."""
        return any(item.platform is platform and item.usable for item in self.accounts())

    def _account(self, platform: Platform, value: Any) -> RemoteAccount:
        told = cast("dict[str, Any]", value) if isinstance(value, dict) else {"username": value}
        handle = _text(told.get("handle")) or _text(told.get("username"))
        return RemoteAccount(
            remote_id=account_id(self.username, platform),
            platform=platform,
            name=_text(told.get("display_name")) or handle or self.username,
            username=handle.removeprefix("@"),
            usable=not (told.get("reauth_required") or self.blocked),
            avatar_url=_text(told.get("social_images")),
        )


class ProfileList(Wire):
    """The answer of `GET /uploadposts/users`."""

    profiles: list[Profile]
    plan: str | None = None
    limit: int | None = None  # of profiles

    def told_plan(self) -> Plan:
        """The plan, and how many of its profiles are used."""
        used = f"{len(self.profiles)} of {self.limit} profiles are used."
        name = (self.plan or "").capitalize()
        return Plan(name=name, left=() if self.limit is None else (used,))


class AccessLink(Wire):
    """The answer of `POST /uploadposts/users/generate-jwt`."""

    access_url: str = Field(min_length=1)
    duration: str | None = None

    def lasts(self) -> timedelta:
        """How long the address holds; the documentation names 48 hours, other pages one."""
        hours = (self.duration or "").lower().strip().rstrip("hours ").strip()
        return timedelta(hours=int(hours) if hours.isdecimal() and len(hours) < 4 else 1)


class TikTokSettings(Wire):
    """The answer of `GET /uploadposts/tiktok/settings`."""

    privacy_level_options: list[str]
    max_video_post_duration_sec: int | None = None

    def limits(self) -> AccountLimits:
        """The same in our words, most public first; levels nobody documented come last."""
        order = {name: place for place, name in enumerate(PRIVACY_LEVELS)}
        levels = sorted(self.privacy_level_options, key=lambda name: order.get(name, len(order)))
        return AccountLimits(
            visibilities=tuple(levels), max_video_seconds=self.max_video_post_duration_sec
        )


class Profiles:
    """The profiles of one key."""

    def __init__(self, client: ServiceClient) -> None:
        self._client = client

    async def accounts(self) -> list[RemoteAccount]:
        """List every connected platform of every profile; one to be reconnected is not usable."""
        return [account for profile in await self._all() for account in profile.accounts()]

    async def plan(self) -> Plan:
        """Read the plan, which Upload-Post tells with the profiles."""
        return (await self._listed()).told_plan()

    async def account_limits(self, remote_id: str) -> AccountLimits | None:
        """Read what TikTok lets an account do; None for other platforms, and where Upload-Post
        does not tell.
        """
        profile = profile_of(remote_id)
        if remote_id != account_id(profile, Platform.TIKTOK):
            return None
        try:
            answer = await self._client.read("/uploadposts/tiktok/settings", {"profile": profile})
        except AbsentError:
            return None
        limits = accepted(answer).fit(TikTokSettings).limits()
        mine = [item for item in await self._all() if item.username == profile]
        for item in mine:
            limits = replace(limits, covers=item.covers())
        if all(item.keeps_privacy() for item in mine):
            return limits
        return replace(limits, visibilities=PRIVACY_LEVELS[:1])

    async def connect_link(self, platform: Platform) -> ConnectLink:
        """Make an address that connects an account, once, to the first profile without a usable
        one on this platform; to a new profile when all have one.
        """
        profiles = await self._all()
        free = (item.username for item in profiles if not item.blocked and not item.has(platform))
        taken = {profile.username for profile in profiles}
        name = next(free, None) or await self._new(taken)
        body: dict[str, Any] = {"username": name, "show_calendar": False}
        if platform in _NARROWING:
            body |= {"platforms": [str(platform)]}
        answer = await self._client.ask("/uploadposts/users/generate-jwt", body)
        link = accepted(answer).fit(AccessLink)
        return ConnectLink(url=link.access_url, expires_in=link.lasts())

    async def _all(self) -> list[Profile]:
        return (await self._listed()).profiles

    async def _listed(self) -> ProfileList:
        return accepted(await self._client.read("/uploadposts/users")).fit(ProfileList)

    async def _new(self, taken: Set[str]) -> str:
        numbers = range(1, len(taken) + 2)
        name = next(name for number in numbers if (name := f"copydesk-{number}") not in taken)
        answer = await self._client.write("/uploadposts/users", {"username": name}, call=CHANGE)
        accepted(answer)
        return name


def _text(value: Any) -> str:
    return value.strip() if isinstance(value, str) else ""
