"""Setting a server up: its settings, and the key of a service."""

import pytest
import simcord
from simcord.enums import InteractionType

import db.connections
from bot.workflow import configure, connect
from tests.journeys.team import EXPIRED, KEY, TIKTOK, Team, text_of


async def test_an_admin_sets_channel_role_and_zone(newcomers: Team) -> None:
    """`/desk settings` keeps what is given and shows it."""
    team = newcomers
    said = await team.admin.slash(
        team.social,
        "desk settings",
        approvals=team.approvals,
        approver=team.role,
        zone="Europe/Berlin",
    )
    assert said.ephemeral
    assert team.approvals.mention in text_of(said)
    assert team.role.mention in text_of(said)
    assert "Europe/Berlin" in text_of(said)
    server = await configure.get(team.desk, team.guild.id)
    assert (server.approvals_channel_id, server.approver_role_id) == (
        team.approvals.id,
        team.role.id,
    )
    assert server.zone == "Europe/Berlin"


async def test_settings_that_are_not_given_stay(team: Team) -> None:
    """Changing the zone alone leaves channel and role as they are."""
    before = await configure.get(team.desk, team.guild.id)
    await team.admin.slash(team.social, "desk settings", zone="Asia/Tokyo")
    after = await configure.get(team.desk, team.guild.id)
    assert after.zone == "Asia/Tokyo"
    assert after.approvals_channel_id == before.approvals_channel_id
    assert after.approver_role_id == before.approver_role_id


async def test_a_zone_that_does_not_exist_is_refused(team: Team) -> None:
    """A wrong zone is answered with what is wrong and what to write."""
    said = text_of(await team.admin.slash(team.social, "desk settings", zone="Berlin/Europe"))
    assert "“Berlin/Europe” is not a time zone" in said
    assert "Use a name such as Europe/Berlin" in said
    assert (await configure.get(team.desk, team.guild.id)).zone == "UTC"


async def test_zones_are_found_by_a_part_of_their_name(newcomers: Team) -> None:
    """The zone option offers names that have what was typed, 25 at most."""
    offer = newcomers.admin.autocomplete
    found = await offer(newcomers.social, "desk settings", "zone", "new york")
    assert [choice["value"] for choice in found] == ["America/New_York"]
    assert len(await offer(newcomers.social, "desk settings", "zone", "")) == 25


async def test_only_admins_see_the_command_that_takes_keys(newcomers: Team) -> None:
    """Members without “manage server” are not offered it."""
    with pytest.raises(simcord.SetupError, match="default-member-permissions"):
        await newcomers.author.slash(newcomers.social, "provider connect")


@pytest.mark.parametrize("command", ["desk", "provider"])
async def test_the_right_is_checked_when_the_thing_is_done(team: Team, command: str) -> None:
    """A server may show a command to everyone; it refuses those without the right all the same."""
    roots = await team.env.bot.tree.fetch_commands()  # pyright: ignore[reportAttributeAccessIssue]
    root = next(root for root in roots if root.name == command)
    team.guild.set_command_permissions(root, {team.guild.default_role: True})
    if command == "desk":
        said = await team.author.slash(team.social, "desk settings", zone="Asia/Tokyo")
    else:
        said = await team.author.slash(team.social, "provider connect", service="wahdx")
    assert "This needs the permission: manage server. Ask an admin." in text_of(said)
    assert said.modal is None
    assert (await configure.get(team.desk, team.guild.id)).zone == "UTC"


async def test_a_key_is_taken_checked_and_kept_encrypted(newcomers: Team) -> None:
    """`/provider connect` asks for the key in a form and answers with the accounts it opens."""
    team = newcomers
    form = await team.admin.slash(team.social, "provider connect", service="wahdx")
    said = await team.admin.submit_modal(form, {"key": f"  {KEY} "})
    assert said.ephemeral
    assert "WAHDX is connected" in text_of(said)
    assert f"✅ {TIKTOK} (@harbour.coffee.example)" in text_of(said)
    assert f"⚠️ must be reconnected at its service · {EXPIRED}" in text_of(said)
    async with team.desk.database.reading() as reading:
        [kept] = await db.connections.find(reading, server_id=team.guild.id)
    assert KEY.encode() not in kept.secret
    assert team.desk.services.vault.unlock(kept.secret) == {"key": KEY}


async def test_a_wrong_key_is_refused_and_not_kept(newcomers: Team) -> None:
    """The answer says what the service said and what to do; nothing is stored."""
    team = newcomers
    form = await team.admin.slash(team.social, "provider connect", service="wahdx")
    said = text_of(await team.admin.submit_modal(form, {"key": "sk_wrong_0123456789"}))
    assert "Invalid API key" in said
    assert "sk_wrong" not in said
    async with team.desk.database.reading() as reading:
        assert await db.connections.find(reading, server_id=team.guild.id) == []


async def test_a_service_that_cannot_be_reached_is_said(newcomers: Team) -> None:
    """Trouble at the service is no wrong key: the answer tells to try later."""
    newcomers.wahdx.fault = "rate_limited"
    form = await newcomers.admin.slash(newcomers.social, "provider connect", service="wahdx")
    said = text_of(await newcomers.admin.submit_modal(form, {"key": KEY}))
    assert "WAHDX" in said
    assert "Copydesk failed" not in said


async def test_a_key_sent_without_the_right_is_refused(newcomers: Team) -> None:
    """The form is no key to the door: the right is checked when it is sent."""
    entry = {"type": 4, "custom_id": "key", "value": KEY}
    data = {
        "custom_id": "provider:connect:wahdx",
        "components": [{"type": 18, "component": entry}],
    }
    said = await newcomers.author._dispatch_interaction(
        InteractionType.MODAL_SUBMIT, newcomers.social, data
    )
    assert "needs the permission: manage server" in text_of(said)
    assert await connect.accounts(newcomers.desk, newcomers.guild.id) == []


async def test_accounts_are_read_anew(team: Team) -> None:
    """`/account check` asks every connected service and shows what it has."""
    said = text_of(await team.author.slash(team.social, "account check"))
    assert TIKTOK in said
    assert EXPIRED in said


async def test_nothing_to_check_is_said(newcomers: Team) -> None:
    """Without a connection `/account check` says what to do."""
    said = text_of(await newcomers.author.slash(newcomers.social, "account check"))
    assert "No service is connected. An admin connects one with /provider connect." in said
