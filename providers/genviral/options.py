"""Every setting Genviral documents for a platform, as an option (seed 003, its settings tables).

An option is called as Genviral calls it, but for `visibility`, which is TikTok's `privacy_level`
and YouTube's `type`. What the post itself gives is no option: the title of a YouTube video, of a
pin and of a TikTok slideshow.
"""

from collections.abc import Mapping

from bot.domain.options import Option, OptionKind, retired
from bot.domain.platform import Kind, Platform
from bot.domain.youtube import CATEGORIES

TIKTOK_LEVELS = (
    "PUBLIC_TO_EVERYONE",
    "FOLLOWER_OF_CREATOR",
    "MUTUAL_FOLLOW_FRIENDS",
    "SELF_ONLY",
)
"""TikTok's privacy levels, most public first."""
YOUTUBE_LEVELS = ("public", "unlisted", "private")
"""YouTube's visibilities, most public first."""
DRAFT = "MEDIA_UPLOAD"
"""The post mode that puts a slideshow into the creator's inbox instead of publishing it."""

_STORY = "story"
_VIDEO = frozenset({Kind.VIDEO})
_PHOTOS = frozenset({Kind.PHOTOS})
_ANY = frozenset(Kind)


def _text(
    name: str, label: str, maximum: int | None = None, kinds: frozenset[Kind] = _ANY
) -> Option:
    return Option(name=name, label=label, kind=OptionKind.TEXT, maximum=maximum, kinds=kinds)


def _link(
    name: str, label: str, maximum: int | None = None, kinds: frozenset[Kind] = _ANY
) -> Option:
    return Option(name=name, label=label, kind=OptionKind.LINK, maximum=maximum, kinds=kinds)


def _switch(name: str, label: str, kinds: frozenset[Kind] = _ANY) -> Option:
    return Option(name=name, label=label, kind=OptionKind.SWITCH, kinds=kinds)


def _moment(name: str, label: str) -> Option:
    """A moment of the video, which is that of the post's cover now."""
    return retired(Option(name=name, label=label, kind=OptionKind.NUMBER, kinds=_VIDEO))


def _choice(name: str, label: str, *choices: str, kinds: frozenset[Kind] = _ANY) -> Option:
    return Option(
        name=name,
        label=label,
        kind=OptionKind.CHOICE,
        choices=choices,
        kinds=kinds,
        story=_STORY if _STORY in choices else "",
    )


def _list(name: str, label: str, maximum: int | None = None, item: int | None = None) -> Option:
    return Option(name=name, label=label, kind=OptionKind.LIST, maximum=maximum, item_maximum=item)


OPTIONS: Mapping[Platform, tuple[Option, ...]] = {
    Platform.TIKTOK: (
        _choice("visibility", "Visibility", *TIKTOK_LEVELS),
        _text("title", "TikTok title", 2_200, _VIDEO),
        _text("description", "TikTok description", 4_000),
        _choice("post_mode", "Publish, or draft in the inbox", "DIRECT_POST", DRAFT, kinds=_PHOTOS),
        _switch("music_usage_confirmation", "TikTok's music terms are accepted"),
        _switch("disable_comment", "No comments"),
        _switch("disable_duet", "No duets", _VIDEO),
        _switch("disable_stitch", "No stitches", _VIDEO),
        _switch("auto_add_music", "Let TikTok add music", _PHOTOS),
        _switch("is_your_brand", "Promotes your own brand"),
        _switch("is_branded_content", "Promotes somebody else's brand"),
        _moment("video_cover_timestamp_ms", "Cover at, in milliseconds"),
        _link("music_url", "Music: a TikTok post that has it"),
    ),
    Platform.INSTAGRAM: (
        _choice("post_type", "Post or story", "post", "story"),
        _switch("is_trial_reel", "Trial reel", _VIDEO),
        _choice(
            "graduation_strategy",
            "How a trial reel ends",
            "MANUAL",
            "SS_PERFORMANCE",
            kinds=_VIDEO,
        ),
        _list("collaborators", "Collaborators, one a line"),
        retired(_link("cover_url", "Cover picture", kinds=_VIDEO)),
        _moment("thumb_offset_ms", "Cover at, in milliseconds"),
        _switch("share_to_feed", "Show the reel in the feed", _VIDEO),
    ),
    Platform.YOUTUBE: (
        _choice("visibility", "Visibility", *YOUTUBE_LEVELS),
        _text("description", "Description, instead of the caption", 5_000),
        _list("tags", "Tags, one a line"),
        _choice("categoryId", "Category", *CATEGORIES),
        _switch("selfDeclaredMadeForKids", "Made for kids"),
        retired(_link("thumbnail", "Thumbnail picture")),
    ),
    Platform.FACEBOOK: (_link("url", "Link attached to the post"),),
    Platform.X: (
        _choice(
            "who_can_reply_post",
            "Who can reply",
            "everyone",
            "following",
            "mentionedUsers",
            "subscribers",
            "verified",
        ),
        _link("community", "Community, as https://x.com/i/communities/<id>"),
        _switch("made_with_ai", "Made with AI"),
        _switch("paid_partnership", "Paid partnership"),
    ),
    Platform.LINKEDIN: (
        _switch("post_as_images_carousel", "As a carousel (PDF)", _PHOTOS),
        _text("carousel_name", "Name of the carousel", kinds=_PHOTOS),
    ),
    Platform.PINTEREST: (
        Option(
            name="board_id",
            label="Board id",
            kind=OptionKind.TEXT,
            maximum=128,
            required=True,
            kinds=_PHOTOS,
        ),
        _link("link", "Link of the pin", 2_048),
        _list("tags", "Tags, one a line", 30, 100),
    ),
}
