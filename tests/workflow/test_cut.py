"""Having clips cut: ordered once, followed to the end, and never repeated when in doubt."""

from collections import deque
from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import select

import db.project_tellings
import db.projects
from bot.domain.clip import Clip
from bot.domain.event import EventKind
from bot.domain.media import Media
from bot.domain.options import Option, OptionKind
from bot.domain.project import PROJECT_MOVES, Project, ProjectState
from bot.errors import (
    ConflictError,
    ContentRejectedError,
    InputError,
    NotFoundError,
    OutcomeUnknownError,
    ProtocolBrokenError,
    TryLaterError,
)
from bot.workflow import connect, order
from bot.workflow.cut import Cutter
from bot.workflow.desk import Desk
from db.tables import events
from providers.capabilities import ClipMaking, Upload
from providers.clips import ClipJob, ClipJobState, ClipOrder
from providers.submission import MediaFile
from tests.factories import AUTHOR, CHANNEL, SERVER, a_video
from tests.life import Life
from tests.scripted import Clock, ScriptedService
from tests.workflow.test_life import on_both_engines

S = ProjectState
POLL = timedelta(seconds=30)
LINK = "https://videos.example/harbour"
CLIPS = (Clip(index=0, title="Milk", seconds=12.0), Clip(index=1, title="Beans", seconds=20.0))
WORKING = ClipJob(project_id="prj1", state=ClipJobState.WORKING, progress="Cutting")
READY = ClipJob(project_id="prj1", state=ClipJobState.READY, clips=CLIPS)
OPTIONS = (
    Option(name="shape", label="Shape", kind=OptionKind.CHOICE, choices=("tall", "wide")),
    Option(name="limit", label="Most clips", kind=OptionKind.NUMBER, maximum=15),
)
MAKING = ClipMaking(
    from_link=True, from_file=True, finds_moments=True, poll=POLL, options=OPTIONS, consent="Mine."
)


class ScriptedCutter(ScriptedService):
    """A service that also cuts clips, as a test says."""

    def __init__(self) -> None:
        super().__init__()
        self.orders: list[ClipOrder] = []
        self.to_order: deque[ClipJob | Exception] = deque()
        self.asked: list[str] = []
        self.to_say: deque[ClipJob | Exception] = deque()
        self.uploads: list[MediaFile | Exception] = []
        self.to_upload: deque[str | Exception] = deque()
        self.can(clip_making=MAKING)

    async def make_clips(self, order: ClipOrder) -> ClipJob:
        """Answer the next of `to_order`; at work when it is empty."""
        self.orders.append(order)
        return _next(self.to_order, WORKING)

    async def clip_job(self, project_id: str) -> ClipJob:
        """Answer the next of `to_say`; ready when it is empty."""
        self.asked.append(project_id)
        return _next(self.to_say, READY)

    async def upload(self, file: MediaFile) -> str:
        """Take a file into its storage."""
        self.uploads.append(file)
        return _next(self.to_upload, "upload-1")


def _next(script: deque[Any], otherwise: Any) -> Any:
    answer = script.popleft() if script else otherwise
    if isinstance(answer, Exception):
        raise answer
    return answer


@pytest.fixture
def service() -> ScriptedCutter:
    """Answer as the test says."""
    return ScriptedCutter()


class Bench:
    """Orders clips and lets the machine work."""

    def __init__(self, desk: Desk, connection_id: int) -> None:
        self.desk = desk
        self.connection_id = connection_id
        self.cutter = Cutter(desk)

    async def begin(self, **changes: Any) -> Project:
        """Keep what is to be cut."""
        values: dict[str, Any] = {"link": LINK} | changes
        return await order.begin(
            self.desk,
            server_id=SERVER,
            channel_id=CHANNEL,
            user_id=AUTHOR,
            connection_id=self.connection_id,
            **values,
        )

    async def ordered(self, **changes: Any) -> Project:
        """Have something ordered, up to where the machine takes it."""
        project = await self.begin(**changes)
        await order.start(self.desk, project)
        return project

    async def tick(self) -> None:
        """Let the machine work once."""
        await self.cutter.tick()
        await self.cutter.drain(5)

    async def now(self, project: Project) -> Project:
        """Read how a project stands."""
        async with self.desk.database.reading() as reading:
            found = await db.projects.get(reading, server_id=SERVER, project_id=project.id)
        assert found is not None
        return found

    async def moves(self) -> list[str]:
        """Every move that was written down."""
        async with self.desk.database.reading() as reading:
            rows = await reading.execute(
                select(events.c.data)
                .where(events.c.kind == EventKind.CLIPS_MOVED)
                .order_by(events.c.id)
            )
            return [row.data["to"] for row in rows]


@pytest.fixture
async def bench(life: Life) -> Bench:
    """A bench with a connection."""
    [connection] = await connect.connections(life.desk, SERVER)
    return Bench(life.desk, connection.id)


@on_both_engines
async def test_from_the_order_to_the_clips(
    bench: Bench, service: ScriptedCutter, clock: Clock
) -> None:
    """What was chosen is ordered, asked after as often as declared, and its clips are kept."""
    project = await bench.begin(query="milk", name="Harbour")
    project = await order.choose(bench.desk, project, {"shape": "tall"})
    await order.start(bench.desk, project)
    await bench.tick()
    [asked] = service.orders
    assert (asked.link, asked.query, asked.name) == (LINK, "milk", "Harbour")
    assert (asked.options, asked.agreed) == ({"shape": "tall"}, True)
    await bench.tick()
    assert service.asked == []
    clock.forward(POLL)
    await bench.tick()
    ended = await bench.now(project)
    assert (ended.state, ended.remote_id, ended.clips) == (S.READY, "prj1", CLIPS)
    assert await bench.moves() == ["waiting", "preparing", "ordering", "working", "ready"]
    clock.forward(POLL)
    await bench.tick()
    assert (len(service.orders), len(service.asked)) == (1, 1)


@pytest.mark.parametrize(
    "lost", [OutcomeUnknownError("No answer."), ProtocolBrokenError("Nonsense.")]
)
async def test_a_lost_answer_is_never_ordered_again(
    bench: Bench, service: ScriptedCutter, clock: Clock, lost: Exception
) -> None:
    """An order that may have been taken is put to people, with what to do."""
    service.to_order.append(lost)
    project = await bench.ordered()
    for _ in range(3):
        await bench.tick()
        clock.forward(timedelta(hours=1))
    ended = await bench.now(project)
    assert ended.state is S.UNKNOWN
    assert "/post clip" in ended.remedy
    assert len(service.orders) == 1


async def test_what_was_not_sent_is_tried_again(
    bench: Bench, service: ScriptedCutter, clock: Clock
) -> None:
    """Busy is no failure: the order waits as long as the service says, then it is made."""
    service.to_order.append(TryLaterError("Five at once.", retry_after=60))
    project = await bench.ordered()
    await bench.tick()
    waiting = await bench.now(project)
    assert waiting.state is S.WAITING
    assert "Five at once." in waiting.progress
    clock.forward(timedelta(seconds=50))
    await bench.tick()
    assert len(service.orders) == 1
    clock.forward(timedelta(seconds=15))
    await bench.tick()
    assert (await bench.now(project)).state is S.WORKING


async def test_not_for_ever(bench: Bench, service: ScriptedCutter, clock: Clock) -> None:
    """After an hour of waiting the order is given up, and nothing was ordered."""
    service.to_order.extend([TryLaterError("Busy.", retry_after=3700), TryLaterError("Busy.")])
    project = await bench.ordered()
    await bench.tick()
    clock.forward(timedelta(seconds=3700))
    await bench.tick()
    ended = await bench.now(project)
    assert (ended.state, ended.reason) == (S.FAILED, "Busy.")
    assert ended.remedy


async def test_a_refusal_says_what_to_do(bench: Bench, service: ScriptedCutter) -> None:
    """A definite no ends the order, in the service's words and with its remedy."""
    service.to_order.append(ContentRejectedError("Too short.", remedy="Give a longer one."))
    project = await bench.ordered()
    await bench.tick()
    ended = await bench.now(project)
    assert (ended.state, ended.reason, ended.remedy) == (
        S.FAILED,
        "Too short.",
        "Give a longer one.",
    )


async def test_a_failed_project(bench: Bench, service: ScriptedCutter, clock: Clock) -> None:
    """What the service could not cut is told, and ended."""
    service.to_say.append(ClipJob(project_id="prj1", state=ClipJobState.FAILED, reason="No sound."))
    project = await bench.ordered()
    await bench.tick()
    clock.forward(POLL)
    await bench.tick()
    ended = await bench.now(project)
    assert (ended.state, ended.reason) == (S.FAILED, "No sound.")
    assert ended.remedy


async def test_killed_before_the_call(bench: Bench, service: ScriptedCutter) -> None:
    """What was claimed and not sent waits again, and is ordered once."""
    project = await bench.ordered()
    claimed = await bench.cutter._to_order()
    assert [item.state for item in claimed] == [S.PREPARING]
    await Cutter(bench.desk).resolve(everything=True)
    assert (await bench.now(project)).state is S.WAITING
    await bench.tick()
    assert len(service.orders) == 1


async def test_killed_during_the_call(bench: Bench, service: ScriptedCutter, clock: Clock) -> None:
    """Nobody knows whether the service took it: people are asked, and nothing is ordered again;
    where another process may live, only once its lease has ended.
    """
    service.to_order.append(KeyboardError())
    project = await bench.ordered()
    await bench.tick()
    assert (await bench.now(project)).state is S.ORDERING
    await bench.cutter.resolve()
    assert (await bench.now(project)).state is S.ORDERING
    clock.forward(timedelta(minutes=16))
    await bench.cutter.resolve()
    assert (await bench.now(project)).state is S.UNKNOWN
    await bench.tick()
    assert len(service.orders) == 1


class KeyboardError(Exception):
    """What no code of ours expects: the task ends where it is."""


@on_both_engines
async def test_a_slow_answer_still_counts(
    bench: Bench, service: ScriptedCutter, clock: Clock
) -> None:
    """A call that outlived its lease tells the truth all the same."""
    project = await bench.ordered()
    [claimed] = await bench.cutter._to_order()

    async def slow(order: ClipOrder) -> ClipJob:
        clock.forward(timedelta(minutes=16))
        await Cutter(bench.desk).resolve()
        return WORKING

    service.make_clips = slow
    await bench.cutter._order(claimed)
    assert (await bench.now(project)).state is S.WORKING


@pytest.mark.parametrize("failures", [9, 10])
async def test_questions_without_an_answer(
    bench: Bench, service: ScriptedCutter, clock: Clock, failures: int
) -> None:
    """A question may fail nine times in a row; after ten, people look."""
    service.to_say.extend([TryLaterError("Away.")] * failures)
    project = await bench.ordered()
    await bench.tick()
    for _ in range(failures + 1):
        bench.desk.breakers._breakers.clear()
        clock.forward(timedelta(minutes=10))
        await bench.tick()
    assert (await bench.now(project)).state is (S.READY if failures < 10 else S.UNKNOWN)


async def test_a_file_is_handed_over_first(
    bench: Bench, service: ScriptedCutter, clock: Clock
) -> None:
    """A file goes into the service's storage before the order; that may be repeated, the order
    not.
    """
    service.can(upload=Upload(types=frozenset({"video/mp4"}), size=10_000, for_clips=True))
    service.to_upload.append(OutcomeUnknownError("Cut off."))
    project = await bench.ordered(link="", file=a_video())
    await bench.tick()
    assert (await bench.now(project)).state is S.WAITING
    clock.forward(timedelta(minutes=1))
    await bench.tick()
    assert len(service.uploads) == 2
    assert [(item.upload, item.file) for item in service.orders] == [("upload-1", None)]


async def test_a_file_goes_with_the_order(bench: Bench, service: ScriptedCutter) -> None:
    """Where the service has no storage, the file goes along."""
    await bench.ordered(link="", file=a_video())
    await bench.tick()
    [asked] = service.orders
    assert asked.file is not None
    assert asked.file.size == a_video().size


@pytest.mark.parametrize(
    ("changes", "fields"),
    [
        ({"link": ""}, ["Link or file"]),
        ({"file": a_video()}, ["Link or file"]),
        ({"link": "harbour.mp4"}, ["Link"]),
        ({"link": "ftp://x.example/a"}, ["Link"]),
        ({"link": "", "file": replace(a_video(), content_type="image/png")}, ["File"]),
        ({"query": "x" * 501}, ["Find"]),
    ],
)
async def test_bad_input(bench: Bench, changes: dict[str, Any], fields: Sequence[str]) -> None:
    """What cannot be ordered is told with a remedy, and nothing is kept."""
    with pytest.raises(InputError) as refused:
        await bench.begin(**changes)
    assert [problem.field for problem in refused.value.problems] == fields
    assert all(problem.remedy for problem in refused.value.problems)


@pytest.mark.parametrize(
    ("file", "told"),
    [
        (a_video(size=10_001), "10,000 bytes"),
        (replace(a_video(), content_type="video/webm"), "video/webm"),
    ],
)
async def test_what_the_storage_takes(
    bench: Bench, service: ScriptedCutter, file: Media, told: str
) -> None:
    """Sizes and types of a service's own storage are told before anything is ordered."""
    service.can(upload=Upload(types=frozenset({"video/mp4"}), size=10_000, for_clips=True))
    with pytest.raises(InputError, match=told):
        await bench.begin(link="", file=file)


async def test_options_are_checked(bench: Bench) -> None:
    """Options are those the service declares; an empty one is taken back."""
    project = await bench.begin()
    with pytest.raises(InputError, match="Choose one of tall, wide"):
        await order.choose(bench.desk, project, {"shape": "round"})
    project = await order.choose(bench.desk, project, {"shape": "tall", "limit": "3"})
    project = await order.choose(bench.desk, project, {"shape": ""})
    assert project.options == {"limit": "3"}


async def test_ordered_once(bench: Bench) -> None:
    """Pressing twice orders once; what is ordered cannot be changed or dropped any more."""
    project = await bench.ordered()
    for late in (order.start, order.drop):
        with pytest.raises(ConflictError):
            await late(bench.desk, project)
    with pytest.raises(ConflictError):
        await order.choose(bench.desk, project, {"shape": "tall"})


async def test_only_whoever_began_it(bench: Bench) -> None:
    """Nobody else orders in one's name, and no other server sees it."""
    project = await bench.begin()
    for server_id, user_id in ((SERVER, AUTHOR + 1), (SERVER + 1, AUTHOR)):
        with pytest.raises(NotFoundError):
            await order.get_draft(
                bench.desk, server_id=server_id, project_id=project.id, user_id=user_id
            )


async def test_what_nobody_ordered_is_forgotten(bench: Bench, clock: Clock) -> None:
    """A draft lasts a day; what was ordered stays."""
    draft, ordered = await bench.begin(), await bench.ordered()
    for days, is_kept in ((0.9, True), (0.2, False)):
        clock.forward(timedelta(days=days))
        await bench.cutter.resolve()
        async with bench.desk.database.reading() as reading:
            found = await db.projects.get(reading, server_id=SERVER, project_id=draft.id)
        assert (found is not None) == is_kept
    assert (await bench.now(ordered)).state is S.WAITING


@on_both_engines
async def test_what_came_meanwhile_is_still_told(bench: Bench, clock: Clock) -> None:
    """A message that was true when it was taken is told again where something came since."""
    project = await bench.ordered()
    database, now = bench.desk.database, clock()
    async with database.transaction() as transaction:
        [taken] = await db.project_tellings.claim_untold(
            transaction, now=now, lease_until=now + timedelta(minutes=3), limit=10
        )
    await bench.tick()
    async with database.transaction() as transaction:
        await db.project_tellings.told(transaction, taken, message_id=77)
    shown = await bench.now(project)
    assert (shown.message_id, shown.tell_at) == (77, now)


def test_the_table_of_moves_is_whole() -> None:
    """Every state has its moves, and the machine ends somewhere."""
    assert set(PROJECT_MOVES) == set(S)
    assert [state for state, to in PROJECT_MOVES.items() if not to] == [S.READY, S.FAILED]
