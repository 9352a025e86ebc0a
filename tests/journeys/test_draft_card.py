"""The card of a draft: what is in its way is said account by account, and mended from there."""

from tests.journeys.team import FACEBOOK, JPEG, THREADS, TIKTOK, Team, text_of


async def test_one_click_sends_what_is_right(team: Team) -> None:
    """A post that is complete and right is shown, and put before the team with one click."""
    card = await team.write(caption="Fresh", accounts=[THREADS])
    assert card.ephemeral
    assert f"✅ **{THREADS}**" in text_of(card)
    await team.announce()
    assert team.approvals.history() == []
    sent = await team.press(card, "Send for approval")
    assert f"Post 1 waits in {team.approvals.mention}" in text_of(sent)
    await team.announce()
    assert "Fresh" in text_of(team.card)
