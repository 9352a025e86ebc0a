"""What Genviral would refuse, or hide, and that limits and options cannot say (seed 003)."""

from collections.abc import Iterator, Set
from datetime import datetime, timedelta

from bot.domain.counting import TextLimit, Unit
from bot.domain.options import Value
from bot.domain.platform import Kind, Platform
from bot.errors import ContentRejectedError
from providers.genviral.limits import PINTEREST_TEXT, TIKTOK_VIDEO_TEXT, YOUTUBE_TEXT
from providers.genviral.options import TIKTOK_LEVELS
from providers.genviral.settings import given
from providers.submission import Recipient, Submission

LEAD = timedelta(minutes=2)
"""How far ahead the time of a scheduled post is, at least."""
AT_ONCE = timedelta(seconds=30)
"""Up to how far ahead a time means: at once."""


def check_time(at: datetime, now: datetime) -> None:
    """Raise ContentRejectedError for a time too late to be now and too soon to be scheduled:
    what Genviral makes of it is not documented.
    """
    if AT_ONCE < at - now < LEAD:
        raise ContentRejectedError(
            "Genviral takes a time at least 2 minutes ahead, or at once: this one lies between.",
            remedy="Choose a later time, or publish it now.",
        )


def check(submission: Submission, hosted: Set[str]) -> None:
    """Raise ContentRejectedError for the first thing that would be refused or left out."""
    for recipient in submission.recipients:
        for message, remedy in _broken(submission, recipient, recipient.remote_id in hosted):
            raise ContentRejectedError(message, remedy=remedy)


def _broken(
    submission: Submission, recipient: Recipient, is_hosted: bool
) -> Iterator[tuple[str, str]]:
    options = given(submission, recipient)
    match recipient.platform:
        case Platform.TIKTOK if is_hosted:
            yield from _hosted_tiktok(submission, options)
        case Platform.TIKTOK if submission.kind is Kind.VIDEO:
            texts = submission.caption, options.get("title", ""), options.get("description", "")
            limit = TextLimit(TIKTOK_VIDEO_TEXT, Unit.UTF16)
            yield from _too_long("Caption, title and description of a TikTok video", limit, texts)
        case Platform.YOUTUBE:
            limit = TextLimit(YOUTUBE_TEXT, Unit.BYTES)
            texts = (options.get("description", ""),)
            yield from _too_long("A description on YouTube", limit, texts)
        case Platform.PINTEREST:
            yield from _pin(submission, options)
        case _:
            pass


def _pin(submission: Submission, options: dict[str, Value]) -> Iterator[tuple[str, str]]:
    if "board_id" not in options:
        yield "A pin needs a board, and Genviral takes none by itself.", "Give the id of the board."
    # Genviral adds the tags to the text; a space before each is the least that takes.
    tags = [f" {tag}" for tag in tags] if isinstance(tags := options.get("tags"), list) else []
    limit = TextLimit(PINTEREST_TEXT, Unit.CHARACTERS)
    yield from _too_long("Caption and tags of a pin", limit, (submission.caption, *tags))


def _hosted_tiktok(submission: Submission, options: dict[str, Value]) -> Iterator[tuple[str, str]]:
    """What such an account cannot be given must not be left out in silence: it was approved."""
    public = {"visibility": TIKTOK_LEVELS[0]}
    chosen = [name for name, value in options.items() if public.get(name, "") != value]
    chosen = [name for name in chosen if name != "music_url"]
    if submission.kind is Kind.PHOTOS and submission.title:
        chosen.append("title")
    if chosen:
        yield (
            f"A TikTok account that Genviral hosts takes no settings ({', '.join(chosen)}).",
            "Leave them empty for this account, or publish it by itself.",
        )


def _too_long(what: str, limit: TextLimit, texts: tuple[object, ...]) -> Iterator[tuple[str, str]]:
    length = sum(limit.length(str(text)) for text in texts)
    if length > limit.maximum:
        yield (
            f"{what} may have {limit.maximum:,} {limit.unit} together; these have {length:,}.",
            f"Shorten them by {length - limit.maximum:,}.",
        )
