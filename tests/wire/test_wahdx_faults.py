"""WAHDX misbehaving, as the bot meets it over the wire."""

from datetime import datetime, timedelta

from tests.wire.people import THREADS, TIKTOK
from tests.wire.town import Town

UNANSWERED = ("error_before", "error_after", "drop_before", "drop_after", "wrong_json")


async def test_outcomes_nobody_knows(town: Town) -> None:
    """A call whose outcome is not known is told as unknown and never made again."""
    await town.start()
    # An answer in between: a service that never answers is left alone for a while.
    faults = (*UNANSWERED[:3], "none", *UNANSWERED[3:], "none")
    for number, fault in enumerate(faults, 1):
        town.wahdx.fault = fault
        caption = _caption(number, fault)
        await town.write_post("ann", caption=caption, accounts=[THREADS])
        await town.react("paul", await town.card(caption), "✅")
        await town.wait_for(lambda: town.rows("SELECT settled_at FROM posts ORDER BY id DESC")[0])
        assert town.wahdx.calls == number
    await town.wait_for(town.is_settled)
    assert town.rows("SELECT state FROM deliveries ORDER BY id") == [
        "published" if fault == "none" else "unknown" for fault in faults
    ]
    assert town.wahdx.calls == len(await town.results()) == len(faults)
    accepted = {"error_after", "drop_after", "wrong_json", "none"}
    assert {post.text: post.times for post in town.feed()[THREADS]} == {
        _caption(number, fault): 1 for number, fault in enumerate(faults, 1) if fault in accepted
    }


def _caption(number: int, fault: str) -> str:
    """Name a fault without what a card must escape."""
    return f"{number} {fault.replace('_', ' ')}"


async def test_too_many_requests(town: Town) -> None:
    """After a 429 it waits as long as WAHDX says, and then publishes once."""
    await town.start()
    await town.write_post("ann", accounts=[THREADS])
    town.wahdx.fault = "rate_limited"
    await town.react("paul", await town.card(), "✅")
    await town.wait_for(lambda: town.states() == {"threads": "waiting"} and town.wahdx.calls == 1)
    town.wahdx.fault = "none"
    await town.wait_for(town.is_settled)
    # Another question may have been told to wait before, and then the first attempt calls nobody.
    *_, first, second = map(
        datetime.fromisoformat, town.rows("SELECT started_at FROM attempts ORDER BY id")
    )
    assert second - first >= timedelta(seconds=5)
    assert town.wahdx.calls == 2
    (post,) = town.feed()[THREADS]
    assert post.times == 1
    assert len(await town.results()) == 1


async def test_work_that_does_not_end(town: Town) -> None:
    """A post that TikTok does not finish stays “being processed”, and is not told as a result."""
    await town.start()
    town.wahdx.fault = "never_finishes"
    await town.write_post("ann", accounts=[TIKTOK])
    await town.react("paul", await town.card(), "✅")
    polls: set[str] = set()

    def asked_again() -> bool:
        polls.update(town.rows("SELECT poll_at FROM deliveries WHERE state = 'submitted'"))
        return len(polls) >= 3  # the first, the lease of a question, what its answer led to

    await town.wait_for(asked_again)
    await town.wait_for(town.has_told_all)
    (card,) = await town.cards()
    assert "being processed" in str(card["embeds"][0]["fields"])
    assert not await town.results()
    town.wahdx.fault = "none"
    await town.wait_for(town.is_settled)
    assert town.states() == {"tiktok": "published"}
    assert town.wahdx.calls == len(await town.results()) == 1
