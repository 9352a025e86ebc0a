"""What can be chosen for an account at WAHDX, by platform: every setting seed 002 documents.

Threads and Facebook have none: no document names a field of `threadsSettings` or
`facebookSettings`.
"""

from collections.abc import Mapping

from bot.domain.cover import CoverLimit
from bot.domain.options import Option, OptionKind
from bot.domain.platform import Kind, Platform

MOST_PUBLIC_FIRST = (
    "PUBLIC_TO_EVERYONE",
    "FOLLOWER_OF_CREATOR",
    "MUTUAL_FOLLOW_FRIENDS",
    "SELF_ONLY",
)
"""TikTok's privacy levels."""

LONGEST_VIDEO = 600
"""Seconds of the longest video WAHDX takes; a cover lies within it."""

_VIDEO, _PHOTOS = frozenset({Kind.VIDEO}), frozenset({Kind.PHOTOS})


def _switch(name: str, label: str, kinds: frozenset[Kind]) -> Option:
    return Option(name=name, label=label, kind=OptionKind.SWITCH, kinds=kinds)


OPTIONS: Mapping[Platform, tuple[Option, ...]] = {
    Platform.TIKTOK: (
        Option(
            name="visibility",
            label="Who can see it",
            kind=OptionKind.CHOICE,
            choices=MOST_PUBLIC_FIRST,
            kinds=_VIDEO | _PHOTOS,
        ),
        _switch("draft", "Draft in the creator's TikTok inbox", _VIDEO | _PHOTOS),
        _switch("allow_comment", "Comments", _VIDEO | _PHOTOS),
        _switch("allow_duet", "Duets", _VIDEO),
        _switch("allow_stitch", "Stitches", _VIDEO),
        Option(
            name="video_cover_timestamp_ms",
            label="Cover, in milliseconds from the start",
            kind=OptionKind.NUMBER,
            maximum=LONGEST_VIDEO * 1000,
            kinds=_VIDEO,
            retired=True,
        ),
        _switch("auto_add_music", "Music chosen by TikTok", _PHOTOS),
        _switch("video_made_with_ai", "Made with AI", _VIDEO),
    ),
    Platform.INSTAGRAM: (_switch("share_to_feed", "In the feed too", _VIDEO),),
}
"""Each option is named as the field of WAHDX it becomes, but `visibility`: `privacy_level`."""

COVERS: Mapping[Platform, CoverLimit] = {Platform.TIKTOK: CoverLimit(frame=True)}
"""TikTok takes a moment; seed 002 names nothing for the others."""
