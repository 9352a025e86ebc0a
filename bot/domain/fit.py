"""Whether a post fits what an account takes, found out before it is sent."""

import re
from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta

from bot.domain import file_fit
from bot.domain.counting import TextLimit
from bot.domain.limits import AccountLimits, ContentLimit, Limits
from bot.domain.media import Media
from bot.domain.platform import Kind
from bot.domain.spans import span
from bot.errors import Problem

_LEAVE = "or leave this account out."

_FOUND = {
    Kind.TEXT: "no file was given",
    Kind.PHOTOS: "photos were given",
    Kind.VIDEO: "a video was given",
    Kind.CLIP: "a clip was given",
}
_TAKEN = {Kind.TEXT: "text", Kind.PHOTOS: "photos", Kind.VIDEO: "video", Kind.CLIP: "a clip"}

_HASHTAG = re.compile(r"(?<!\w)#\w")
_MENTION = re.compile(r"(?<!\w)@\w")


def problems(
    limits: Limits,
    label: str,
    *,
    kind: Kind,
    caption: str,
    title: str,
    media: Sequence[Media],
    account: AccountLimits | None = None,
) -> list[Problem]:
    """Everything about a post that an account, named by `label`, would refuse.

    What the account allows now (`account`) goes before what its platform takes. A value that
    could not be measured is not checked.
    """
    account = account or AccountLimits()
    kinds = [one for one in limits.of if account.kinds is None or one in account.kinds]
    if kind not in kinds:
        return [_kind_not_taken(kinds, label, kind)]
    limit = limits.of[kind]
    if account.caption is not None:
        limit = replace(limit, caption=TextLimit(account.caption, limit.caption.unit))
    found = _caption_problems(limit, label, caption) + _title_problems(limit, label, title)
    if limit.files is None:
        return found
    return found + file_fit.problems(limit.files, label, media, account.max_video_seconds)


def window_problems(
    lead: timedelta, horizon: timedelta, label: str, at: datetime, now: datetime
) -> list[Problem]:
    """What keeps a service, named by `label`, from taking the time of a post.

    `lead` and `horizon` are how soon and how far ahead it takes one; both ends are taken.
    """
    ahead = at - now
    if lead <= ahead <= horizon:
        return []
    is_late = ahead > horizon
    return [
        Problem(
            field="When",
            message=(
                f"{label} takes times {span(lead)} to {span(horizon)} ahead; "
                f"this is {span(ahead, up=is_late)} ahead."
            ),
            remedy=f"Give {'an earlier' if is_late else 'a later'} time, {_LEAVE}",
        )
    ]


def _kind_not_taken(kinds: Sequence[Kind], label: str, kind: Kind) -> Problem:
    taken = " or ".join(_TAKEN[one] for one in Kind if one in kinds) or "no posts now"
    return Problem(
        field="Media",
        message=f"{label} takes {taken}; {_FOUND[kind]}.",
        remedy=f"Add {taken}, {_LEAVE}" if kinds else "Leave this account out.",
    )


def _caption_problems(limit: ContentLimit, label: str, caption: str) -> list[Problem]:
    if not caption:
        return [_missing("Caption", label)] if limit.needs_caption else []
    found = _too_long("Caption", label, limit.caption, caption)
    found += _too_many("hashtag", label, limit.hashtags, len(_HASHTAG.findall(caption)))
    found += _too_many("mention", label, limit.mentions, len(_MENTION.findall(caption)))
    return found + _forbidden("Caption", label, limit.forbidden, caption)


def _title_problems(limit: ContentLimit, label: str, title: str) -> list[Problem]:
    if limit.title is None:  # it is not shown
        return []
    if not title:
        return [_missing("Title", label)] if limit.needs_title else []
    found = _too_long("Title", label, limit.title, title)
    return found + _forbidden("Title", label, limit.forbidden, title)


def _missing(field: str, label: str) -> Problem:
    name = field.lower()
    return Problem(
        field=field,
        message=f"{label} needs a {name}; none was given.",
        remedy=f"Write a {name}, {_LEAVE}",
    )


def _too_long(field: str, label: str, limit: TextLimit, text: str) -> list[Problem]:
    length = limit.length(text)
    if length <= limit.maximum:
        return []
    return [
        Problem(
            field=field,
            message=f"{label} takes {limit.maximum:,} {limit.unit}; this has {length:,}.",
            remedy=f"Shorten it by {length - limit.maximum:,}, or give this account its own text.",
        )
    ]


def _too_many(name: str, label: str, maximum: int | None, count: int) -> list[Problem]:
    if maximum is None or count <= maximum:
        return []
    return [
        Problem(
            field="Caption",
            message=f"{label} takes {maximum:,} {name}{'s' * (maximum != 1)}; this has {count:,}.",
            remedy=f"Take {count - maximum:,} away, {_LEAVE}",
        )
    ]


def _forbidden(field: str, label: str, forbidden: str, text: str) -> list[Problem]:
    if not (found := [character for character in forbidden if character in text]):
        return []
    return [
        Problem(
            field=field,
            message=f"{label} takes no {' or '.join(forbidden)}; this has {' and '.join(found)}.",
            remedy=f"Take {'it' if len(found) == 1 else 'them'} away, {_LEAVE}",
        )
    ]
