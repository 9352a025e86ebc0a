"""What befalls any call but publishing: an error of the tree or an answer, one write, no secret."""

from collections import Counter
from collections.abc import Awaitable, Callable, Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import httpx
import pytest

from bot.errors import OutcomeUnknownError, ProtocolBrokenError, ProviderError, TryLaterError
from providers.base import (
    Cancels,
    ConnectsByCode,
    ConnectsByLink,
    ListsValues,
    MakesClips,
    ReadsAccountLimits,
    ReadsStatus,
    Reconciles,
    Reschedules,
    Retries,
    Uploads,
)
from providers.capabilities import Connecting
from providers.catalogue import PROVIDERS
from providers.clips import ClipOrder
from providers.submission import MediaFile
from tests.providers.contract_recorded import Bench, Handler, answer, echo, no_secret, trouble

LATER = datetime.now(UTC) + timedelta(days=2)


async def bytes_of_a_file():
    yield b"v" * 9


FILE = MediaFile(
    url="https://media.example/v.mp4",
    content_type="video/mp4",
    size=9,
    name="v.mp4",
    seconds=60.0,
    content=bytes_of_a_file,
)
LINK = ClipOrder(link="https://media.example/v.mp4", name="A talk", query="", agreed=True)

Ask = Callable[[Any, Bench], Awaitable[Any]]
READS: dict[str, tuple[type, Ask]] = {
    "status": (ReadsStatus, lambda it, bench: it.status([bench.submitted()])),
    "listed": (ListsValues, lambda it, bench: it.values_of(_account(bench), "pinterest_board_id")),
    "account limits": (ReadsAccountLimits, lambda it, bench: it.account_limits(_account(bench))),
    "reconcile": (Reconciles, lambda it, bench: it.reconcile(bench.submission(), LATER)),
    "clip job": (MakesClips, lambda it, bench: it.clip_job("project-1")),
    "code progress": (ConnectsByCode, lambda it, bench: it.code_progress("token-1")),
    "upload": (Uploads, lambda it, bench: it.upload(FILE)),
}
WRITES: dict[str, tuple[type, Ask]] = {
    "cancel": (Cancels, lambda it, bench: it.cancel(bench.submitted())),
    "reschedule": (Reschedules, lambda it, bench: it.reschedule(bench.submitted(), LATER)),
    "retry": (Retries, lambda it, bench: it.retry(bench.submitted())),
    "connect link": (ConnectsByLink, lambda it, bench: it.connect_link(_connectable(bench))),
    "connect code": (ConnectsByCode, lambda it, bench: it.connect_code()),
    "make clips": (MakesClips, lambda it, bench: it.make_clips(LINK)),
}


def _account(bench: Bench) -> str:
    return bench.case["simulated"]["recipient"]["remote_id"]


def _connectable(bench: Bench) -> Any:
    can = PROVIDERS[bench.name].capabilities
    assert can.connecting is not Connecting.NONE
    return min(can.connectable)


def those(calls: dict[str, tuple[type, Ask]]) -> Iterator[Any]:
    """Each service with each of these calls that it has."""
    for name, provider in sorted(PROVIDERS.items()):
        for call, (protocol, ask) in calls.items():
            if issubclass(provider, protocol):  # pyright: ignore[reportArgumentType]
                yield pytest.param(name, ask, id=f"{name}-{call}")


TROUBLES = {
    "no connection": trouble(httpx.ConnectError),
    "time-out": trouble(httpx.ReadTimeout),
    "dropped": trouble(httpx.RemoteProtocolError),
    "500": echo(500),
    "429": echo(429),
    "401": echo(401),
    "403": echo(403),
    "404": echo(404),
    "400": echo(400),
    "redirect": answer(302, headers={"location": "https://elsewhere.example/"}),
    "a web page": answer(html="<h1>Hello</h1>"),
    "wrong shape": answer(json={"ok": 1}),
    "nothing": answer(json={}),
    "a list": answer(json=[1, 2]),
    "a number": answer(json=7),
    "an echo": echo(200),
}


async def end_of(bench: Bench, ask: Ask, handler: Handler) -> ProviderError | None:
    """The error a call ends in, if it does; anything but an error of the tree fails here."""
    provider = bench.provider(handler)
    try:
        await ask(provider, bench)
    except ProviderError as error:
        no_secret(bench.secrets, error)
        return error
    finally:
        await provider.close()
    return None


@pytest.mark.parametrize("trouble", TROUBLES)
@pytest.mark.parametrize(("name", "ask"), [*those(READS)])
async def test_a_read_may_be_made_again(name: str, ask: Ask, trouble: str):
    """A call that publishes nothing never ends as unknown, and nothing but our errors comes out."""
    bench = Bench(name)
    end = await end_of(bench, ask, TROUBLES[trouble])
    assert not isinstance(end, OutcomeUnknownError)
    if trouble in ("no connection", "time-out", "dropped", "500", "429"):
        assert isinstance(end, TryLaterError)


@pytest.mark.parametrize("trouble", TROUBLES)
@pytest.mark.parametrize(("name", "ask"), [*those(WRITES)])
async def test_a_change_is_made_once(name: str, ask: Ask, trouble: str):
    """Whatever befalls a change, it is not sent twice, and nothing but our errors comes out."""
    bench = Bench(name)
    end = await end_of(bench, ask, TROUBLES[trouble])
    sent = Counter((item.method, item.url) for item in bench.requests if item.method != "GET")
    assert all(times == 1 for times in sent.values())
    if trouble == "no connection":
        assert isinstance(end, TryLaterError)
    if trouble == "time-out" and sent:
        assert isinstance(end, (OutcomeUnknownError, TryLaterError))
    if trouble == "a web page" and sent:
        assert isinstance(end, ProtocolBrokenError)
