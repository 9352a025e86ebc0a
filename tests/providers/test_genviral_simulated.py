"""Genviral and its simulator, which takes nothing that is not documented: what we send is taken."""

from collections.abc import AsyncIterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from bot.domain.delivery import DeliveryState
from bot.domain.platform import Kind, Platform
from bot.errors import AccountBrokenError, ContentRejectedError
from providers.genviral.service import Genviral
from providers.submission import MediaFile, Receipt, Recipient, Submission, Submitted
from sandbox.services.genviral.accounts import ACCOUNTS
from tests.providers.genviral_bench import a_submission
from tests.providers.genviral_tables import TABLES
from tests.sandbox.genviral_bench import (
    BLUESKY,
    HOSTED,
    KEY,
    LINKEDIN,
    REVOKED,
    TIKTOK,
    YOUTUBE,
    Service,
    X,
    genviral_served,
)

PLATFORM = {account.id: Platform(account.platform) for account in ACCOUNTS}
FIRST = {platform: id_ for id_, platform in reversed(PLATFORM.items()) if id_ != REVOKED}
LATER = datetime.now(UTC).replace(microsecond=0) + timedelta(days=30)


@dataclass
class Stage:
    """A simulator and a connection to it."""

    service: Service
    genviral: Genviral

    def submission(self, *ids: str, kind: Kind = Kind.TEXT, **parts: Any) -> Submission:
        who = [
            Recipient(remote_id=id_, platform=PLATFORM[id_], options=parts.get("options", {}))
            for id_ in ids
        ]
        return a_submission(*who, kind=kind, media=self.media(kind), **parts)

    def media(self, kind: Kind) -> tuple[MediaFile, ...]:
        name, content_type = {
            Kind.VIDEO: ("v.mp4", "video/mp4"),
            Kind.PHOTOS: ("a.jpg", "image/jpeg"),
        }.get(kind, ("", ""))
        seconds = 20.0 if kind is Kind.VIDEO else None
        url = f"{self.service.files}/{name}"
        file = MediaFile(url=url, content_type=content_type, size=1, seconds=seconds)
        return (file,) if name else ()

    async def end(self, submission: Submission) -> tuple[list[Receipt], list[Submitted]]:
        """How a submission ends at each account, and the questions that told it."""
        receipts = await self.genviral.publish(submission)
        await self.service.until(receipts[0].remote_id, "posted", "failed", "partial")
        questions = [
            Submitted(
                account_remote_id=one.remote_id,
                remote_id=receipts[0].remote_id,
                platform=one.platform,
                kind=submission.kind,
            )
            for one in submission.recipients
        ]
        return await self.genviral.status(questions), questions


@pytest.fixture
async def stage(tmp_path: Path) -> AsyncIterator[Stage]:
    """A simulator and a connection to it."""
    async with genviral_served(tmp_path / "genviral") as service:
        genviral = Genviral({"key": KEY}, base_url=f"{service.address}/api/partner/v1")
        yield Stage(service, genviral)
        await genviral.close()


@pytest.mark.parametrize(("platform", "kind", "options", "settings"), TABLES)
async def test_every_setting_is_taken(
    stage: Stage, platform: Platform, kind: Kind, options: dict[str, str], settings: Any
):
    """All options of a platform together are what the strict schema takes, and reach their end."""
    submission = stage.submission(FIRST[platform], kind=kind, options=options)
    (receipt,), _ = await stage.end(submission)
    is_draft = options.get("post_mode") == "MEDIA_UPLOAD"
    assert receipt.state is (DeliveryState.IN_INBOX if is_draft else DeliveryState.PUBLISHED)
    assert bool(receipt.link) != is_draft


@pytest.mark.parametrize("account", [account.id for account in ACCOUNTS if account.id != REVOKED])
async def test_every_account_is_posted_to(stage: Stage, account: str):
    """Each takes the first kind it says it takes, its defaults chosen."""
    limits = await stage.genviral.account_limits(account)
    assert limits
    assert limits.kinds
    kind = min(limits.kinds, key=[Kind.VIDEO, Kind.PHOTOS, Kind.TEXT].index)
    level = Genviral.capabilities.default_visibility.get(PLATFORM[account])
    options = {"visibility": level} if level else {}
    if PLATFORM[account] is Platform.PINTEREST:
        options["board_id"] = "1"
    (receipt,), _ = await stage.end(stage.submission(account, kind=kind, options=options))
    assert receipt.state is DeliveryState.PUBLISHED


async def test_an_account_that_is_not_active(stage: Stage):
    """It is listed as unusable, and posting to it breaks the account, not the post."""
    accounts = {account.remote_id: account for account in await stage.genviral.accounts()}
    assert [id_ for id_, account in accounts.items() if not account.usable] == [REVOKED]
    with pytest.raises(AccountBrokenError, match="not available"):
        await stage.genviral.publish(stage.submission(REVOKED, kind=Kind.PHOTOS))


async def test_tiktok_is_visible_wherever_it_goes(stage: Stage):
    """Whoever runs the account, a post nobody restricted is public."""
    for account in (TIKTOK, HOSTED):
        await stage.end(stage.submission(account, kind=Kind.VIDEO, key=account))
        (post,) = stage.service.posts(account)
        assert post.visibility == "PUBLIC_TO_EVERYONE"


async def test_a_part_that_failed_is_tried_again(stage: Stage):
    """One account of two is queued again; what is out stays as it is, and asking twice is harmless."""
    stage.service.simulator.fault = "platform_refuses"
    (failed, live), questions = await stage.end(stage.submission(LINKEDIN, BLUESKY))
    assert (failed.state, live.state) == (DeliveryState.FAILED, DeliveryState.PUBLISHED)
    stage.service.simulator.fault = "none"
    again = await stage.genviral.retry(questions[0])
    assert again.state is DeliveryState.SUBMITTED
    await stage.service.until(again.remote_id, "posted")
    twice = await stage.genviral.retry(questions[0])
    assert twice.state is DeliveryState.PUBLISHED
    assert len(stage.service.posts(LINKEDIN)) == len(stage.service.posts(BLUESKY)) == 1
    assert stage.service.posts(BLUESKY)[0].link == live.link


async def test_what_is_out_is_neither_moved_nor_cancelled(stage: Stage):
    """Both answer with the state that was found."""
    _, (question,) = await stage.end(stage.submission(X))
    assert (await stage.genviral.cancel(question)).state is DeliveryState.PUBLISHED
    assert (await stage.genviral.reschedule(question, LATER)).state is DeliveryState.PUBLISHED


async def test_another_body_under_one_key_is_a_conflict(stage: Stage):
    """The key names one intent; people are sent to look before they publish anew."""
    await stage.genviral.publish(stage.submission(X, at=LATER))
    with pytest.raises(ContentRejectedError) as caught:
        await stage.genviral.publish(stage.submission(X, at=LATER + timedelta(days=1)))
    assert "Look at Genviral" in caught.value.remedy
    assert len(stage.service.posts(X)) == 1


async def test_a_refusal_names_the_field(stage: Stage):
    """What Genviral's schema refuses is told field by field."""
    submission = stage.submission(YOUTUBE, kind=Kind.VIDEO, title="x" * 101)
    with pytest.raises(
        ContentRejectedError, match=r"settings\.youtube\.title: Must contain at most"
    ):
        await stage.genviral.publish(submission)


async def test_the_plan_has_ended(stage: Stage):
    """402 is about the account, with what to do."""
    stage.service.simulator.fault = "no_subscription"
    with pytest.raises(AccountBrokenError) as caught:
        await stage.genviral.accounts()
    assert "Renew the subscription" in caught.value.remedy
