"""How a post looks at each platform, as a reader meets it in the feed of a phone: where a text is
folded behind “… more”, what is linked in it, which part of a picture is seen.

Platforms hardly publish this, and change it. What they publish is named below; the rest is what
guides of 2026 tell that measure it (posttruncate.com, toolshake.xyz, textlengthtools.com), where they
differ the shortest: what is seen before that is seen by everyone.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import regex

from bot.domain.limits import Range
from bot.domain.platform import Kind, Platform

_GRAPHEME = regex.compile(r"\X")
_LINKED = re.compile(r"https?://\S+|(?<!\w)[#@]\w[\w.]*")


@dataclass(frozen=True, kw_only=True, slots=True)
class Look:
    """How a platform shows posts. `fold` is how many characters and `lines` how many lines of the
    caption are seen, None for all; `title` how many characters of the title, None where none is
    shown. `picture` and `video` are the shapes (width divided by height) that are shown whole; what
    is higher or wider is cut off at the edges, or stands between bars where it is not `crops`.
    """

    fold: int | None
    lines: int | None = None
    more: str = "… more"
    title: int | None = None
    text_first: bool = True
    picture: Range
    video: Range
    crops: bool = True
    has_grid: bool = False  # several pictures stand side by side; else one is seen, and swiped


LOOKS: Mapping[Platform, Look] = {
    # Full screen, with bars around what is not upright; two lines of text lie over it.
    Platform.TIKTOK: Look(
        fold=100,
        lines=2,
        title=90,
        text_first=False,
        picture=(9 / 16, 9 / 16),
        video=(9 / 16, 9 / 16),
        crops=False,
    ),
    # help.instagram.com, "Image resolution": 1.91:1 to 3:4 in the feed. A video is a reel, and 4:5
    # of it are seen in the feed.
    Platform.INSTAGRAM: Look(
        fold=125, text_first=False, picture=(3 / 4, 1.91), video=(4 / 5, 1.91)
    ),
    # support.google.com, "Video resolution & aspect ratios": the player adds bars, or is upright
    # for a Short.
    Platform.YOUTUBE: Look(
        fold=100,
        lines=2,
        more="...more",
        title=70,
        text_first=False,
        picture=(16 / 9, 16 / 9),
        video=(9 / 16, 16 / 9),
        crops=False,
    ),
    # facebook.com/business, "Feed": 1.91:1 to 4:5.
    Platform.FACEBOOK: Look(
        fold=110,
        lines=3,
        more="… See more",
        picture=(4 / 5, 1.91),
        video=(4 / 5, 1.91),
        has_grid=True,
    ),
    Platform.THREADS: Look(fold=250, picture=(3 / 4, 1.91), video=(9 / 16, 1.91)),
    # Up to 280 characters are never folded. One picture is shown up to 3:4 high.
    Platform.X: Look(fold=None, picture=(3 / 4, 2.0), video=(3 / 4, 16 / 9), has_grid=True),
    Platform.LINKEDIN: Look(
        fold=140, lines=3, more="…more", picture=(4 / 5, 1.91), video=(4 / 5, 16 / 9), has_grid=True
    ),
    # help.pinterest.com, "Review Pin specs": pictures higher than 2:3 are cut off in feeds, where
    # the first 40 characters of a title may show, and of the description none.
    Platform.PINTEREST: Look(
        fold=0, title=40, text_first=False, picture=(2 / 3, 1.91), video=(9 / 16, 1.91)
    ),
    # bsky.app folds nothing of its 300 characters.
    Platform.BLUESKY: Look(fold=None, picture=(1 / 2, 2.0), video=(9 / 16, 16 / 9), has_grid=True),
    Platform.REDDIT: Look(
        fold=200,
        lines=3,
        title=300,
        picture=(3 / 4, 16 / 9),
        video=(3 / 4, 16 / 9),
        crops=False,
    ),
}


@dataclass(frozen=True, kw_only=True, slots=True)
class Folded:
    """What is seen of a text, and how many characters are not."""

    shown: str
    hidden: int = 0


@dataclass(frozen=True, kw_only=True, slots=True)
class Frame:
    """What becomes of a picture: the shape it is seen in, and whether its edges are cut off or bars
    added to get there.
    """

    aspect: float
    is_cut: bool = False
    has_bars: bool = False


def fold(text: str, most: int | None, lines: int | None = None) -> Folded:
    """A text as it is seen before anyone asks for more: never cut within a character, nor within a
    word where it can be helped.
    """
    signs: list[str] = _GRAPHEME.findall(text)
    end = len(signs)
    if most is not None and end > most:
        end = most
    if lines is not None:
        breaks = [at for at, sign in enumerate(signs[:end]) if "\n" in sign]
        end = breaks[lines - 1] if len(breaks) >= lines else end
    if end == len(signs):
        return Folded(shown=text)
    shown = "".join(signs[:end])
    word = shown.rpartition(" ")[0] if not signs[end].isspace() else shown
    if len(word) > len(shown) * 0.7:
        shown = word
    return Folded(shown=shown.rstrip(), hidden=len(signs) - end)


def frame(look: Look, kind: Kind, aspect: float) -> Frame:
    """How a picture or video of this shape is seen."""
    least, most = look.video if kind in (Kind.VIDEO, Kind.CLIP) else look.picture
    fitting = min(max(aspect, least), most)
    is_other = abs(fitting - aspect) > 0.01 * aspect
    return Frame(
        aspect=fitting if is_other else aspect,
        is_cut=is_other and look.crops,
        has_bars=is_other and not look.crops,
    )


def pieces(text: str) -> list[tuple[str, bool]]:
    """A text in pieces, each with whether the platform makes a link of it: addresses, hashtags and
    mentions.
    """
    found: list[tuple[str, bool]] = []
    at = 0
    for match in _LINKED.finditer(text):
        found += [(text[at : match.start()], False), (match.group(), True)]
        at = match.end()
    found.append((text[at:], False))
    return [piece for piece in found if piece[0]]


def notes(
    platform: Platform, kind: Kind, caption: str, title: str, aspects: Sequence[float]
) -> list[str]:
    """What of a post is not seen at once, a sentence each; `aspects` are those of its pictures, in
    order.
    """
    look = LOOKS[platform]
    return _of_texts(look, platform, caption, title) + _of_pictures(look, platform, kind, aspects)


def _of_texts(look: Look, platform: Platform, caption: str, title: str) -> list[str]:
    told: list[str] = []
    if title and look.title is None:
        told.append(f"{platform.label} shows no title.")
    elif look.title is not None and (hidden := fold(title, look.title).hidden):
        told.append(f"The title is cut after about {look.title} characters; {hidden} are not seen.")
    if caption and look.fold == 0:
        told.append("The text is seen only by those who open it.")
    elif hidden := fold(caption, look.fold, look.lines).hidden:
        told.append(f"About {hidden} characters of the text are behind “{look.more}”.")
    return told


def _of_pictures(look: Look, platform: Platform, kind: Kind, aspects: Sequence[float]) -> list[str]:
    if len(aspects) > 1 and look.has_grid:
        return ["The pictures stand side by side, cut to fit; each is whole when it is opened."]
    frames = [frame(look, kind, aspect) for aspect in aspects]
    what = "A picture" if kind is Kind.PHOTOS else "The video"
    told: list[str] = []
    if any(each.is_cut for each in frames):
        told.append(f"{what} is cut off at its edges in the feed.")
    if any(each.has_bars for each in frames):
        told.append(f"{what} gets bars at its edges.")
    if len(aspects) > 1 and platform is Platform.INSTAGRAM:
        told.append("All pictures get the shape of the first.")
    return told
