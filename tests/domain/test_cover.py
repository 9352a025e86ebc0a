"""The cover of a video: what is typed for it, where it counts, and what approval binds to."""

from dataclasses import replace

import pytest

from bot.domain import editing
from bot.domain.changes import changes
from bot.domain.cover import (
    Cover,
    CoverForm,
    CoverLimit,
    caution,
    clock,
    of_short,
    problems,
    read_clock,
)
from bot.domain.platform import Kind
from bot.errors import InputError
from tests.factories import a_media, a_revision, a_target, a_video

JPEG = frozenset({"image/jpeg"})
PICTURE = Cover(picture=a_media("cover.jpg", sha256="cc" * 32))
FRAME = Cover(picture=a_media("frame.jpg", sha256="dd" * 32), at_ms=3500)
ANY = CoverLimit(frame=True, types=JPEG, size=1000)
STORY = CoverLimit(
    types=JPEG, only_with=("as", frozenset({"", "reel"})), otherwise="a story shows none."
)


@pytest.mark.parametrize(
    ("text", "at_ms"),
    [
        ("0:03.5", 3500),
        ("3.5", 3500),
        (" 3,5 ", 3500),
        ("3s", 3000),
        ("0", 0),
        ("1:00", 60_000),
        ("90", 90_000),
        ("1:02:03.04", 3_723_040),
        ("0:00.001", 1),
    ],
)
def test_a_moment_is_read_as_people_write_it(text: str, at_ms: int) -> None:
    """Seconds or the clock; what is shown of it is read as the same moment again."""
    assert read_clock(text, None) == at_ms
    assert read_clock(clock(at_ms), None) == at_ms


@pytest.mark.parametrize("text", ["", "soon", "-1", "1:2:3:4", "3.5.5", "٣", "1e3", "10", "0:10"])
def test_no_moment_of_the_video(text: str) -> None:
    """What is no moment, or lies behind the end of a video of 10 seconds, is refused."""
    with pytest.raises(InputError):
        read_clock(text, 10.0)


@pytest.mark.parametrize(
    ("limit", "cover", "options", "form"),
    [
        (ANY, FRAME, {}, CoverForm.FRAME),
        (ANY, PICTURE, {}, CoverForm.PICTURE),
        (CoverLimit(frame=True), FRAME, {}, CoverForm.FRAME),
        (CoverLimit(frame=True), PICTURE, {}, None),
        (CoverLimit(types=JPEG), FRAME, {}, CoverForm.PICTURE),
        (STORY, FRAME, {}, CoverForm.PICTURE),
        (STORY, FRAME, {"as": "story"}, None),
        (CoverLimit(frame=True, kinds=frozenset({Kind.CLIP})), FRAME, {}, None),
    ],
)
def test_in_which_form_it_counts(
    limit: CoverLimit, cover: Cover, options: dict[str, str], form: CoverForm | None
) -> None:
    """A frame goes as its moment where that is taken, else as its picture; where neither is, and
    nowhere else, that is said.
    """
    assert limit.form(cover.at_ms, Kind.VIDEO, options) is form
    said = caution(limit, "TikTok · Ann", cover, Kind.VIDEO, options)
    assert (said is None) == (form is not None)


def test_what_an_account_does_not_take_now() -> None:
    """A form that the account's own service excludes is said."""
    assert caution(ANY, "It", FRAME, Kind.VIDEO, {}, allowed=[CoverForm.FRAME]) is None
    assert caution(ANY, "It", FRAME, Kind.VIDEO, {}, allowed=[]) is not None
    assert caution(ANY, "It", PICTURE, Kind.VIDEO, {}, allowed=[CoverForm.FRAME]) is not None


def test_a_picture_that_would_be_refused() -> None:
    """Its type and its bytes are held against what is taken."""
    large = Cover(picture=a_media("large.jpg", size=1001))
    odd = Cover(picture=a_media("odd.webp", "image/webp"))
    assert problems(ANY, "YouTube · Ann", PICTURE) == []
    assert "takes 1,000 bytes; large.jpg has 1,001." in str(problems(ANY, "It", large)[0])
    assert "takes jpeg; odd.webp is image/webp." in str(problems(ANY, "It", odd)[0])


@pytest.mark.parametrize(
    ("shape", "is_short"),
    [
        ({}, True),
        ({"width": 1080, "height": 1080, "seconds": 180.0}, True),
        ({"seconds": 181.0}, False),
        ({"width": 1920, "height": 1080}, False),
        ({"seconds": None}, False),
    ],
)
def test_what_youtube_makes_a_short_of(shape: dict, is_short: bool) -> None:
    """An upright or square video of up to three minutes has no thumbnail of its own there."""
    assert (of_short("It", [a_video(**shape)]) is not None) == is_short


def test_approval_binds_to_it() -> None:
    """Another moment or picture is another content, and told as a change; one without a cover has
    the digest that it had before there were covers.
    """
    plain = a_revision(media=(a_video(),))
    covers = [PICTURE, FRAME, replace(FRAME, at_ms=3501), replace(FRAME, at_ms=None)]
    covered = [replace(plain, cover=cover) for cover in covers]
    assert len({content.digest() for content in [plain, *covered]}) == 5
    assert plain.digest() == "b069c76b54ea86b52ef6bd07f69d561871b0691e7ce771a00e0c8fca4301ba4b"
    (told,) = changes(plain, covered[1])
    assert told.part == "Cover"
    assert told.pieces[1] == ("+", "the frame at 0:03.5 (dddddddd)")
    assert changes(covered[0], covered[0]) == []


def test_it_goes_with_its_video() -> None:
    """Other files drop it, the same ones keep it."""
    video, other = a_video(), a_video(sha256="ee" * 32)
    covered = a_revision(media=(video,), cover=FRAME)
    assert editing.with_media(covered, [video]).cover == FRAME
    for media in ([], [other], [video, other]):
        assert editing.with_media(covered, media).cover is None


def test_it_takes_the_place_of_what_accounts_had() -> None:
    """Options by which single accounts had covers go when one is chosen, or none."""
    targets = (a_target(1, options={"cover": "3", "draft": "true"}), a_target(2))
    content = a_revision(media=(a_video(),), targets=targets)
    for cover in (FRAME, None):
        changed = editing.with_cover(content, cover, {1: {"cover"}})
        assert changed.targets[0].options == {"draft": "true"}
        assert changed.cover == cover
