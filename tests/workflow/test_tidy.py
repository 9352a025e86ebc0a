"""Files are removed when nothing has needed them for a while, and never before."""

from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import update

import db.files
import db.projects
from bot.domain.media import Media
from bot.domain.platform import Platform
from bot.domain.project import ProjectState
from bot.workflow import connect, discard, intake, redraft, templates, tidy
from bot.workflow.desk import Desk
from bot.workflow.tidy import EVERY, Tidier
from db.tables import projects
from tests.factories import AUTHOR, CHANNEL, SERVER
from tests.life import Life
from tests.pictures import in_pieces, picture
from tests.scripted import Clock

RETENTION = timedelta(days=30)


@pytest.fixture(params=["sqlite", "postgresql"])
def engine(request: pytest.FixtureRequest) -> str:
    """Run every test on both engines."""
    return request.param


@pytest.fixture
def tidier(desk: Desk) -> Tidier:
    """Tidy up after 30 days."""
    return Tidier(desk, RETENTION)


async def a_photo(desk: Desk, width: int = 16) -> Media:
    """Keep a photo; another width is another file."""
    data = picture("JPEG", width, width)
    return await intake.keep(desk, SERVER, f"{width}.jpg", in_pieces(data))


async def days_pass(clock: Clock, tidier: Tidier, days: int) -> None:
    """Let days pass, and all ticks of the last."""
    clock.forward(EVERY * days)
    for _ in range(6):
        await tidier.tick()


async def test_file_nothing_needs(desk: Desk, clock: Clock, tidier: Tidier) -> None:
    """A file that came into no post is kept for its time, then removed with its small picture."""
    media = await a_photo(desk)
    await days_pass(clock, tidier, 29)
    assert await desk.storage.has(SERVER, media)
    await days_pass(clock, tidier, 2)
    assert not await desk.storage.has(SERVER, media)
    assert await desk.storage.glimpse(SERVER, media) is None
    again = await a_photo(desk)
    assert await desk.storage.has(SERVER, again)


async def test_what_is_needed_stays(
    life: Life, desk: Desk, clock: Clock, tidier: Tidier, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Files of drafts, of posts that wait and of series stay, however long, in however many
    batches; those of posts that are done go when their time has passed since.
    """
    monkeypatch.setattr(tidy, "POSTS_AT_ONCE", 2)
    files = [await a_photo(desk, width) for width in range(20, 25)]
    draft, waiting, series, done, rejected = files
    platform = Platform.THREADS
    await life.write(platform, media=[draft])
    await life.approved(platform, media=[waiting], when="in 80 days")
    await life.in_review(platform, media=[series], when="every tue 9:00")
    await life.approved(platform, media=[done])
    await life.publish()
    await life.decide(await life.in_review(platform, media=[rejected]), approves=False)
    await days_pass(clock, tidier, 25)
    assert [await desk.storage.has(SERVER, media) for media in files] == [True] * 5
    await days_pass(clock, tidier, 10)
    kept = [await desk.storage.has(SERVER, media) for media in files]
    assert kept == [True, True, True, False, False]


async def test_what_no_post_needs(life: Life, desk: Desk, clock: Clock, tidier: Tidier) -> None:
    """The file of a template stays, and the film of an order of clips until it was handed over."""
    held, film = await a_photo(desk, 20), await a_photo(desk, 21)
    post = await life.write(Platform.THREADS, media=[held])
    await templates.save(desk, server_id=SERVER, user_id=AUTHOR, post_id=post.id, name="Fridays")
    await discard.discard(desk, redraft.hand_of(post))
    [account, *_] = await connect.accounts(desk, SERVER)
    async with desk.database.transaction() as transaction:
        await db.projects.insert(
            transaction,
            server_id=SERVER,
            connection_id=account.connection_id,
            user_id=AUTHOR,
            channel_id=CHANNEL,
            state=ProjectState.DRAFT,
            file=film,
            now=clock(),
        )
    await days_pass(clock, tidier, 40)
    assert await desk.storage.has(SERVER, held)
    assert await desk.storage.has(SERVER, film)
    async with desk.database.transaction() as transaction:
        await transaction.execute(update(projects).values(state=ProjectState.READY))
    await templates.remove(desk, server_id=SERVER, user_id=AUTHOR, name="Fridays")
    await days_pass(clock, tidier, 40)
    assert not await desk.storage.has(SERVER, held)
    assert not await desk.storage.has(SERVER, film)


async def test_file_that_is_used_again(
    life: Life, desk: Desk, clock: Clock, tidier: Tidier
) -> None:
    """A file that another post takes over counts as needed from then on."""
    media = await a_photo(desk)
    await days_pass(clock, tidier, 29)
    post = await life.approved(Platform.THREADS, media=[media])
    await life.publish()
    await days_pass(clock, tidier, 20)
    assert await desk.storage.has(SERVER, post.content.media[0])


async def test_same_bytes_at_the_same_time(
    desk: Desk, clock: Clock, tidier: Tidier, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Bytes that come again while they are being removed are there afterwards."""
    media = await a_photo(desk)
    clock.forward(RETENTION + EVERY)
    remove = desk.storage.remove
    arrived: list[Media] = []

    async def slowly(kept: object) -> None:
        async with desk.storage.receive("again.jpg", in_pieces(picture("JPEG", 16, 16))) as came:
            arrived.append(came.media)
        await remove(kept)  # pyright: ignore[reportArgumentType]

    monkeypatch.setattr(desk.storage, "remove", slowly)
    for _ in range(3):
        await tidier.tick()
    assert arrived == [replace(media, filename="again.jpg")]
    again = await a_photo(desk)
    assert await desk.storage.has(SERVER, again)


async def test_removal_that_fails(
    desk: Desk, clock: Clock, tidier: Tidier, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A file that cannot be removed now is removed another time."""
    media = await a_photo(desk)
    clock.forward(RETENTION + EVERY)

    async def fail(_kept: object) -> None:
        raise OSError("The disk is away.")

    with monkeypatch.context() as patch:
        patch.setattr(desk.storage, "remove", fail)
        await tidier.tick()
        with pytest.raises(OSError, match="away"):
            await tidier.tick()
    await tidier.tick()
    assert not await desk.storage.has(SERVER, media)


async def test_servers_keep_their_own(desk: Desk, clock: Clock) -> None:
    """The same bytes in two servers are two files: one that is needed keeps no other."""
    mine = await a_photo(desk)
    other = await intake.keep(desk, SERVER + 1, "b.jpg", in_pieces(picture("JPEG", 16, 16)))
    clock.forward(RETENTION)
    async with desk.database.transaction() as transaction:
        await db.files.need(transaction, {(SERVER, mine.sha256)}, now=clock())
    clock.forward(timedelta(days=1))
    tidier = Tidier(desk, RETENTION)
    for _ in range(3):
        await tidier.tick()
    assert await desk.storage.has(SERVER, mine)
    assert not await desk.storage.has(SERVER + 1, other)
