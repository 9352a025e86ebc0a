"""What fills the screen of a phone, upright: stories, reels, Shorts, TikTok. Which part of it the app
covers with its own buttons and texts, and what becomes of other shapes.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from bot.domain import folding
from bot.domain.folding import Texts
from bot.domain.look import LOOKS
from bot.domain.platform import Kind, Platform

ASPECT = 9 / 16
_ENOUGH = 0.02  # of a shape: what differs less fills the screen
_SHORT_SECONDS = 180
_VIDEOS = (Kind.VIDEO, Kind.CLIP)


@dataclass(frozen=True, kw_only=True, slots=True)
class Screen(Texts):
    """A kind of post that fills the screen. `top`, `bottom`, `left` and `right` are the parts of the
    height and the width that the app covers, 0 where the platform publishes none. `others` are the
    places where a part of it is seen, each with its shape. `has_text` where texts lie over it.
    """

    name: str
    top: float = 0
    bottom: float = 0
    left: float = 0
    right: float = 0
    has_text: bool = True
    is_tinted: bool = (
        False  # what is not upright stands on its own colours; else between black bars
    )
    others: Sequence[tuple[str, float]] = ()


# Meta's Ads Guide, "Instagram Stories" and "Facebook Stories": roughly 14 % of the top and 20 % of
# the bottom are covered; other shapes get bars in a gradient of their colours.
STORY = Screen(name="story", fold=None, top=0.14, bottom=0.20, has_text=False, is_tinted=True)
# Meta's Ads Guide, "Instagram Reels": 14 % of the top, 35 % of the bottom and 6 % of each side. Guides
# tell that 4:5 of it are seen in the feed, and 3:4 in the grid of the profile.
REEL = Screen(
    name="reel",
    fold=LOOKS[Platform.INSTAGRAM].fold,
    links=LOOKS[Platform.INSTAGRAM].links,
    top=0.14,
    bottom=0.35,
    left=0.06,
    right=0.06,
    others=(("In the profile", 3 / 4), ("In the feed", 4 / 5)),
)
# support.google.com/youtube/answer/15424877: up to three minutes, square or upright. Google's guide to
# vertical ads, as shotstack.io cites it: of 1920 pixels 288 at the top and 672 at the bottom, of 1080
# across 48 at the left and 192 at the right. The title lies over it; the description is not seen.
SHORT = Screen(
    name="Short",
    fold=0,
    title=40,
    top=288 / 1920,
    bottom=672 / 1920,
    left=48 / 1080,
    right=192 / 1080,
)
TIKTOK = Screen(
    name="video",
    fold=LOOKS[Platform.TIKTOK].fold,
    lines=LOOKS[Platform.TIKTOK].lines,
    published=LOOKS[Platform.TIKTOK].published,
    title=LOOKS[Platform.TIKTOK].title,
    links=LOOKS[Platform.TIKTOK].links,
)


def of(
    platform: Platform,
    kind: Kind,
    *,
    is_story: bool = False,
    aspect: float | None = None,
    seconds: float | None = None,
) -> Screen | None:
    """What fills the screen, or None where a post stands in the feed among others. `aspect` and
    `seconds` are those of its first file, where they are known.
    """
    if kind is Kind.TEXT:
        return None
    if is_story:
        return STORY
    match platform:
        case Platform.TIKTOK:
            return TIKTOK if kind in _VIDEOS else replace(TIKTOK, name="slideshow")
        case Platform.INSTAGRAM if kind in _VIDEOS:
            return REEL
        case Platform.YOUTUBE if kind in _VIDEOS and _is_short(aspect, seconds):
            return SHORT
        case _:
            return None


def _is_short(aspect: float | None, seconds: float | None) -> bool:
    return aspect is not None and aspect <= 1 + _ENOUGH and (seconds or 0) <= _SHORT_SECONDS


def fills(aspect: float) -> bool:
    """Whether a picture of this shape fills the screen."""
    return abs(aspect - ASPECT) <= _ENOUGH


def notes(
    screen: Screen, platform: Platform, caption: str, title: str, aspects: Sequence[float]
) -> list[str]:
    """What of a post is not seen, or covered, a sentence each."""
    told = _of_texts(screen, platform, caption, title)
    if screen.bottom:
        told.append(
            f"The app covers about {screen.top:.0%} at the top and {screen.bottom:.0%} at the bottom,"
            " shaded here: nothing that must be read belongs there."
        )
    if not all(fills(aspect) for aspect in aspects):
        bars = "stands on its own colours" if screen.is_tinted else "gets bars at its edges"
        told.append(f"What is not 9:16 {bars}.")
    return told


def _of_texts(screen: Screen, platform: Platform, caption: str, title: str) -> list[str]:
    if screen.has_text:
        return folding.notes(screen, platform.label, caption, title)
    if caption or title:
        return [f"The text is not shown: a {screen.name} has none."]
    return []
