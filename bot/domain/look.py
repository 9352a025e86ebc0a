"""How a post looks at each platform in the feed of a phone: how much of its texts is seen, which part
of a picture.

Platforms hardly publish this, and change it. What they publish is named below; the rest is what
guides of 2026 tell that measure it (posttruncate.com, toolshake.xyz, textlengthtools.com), where they
differ the shortest: what is seen before that is seen by everyone.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from bot.domain import folding
from bot.domain.folding import Texts
from bot.domain.limits import Range
from bot.domain.platform import Kind, Platform


@dataclass(frozen=True, kw_only=True, slots=True)
class Look(Texts):
    """How a platform shows posts. `picture` and `video` are the shapes (width divided by height) that
    are shown whole; what is higher or wider is cut off at the edges, or stands between bars where it
    is not `crops`.
    """

    text_first: bool = True
    picture: Range
    video: Range
    crops: bool = True
    has_grid: bool = False  # several pictures stand side by side; else one is seen, and swiped
    has_link_card: bool = False  # a text with an address gets a card of its page


LOOKS: Mapping[Platform, Look] = {
    # ads.tiktok.com, "TikTok Auction In-Feed Ads": of an organic caption at most four lines are
    # seen. Full screen, with bars around what is not upright.
    Platform.TIKTOK: Look(
        fold=100,
        lines=4,
        published=["lines"],
        title=90,
        links=frozenset({"hashtag", "mention"}),
        text_first=False,
        picture=(9 / 16, 9 / 16),
        video=(9 / 16, 9 / 16),
        crops=False,
    ),
    # help.instagram.com, "Image resolution": 1.91:1 to 3:4 in the feed. A video is a reel, and 4:5
    # of it are seen in the feed.
    Platform.INSTAGRAM: Look(
        fold=125,
        links=frozenset({"hashtag", "mention"}),
        text_first=False,
        picture=(3 / 4, 1.91),
        video=(4 / 5, 1.91),
    ),
    # support.google.com, "Video resolution & aspect ratios": the player adds bars.
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
    # facebook.com/business, "Feed": 1.91:1 to 4:5. Who is mentioned through a service stays text.
    Platform.FACEBOOK: Look(
        fold=110,
        lines=3,
        more="… See more",
        links=frozenset({"address", "hashtag"}),
        picture=(4 / 5, 1.91),
        video=(4 / 5, 1.91),
        has_grid=True,
        has_link_card=True,
    ),
    Platform.THREADS: Look(
        fold=250, picture=(3 / 4, 1.91), video=(9 / 16, 1.91), has_link_card=True
    ),
    # Up to 280 characters are never folded. One picture is shown up to 3:4 high.
    Platform.X: Look(
        fold=None,
        picture=(3 / 4, 2.0),
        video=(3 / 4, 16 / 9),
        has_grid=True,
        has_link_card=True,
    ),
    # linkedin.com/help/lms/answer/a426534: up to 150 characters are not cut off; 1.91:1 to 4:5.
    Platform.LINKEDIN: Look(
        fold=150,
        lines=3,
        more="…more",
        published=["fold"],
        links=frozenset({"address", "hashtag"}),
        picture=(4 / 5, 1.91),
        video=(4 / 5, 16 / 9),
        has_grid=True,
        has_link_card=True,
    ),
    # help.pinterest.com, "Review Pin specs": pictures higher than 2:3 are cut off in feeds, where
    # the first 40 characters of a title may show (30 of Chinese, Japanese or Korean), and of the
    # description none.
    Platform.PINTEREST: Look(
        fold=0,
        title=40,
        east=4 / 3,
        text_first=False,
        picture=(2 / 3, 1.91),
        video=(9 / 16, 1.91),
    ),
    # The app is open source (bluesky-social/social-app, MAX_POST_LINES): 25 lines are seen, and all
    # of the 300 characters.
    Platform.BLUESKY: Look(
        fold=None,
        lines=25,
        more="Show More",
        published=["lines"],
        picture=(1 / 2, 2.0),
        video=(9 / 16, 16 / 9),
        has_grid=True,
    ),
    # Reddit knows no hashtags.
    Platform.REDDIT: Look(
        fold=200,
        lines=3,
        title=300,
        links=frozenset({"address"}),
        picture=(3 / 4, 16 / 9),
        video=(3 / 4, 16 / 9),
        crops=False,
    ),
}


@dataclass(frozen=True, kw_only=True, slots=True)
class Frame:
    """What becomes of a picture: the shape it is seen in, and whether its edges are cut off or bars
    added to get there.
    """

    aspect: float
    is_cut: bool = False
    has_bars: bool = False


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


def notes(
    platform: Platform, kind: Kind, caption: str, title: str, aspects: Sequence[float]
) -> list[str]:
    """What of a post is not seen at once, a sentence each; `aspects` are those of its pictures, in
    order.
    """
    look = LOOKS[platform]
    of_texts = folding.notes(look, platform.label, caption, title)
    return of_texts + _of_pictures(look, platform, kind, aspects)


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
