"""What can be chosen when clips are made: every field of AI Clipping and Find Moments but the
video, the name and the query (WayinVideo's documentation), and the body that is sent.
"""

from collections.abc import Mapping
from typing import Any

from bot.domain.options import OptionKind as Of
from bot.domain.options import Value, values
from bot.domain.platform import Kind
from bot.errors import ContentRejectedError
from providers.clips import ClipOrder
from providers.wayinvideo.options import option

RESOLUTION = "FHD_1080"
"""What is asked for where nobody chose: WayinVideo's own default is 480 lines, and the length of
the video decides what it costs.
"""

DURATIONS = ("0_30", "0_90", "30_60", "60_90", "90_180", "180_300")  # seconds, 0_90 by default
RESOLUTIONS = ("SD_480", "HD_720", RESOLUTION, "QHD_2K", "UHD_4K")
HOOK_STYLES = (
    "serious", "casual", "informative", "conversational", "humorous", "parody", "inspirational",
    "dramatic", "empathetic", "persuasive", "neutral", "excited", "calm",
)  # fmt: skip

_ANY = ("Auto", "Full", "Fit", "Grid 4", "Trio")
_UPRIGHT = (*_ANY, "Split 2", "PiP", "Screen First", "Gameplay A", "Gameplay B")
LAYOUTS: Mapping[str, tuple[str, ...]] = {
    "RATIO_9_16": _UPRIGHT,
    "RATIO_4_5": _UPRIGHT,
    "RATIO_1_1": _ANY,
    "RATIO_16_9": (*_ANY, "Split 2", "PiP", "OTS", "Screen First"),
}
"""The layouts each shape allows."""

_ALL_LAYOUTS = tuple(dict.fromkeys(name for names in LAYOUTS.values() for name in names))

OPTIONS = (
    option("limit", "Most clips, the best first", Of.NUMBER),
    option(
        "target_duration",
        "Seconds of a clip (not when moments are looked for)",
        Of.CHOICE,
        *(f"DURATION_{name}" for name in DURATIONS),
    ),
    option("resolution", "Resolution", Of.CHOICE, *RESOLUTIONS),
    option("ratio", "Shape", Of.CHOICE, *LAYOUTS),
    option("reframe_layout", "Layout of the reframed picture", Of.CHOICE, *_ALL_LAYOUTS),
    option("enable_ai_reframe", "Reframe on what matters", Of.SWITCH),
    option("enable_caption", "Animated captions", Of.SWITCH),
    option("caption_display", "Language of captions", Of.CHOICE, "original", "translation", "both"),
    option("cc_style_tpl", "Style of captions, such as temp-7", Of.TEXT),
    option("enable_ai_hook", "A line that catches the eye", Of.SWITCH),
    option("ai_hook_script_style", "Tone of that line", Of.CHOICE, *HOOK_STYLES),
    option("ai_hook_position", "Place of that line", Of.CHOICE, "beginning", "end"),
    option("source_lang", "Language of the video, such as en", Of.TEXT),
    option("target_lang", "Language of titles and captions, such as en", Of.TEXT),
    option("enable_more_results", "More clips (Enterprise plan)", Of.SWITCH),
    option("enable_express_mode", "Half the price, later (Enterprise plan)", Of.SWITCH),
)

# What has an effect only with a switch turns it on, unless the switch itself was chosen.
_NEEDS = {
    "ratio": "enable_ai_reframe",
    "reframe_layout": "enable_ai_reframe",
    "caption_display": "enable_caption",
    "cc_style_tpl": "enable_caption",
    "ai_hook_script_style": "enable_ai_hook",
    "ai_hook_position": "enable_ai_hook",
}


def order_body(order: ClipOrder) -> dict[str, Any]:
    """The body of `POST /api/v2/clips`, or of `…/find-moments` where the order has a query.

    Clips are always exported, since only an exported clip can be published. Raises
    ContentRejectedError for choices that do not go together.
    """
    video = order.upload or order.link
    if not video:
        raise _refused("There is no video.", "Give a link or a file.")
    chosen = values(OPTIONS, order.options, Kind.CLIP)
    chosen = {_NEEDS[name]: True for name in chosen if name in _NEEDS} | chosen
    _check(chosen, order.query)
    return {
        "video_url": video,
        **({"project_name": order.name} if order.name else {}),
        **({"query": order.query} if order.query else {}),
        "enable_export": True,
        "resolution": RESOLUTION,
        **chosen,
    }


def _check(chosen: Mapping[str, Value], query: str) -> None:
    if query and "target_duration" in chosen:
        raise _refused(
            "Find Moments takes no length of clips.", "Leave target_duration or the query out."
        )
    ratio = chosen.get("ratio")
    if chosen.get("enable_ai_reframe") is True and not ratio:
        raise _refused("Reframing needs a shape.", f"Choose a ratio: {', '.join(LAYOUTS)}.")
    layout = chosen.get("reframe_layout", "Auto")
    if isinstance(ratio, str) and layout not in LAYOUTS.get(ratio, _ALL_LAYOUTS):
        raise _refused(
            f"The layout {layout} does not go with {ratio}.",
            f"Choose one of {', '.join(LAYOUTS[ratio])}.",
        )


def _refused(message: str, remedy: str) -> ContentRejectedError:
    return ContentRejectedError(message, remedy=remedy)
