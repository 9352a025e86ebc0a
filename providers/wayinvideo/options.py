"""What can be chosen for an account at WayinVideo: every field of a publish config (seed 000).

Each option is named as the field it becomes. The document ties none but TikTok's own to a platform
and says of `visibility` that support varies: it is offered where the platform has it. The title and
the description are the post's own.
"""

from collections.abc import Mapping
from dataclasses import replace

from bot.domain.cover import CoverLimit
from bot.domain.options import Option, OptionKind, retired
from bot.domain.platform import Kind, Platform
from bot.domain.platform_limits import JPEG, MB, PNG
from providers.wayinvideo.platforms import SPELLINGS

PUBLIC = "public"

_CLIP = frozenset({Kind.CLIP})


def option(name: str, label: str, kind: OptionKind, *choices: str) -> Option:
    """An option of a clip."""
    return Option(name=name, label=label, kind=kind, choices=choices, kinds=_CLIP)


_COMMON = (
    option("tags", "Tags, one a line", OptionKind.LIST),
    retired(option("thumbnail_url", "Picture to show before it plays", OptionKind.LINK)),
    option("category", "Category, as the platform names it", OptionKind.TEXT),
    option("allow_comment", "Comments", OptionKind.SWITCH),
)
_VISIBILITY = ("visibility", "Who can see it", OptionKind.CHOICE)
_OWN = {
    Platform.YOUTUBE: (option(*_VISIBILITY, PUBLIC, "unlisted", "private"),),
    Platform.TIKTOK: (
        option(*_VISIBILITY, PUBLIC, "private"),
        option("allow_duet", "Duets", OptionKind.SWITCH),
        option("allow_stitch", "Stitches", OptionKind.SWITCH),
        option("disclose_content", "Disclose promotional content", OptionKind.SWITCH),
    ),
}

OPTIONS: Mapping[Platform, tuple[Option, ...]] = {
    platform: (*_OWN.get(platform, ()), *_COMMON) for platform in SPELLINGS
}

_COVER = CoverLimit(types=frozenset({JPEG, PNG}), kinds=_CLIP)

COVERS: Mapping[Platform, CoverLimit] = {
    platform: replace(_COVER, size=2 * MB) if platform is Platform.YOUTUBE else _COVER
    for platform in SPELLINGS
}
"""A picture by its address, `thumbnail_url`; of its size only YouTube's own limit is known."""

DEFAULT_VISIBILITY: Mapping[Platform, str] = dict.fromkeys(_OWN, PUBLIC)
"""What is sent where nobody chose, since WayinVideo documents no default."""
