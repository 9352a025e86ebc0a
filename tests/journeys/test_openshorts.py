"""Clips of a team's own OpenShorts server: from the order to the published post, with its troubles."""

from collections.abc import AsyncIterator, Mapping
from contextlib import AsyncExitStack
from pathlib import Path

import discord
import pytest

from bot.workflow import connect
from bot.workflow.desk import Desk
from sandbox.services.base import Pace, Simulator
from sandbox.services.openshorts.footage import video
from sandbox.services.openshorts.samples import SAMPLE_JOB, clips
from sandbox.services.openshorts.service import OpenShorts
from sandbox.services.upload_post.service import UploadPost
from sandbox.services.wahdx.service import Wahdx
from tests import pictures
from tests.journeys.team import (
    AT_ONCE,
    Team,
    a_listener,
    select_named,
    serve,
    standing_in,
    text_of,
)
from tests.scripted import Clock

UPLOAD_POST_KEY = "up_canary_0123456789_never_shown"
GEMINI_KEY = "gm_canary_0123456789_never_shown"
LINK = "https://youtu.be/harbour"
FILM = pictures.video(seconds=46, rate=1)  # it takes nothing that is shorter than 45
A_JOB = Pace(processing=20, slow=0.2)  # 80 seconds: queued, at work, partly done, done
GROWN = "The one grind mistake everyone makes"


@pytest.fixture
def upload_post(tmp_path: Path) -> UploadPost:
    """The simulated Upload-Post, through which OpenShorts posts."""
    return UploadPost(tmp_path / "upload_post", UPLOAD_POST_KEY, pace=AT_ONCE)


@pytest.fixture
def simulators(wahdx: Wahdx, upload_post: UploadPost) -> Mapping[str, Simulator]:
    """The simulated services with a public address."""
    return {"WAHDX_URL": wahdx, "UPLOAD_POST_URL": upload_post}


class Server:
    """The team's OpenShorts server, whose clock is the team's; it can be started again."""

    def __init__(self, folder: Path, desk: Desk, clock: Clock) -> None:
        self._folder, self._desk, self._clock = folder, desk, clock
        self._listener, self.address = a_listener()
        self._running = AsyncExitStack()

    async def start(self) -> None:
        """Listen as a new process, which finds on its disk what an earlier one left."""
        await self._running.aclose()
        vendor = self._desk.services._urls["UPLOAD_POST_URL"].removesuffix("/api")
        self.simulator = OpenShorts(
            self._folder,
            "",
            lambda _name: vendor,
            pace=A_JOB,
            now=lambda: self._clock().timestamp(),
        )
        app, listener = self.simulator.app(), self._listener.dup()
        await self._running.enter_async_context(serve(app, listener))

    async def stop(self) -> None:
        """End for good."""
        await self._running.aclose()
        self._listener.close()


@pytest.fixture
async def server(tmp_path: Path, desk: Desk, clock: Clock) -> AsyncIterator[Server]:
    """A running server."""
    server = Server(tmp_path / "openshorts", desk, clock)
    await server.start()
    yield server
    await server.stop()


@pytest.fixture
async def service(team: Team, server: Server) -> int:
    """The team's connection to its server."""
    await connect.connect(
        team.desk,
        server_id=team.guild.id,
        provider="openshorts",
        credentials={
            "url": server.address,
            "key": UPLOAD_POST_KEY,
            "profile": "harbour",
            "gemini_key": GEMINI_KEY,
        },
        user_id=team.admin.id,
    )
    [choice] = await team.author.autocomplete(team.social, "clips make", "service", "open")
    return int(choice["value"])


async def order(team: Team, service: int) -> None:
    """Have clips of a link ordered, up to where the server has the order."""
    card = await team.author.slash(team.social, "clips make", service=service, link=LINK)
    said = await team.press(card, "I agree: order the clips")
    assert "Ordered" in text_of(said)
    await team.tick()


async def watch(team: Team, seconds: float = 10) -> str:
    """Let time pass and the machine look; what the message says then."""
    await team.advance(seconds)
    await team.tick()
    return text_of(told(team))


def told(team: Team) -> discord.Message:
    """The one message that tells of the order."""
    [message] = [item for item in team.social.history() if item.embeds]
    return message


async def test_a_link_becomes_a_published_post(
    team: Team, service: int, server: Server, upload_post: UploadPost
) -> None:
    """What must be agreed to and what it costs is said first; one message follows the job from the
    queue to its clips, and a clip of it goes out through Upload-Post with the texts proposed.
    """
    card = await team.author.slash(
        team.social, "clips make", service=service, link=LINK, name="Film"
    )
    for part in ("You own this video", "Gemini key", "24 hours"):
        assert part in text_of(card)
    await team.press(card, "I agree: order the clips")
    await team.tick()
    first = told(team)
    assert not first.components
    seen = [await watch(team, seconds) for seconds in (10, 15, 20, 40)]
    for said, part in zip(
        seen, ("waits its turn", "started by worker", "started by worker", GROWN), strict=True
    ):
        assert part in said
    assert told(team).id == first.id
    form = await team.author.click(told(team), label="2 · Draft a post")
    typed = standing_in(form)
    assert typed["title"] == GROWN
    assert form.modal is not None
    accounts = next(
        label["component"]
        for label in form.modal["components"]
        if label["component"]["custom_id"] == "accounts"
    )
    instagram = [item["value"] for item in accounts["options"] if "Instagram" in item["label"]]
    draft = await team.author.submit_modal(form, typed | {"accounts": instagram})
    assert "waits in" in text_of(await team.press(draft, "Send for approval"))
    await team.announce()
    await team.approver.react(team.card, "✅")
    for _ in range(3):
        await team.tick()
        await team.advance(60)
    assert "published · [open](https://www.instagram.com/p/" in text_of(team.card)
    [post] = [post for account in upload_post.feed() for post in account.posts]
    assert "Too fine is not strong, it is bitter." in post.text
    assert (server.simulator.orders, server.simulator.calls) == (1, 1)


async def test_an_upload(team: Team, service: int, server: Server) -> None:
    """A file goes along with the order; one that is too short is refused, and why is told."""
    for film, waits, part in ((FILM, (90,), GROWN), (pictures.video(), (), "too short")):
        card = await team.author.slash(
            team.social, "clips make", service=service, file=("film.mp4", film)
        )
        assert "film.mp4" in text_of(card)
        await team.press(card, "I agree: order the clips")
        await team.tick()
        for seconds in waits:
            await team.advance(seconds)
            await team.tick()
        assert part in text_of([item for item in team.social.history() if item.embeds][-1])
    assert server.simulator.orders == 1


@pytest.mark.parametrize(
    ("fault", "part"), [("clips_fail", "GeminiBlockedError"), ("finds_nothing", "nothing to cut")]
)
async def test_a_job_that_comes_to_nothing(
    team: Team, service: int, server: Server, fault: str, part: str
) -> None:
    """The message says why, and offers to order again; nothing is ordered by itself."""
    server.simulator.fault = fault
    await order(team, service)
    said = await watch(team, 90)
    for each in ("Failed", part, "rder again"):
        assert each in said
    again = await team.author.click(told(team), label="Order again…")
    assert "You own this video" in text_of(again)
    assert server.simulator.orders == 1


async def test_a_server_that_is_started_again(team: Team, service: int, server: Server) -> None:
    """It forgets the job that was under way, which is told; one that was done it still knows."""
    await order(team, service)
    assert "waits its turn" in await watch(team)
    await server.start()
    said = await watch(team)
    for part in ("Failed", "Job not found", "started again"):
        assert part in said
    assert server.simulator.orders == 0
    listed = await team.author.slash(team.social, "post clip", service=service, project=SAMPLE_JOB)
    assert GROWN in text_of(listed)


async def test_projects_by_their_id(team: Team, service: int, server: Server) -> None:
    """One that is pasted is shown and suggested from then on; what is no id, a job under way and one
    without clips are told.
    """
    for project, part in (
        (f" {SAMPLE_JOB} ", GROWN),
        ("no-such-job", "Job not found"),
        ("x" * 61, "is no project"),
    ):
        said = await team.author.slash(team.social, "post clip", service=service, project=project)
        assert part in text_of(said)
    found = await team.author.autocomplete(
        team.social, "post clip", "project", "550e", service=service
    )
    assert [item["value"] for item in found] == [SAMPLE_JOB]
    for name, files, part in (("none", 0, "has no clips"), ("late", 1, "is not ready")):
        content = [video(0)] * files
        ready = server.simulator.jobs._now() + 100 if files else None
        server.simulator.jobs.keep(name, clips(files), content, ready=ready)
        said = await team.author.slash(team.social, "post clip", service=service, project=name)
        assert part in text_of(said)


async def test_more_clips_than_a_list_holds(team: Team, service: int, server: Server) -> None:
    """A long job is paged, and the last of its clips begins a post as the first does."""
    server.simulator.jobs.keep("long", clips(30), [video(0)] * 30)
    shown = await team.author.slash(team.social, "post clip", service=service, project="long")
    for label in ("Clips 10 and on", "Clips 19 and on", "Clips 28 and on"):
        shown = await team.press(shown, label)
    assert shown.response is not None
    assert "30 · " in text_of(shown)
    form = await team.author.select(
        shown.response, ["29"], custom_id=select_named(shown, "clip:pick:")
    )
    assert standing_in(form)["title"] == clips(30)[29]["video_title_for_youtube_short"]
