"""What an account offers to choose from, for a form that must open within seconds."""

import asyncio
from typing import Any

import pytest

from bot.domain.limits import AccountLimits
from bot.domain.options import Listed, Option, OptionKind
from bot.domain.platform import Platform
from bot.errors import TryLaterError
from bot.workflow import offers
from bot.workflow.desk import Desk
from bot.workflow.offers import NOTHING, Offer
from tests.factories import SERVER
from tests.life import Life
from tests.scripted import ScriptedService

BOARD = Option(name="board", label="Board", kind=OptionKind.TEXT, listed=True)
LINK = Option(name="link", label="Link", kind=OptionKind.LINK)
CAKES = Listed(value="7", name="Cakes")


class Boards(ScriptedService):
    """Lists boards, as the test says."""

    trouble: Exception | None = None
    is_slow = False

    async def values_of(self, remote_id: str, option: str) -> list[Listed]:
        """List one board."""
        assert option == BOARD.name
        if self.trouble:
            raise self.trouble
        if self.is_slow:
            await asyncio.Event().wait()
        return [CAKES]


@pytest.fixture
def service() -> ScriptedService:
    """A service that lists boards."""
    return Boards()


async def offer(life: Life, desk: Desk, *options: Option) -> Offer:
    """What the TikTok account offers."""
    account_id = (await life.connect())[Platform.TIKTOK]
    return await offers.of(desk, SERVER, account_id, options)


async def test_what_is_listed_is_offered(life: Life, desk: Desk, service: Any) -> None:
    """The values of options that are declared as listed are read, and what the account allows."""
    service.allowed = AccountLimits(visibilities=("SELF_ONLY",))
    found = await offer(life, desk, LINK, BOARD)
    assert found == Offer(allowed=service.allowed, listed={"board": [CAKES]})
    assert (await offer(life, desk, LINK)).listed == {}


async def test_a_service_that_does_not_tell(
    life: Life, desk: Desk, service: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A form opens all the same where a service is away or slow, or the account is elsewhere."""
    monkeypatch.setattr(offers, "PATIENCE", 0.01)
    service.trouble = TryLaterError("Busy.")
    assert await offer(life, desk, BOARD) == NOTHING
    service.trouble, service.is_slow = None, True
    assert await offer(life, desk, BOARD) == NOTHING
    assert await offers.of(desk, SERVER + 1, 1, [BOARD]) == NOTHING


async def test_what_is_chosen_is_known_by_its_name(life: Life, desk: Desk, service: Any) -> None:
    """The name of a chosen value is read where its service lists it; otherwise there is none, and
    nobody is stopped.
    """
    account_id = (await life.connect())[Platform.TIKTOK]

    async def named(**given: str) -> Any:
        return await offers.names(desk, SERVER, account_id, [LINK, BOARD], given)

    assert await named(board=" 7 ", link="https://a.example") == {"board": "Cakes"}
    assert await named(board="8") == {}
    service.trouble = TryLaterError("It rests.")
    assert await named(board="7") == {}
    assert await named(board="") == {}
