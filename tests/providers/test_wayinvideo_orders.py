"""WayinVideo, ordering clips as its documentation shows."""

from datetime import timedelta
from typing import Any

import httpx
import pytest

from bot.errors import (
    ContentRejectedError,
    OutcomeUnknownError,
    ProtocolBrokenError,
    TryLaterError,
)
from providers.clips import ClipJob, ClipJobState, ClipOrder
from providers.wayinvideo import clipping
from providers.wayinvideo.service import WayinVideo
from tests.providers.wayinvideo_bench import Wire, ask, example

LINK = "https://www.youtube.com/watch?v=example"
NOT_FOUND = httpx.Response(404, json={"status": 404, "error": "Not Found"})


async def ordered(**parts: Any) -> dict[str, Any]:
    wire = Wire(example("project_created"))
    await ask(wire, lambda wayin: wayin.make_clips(ClipOrder(**parts)))
    query = "/find-moments" if parts.get("query") else ""
    assert wire.asked == [f"POST /api/v2/clips{query}"]
    return wire.body


async def test_the_order_of_the_documentation():
    """AI Clipping is asked for exactly as the documentation's example with export."""
    options = {
        "target_duration": "DURATION_30_60",
        "resolution": "HD_720",
        "enable_caption": "true",
        "enable_ai_reframe": "true",
        "ratio": "RATIO_9_16",
    }
    body = await ordered(link=LINK, name="sample project name", options=options)
    assert body == example("request_clips")


async def test_an_order_is_always_exported():
    """Only an exported clip can be published, and 480 lines are not what anyone means."""
    body = await ordered(link=LINK)
    assert body == {"video_url": LINK, "enable_export": True, "resolution": "FHD_1080"}


async def test_find_moments_has_a_query():
    """A query goes to Find Moments, which takes no length of clips."""
    body = await ordered(upload="file_abc123", query="product demo moments")
    assert (body["video_url"], body["query"]) == ("file_abc123", "product demo moments")
    with pytest.raises(ContentRejectedError, match="length of clips"):
        await ordered(link=LINK, query="latte art", options={"target_duration": "DURATION_0_30"})


async def test_every_field_of_an_order():
    """Each documented field is an option, sent in its own type."""
    given = {
        "source_lang": "en",
        "target_lang": "id",
        "target_duration": "DURATION_90_180",
        "limit": "5",
        "resolution": "UHD_4K",
        "enable_caption": "true",
        "caption_display": "both",
        "cc_style_tpl": "temp-7",
        "enable_ai_hook": "true",
        "ai_hook_script_style": "calm",
        "ai_hook_position": "end",
        "enable_ai_reframe": "true",
        "ratio": "RATIO_16_9",
        "reframe_layout": "Screen First",
        "enable_more_results": "true",
        "enable_express_mode": "false",
    }
    assert {option.name for option in clipping.OPTIONS} == given.keys()
    body = await ordered(link=LINK, options=given)
    switches = {name: text == "true" for name, text in given.items() if name.startswith("enable_")}
    assert body == {
        **given,
        **switches,
        "limit": 5,
        "video_url": LINK,
        "enable_export": True,
    }


@pytest.mark.parametrize(
    ("name", "value", "switch"),
    [
        ("ratio", "RATIO_1_1", "enable_ai_reframe"),
        ("caption_display", "original", "enable_caption"),
        ("cc_style_tpl", "temp-2", "enable_caption"),
        ("ai_hook_position", "end", "enable_ai_hook"),
        ("ai_hook_script_style", "calm", "enable_ai_hook"),
    ],
)
async def test_a_choice_turns_on_what_it_needs(name: str, value: str, switch: str):
    """What has no effect without a switch turns it on, unless it was switched off on purpose."""
    assert (await ordered(link=LINK, options={name: value}))[switch] is True
    off = await ordered(link=LINK, options={name: value, switch: "false"})
    assert off[switch] is False


@pytest.mark.parametrize(
    ("options", "words"),
    [
        ({"enable_ai_reframe": "true"}, "needs a shape"),
        ({"reframe_layout": "Fit"}, "needs a shape"),
        ({"ratio": "RATIO_1_1", "reframe_layout": "PiP"}, "PiP does not go with RATIO_1_1"),
        ({"ratio": "RATIO_9_16", "reframe_layout": "OTS"}, "OTS does not go with RATIO_9_16"),
    ],
)
async def test_choices_that_do_not_go_together(options: dict[str, str], words: str):
    """They are refused here, before anything is paid for."""
    with pytest.raises(ContentRejectedError, match=words) as caught:
        await ordered(link=LINK, options=options)
    assert caught.value.remedy
    with pytest.raises(ContentRejectedError, match="no video"):
        await ordered()


async def test_an_order_costs_and_is_not_repeated():
    """A lost answer leaves the outcome unknown; a sixth project at a time is for later."""
    for status, error in ((500, OutcomeUnknownError), (429, TryLaterError)):
        wire = Wire({"status": status}, status=status)
        with pytest.raises(error):
            await ask(wire, lambda wayin: wayin.make_clips(ClipOrder(link=LINK)))
        assert len(wire.requests) == 1
    making = WayinVideo.capabilities.clip_making
    assert making is not None
    assert (making.at_once, making.poll) == (5, timedelta(seconds=30))


async def test_the_answer_to_an_order():
    """The project's id is `data.id`, which a publish call takes."""
    begun = await ask(
        Wire(example("project_created")), lambda wayin: wayin.make_clips(ClipOrder(link=LINK))
    )
    assert begun == ClipJob(
        project_id="proj_xyz789",
        state=ClipJobState.WORKING,
        name="sample project name",
        progress="It has the order.",
    )
    with pytest.raises(ProtocolBrokenError):
        await ask(
            Wire({"data": {"project_id": "x"}}),
            lambda wayin: wayin.make_clips(ClipOrder(link=LINK)),
        )
