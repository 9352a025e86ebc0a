"""The keys of all services, on every way by which they enter, while all goes well and while not.

That no key stands anywhere afterwards is looked for after every test: `tests/canaries.py`.
"""

import logging
from collections.abc import AsyncIterator
from dataclasses import replace
from pathlib import Path

import pytest
from aiohttp import web
from cryptography.fernet import Fernet

import db.connections
from bot.errors import AccountBrokenError, ProviderError, TryLaterError
from bot.vault import Vault
from bot.workflow import connect, rotate
from bot.workflow.desk import Desk
from bot.workflow.replace_key import replace_key
from bot.workflow.services import Services
from bot.workflow.try_out import try_out
from providers.base import TellsPlan
from providers.catalogue import PROVIDERS
from tests.canaries import Canaries
from tests.factories import APPROVER, SERVER
from tests.providers.contract_simulated import Scene, played, served

WRONG = "sk_canary.of_a_key_that_is_wrong"
OLD, NEW = Fernet.generate_key().decode(), Fernet.generate_key().decode()


@pytest.fixture(params=sorted(PROVIDERS))
async def scene(request: pytest.FixtureRequest, tmp_path: Path) -> AsyncIterator[Scene]:
    """Play each service of the catalogue."""
    async with played(request.param, tmp_path / "services") as playing:
        yield playing


@pytest.fixture
async def real_desk(desk: Desk, scene: Scene) -> AsyncIterator[Desk]:
    """Lay out a desk that calls the simulated service."""
    url = {PROVIDERS[scene.name].URL_VARIABLE: scene.filled(scene.case["base_url"], "")}
    services = Services(desk.database, Vault([NEW, OLD]), url, private_hosts=["127.0.0.1"])
    yield replace(desk, services=services)
    await services.close()


def given(scene: Scene, key: str = "") -> dict[str, str]:
    """What a person types into the form of the service."""
    filled = scene.case["credentials"].items()
    return {name: scene.filled(text, key) for name, text in filled}


async def test_right_wrong_and_in_trouble(
    real_desk: Desk, scene: Scene, canaries: Canaries, caplog: pytest.LogCaptureFixture
) -> None:
    """A wrong key is refused and not kept; trouble of the service changes nothing of a good one."""
    caplog.set_level(logging.DEBUG)
    who = {"server_id": SERVER, "user_id": APPROVER}
    new = {**who, "provider": scene.name}
    with pytest.raises(AccountBrokenError):
        await connect.connect(real_desk, **new, credentials=given(scene, WRONG))
    assert await connect.connections(real_desk, SERVER) == []
    assert await connect.connect(real_desk, **new, credentials=given(scene))
    [kept] = await connect.connections(real_desk, SERVER)
    of_it = {**who, "connection_id": kept.id}
    tried = await try_out(real_desk, **of_it)
    assert tried.accounts
    assert (tried.plan is not None) is isinstance(scene.provider, TellsPlan)
    with pytest.raises(AccountBrokenError):
        await replace_key(real_desk, **of_it, credentials=given(scene, WRONG))
    scene.fault("rate_limited")
    for way in (
        connect.connect(real_desk, **new, credentials=given(scene)),
        replace_key(real_desk, **of_it, credentials=given(scene)),
        try_out(real_desk, **of_it),
    ):
        with pytest.raises(TryLaterError):
            await way
    [left] = await connect.connections(real_desk, SERVER)
    assert real_desk.services.vault.unlock(left.secret) == given(scene)
    assert len(left.hint) == 4
    assert canaries.keys >= {WRONG, given(scene)["key"]}


ANSWERS = [
    (200, "[{said}]"),
    (200, '{{"ok": true, "success": true, "data": "{said}"}}'),
    (400, '{{"error": "{said}", "message": "{said}"}}'),
    (401, '{{"error": "{said}", "message": "{said}", "detail": "401: {said}"}}'),
    (403, '{{"message": "{said}", "subscription": "free"}}'),
    (500, '{{"detail": "401: Vendor API Error: {said}"}}'),
    (500, "<html>{said}</html>"),
]
"""Answers of services in trouble, which quote all that they were sent."""


@pytest.mark.parametrize("name", sorted(PROVIDERS))
async def test_a_service_that_quotes_the_key(
    desk: Desk, name: str, canaries: Canaries, caplog: pytest.LogCaptureFixture
) -> None:
    """Whatever a service answers, nothing of what is kept, told or logged holds the key."""
    caplog.set_level(logging.DEBUG)
    who = {"server_id": SERVER, "user_id": APPROVER}
    for number, (status, form) in enumerate(ANSWERS):
        async with served(quoting(status, form)) as url:
            services = Services(
                desk.database,
                desk.services.vault,
                {PROVIDERS[name].URL_VARIABLE: url},
                private_hosts=["127.0.0.1"],
            )
            real = replace(desk, services=services)
            typed = {"url": url, "profile": "harbour", "key": f"canary_0123456789_{number}"}
            typed |= {"gemini_key": "canary_of_gemini", "token": "canary_of_a_token"}
            with pytest.raises(ProviderError):
                await connect.connect(real, **who, provider=name, credentials=typed)
            connection_id = await keep(real, name, typed)
            with pytest.raises(ProviderError):
                await try_out(real, **who, connection_id=connection_id)
            with pytest.raises(ProviderError):
                await replace_key(real, **who, connection_id=connection_id, credentials=typed)
            await services.close()
    assert len(canaries.keys) >= len(ANSWERS)
    assert all(item.trouble for item in await connect.connections(desk, SERVER))


def quoting(status: int, form: str) -> web.Application:
    """A service that gives back what it was sent, in an answer of this form."""

    async def answer(request: web.Request) -> web.Response:
        sent = " ".join([request.path_qs, *request.headers.values(), await request.text()])
        said = form.format(said=sent.replace('"', "'").replace("\n", " "))
        return web.Response(status=status, text=said, content_type="application/json")

    app = web.Application()
    app.router.add_route("*", "/{path:.*}", answer)
    return app


async def keep(desk: Desk, provider: str, credentials: dict[str, str]) -> int:
    """Keep credentials that were good once; the id of their connection."""
    async with desk.database.transaction() as transaction:
        return await db.connections.insert(
            transaction,
            server_id=SERVER,
            provider=provider,
            secret=desk.services.vault.lock(credentials),
            hint="",
            created_by=APPROVER,
            now=desk.now(),
        )


async def test_rotated(real_desk: Desk, scene: Scene, canaries: Canaries) -> None:
    """Encrypted with another key, credentials are the same, and open the same accounts."""
    new = {"server_id": SERVER, "user_id": APPROVER, "provider": scene.name}
    before = await connect.connect(real_desk, **new, credentials=given(scene))
    async with real_desk.database.transaction() as transaction:
        [(number, secret)] = await db.connections.secrets(transaction, after=0, limit=9)
        older = [(number, secret, Vault([OLD, NEW]).rotate(secret))]
        await db.connections.rotate(transaction, older)
    assert (await rotate.rotate(real_desk.database, real_desk.services.vault)).older == 1
    [rotated] = await connect.connections(real_desk, SERVER)
    assert Vault([NEW]).unlock(rotated.secret) == given(scene)
    found = await try_out(real_desk, server_id=SERVER, connection_id=number, user_id=APPROVER)
    assert [item.id for item in found.accounts] == [item.id for item in before]
    assert canaries.keys
