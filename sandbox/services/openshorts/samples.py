"""What the simulated OpenShorts finds in every video: four moments of a small coffee company."""

from typing import Any

SAMPLE_JOB = "550e8400-e29b-41d4-a716-446655440000"
"""A job that is finished from the start (the id of seed 001's examples)."""


def _clip(start: float, end: float, title: str, text: str, hook: str) -> dict[str, Any]:
    return {
        "start": start,
        "end": end,
        "video_title_for_youtube_short": title,
        "video_description_for_tiktok": f"{text} #coffee #harbour #fyp",
        "video_description_for_instagram": f"{text} Come by and try it. #coffee #harbourcoffee",
        "viral_hook_text": hook,
    }


CLIPS = (
    _clip(
        12.4,
        41.9,
        "Why our beans rest for nine days",
        "Fresh from the roaster is not fresh in the cup.",
        "Fresh beans taste worse?",
    ),
    _clip(
        95.0,
        128.5,
        "The one grind mistake everyone makes",
        "Too fine is not strong, it is bitter.",
        "Stop grinding like this",
    ),
    _clip(
        203.2,
        226.8,
        "Milk at 60 degrees, not 70",
        "Sweetness goes at 65 degrees, and it does not come back.",
        "You are burning your milk",
    ),
    _clip(
        340.0,
        388.6,
        "A morning at the harbour in 48 seconds",
        "Boats in, shutters up, first cup at six.",
        "06:00 at the harbour",
    ),
)


def clips(count: int) -> list[dict[str, Any]]:
    """So many clips."""
    return [CLIPS[number % len(CLIPS)] for number in range(count)]
