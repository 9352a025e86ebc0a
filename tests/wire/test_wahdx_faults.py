"""WAHDX misbehaving, as the bot meets it over the wire."""

from datetime import datetime, timedelta

from tests.wire.people import THREADS, TIKTOK
from tests.wire.town import Town

UNANSWERED = ("error_before", "error_after", "drop_before", "drop_after", "wrong_json")


async def test_outcomes_nobody_knows(town: Town) -> None:
    """A call whose outcome is not known is told as unknown and never made again."""
    await town.start()
    for number, fault in enumerate((*UNANSWERED, "none"), 1):
        town.wahdx.fault = fault
        await town.write_post("ann", caption=_caption(fault), accounts=[THREADS])
        await town.react("paul", await town.card(_caption(fault)), "✅")
        await town.wait_for(lambda: town.rows("SELECT settled_at FROM posts ORDER BY id DESC")[0])
        assert town.wahdx.calls == number
    await town.wait_for(town.is_settled)
    assert town.rows("SELECT state FROM deliveries ORDER BY id") == [
        *(["unknown"] * len(UNANSWERED)),
        "published",
    ]
    assert town.wahdx.calls == len(await town.results()) == len(UNANSWERED) + 1
    accepted = {"error_after", "drop_after", "wrong_json", "none"}
    assert {post.text: post.times for post in town.feed()[THREADS]} == {
        _caption(fault): 1 for fault in accepted
    }


def _caption(fault: str) -> str:
    """Name a fault without what a card must escape."""
    return fault.replace("_", " ")


async def test_too_many_requests(town: Town) -> None:
    """After a 429 it waits as long as WAHDX says, and then publishes once."""
    await town.start()
    await town.write_post("ann", accounts=[THREADS])
    town.wahdx.fault = "rate_limited"
    await town.react("paul", await town.card(), "✅")
    await town.wait_for(lambda: town.states() == {"threads": "waiting"} and town.wahdx.calls == 1)
    town.wahdx.fault = "none"
    await town.wait_for(town.is_settled)
    first, second = map(
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
