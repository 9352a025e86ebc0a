"""Everything an account would refuse is said before it is sent."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from bot.domain import fit
from bot.domain.counting import TextLimit, Unit
from bot.domain.limits import AccountLimits, ContentLimit, FileLimit, Limits
from bot.domain.media import Media, kind_of
from bot.domain.platform import Kind
from bot.domain.spans import span
from bot.errors import Problem
from tests.factories import a_media, a_video
from tests.scripted import START

LEAVE = "or leave this account out."
OWN = "or give this account its own text."
LIMITS = Limits(
    {
        Kind.TEXT: ContentLimit(caption=TextLimit(5, Unit.UTF16)),
        Kind.PHOTOS: ContentLimit(
            caption=TextLimit(9, Unit.CHARACTERS),
            title=TextLimit(3, Unit.UTF16),
            hashtags=1,
            mentions=1,
            forbidden="<>",
            files=FileLimit(
                count=2, types=frozenset({"image/jpeg"}), size=1000, aspect=(0.8, 1.91)
            ),
        ),
        Kind.VIDEO: ContentLimit(
            caption=TextLimit(9, Unit.CHARACTERS),
            title=TextLimit(3, Unit.UTF16),
            needs_caption=True,
            needs_title=True,
            files=FileLimit(
                count=1,
                types=frozenset({"video/mp4"}),
                size=1000,
                seconds=(3, 600),
                frame_rate=(24, 60),
            ),
        ),
    }
)
PHOTO = a_media(width=100, height=100)


def found(
    limits: Limits = LIMITS, account: AccountLimits | None = None, **changes: Any
) -> list[Problem]:
    """Check a post against the limits above."""
    post: dict[str, Any] = {"caption": "", "title": "", "media": ()} | changes
    kind = post.pop("kind", None) or kind_of(post["media"])
    return fit.problems(limits, "Desk", kind=kind, account=account, **post)


def said(problems: Sequence[Problem]) -> list[tuple[str, str, str]]:
    """Field, message and remedy of each problem."""
    return [(problem.field, problem.message, problem.remedy) for problem in problems]


def video(**changes: Any) -> dict[str, Any]:
    """Post a video that fits but for some changes of it."""
    return {"caption": "a", "title": "a", "media": (a_video(**changes),)}


@pytest.mark.parametrize(
    ("post", "problem"),
    [
        (
            {"caption": "👍👍👍"},
            ("Caption", "Desk takes 5 UTF-16 units; this has 6.", f"Shorten it by 1, {OWN}"),
        ),
        (
            {"caption": "1234567890", "media": (PHOTO,)},
            ("Caption", "Desk takes 9 characters; this has 10.", f"Shorten it by 1, {OWN}"),
        ),
        (
            {"title": "1234", "media": (PHOTO,)},
            ("Title", "Desk takes 3 UTF-16 units; this has 4.", f"Shorten it by 1, {OWN}"),
        ),
        (
            {"caption": "a", "media": (a_video(),)},
            ("Title", "Desk needs a title; none was given.", f"Write a title, {LEAVE}"),
        ),
        (
            {"title": "a", "media": (a_video(),)},
            ("Caption", "Desk needs a caption; none was given.", f"Write a caption, {LEAVE}"),
        ),
        (
            {"caption": "#a #b c#d", "media": (PHOTO,)},
            ("Caption", "Desk takes 1 hashtag; this has 2.", f"Take 1 away, {LEAVE}"),
        ),
        (
            {"caption": "@a @b c@d", "media": (PHOTO,)},
            ("Caption", "Desk takes 1 mention; this has 2.", f"Take 1 away, {LEAVE}"),
        ),
        (
            {"caption": "a < b", "media": (PHOTO,)},
            ("Caption", "Desk takes no < or >; this has <.", f"Take it away, {LEAVE}"),
        ),
        (
            {"title": "<b>", "media": (PHOTO,)},
            ("Title", "Desk takes no < or >; this has < and >.", f"Take them away, {LEAVE}"),
        ),
        (
            {"media": (PHOTO,) * 4},
            ("Media", "Desk takes 2 files; 4 were given.", f"Take 2 away, {LEAVE}"),
        ),
        (
            {"media": (a_media("p.png", "image/png"),)},
            ("Media", "Desk takes jpeg; p.png is image/png.", f"Convert it, {LEAVE}"),
        ),
        (
            {"media": (a_media(size=1001),)},
            (
                "Media",
                "Desk takes 1,000 bytes a file; photo.jpg has 1,001.",
                f"Give a smaller file, {LEAVE}",
            ),
        ),
        (
            {"media": (a_media(width=3000, height=1000),)},
            (
                "Media",
                "Desk takes a width of 0.8 to 1.91 times the height; "
                "photo.jpg has 3 (3000 by 1000).",
                f"Crop it, {LEAVE}",
            ),
        ),
        (
            video(seconds=2.94),
            (
                "Media",
                "Desk takes videos of 3 to 600 seconds; clip.mp4 has 2.9.",
                f"Give a longer one, {LEAVE}",
            ),
        ),
        (
            video(seconds=1200.0),
            (
                "Media",
                "Desk takes videos of 3 to 600 seconds; clip.mp4 has 1,200.",
                f"Give a shorter one, {LEAVE}",
            ),
        ),
        (
            video(frame_rate=15.0),
            (
                "Media",
                "Desk takes 24 to 60 frames a second; clip.mp4 has 15.",
                f"Convert it, {LEAVE}",
            ),
        ),
        (
            {"kind": Kind.CLIP},
            (
                "Media",
                "Desk takes text or photos or video; a clip was given.",
                f"Add text or photos or video, {LEAVE}",
            ),
        ),
    ],
)
def test_problem_says_all(post: dict[str, Any], problem: tuple[str, str, str]) -> None:
    """A problem names the field, the limit with its unit, what was found and what to do."""
    assert said(found(**post)) == [problem]


@pytest.mark.parametrize(
    "post",
    [
        {"caption": "12345", "title": "a text shows no title"},
        {"caption": "👍👍a"},
        {"caption": "#a @b", "title": "123", "media": (replace(PHOTO, size=1000),) * 2},
        {"media": (a_media(width=1080, height=1351),)},  # 0.7994 as people say it: 0.8
        {"media": (a_media(width=191, height=100),)},
        video(seconds=3.0),
        video(seconds=600.04),
        video(frame_rate=23.976),  # what people call 24
        video(frame_rate=60.0),
    ],
)
def test_limit_itself_is_taken(post: dict[str, Any]) -> None:
    """A post exactly at its limits is taken, in the figures that people are shown."""
    assert found(**post) == []


@pytest.mark.parametrize(
    "media",
    [a_media(), a_video(width=None, height=None, seconds=None, frame_rate=None, codec="")],
)
def test_what_was_not_measured_is_not_checked(media: Media) -> None:
    """A file of which nothing is known but its type and size is left to the service."""
    assert found(caption="a", title="a", media=(media,)) == []


def test_text_alone_where_files_are_needed() -> None:
    """A platform that takes no bare text says that a file is missing."""
    [problem] = found(LIMITS.only(Kind.PHOTOS), caption="a")
    assert problem.message == "Desk takes photos; no file was given."
    assert problem.remedy == f"Add photos, {LEAVE}"


def test_every_problem_at_once() -> None:
    """All problems are told together, not one after the other."""
    problems = found(caption="1234567890", title="1234", media=(a_media(size=2000),) * 3)
    assert [problem.field for problem in problems] == ["Caption", "Title", *["Media"] * 4]


def test_clip_is_checked_by_its_texts() -> None:
    """A clip has the texts of a video and no file of ours."""
    problems = found(LIMITS.clips(), kind=Kind.CLIP, title="a")
    assert [problem.field for problem in problems] == ["Caption"]


@pytest.mark.parametrize(("own", "length", "fits"), [(3, 4, False), (3, 3, True), (9, 9, True)])
def test_accounts_own_caption_limit(own: int, length: int, fits: bool) -> None:
    """What an account tells of itself goes before its platform, be it more or less."""
    problems = found(account=AccountLimits(caption=own), caption="x" * length)
    assert (problems == []) == fits


@pytest.mark.parametrize(("own", "taken"), [(60, "3 to 60"), (3600, "3 to 600")])
def test_accounts_own_video_length(own: int, taken: str) -> None:
    """An account may take shorter videos than its platform, never longer."""
    [problem] = found(account=AccountLimits(max_video_seconds=own), **video(seconds=601.0))
    assert problem.message == f"Desk takes videos of {taken} seconds; clip.mp4 has 601."


def test_accounts_own_video_length_where_the_platform_tells_none() -> None:
    """An account's longest video holds by itself too."""
    limits = LIMITS.files(Kind.VIDEO, seconds=None)
    [problem] = found(limits, AccountLimits(max_video_seconds=5), **video())
    assert problem.message == "Desk takes videos of at most 5 seconds; clip.mp4 has 10."


def test_accounts_own_kinds() -> None:
    """An account that takes fewer kinds than its platform says so."""
    [problem] = found(account=AccountLimits(kinds=frozenset({Kind.TEXT})), **video())
    assert problem.message == "Desk takes text; a video was given."
    [nothing] = found(account=AccountLimits(kinds=frozenset()), caption="a")
    assert str(nothing) == (
        "Media: Desk takes no posts now; no file was given. Leave this account out."
    )


MINUTE, DAY = timedelta(minutes=1), timedelta(days=1)


@pytest.mark.parametrize(
    ("ahead", "told"),
    [
        (5 * MINUTE, None),
        (30 * DAY, None),
        (
            5 * MINUTE - timedelta(milliseconds=1),
            ("4 minutes 59 seconds", f"Give a later time, {LEAVE}"),
        ),
        (
            30 * DAY + timedelta(milliseconds=1),
            ("30 days 1 second", f"Give an earlier time, {LEAVE}"),
        ),
    ],
)
def test_window_of_times(ahead: timedelta, told: tuple[str, str] | None) -> None:
    """A service takes the times of its window, both ends included."""
    problems = fit.window_problems(5 * MINUTE, 30 * DAY, "Desk", START + ahead, START)
    if told is None:
        assert problems == []
        return
    message = f"Desk takes times 5 minutes to 30 days ahead; this is {told[0]} ahead."
    assert said(problems) == [("When", message, told[1])]


@pytest.mark.parametrize(
    ("length", "words"),
    [
        (timedelta(), "0 seconds"),
        (timedelta(seconds=-5), "0 seconds"),
        (timedelta(hours=1), "1 hour"),
        (timedelta(days=400, hours=2, minutes=3), "400 days 2 hours"),
        (timedelta(seconds=90), "1 minute 30 seconds"),
    ],
)
def test_spans(length: timedelta, words: str) -> None:
    """Lengths are told in their two largest units."""
    assert span(length) == words
