"""How the files of a post reach a service, and what is said where they cannot."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import timedelta

import pytest

from bot.domain.clip import ClipRef, PostClip
from bot.domain.cover import Cover, CoverLimit
from bot.domain.delivery import DeliveryState
from bot.domain.media import CARD_ROOM, Media
from bot.domain.platform import Kind, Platform
from bot.domain.post import Post
from bot.errors import InputError, TryLaterError
from bot.storage import name_of
from bot.workflow import browse, choose_cover, compose, intake, redraft, ways
from bot.workflow.desk import Desk
from bot.workflow.media_links import MediaLinks
from bot.workflow.warn import Warner
from bot.workflow.ways import Way
from providers.capabilities import Upload
from tests.factories import SERVER, a_media, a_revision, a_video
from tests.life import Life
from tests.pictures import JPEG, in_pieces, video
from tests.scripted import Clock, ScriptedService

STORES = Upload(types=frozenset({"image/jpeg"}), size=1_000_000, for_posts=True)
CUTS = replace(STORES, for_posts=False, for_clips=True)
SMALL, LARGE = a_media(size=CARD_ROOM), a_media(size=CARD_ROOM + 1)
FRESH = "https://cdn.example/a.jpg?ex=1&is=2&hm=3&"


async def shown(post: Post) -> Mapping[str, str]:
    """Show every file on the card."""
    return {media.sha256: FRESH for media in post.content.media}


@pytest.fixture
def desk(desk: Desk) -> Desk:
    """A desk that nobody reaches from outside, with Discord at hand."""
    desk = replace(desk, links=MediaLinks("", desk.services.vault))
    desk.shown.links = shown
    return desk


@pytest.mark.parametrize(
    ("can", "address", "is_shown", "media", "expected"),
    [
        (
            {"upload": STORES, "takes_content": True},
            "https://desk.example",
            True,
            SMALL,
            Way.STORAGE,
        ),
        ({"takes_content": True}, "https://desk.example", True, SMALL, Way.CALL),
        ({"upload": CUTS}, "https://desk.example", True, SMALL, Way.LINK),
        ({}, "https://desk.example", False, LARGE, Way.LINK),
        ({}, "", True, SMALL, Way.DISCORD),
        ({}, "", True, LARGE, None),
        ({}, "", False, SMALL, None),
    ],
)
def test_ways(
    desk: Desk,
    service: ScriptedService,
    can: dict[str, object],
    address: str,
    is_shown: bool,
    media: Media,
    expected: Way | None,
) -> None:
    """Its own storage comes first, then the call, then a link to us, then the card in Discord."""
    service.can(**can)
    desk = replace(desk, links=MediaLinks(address, desk.services.vault))
    desk.shown.links = shown if is_shown else None
    assert ways.way(desk, service.capabilities, [media]) is expected
    problems = ways.problems(desk, service.capabilities, [media])
    assert bool(problems) is (expected is None)
    assert ways.problems(desk, service.capabilities, []) == []


async def test_too_large_for_discord_is_said_while_writing(life: Life, desk: Desk) -> None:
    """A file that is too large for the last way is refused when it is written, not at its time."""
    post = await life.write(Platform.THREADS, media=[a_video(size=10_600_000)])
    with pytest.raises(InputError) as caught:
        await compose.ask_review(desk, post)
    [problem] = caught.value.problems
    assert problem.message == (
        "WAHDX cannot fetch files from here: PUBLIC_URL is not set, and they have 11 MB, where "
        "Discord holds 10 MB for it."
    )


async def a_photo(desk: Desk) -> Media:
    """Keep a photo."""
    return await intake.keep(desk, SERVER, "beans.jpg", in_pieces(JPEG))


async def test_fetched_from_discord(life: Life, desk: Desk, service: ScriptedService) -> None:
    """A service that fetches gets a fresh link of the card, which ends in the file's extension."""
    life = Life(desk)
    await life.approved(Platform.THREADS, media=[await a_photo(desk)])
    await life.publish()
    [submission] = service.submissions
    assert [file.url for file in submission.media] == [
        "https://cdn.example/a.jpg?ex=1&is=2&hm=3&name=file.jpg"
    ]


async def test_card_that_shows_nothing(
    life: Life, desk: Desk, clock: Clock, service: ScriptedService
) -> None:
    """A card that does not show the files is told ahead of the time; at the time it is tried again,
    since nothing was sent.
    """

    async def nothing(_post: Post) -> Mapping[str, str]:
        return {}

    life = Life(desk)
    post = await life.approved(Platform.THREADS, media=[await a_photo(desk)], when="in 30 hours")
    desk.shown.links = nothing
    warner = Warner(desk)
    clock.forward(timedelta(hours=7))
    await warner.tick()
    await warner.drain(5)
    told = [str(event.data) for event in await life.events(post)]
    assert "does not show beans.jpg, which is fetched from there" in told[-1]
    clock.forward(timedelta(hours=23))
    await life.publish()
    [delivery] = (await browse.show(desk, server_id=SERVER, post_id=post.id)).deliveries
    assert (delivery.state, service.submissions) == (DeliveryState.WAITING, [])


async def test_card_that_cannot_be_read(life: Life, desk: Desk) -> None:
    """A card that cannot be read ahead of the time is told with the reason."""
    post = await life.in_review(Platform.THREADS, media=[await a_photo(desk)])

    async def away(_post: Post) -> Mapping[str, str]:
        raise TryLaterError("Discord is away.")

    desk.shown.links = away
    [problem] = await ways.missing(desk, post, post.content)
    assert problem.message == "Discord is away."


async def test_with_the_call(life: Life, desk: Desk, service: ScriptedService) -> None:
    """A service that takes files with the call gets them so, in pieces, though it could fetch."""
    service.can(takes_content=True)
    life = Life(replace(desk, links=MediaLinks("https://desk.example", desk.services.vault)))
    await life.approved(Platform.THREADS, media=[await a_photo(desk)])
    await life.publish()
    [file] = service.submissions[0].media
    assert file.url == ""
    assert file.content is not None
    assert b"".join([piece async for piece in file.content()]) == JPEG


async def test_link_of_a_bucket(
    desk: Desk, service: ScriptedService, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Without PUBLIC_URL a bucket that others reach gives the links; with it, we do."""
    media = a_media()

    async def signed(kept: object, lifetime: timedelta) -> str:
        assert (kept, lifetime) == (name_of(SERVER, media), timedelta(hours=24))
        return "https://bucket.example/a.jpg?signed"

    monkeypatch.setattr(type(desk.storage), "gives_links", True)
    monkeypatch.setattr(desk.storage, "link", signed)
    assert ways.way(desk, service.capabilities, [LARGE]) is Way.LINK
    assert await ways.link(desk, SERVER, media) == "https://bucket.example/a.jpg?signed"
    ours = replace(desk, links=MediaLinks("https://desk.example", desk.services.vault))
    assert (await ways.link(ours, SERVER, media)).startswith("https://desk.example/media/")


async def test_a_cover_is_fetched_where_its_picture_is_wanted(
    life: Life, desk: Desk, service: ScriptedService
) -> None:
    """The picture of a cover reaches a service in the way of its video, and must be on the card for
    that; one that takes a moment needs no picture, and fetches none.
    """
    pictures = CoverLimit(types=frozenset({"image/jpeg"}))
    moments = CoverLimit(frame=True)
    covers = {Platform.THREADS: pictures, Platform.TIKTOK: moments}
    service.can(covers=covers)
    film = await intake.keep(desk, SERVER, "a.mp4", in_pieces(video()))
    draft = await life.write(Platform.THREADS, Platform.TIKTOK, media=[film])
    draft = await choose_cover.moment(desk, redraft.hand_of(draft), "1")
    post = await compose.ask_review(desk, draft)
    (problem,) = await ways.missing(desk, post, post.content)
    assert "does not show a at 0.01.0.jpg" in problem.message

    async def all_shown(post: Post) -> Mapping[str, str]:
        return {media.sha256: FRESH for media in post.content.files}

    desk.shown.links = all_shown
    assert await ways.missing(desk, post, post.content) == []
    await life.decide(post)
    await life.publish()
    sent = {one.recipients[0].platform: one.cover for one in service.submissions}
    threads, tiktok = sent[Platform.THREADS], sent[Platform.TIKTOK]
    assert threads
    assert tiktok
    assert threads.picture.url.endswith("name=file.jpg")
    assert (tiktok.at_ms, tiktok.picture.url) == (1000, "")


def test_a_clip_needs_the_picture_of_its_cover() -> None:
    """A clip has no file here, but its cover has."""
    kinds = frozenset({Kind.CLIP})
    limit = CoverLimit(types=frozenset({"image/jpeg"}), kinds=kinds)
    capabilities = replace(ScriptedService.capabilities, covers={Platform.THREADS: limit})
    clip = PostClip(connection_id=1, ref=ClipRef(project_id="p", index=0))
    content = a_revision(clip=clip, cover=Cover(picture=SMALL))
    assert ways.needed(capabilities, content, content.targets) == (SMALL,)
    assert ways.needed(ScriptedService.capabilities, content, content.targets) == ()
