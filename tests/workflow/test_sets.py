"""Account sets: made, changed, chosen from and forgotten."""

import pytest

from bot.errors import InputError, NotFoundError
from bot.workflow import connect, sets
from bot.workflow.desk import Desk
from tests.factories import APPROVER, SERVER
from tests.life import Life


async def ids(desk: Desk) -> list[int]:
    """The accounts of the server."""
    return [account.id for account in await connect.accounts(desk, SERVER)]


async def keep(desk: Desk, name: str, account_ids: list[int], server_id: int = SERVER) -> str:
    """Keep a set; the value by which it is chosen."""
    kept = await sets.save(
        desk, server_id=server_id, user_id=APPROVER, name=name, account_ids=account_ids
    )
    return sets.value(kept)


@pytest.mark.parametrize("engine", ["sqlite", "postgresql"])
async def test_a_set_is_chosen_like_an_account(life: Life, desk: Desk) -> None:
    """Sets and accounts are chosen together; each account comes once, in the order chosen."""
    first, second, third, *_ = await ids(desk)
    brand = await keep(desk, "  Brand   A ", [second, first])
    assert [item.name for item in await sets.find(desk, SERVER)] == ["Brand A"]
    chosen = await sets.expand(desk, SERVER, [str(third), brand, str(first)])
    assert chosen == (third, second, first)
    assert await keep(desk, "Brand A", [third]) == brand  # changed, not made anew
    assert await sets.expand(desk, SERVER, [brand]) == (third,)


async def test_a_set_that_is_gone_brings_nothing(life: Life, desk: Desk) -> None:
    """A form that was open while a set was deleted brings its accounts no more."""
    first, *_ = await ids(desk)
    brand = await keep(desk, "Brand A", [first])
    await sets.remove(desk, server_id=SERVER, user_id=APPROVER, name="Brand A")
    assert await sets.expand(desk, SERVER, [brand]) == ()
    with pytest.raises(NotFoundError, match="no set “Brand A”"):
        await sets.remove(desk, server_id=SERVER, user_id=APPROVER, name="Brand A")


async def test_sets_stay_in_their_server(life: Life, desk: Desk) -> None:
    """Neither a set nor an account of another server can be chosen or changed from here."""
    first, *_ = await ids(desk)
    brand = await keep(desk, "Brand A", [first])
    assert await sets.expand(desk, SERVER + 1, [brand]) == ()
    with pytest.raises(NotFoundError):
        await keep(desk, "Brand A", [first], SERVER + 1)
    with pytest.raises(NotFoundError):
        await sets.remove(desk, server_id=SERVER + 1, user_id=APPROVER, name="Brand A")


@pytest.mark.parametrize(("name", "count"), [("", 1), ("n" * 65, 1), ("Brand A", 0)])
async def test_what_is_no_set(life: Life, desk: Desk, name: str, count: int) -> None:
    """A set needs a name that fits and at least one account."""
    with pytest.raises(InputError):
        await keep(desk, name, (await ids(desk))[:count])


async def test_as_many_sets_as_can_be_offered(life: Life, desk: Desk) -> None:
    """There are no more sets than a select offers; those there are can still be changed."""
    first, second, *_ = await ids(desk)
    for number in range(sets.MOST):
        await keep(desk, f"Brand {number}", [first])
    with pytest.raises(InputError, match="25 are the most"):
        await keep(desk, "One more", [first])
    await keep(desk, "Brand 0", [second])
