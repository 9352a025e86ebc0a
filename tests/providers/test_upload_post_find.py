"""A call whose answer was lost is sought in Upload-Post's schedule, by its id, in its history."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from bot.domain.delivery import DeliveryState as State
from bot.domain.platform import Platform
from bot.errors import ProtocolBrokenError
from providers.submission import Receipt
from providers.upload_post_api.client import moment
from providers.upload_post_api.records import Lost
from tests.providers.upload_post_bench import EARLIER, LATER, Wire, ask, history

POSTED = {"request_id": "r9", "post_title": "Hello", "post_url": "https://x.com/p/1"}


async def found(wire: Wire, **parts: Any) -> list[Receipt]:
    lost = Lost(
        profile="brand",
        platforms=parts.pop("platforms", (Platform.X,)),
        texts=frozenset({"Hello", "A longer text"}),
        tried_at=EARLIER,
        **parts,
    )
    return await ask(wire, lambda api: api.records.find(lost))


@pytest.mark.parametrize(
    ("item", "state"),
    [
        (POSTED, State.PUBLISHED),
        (POSTED | {"post_title": None, "post_caption": " A longer text "}, State.PUBLISHED),
        (POSTED | {"success": False, "error_message": "No"}, State.FAILED),
        (POSTED | {"post_title": "Another"}, State.UNKNOWN),
        (POSTED | {"profile_username": "other"}, State.UNKNOWN),
        (POSTED | {"platform": "threads"}, State.UNKNOWN),
        (
            POSTED | {"upload_timestamp": (EARLIER - timedelta(hours=1)).isoformat()},
            State.UNKNOWN,
        ),
    ],
)
async def test_the_history_shows_it(item: dict[str, Any], state: State):
    """Profile, platform, text and time must agree; one of them alone proves nothing."""
    (receipt,) = await found(Wire(GET__history=history(item)))
    assert receipt.state is state
    assert receipt.remote_id == ("" if state is State.UNKNOWN else "request:r9")


async def test_a_success_outweighs_a_failure():
    """When both are on record it is out, whichever is newer."""
    failed = POSTED | {"success": False}
    for items in ((failed, POSTED), (POSTED, failed)):
        (receipt,) = await found(Wire(GET__history=history(*items)))
        assert receipt.state is State.PUBLISHED


async def test_what_is_in_progress_is_accepted():
    """An entry without a result yet is under way."""
    page = history() | {"in_progress": [{"platform": "x", "profile_username": "brand"} | POSTED]}
    (receipt,) = await found(Wire(GET__history=page))
    assert (receipt.state, receipt.remote_id) == (State.SUBMITTED, "request:r9")


async def test_older_pages_are_read_until_before_the_call():
    """The history is read page by page, but not further back than the call."""
    wire = Wire(GET__history=history(POSTED | {"post_title": "Another"}))
    await found(wire)
    assert [item.url.params["page"] for item in wire.requests] == ["1", "2", "3", "4"]
    old = {"upload_timestamp": (EARLIER - timedelta(hours=1)).isoformat()}
    wire = Wire(GET__history=history(POSTED | old))
    await found(wire)
    assert len(wire.requests) == 1


async def test_the_schedule_shows_it():
    """A job of the same profile, time and text is the one, for every platform it names."""
    job = {
        "job_id": "j1",
        "scheduled_date": moment(LATER),
        "profile_username": "brand",
        "title": "Hello",
    }
    asked = {"at": LATER, "platforms": (Platform.X, Platform.TIKTOK)}
    drafts = frozenset({Platform.TIKTOK})
    receipts = await found(Wire(GET__schedule=[job]), drafts=drafts, **asked)
    assert [(item.state, item.remote_id) for item in receipts] == [
        (State.SCHEDULED_AT_PROVIDER, "job:j1"),
        (State.SCHEDULED_AT_PROVIDER, "draft-job:j1"),
    ]
    narrow = Wire(GET__schedule=[job | {"platforms": ["x"]}], GET__history=history())
    receipts = await found(narrow, **asked)
    assert [item.state for item in receipts] == [State.SCHEDULED_AT_PROVIDER, State.UNKNOWN]
    hours_later = moment(LATER + timedelta(hours=1))
    for wrong in ({"scheduled_date": hours_later}, {"title": "No"}, {"profile_username": "other"}):
        wire = Wire(GET__schedule=[job | wrong], GET__history=history())
        assert [item.state for item in await found(wire, at=LATER)] == [State.UNKNOWN]


async def test_the_id_it_was_sent_with_finds_it_first():
    """An upload that was sent with an id of ours is asked for by it; only then the history."""
    status = {"status": "processing", "results": []}
    wire = Wire(GET__status=status)
    (receipt,) = await found(wire, request_id="k1")
    assert (receipt.state, receipt.remote_id) == (State.SUBMITTED, "request:k1")
    assert wire.asked == ["GET uploadposts/status"]
    wire = Wire(GET__history=history(POSTED))
    (receipt,) = await found(wire, request_id="k1")
    assert receipt.state is State.PUBLISHED


async def test_records_that_cannot_be_read_prove_nothing():
    """An answer of another shape is an error, not an absence."""
    for answers in ({"GET__history": {"uploads": 1}}, {"GET__history": [1]}):
        with pytest.raises(ProtocolBrokenError):
            await found(Wire(**answers))
    with pytest.raises(ProtocolBrokenError):
        await found(Wire(GET__schedule={"posts": []}), at=datetime.now(UTC))
