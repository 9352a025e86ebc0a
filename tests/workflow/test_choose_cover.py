"""Choosing the cover of a video: frames of it, kept and needed like every file, until it goes out."""

from dataclasses import replace
from io import BytesIO

import pytest
from PIL import Image

from bot.domain.cover import Cover
from bot.domain.media import Media
from bot.domain.platform import Platform
from bot.domain.post import Post
from bot.errors import InputError
from bot.workflow import (
    appearance,
    browse,
    choose_cover,
    compose,
    discard,
    examine,
    intake,
    redraft,
    reuse,
    templates,
)
from bot.workflow.desk import Desk
from bot.workflow.redraft import Hand, hand_of
from bot.workflow.reuse import Author, Instead
from bot.workflow.tidy import Tidier
from tests.factories import AUTHOR, CHANNEL, SERVER, a_video
from tests.life import Life
from tests.pictures import JPEG, in_pieces, video
from tests.scripted import Clock, ScriptedService
from tests.workflow.test_life import on_both_engines
from tests.workflow.test_tidy import RETENTION, days_pass

TIKTOK, THREADS = Platform.TIKTOK, Platform.THREADS
BY = Author(server_id=SERVER, channel_id=CHANNEL, user_id=AUTHOR)


async def kept(desk: Desk, data: bytes, name: str = "steam.mp4") -> Media:
    """Keep a file."""
    return await intake.keep(desk, SERVER, name, in_pieces(data))


async def drafted(life: Life, desk: Desk) -> Post:
    """A draft of a video of four seconds."""
    return await life.write(TIKTOK, media=[await kept(desk, video(marked=True))])


async def test_frames_are_offered_and_one_is_kept(life: Life, desk: Desk) -> None:
    """The moments of the sheet lie within the video, in order; the one that is chosen becomes a
    picture of its full size.
    """
    draft = await drafted(life, desk)
    sheet = await choose_cover.sheet(desk, draft)
    assert sheet
    assert len(sheet.moments) == choose_cover.ACROSS
    assert list(sheet.moments) == sorted(sheet.moments)
    assert 0 < sheet.moments[0] < sheet.moments[-1] < 4000
    draft = await choose_cover.frame(desk, hand_of(draft), sheet.moments[3])
    cover = draft.content.cover
    assert cover
    assert cover.at_ms == sheet.moments[3]
    assert cover.picture.filename.startswith("steam at 0.01.")
    with Image.open(BytesIO(await desk.storage.read(SERVER, cover.picture))) as picture:
        assert picture.size == (64, 36)
        white = picture.convert("RGB").getpixel((4, 4))
    assert white
    assert min(white) > 230  # pyright: ignore[reportArgumentType] - three colours


async def test_a_moment_is_typed(life: Life, desk: Desk) -> None:
    """The clock or seconds will do; behind the end there is no frame."""
    draft = await drafted(life, desk)
    draft = await choose_cover.moment(desk, hand_of(draft), "0:02.5")
    assert draft.content.cover
    assert draft.content.cover.at_ms == 2500
    with pytest.raises(InputError):
        await choose_cover.moment(desk, hand_of(draft), "0:04")
    draft = await choose_cover.none(desk, hand_of(draft))
    assert draft.content.cover is None


async def test_what_is_no_cover(life: Life, desk: Desk) -> None:
    """A video is no picture, a post without a video has no cover, and a video that cannot be read
    offers no frames.
    """
    draft = await drafted(life, desk)
    film = await kept(desk, video())
    with pytest.raises(InputError):
        await choose_cover.picture(desk, hand_of(draft), film)
    photo = await kept(desk, JPEG, "a.jpg")
    draft = await redraft.take_away(desk, hand_of(draft), [0])
    for attempt in (
        choose_cover.picture(desk, hand_of(draft), photo),
        choose_cover.frame(desk, hand_of(draft), 0),
    ):
        with pytest.raises(InputError):
            await attempt
    gone = await life.write(TIKTOK, media=[a_video()])
    assert await choose_cover.sheet(desk, gone) is None
    with pytest.raises(InputError):
        await choose_cover.frame(desk, hand_of(gone), 0)


async def test_where_it_does_not_count_is_said(life: Life, desk: Desk) -> None:
    """A frame counts on TikTok and a picture does not; Threads takes neither. Nothing of it stops
    the post.
    """
    draft = await drafted(life, desk)
    draft = await choose_cover.moment(desk, hand_of(draft), "1")
    assert await cautioned(desk, draft) == []
    photo = await kept(desk, JPEG, "a.jpg")
    draft = await choose_cover.picture(desk, hand_of(draft), photo)
    (said,) = await cautioned(desk, draft)
    assert "takes a frame of the video, not a picture." in said
    looks = await appearance.of(desk, draft, None)
    assert "The cover does not count here: the platform chooses one." in looks.notes
    both = await life.write(TIKTOK, THREADS, media=draft.content.media)
    both = await choose_cover.moment(desk, hand_of(both), "1")
    (said,) = await cautioned(desk, both)
    assert "Threads" in said
    looks = await appearance.of(desk, both, None)
    assert "Its cover is the frame at 0:01.0." in looks.notes


async def cautioned(desk: Desk, draft: Post) -> list[str]:
    """What is said of a draft's cover, where nothing is in its way."""
    found = await examine.examine(desk, draft)
    assert found.all_problems == []
    return [problem.message for problem in found.cautions if problem.field == "Cover"]


async def test_it_goes_out_as_it_was_approved(
    life: Life, desk: Desk, service: ScriptedService
) -> None:
    """The service is told the moment; what was approved is what is published."""
    draft = await drafted(life, desk)
    await choose_cover.moment(desk, hand_of(draft), "3.25")
    draft = await redraft.get(desk, server_id=SERVER, post_id=draft.id, user_id=AUTHOR)
    post = await compose.ask_review(desk, draft)
    await life.decide(post)
    await life.publish()
    (submission,) = service.submissions
    assert submission.cover
    assert submission.cover.at_ms == 3250


@on_both_engines
async def test_it_is_needed_as_long_as_its_post(life: Life, desk: Desk, clock: Clock) -> None:
    """The picture of a draft's cover, and of a template's, is not tidied away; one that nothing has
    any more is.
    """
    draft = await drafted(life, desk)
    draft = await choose_cover.moment(desk, hand_of(draft), "1")
    dropped = draft.content.cover
    draft = await choose_cover.moment(desk, hand_of(draft), "2")
    cover = draft.content.cover
    assert dropped
    assert cover
    tidier = Tidier(desk, RETENTION)
    await days_pass(clock, tidier, 1)
    await days_pass(clock, tidier, 31)
    assert await desk.storage.has(SERVER, cover.picture)
    if dropped.picture.sha256 != cover.picture.sha256:
        assert not await desk.storage.has(SERVER, dropped.picture)
    await templates.save(desk, server_id=SERVER, user_id=AUTHOR, post_id=draft.id, name="Steam")
    await discard.discard(desk, hand_of(draft))
    await days_pass(clock, tidier, 31)
    begun, lost = await reuse.from_template(desk, BY, "Steam", Instead())
    assert (begun.content.cover, lost) == (cover, [])
    copy, lost = await reuse.duplicate(desk, BY, begun.id)
    assert (copy.content.cover, lost) == (cover, [])


async def test_options_of_single_accounts_go(life: Life, desk: Desk) -> None:
    """An account that had a moment of its own in its options has the post's when one is chosen."""
    draft = await drafted(life, desk)
    target = replace(draft.content.targets[0], options={"video_cover_timestamp_ms": "9"})
    draft = await redraft.change(
        desk, hand_of(draft), lambda content: replace(content, targets=(target,))
    )
    draft = await choose_cover.moment(desk, hand_of(draft), "1")
    assert draft.content.targets[0].options == {}


async def test_two_people_do_not_overwrite_each_other(life: Life, desk: Desk) -> None:
    """A choice that was made at an older draft changes nothing."""
    draft = await drafted(life, desk)
    late: Hand = hand_of(draft)
    await choose_cover.moment(desk, late, "1")
    with pytest.raises(Exception, match="was changed by"):
        await choose_cover.none(desk, late)
    now = (await browse.show(desk, server_id=SERVER, post_id=draft.id)).post
    assert isinstance(now.content.cover, Cover)


@pytest.mark.parametrize(
    ("kind", "turned", "size"), [("webm", 0, (64, 36)), ("avi", 0, (64, 36)), ("mp4", 90, (36, 64))]
)
async def test_every_kind_of_video_has_frames(
    life: Life, desk: Desk, kind: str, turned: int, size: tuple[int, int]
) -> None:
    """Frames are found in every container, and stand as the video is shown; an upright one has ten."""
    draft = await life.write(TIKTOK, media=[await kept(desk, video(kind, turned=turned))])
    sheet = await choose_cover.sheet(desk, draft)
    assert sheet
    assert len(sheet.moments) == (choose_cover.UPRIGHT if turned else choose_cover.ACROSS)
    draft = await choose_cover.frame(desk, hand_of(draft), sheet.moments[-1])
    assert draft.content.cover
    picture = draft.content.cover.picture
    assert (picture.width, picture.height) == size
