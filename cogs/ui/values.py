"""The values that services have for their options, as people read them."""

from collections.abc import Mapping

from bot.domain.youtube import CATEGORIES

_EVERYONE, _NOBODY = "visible to everyone", "visible to nobody but the account"

_NAMES: Mapping[str, str] = {
    "PUBLIC_TO_EVERYONE": _EVERYONE,
    "MUTUAL_FOLLOW_FRIENDS": "visible to friends only",
    "FOLLOWER_OF_CREATOR": "visible to followers only",
    "SELF_ONLY": _NOBODY,
    "public": _EVERYONE,
    "unlisted": "visible to whoever has the link",
    "private": _NOBODY,
    "PUBLIC": _EVERYONE,
    "LOGGED_IN": "visible to members of LinkedIn only",
    "CONNECTIONS": "visible to connections only",
    "CONTAINER": "visible to members of its group only",
    "DIRECT_POST": "Published at once",
    "MEDIA_UPLOAD": "A draft in the inbox",
    "post": "Post",
    "story": "Story",
    "POSTS": "Post",
    "IMAGE": "Post in the feed",
    "REELS": "Reel",
    "STORIES": "Story",
    "VIDEO": "Video",
    "MANUAL": "By hand",
    "SS_PERFORMANCE": "By itself, when it does well",
    "CUSTOM": "No trial",
    "TRIAL_REELS_SHARE_TO_FOLLOWERS_IF_LIKED": "A trial; followers get it when it is liked",
    "TRIAL_REELS_DONT_SHARE_TO_FOLLOWERS": "A trial; followers never get it",
    "everyone": "Everyone",
    "following": "People the account follows",
    "mentionedUsers": "People who are mentioned",
    "subscribers": "Subscribers",
    "verified": "Verified accounts",
    "youtube": "YouTube's usual license",
    "creativeCommon": "Creative Commons",
    "vertical": "Upright",
    "horizontal": "Wide",
    "square": "Square",
    "auto": "As it fits",
}
_NAMES_OF: Mapping[str, Mapping[str, str]] = {"categoryId": CATEGORIES}


def called(option: str, value: str) -> str:
    """What people call a value of an option; the value itself where it is their own words."""
    return _NAMES_OF.get(option, _NAMES).get(value, value)
