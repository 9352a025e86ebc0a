"""Backups: which account may stand in for another, and what a post before the team says of it."""

import pytest

from bot.domain.clip import ClipRef, PostClip
from bot.domain.limits import AccountLimits
from bot.domain.platform import Platform
from bot.domain.server import RemoteAccount
from bot.errors import ConflictError, InputError, NotFoundError
from bot.workflow import accounts, backups, browse, compose, configure, connect
from bot.workflow.desk import Desk
from tests.factories import APPROVER, SERVER, a_revision, a_video
from tests.life import Life
from tests.scripted import ScriptedService

on_both_engines = pytest.mark.parametrize("engine", ["sqlite", "postgresql"])

Ids = dict[Platform, int]


@pytest.fixture
async def main(life: Life) -> Ids:
    """Connect the service of the accounts that may refuse."""
    return await life.connect()


@pytest.fixture
async def spare(main: Ids, life: Life, desk: Desk) -> Ids:
    """Connect the same accounts by another key; failover is on."""
    await configure.change(desk, server_id=SERVER, user_id=APPROVER, failover=True)
    return await life.connect("sk_another_0123456789")


async def choose(desk: Desk, account: int, backup: int | None, server: int = SERVER) -> None:
    """Have an admin name a backup."""
    await backups.choose(
        desk, server_id=server, user_id=APPROVER, account_id=account, backup_id=backup
    )


async def kept(desk: Desk) -> dict[int, int]:
    """The backups of all accounts that have one."""
    known = await connect.accounts(desk, SERVER)
    return {item.id: item.backup_id for item in known if item.backup_id}


@on_both_engines
async def test_a_backup_is_kept_and_cleared(desk: Desk, main: Ids, spare: Ids, life: Life) -> None:
    """What an admin chose stays, also when the accounts are read anew, until it is cleared."""
    account, backup = main[Platform.THREADS], spare[Platform.THREADS]
    await choose(desk, account, backup)
    await accounts.refresh(desk, SERVER)
    assert await kept(desk) == {account: backup}
    await choose(desk, account, None)
    assert await kept(desk) == {}


@on_both_engines
async def test_what_cannot_be_one_social_account(desk: Desk, main: Ids, spare: Ids) -> None:
    """A backup is on the same platform, behind another connection, and in this server."""
    account = main[Platform.THREADS]
    with pytest.raises(InputError, match="behind the same connection"):
        await choose(desk, account, account)
    with pytest.raises(InputError, match="behind the same connection"):
        await choose(desk, account, main[Platform.FACEBOOK])
    with pytest.raises(InputError, match="is not on Threads"):
        await choose(desk, account, spare[Platform.FACEBOOK])
    with pytest.raises(NotFoundError):
        await choose(desk, account, 10**6)
    with pytest.raises(NotFoundError):
        await choose(desk, account, spare[Platform.THREADS], server=SERVER + 1)
    assert await kept(desk) == {}


@on_both_engines
async def test_a_backup_stands_for_one_account(
    desk: Desk, main: Ids, spare: Ids, life: Life
) -> None:
    """Two accounts cannot share a backup: a post for both would go there twice."""
    third = await life.connect("sk_a_third_0123456789")
    await choose(desk, main[Platform.THREADS], spare[Platform.THREADS])
    with pytest.raises(ConflictError, match=r"backup of Threads · Talk \(WAHDX\) already"):
        await choose(desk, third[Platform.THREADS], spare[Platform.THREADS])
    await choose(desk, main[Platform.THREADS], spare[Platform.THREADS])  # the same again


@on_both_engines
async def test_the_team_approves_the_backup_with_the_post(
    desk: Desk, main: Ids, spare: Ids, life: Life
) -> None:
    """The backup is part of what is put before the team, and of the hash that approval binds to."""
    account, backup = main[Platform.THREADS], spare[Platform.THREADS]
    plain = await life.in_review(accounts=[account])
    await choose(desk, account, backup)
    post = await life.in_review(accounts=[account])
    shown = await browse.show(desk, server_id=SERVER, post_id=post.id)
    [target] = shown.post.content.targets
    assert target.backup is not None
    assert (target.backup.account_id, target.backup.backup) == (backup, None)
    assert post.content.digest() != plain.content.digest()


async def test_options_of_the_backup(
    desk: Desk, main: Ids, spare: Ids, life: Life, service: ScriptedService
) -> None:
    """A backup is asked what it allows as any account is, so that it hides nothing unasked."""
    service.allowed = AccountLimits(visibilities=("FOLLOWER_OF_CREATOR",))
    await choose(desk, main[Platform.TIKTOK], spare[Platform.TIKTOK])
    post = await life.in_review(accounts=[main[Platform.TIKTOK]], media=[a_video()])
    [target] = post.content.targets
    assert target.backup is not None
    assert target.options == target.backup.options == {"visibility": "FOLLOWER_OF_CREATOR"}


async def test_a_backup_that_cannot_take_the_post(
    desk: Desk, main: Ids, life: Life, service: ScriptedService
) -> None:
    """What is wrong for the backup keeps a post from the team like what is wrong for its account."""
    await configure.change(desk, server_id=SERVER, user_id=APPROVER, failover=True)
    service.listed = [
        RemoteAccount(
            remote_id="th-2", platform=Platform.THREADS, name="Talk", username="talk", usable=False
        )
    ]
    spare = await life.connect("sk_another_0123456789")
    await choose(desk, main[Platform.THREADS], spare[Platform.THREADS])
    draft = await life.write(accounts=[main[Platform.THREADS]])
    told = r"Threads · Talk \(WAHDX\): its backup via WAHDX must be reconnected at its service\."
    with pytest.raises(InputError, match=told):
        await compose.ask_review(desk, draft)


async def test_a_backup_that_gets_the_post_itself(
    desk: Desk, main: Ids, spare: Ids, life: Life
) -> None:
    """An account that the post is meant for takes over from no other: it would get it twice."""
    account, backup = main[Platform.THREADS], spare[Platform.THREADS]
    await choose(desk, account, backup)
    post = await life.in_review(accounts=[account, backup])
    assert [target.backup for target in post.content.targets] == [None, None]


async def test_a_clip_has_no_backup(desk: Desk, main: Ids, spare: Ids) -> None:
    """A clip is at one service only, so nobody else can publish it."""
    await choose(desk, main[Platform.THREADS], spare[Platform.THREADS])
    clip = PostClip(connection_id=1, ref=ClipRef(project_id="p", index=1, resolution="720p"))
    async with desk.database.reading() as reading:
        server = await configure.get(desk, SERVER)
        known = await connect.accounts(desk, SERVER)
        found = await backups.find(reading, server, a_revision(), known[:3])
        assert found[main[Platform.THREADS]].id == spare[Platform.THREADS]
        assert await backups.find(reading, server, a_revision(clip=clip), known[:3]) == {}
