"""The accounts of a server: how they are listed, read anew, and called."""

from datetime import timedelta

import pytest

from bot.domain.event import EventKind
from bot.domain.platform import Kind, Platform
from bot.errors import AccountBrokenError, InputError, NotFoundError, TryLaterError
from bot.workflow import accounts, browse
from bot.workflow.accounts import Listed
from bot.workflow.desk import Desk
from tests.factories import APPROVER, SERVER
from tests.life import Life
from tests.scripted import ScriptedService

THREADS = Platform.THREADS


async def listed(desk: Desk, platform: Platform = THREADS) -> Listed:
    """The account on a platform as the list has it."""
    found = await accounts.overview(desk, SERVER)
    return next(item for item in found if item.account.platform is platform)


async def rename(desk: Desk, server_id: int = SERVER, **changes: str) -> str:
    """Rename the Threads account; its label."""
    account_id = (await listed(desk)).account.id
    renamed = await accounts.rename(
        desk, server_id=server_id, user_id=APPROVER, account_id=account_id, **changes
    )
    return renamed.label


@pytest.mark.parametrize("engine", ["sqlite", "postgresql"])
async def test_where_each_is_used_next(life: Life, desk: Desk) -> None:
    """Each account comes with what it takes and the soonest post that goes out to it."""
    later = await life.approved(THREADS, Platform.FACEBOOK, when="in 2 hours")
    sooner = await life.approved(THREADS, when="in 1 hour")
    threads, facebook = await listed(desk), await listed(desk, Platform.FACEBOOK)
    assert threads.next_use
    assert facebook.next_use
    assert (threads.next_use.post_id, facebook.next_use.post_id) == (sooner.id, later.id)
    assert threads.next_use.due_at == desk.now() + timedelta(hours=1)
    assert (await listed(desk, Platform.INSTAGRAM)).next_use is None
    assert Kind.TEXT in threads.kinds
    assert Kind.TEXT not in (await listed(desk, Platform.INSTAGRAM)).kinds
    assert [item.account.label for item in await accounts.overview(desk, SERVER)] == [
        "Facebook · Page",
        "Instagram · Pictures",
        "Threads · Talk",
        "TikTok · Clips",
    ]
    assert await accounts.overview(desk, SERVER + 1) == []


@pytest.mark.parametrize("error", [TryLaterError("Away."), AccountBrokenError("Wrong key.")])
async def test_what_cannot_be_read_is_named(
    life: Life, desk: Desk, service: ScriptedService, error: Exception
) -> None:
    """Reading anew goes through every connection, and says of which service it could not be done."""
    await life.connect("sk_another_0123456789")
    assert await accounts.refresh(desk, SERVER) == []
    service.listed = error
    problems = await accounts.refresh(desk, SERVER)
    assert [(item.field, item.message) for item in problems] == [("WAHDX", str(error))] * 2


@pytest.mark.parametrize("engine", ["sqlite", "postgresql"])
async def test_a_name_is_shown_everywhere(life: Life, desk: Desk) -> None:
    """A name and an emoji that people give are those of every post that is not over, whether it is
    written, asked about or waits; approvals hold, and what is out stays as it went.
    """
    out = await life.approved(THREADS)
    await life.publish()
    draft = await life.write(THREADS)
    asked = await life.in_review(THREADS)
    waits = await life.approved(THREADS, when="in 1 hour")
    assert await rename(desk, nickname="  Brand  A ", emoji="☕") == "Threads · ☕ Brand A"
    for post in (draft, asked):
        shown = (await browse.show(desk, server_id=SERVER, post_id=post.id)).post
        assert [target.label for target in shown.content.targets] == ["Threads · ☕ Brand A"]
        assert shown.content.digest() == post.content.digest()
    assert (await life.delivery(waits)).target.label == "Threads · ☕ Brand A"
    assert (await life.delivery(out)).target.label == "Threads · Talk"
    for post in (asked, waits):
        assert (await life.events(post))[-1].kind is EventKind.ACCOUNT_RENAMED
    written = await life.write(THREADS)
    assert [target.name for target in written.content.targets] == ["☕ Brand A"]


async def test_a_name_stays_until_it_is_taken_back(life: Life, desk: Desk) -> None:
    """Reading the account anew does not undo it; what is not given stays; “none” takes it back."""
    await rename(desk, nickname="Brand A", emoji="🇩🇪")
    await accounts.refresh(desk, SERVER)
    assert await rename(desk, nickname="Brand B") == "Threads · 🇩🇪 Brand B"
    assert await rename(desk, emoji="none") == "Threads · Brand B"
    assert await rename(desk, nickname="None") == "Threads · Talk"


@pytest.mark.parametrize(
    "changes",
    [{"nickname": "n" * 65}, {"emoji": "<:own:123>"}, {"emoji": "ab"}, {"emoji": "☕☕"}],
)
async def test_what_is_no_name(life: Life, desk: Desk, changes: dict[str, str]) -> None:
    """A name that is too long, or an emoji that lists cannot show, is refused and changes nothing."""
    with pytest.raises(InputError):
        await rename(desk, SERVER, **changes)
    assert (await listed(desk)).account.label == "Threads · Talk"


async def test_accounts_of_other_servers_keep_their_names(life: Life, desk: Desk) -> None:
    """Nobody names the account of another server."""
    with pytest.raises(NotFoundError):
        await rename(desk, SERVER + 1, nickname="Mine")
    assert (await listed(desk)).account.label == "Threads · Talk"
