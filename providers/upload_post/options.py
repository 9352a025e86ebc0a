"""What can be chosen for an account at Upload-Post, and the fields it becomes.

Every parameter of its pages "Upload video", "Upload photos" and "Upload text" that concerns one
platform. An option is named as the field it becomes, but for those of `_FIELDS`.
"""

from collections.abc import Iterator, Mapping

from bot.domain.options import Option, Value, values
from bot.domain.platform import Kind, Platform
from providers.submission import Recipient
from providers.upload_post import text_options, video_options
from providers.upload_post.text_options import LINKEDIN_LEVELS
from providers.upload_post.video_options import TIKTOK_LEVELS, YOUTUBE_LEVELS

OPTIONS: Mapping[Platform, tuple[Option, ...]] = {
    Platform.TIKTOK: video_options.TIKTOK,
    Platform.INSTAGRAM: video_options.INSTAGRAM,
    Platform.YOUTUBE: video_options.YOUTUBE,
    Platform.FACEBOOK: text_options.FACEBOOK,
    Platform.THREADS: text_options.THREADS,
    Platform.X: text_options.X,
    Platform.LINKEDIN: text_options.LINKEDIN,
    Platform.PINTEREST: text_options.PINTEREST,
    Platform.BLUESKY: text_options.BLUESKY,
    Platform.REDDIT: text_options.REDDIT,
}

DEFAULT_VISIBILITY: Mapping[Platform, str] = {
    Platform.TIKTOK: TIKTOK_LEVELS[0],
    Platform.YOUTUBE: YOUTUBE_LEVELS[0],
    Platform.LINKEDIN: LINKEDIN_LEVELS[0],
}
"""Always sent: left out, an account's own default holds, which may hide the post."""

_VISIBILITY = {
    Platform.TIKTOK: "privacy_level",
    Platform.YOUTUBE: "privacyStatus",
    Platform.LINKEDIN: "visibility",
}
_FIELDS = {
    (Platform.INSTAGRAM, "photo_media_type"): "media_type",
    (Platform.FACEBOOK, "photo_media_type"): "facebook_media_type",
    **{(platform, "first_comment"): f"{platform}_first_comment" for platform in Platform},
    **{(platform, "visibility"): name for platform, name in _VISIBILITY.items()},
}

# Fields that more than one platform of an upload reads: all must want the same.
_SHARED = ("thumbnail_url", "reply_to_id", "is_ai_generated")


def go_together(one: Recipient, other: Recipient) -> bool:
    """Whether two accounts may share an upload: platforms of one profile, and of one mind about
    the fields that both would read.
    """
    same_profile = _profile(one) == _profile(other) and one.platform is not other.platform
    return same_profile and all(
        one.options.get(name, "") == other.options.get(name, "") for name in _SHARED
    )


def is_draft(recipient: Recipient, kind: Kind) -> bool:
    """Whether an account only gets a draft, to be finished by its creator."""
    return values(OPTIONS[recipient.platform], recipient.options, kind).get("draft") is True


def settings(recipient: Recipient, kind: Kind) -> Iterator[tuple[str, str]]:
    """The fields an account's options become, and those that are always sent."""
    platform = recipient.platform
    if platform in _VISIBILITY:
        level = recipient.options.get("visibility") or DEFAULT_VISIBILITY[platform]
        yield _VISIBILITY[platform], level
    yield from _draft(platform, is_draft(recipient, kind))
    for name, value in values(OPTIONS[platform], recipient.options, kind).items():
        if name not in ("visibility", "draft"):
            yield from _field(_FIELDS.get((platform, name), name), value)


def _draft(platform: Platform, draft: bool) -> Iterator[tuple[str, str]]:
    if platform is Platform.FACEBOOK and draft:
        yield "video_state", "DRAFT"
    if platform is not Platform.TIKTOK:
        return
    yield "post_mode", "MEDIA_UPLOAD" if draft else "DIRECT_POST"
    if not draft:
        # Else TikTok may put the post into the drafts and call that a success.
        yield "disable_inbox_fallback", "true"


def _field(name: str, value: Value) -> Iterator[tuple[str, str]]:
    match value:
        case bool():
            yield name, "true" if value else "false"
        case list():
            yield from ((f"{name}[]", item) for item in value)
        case _:
            yield name, str(value)


def _profile(recipient: Recipient) -> str:
    return recipient.remote_id.rpartition("/")[0]
