"""A service with its simulator over real sockets, as `data/<name>/contract.json` tells.

The simulated services keep their accounts, media are served on a port of this machine, and every
key is a canary that no error may hold.
"""

import asyncio
import re
import time
from collections.abc import AsyncIterator, Iterator
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import replace
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest
from aiohttp import web

from bot.domain.clip import ClipRef
from bot.domain.delivery import DeliveryState
from bot.domain.platform import Kind, Platform
from providers.base import Provider, ReadsStatus, Uploads
from providers.catalogue import PROVIDERS
from providers.submission import MediaFile, Receipt, Recipient, Submission, Submitted
from sandbox.services.base import FeedPost, Pace, Simulator
from sandbox.services.catalogue import SIMULATORS
from tests.providers.contract_recorded import contract

QUICK = Pace(processing=0.02, public=0.02, slow=0.2)
KEY = "sk_canary.0123456789abcdef"  # Genviral's form: id, point, secret
FILES = {
    Kind.VIDEO: ("file.mp4", "video/mp4", b"\x00\x00\x00\x18ftypmp42" + b"v" * 50_000),
    Kind.PHOTOS: ("file.jpg", "image/jpeg", b"\xff\xd8\xff\xe0" + b"j" * 5_000),
}

UNDER_WAY = (DeliveryState.SUBMITTED, DeliveryState.SCHEDULED_AT_PROVIDER)


class Scene:
    """One service, its simulator and everything between them."""

    def __init__(self, name: str) -> None:
        self.name = name
        recorded = contract(name)
        needed = [*recorded.get("simulated", {}).get("neighbours", ()), name]
        for service in needed:
            if service not in SIMULATORS:
                pytest.fail(
                    f"The service {service} has no simulator in sandbox.services.catalogue."
                )
        if "simulated" not in recorded:
            pytest.fail(f"contract.json of {name} does not say how its simulator is reached.")
        self.case: dict[str, Any] = recorded["simulated"]
        self.capabilities = PROVIDERS[name].capabilities
        self.addresses: dict[str, str] = {}
        self.simulators: dict[str, Simulator] = {}

    @property
    def simulator(self) -> Simulator:
        return self.simulators[self.name]

    @property
    def publisher(self) -> Simulator:
        """The simulator that publishes and keeps what it has: a neighbour, where posts are passed
        on to one.
        """
        return self.simulators[self.case.get("feed_of", self.name)]

    @property
    def feed(self) -> list[FeedPost]:
        """All that people see."""
        feed = self.simulators[self.case.get("feed_of", self.name)].feed()
        return [post for account in feed for post in account.posts]

    @property
    def posts(self) -> list[FeedPost]:
        """What people see of the submission: the posts with its caption."""
        return [post for post in self.feed if self.case["caption"] in post.text]

    def fault(self, key: str) -> None:
        self.simulator.fault = key

    @property
    def secrets(self) -> list[str]:
        return [_key(name) for name in self.simulators]

    async def open(self, stack: AsyncExitStack, folder: Path, pace: Pace) -> None:
        """Start the neighbours, the simulator, the files and the provider."""
        for name in [*self.case.get("neighbours", ()), self.name]:
            (folder / name).mkdir(parents=True)
            made = SIMULATORS[name](
                folder / name, _key(name), self.addresses.__getitem__, pace=pace
            )
            self.simulators[name] = made
            self.addresses[name] = await stack.enter_async_context(served(made.app()))
        self.files = await stack.enter_async_context(served(_files()))
        self.provider = self.connection()
        stack.push_async_callback(self.provider.close)

    def connection(self, key: str = "") -> Provider:
        """A connection of its own; with another key than the simulators', where one is given."""
        return PROVIDERS[self.name](
            {name: self.filled(text, key) for name, text in self.case["credentials"].items()},
            base_url=self.filled(self.case["base_url"], key),
            private_hosts=["127.0.0.1"],
        )

    def filled(self, text: str, key: str) -> str:
        def value(found: re.Match[str]) -> str:
            name = found["name"] or self.name
            return key or _key(name) if found["what"] == "key" else self.addresses[name]

        return re.sub(r"\{(?P<what>key|url)(:(?P<name>\w+))?\}", value, text)

    async def submission(self, key: str = "post-1-revision-1", **changes: Any) -> Submission:
        """The documented submission, its file already in the service's storage if it has one."""
        kind, who, clip = Kind(self.case["kind"]), self.case["recipient"], self.case.get("clip")
        made = Submission(
            key=key,
            caption=self.case["caption"],
            title=self.case.get("title", ""),
            kind=kind,
            media=(await self._file(kind),) if kind in FILES else (),
            recipients=(
                Recipient(
                    remote_id=who["remote_id"],
                    platform=Platform(who["platform"]),
                    options=who["options"],
                ),
            ),
            clip=ClipRef(**clip) if clip else None,
        )
        return replace(made, **changes)

    async def _file(self, kind: Kind) -> MediaFile:
        name, content_type, body = FILES[kind]

        async def content() -> AsyncIterator[bytes]:
            yield body

        file = MediaFile(
            url=f"{self.files}/{name}",
            content_type=content_type,
            size=len(body),
            name=name,
            seconds=10.0 if kind is Kind.VIDEO else None,
            content=content,
        )
        upload = self.capabilities.upload
        if upload and upload.for_posts and isinstance(self.provider, Uploads):
            return replace(file, url=await self.provider.upload(file))
        return file

    async def end_of(self, submission: Submission, receipt: Receipt) -> Receipt:
        """Where a post ends, read as often as it takes; a service that tells nothing told all."""
        if not isinstance(self.provider, ReadsStatus):
            return receipt
        question = self.submitted(submission, receipt)
        deadline = time.monotonic() + 10
        while receipt.state in UNDER_WAY:
            assert time.monotonic() < deadline, receipt
            await asyncio.sleep(0.01)
            (receipt,) = await self.provider.status([question])
        return receipt

    def submitted(
        self, submission: Submission, receipt: Receipt, at: datetime | None = None
    ) -> Submitted:
        (recipient,) = submission.recipients
        return Submitted(
            account_remote_id=recipient.remote_id,
            remote_id=receipt.remote_id,
            platform=recipient.platform,
            kind=submission.kind,
            at=at,
        )


@asynccontextmanager
async def played(name: str, folder: Path, pace: Pace = QUICK) -> AsyncIterator[Scene]:
    """Play one service and its simulator; ends with everything closed."""
    scene = Scene(name)
    async with AsyncExitStack() as stack:
        await scene.open(stack, folder, pace)
        yield scene


@asynccontextmanager
async def served(app: web.Application) -> AsyncIterator[str]:
    """Serve an application on a free port."""
    runner = web.AppRunner(app, shutdown_timeout=0.1)
    await runner.setup()
    try:
        await web.TCPSite(runner, "127.0.0.1", 0).start()
        yield f"http://127.0.0.1:{runner.addresses[0][1]}"
    finally:
        await runner.cleanup()


def _key(name: str) -> str:
    return f"{KEY}_{name}"


def _files() -> web.Application:
    app = web.Application()
    app.add_routes(list(_routes()))
    return app


def _routes() -> Iterator[web.RouteDef]:
    for name, content_type, body in FILES.values():

        async def give(request: web.Request, body=body, content_type=content_type) -> web.Response:
            return web.Response(body=body, content_type=content_type)

        yield web.get(f"/{name}", give)
