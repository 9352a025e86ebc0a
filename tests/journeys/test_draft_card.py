"""The card of a draft: what is in its way is said account by account, and mended from there."""

from dataclasses import replace

import pytest
from simcord import InteractionResult

from bot.domain.options import Listed, Option, OptionKind
from bot.domain.platform import Platform
from bot.domain.server import RemoteAccount
from bot.workflow import connect, sets
from db import accounts as account_rows
from providers.wahdx.service import Wahdx
from tests.journeys.team import (
    FACEBOOK,
    INSTAGRAM,
    JPEG,
    MP4,
    THREADS,
    TIKTOK,
    Team,
    standing_in,
    text_of,
)

LOOPS = Option(name="loops", label="Loops", kind=OptionKind.NUMBER)
"""An option that takes a number, as other services have them."""


def plain(card: InteractionResult) -> str:
    """What a card says, without the signs of escaping."""
    return text_of(card).replace("\\", "")


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


async def test_one_account_gets_its_own_text(team: Team) -> None:
    """What is too long for one account alone is shortened for that one; approvers read both texts,
    and each account gets its own.
    """
    long = "Fresh beans. " * 40
    card = await team.write(caption=long, media=[("a.jpg", JPEG)], accounts=[THREADS, INSTAGRAM])
    assert f"✅ **{INSTAGRAM}**" in plain(card)
    assert f"❌ Caption: **{THREADS}** takes 500 characters" in plain(card)
    card = await team.choose(card, "account", await team.account(THREADS))
    form = await team.press(card, "Its own text")
    assert standing_in(form)["caption"] == long.strip()
    card = await team.fill_in(form, caption="Fresh *beans*.")
    assert "Text: its own" in plain(card)
    card = await team.press(card, "Done")
    assert f"✅ **{THREADS}** · its own text" in plain(card)
    await team.press(card, "Send for approval")
    await team.announce()
    assert f"**{THREADS}**: Fresh \\*beans\\*." in text_of(team.card)
    whole = await team.approver.click(team.card, label="Own texts")
    assert text_of(whole) == f"{THREADS}\nFresh \\*beans\\*."
    await team.approver.react(team.card, "✅")
    await team.tick()
    assert {post.text for post in team.published} == {"Fresh *beans*.", long.strip()}


async def test_options_are_chosen_in_forms_made_from_declarations(
    team: Team, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Who can see it is offered as the account allows it now; what is wrong is said, kept and mended."""
    known = Wahdx.capabilities
    declared = (*known.options[Platform.TIKTOK], LOOPS)
    options = {**known.options, Platform.TIKTOK: declared}
    monkeypatch.setattr(Wahdx, "capabilities", replace(known, options=options))
    card = await team.write(caption="Steam", media=[("a.mp4", MP4)], accounts=[TIKTOK])
    tiktok = await team.account(TIKTOK)
    card = await team.choose(card, "account", tiktok)
    assert "Who can see it: visible to everyone (nobody chose it)" in plain(card)
    form = await team.choose(card, "options", 0)
    assert form.modal is not None
    entries = {item["label"]: item["component"] for item in form.modal["components"]}
    offered = [item["value"] for item in entries["Who can see it"]["options"]]
    assert "SELF_ONLY" in offered
    card = await team.fill_in(form, visibility=["SELF_ONLY"], allow_duet=["false"])
    assert "Who can see it: visible to nobody but the account" in plain(card)
    assert "Duets: No" in plain(card)
    form = await team.choose(card, "options", 1)
    card = await team.fill_in(form, loops="soon")
    assert "takes a whole number; soon is none. → Give a number." in plain(card)
    form = await team.choose(card, "options", 1)
    assert standing_in(form)["loops"] == "soon"
    card = await team.fill_in(form, loops="")
    sent = await team.press(await team.press(card, "Done"), "Send for approval")
    assert "Post 1 waits" in text_of(sent)
    await team.announce()
    assert "visible to nobody but the account" in text_of(team.card)


async def test_accounts_are_chosen_on_pages_and_by_sets(team: Team) -> None:
    """Of more than 25 accounts each can be chosen, on its page or with its set."""
    known = await connect.accounts(team.desk, team.guild.id)
    listed = [
        RemoteAccount(
            remote_id=f"more-{number}",
            platform=known[0].platform,
            name=f"More {number}",
            username="more",
        )
        for number in range(40)
    ]
    connection_id = known[0].connection_id
    async with team.desk.database.transaction() as transaction:
        await account_rows.refresh(
            transaction,
            server_id=team.guild.id,
            connection_id=connection_id,
            found=listed,
            now=team.clock(),
        )
    known = await connect.accounts(team.desk, team.guild.id)
    last = max(account.id for account in known)
    brand = [account.id for account in known if account.name in ("More 3", "More 38")]
    await sets.save(team.desk, server_id=team.guild.id, user_id=1, name="Brand", account_ids=brand)
    form = await team.open_form()
    card = await team.author.submit_modal(form, {"caption": "Many", "accounts": []})
    assert "No account was chosen. → Choose at least one." in plain(card)
    card = await team.press(await team.press(card, "Accounts"), "Page ▶")
    card = await team.choose(card, "pick", last)
    kept = await sets.find(team.desk, team.guild.id)
    card = await team.choose(card, "set", sets.value(kept[0]))
    for name in ("More 3", "More 38", "More 39"):
        assert f"TikTok · {name}\n" in plain(card) + "\n"
    card = await team.press(await team.press(card, "◀ Page"), "Done")
    assert plain(card).count("TikTok · More") == 3


async def test_files_are_ordered_and_discarded_with_their_draft(team: Team) -> None:
    """Files are added, put in order and taken away; a draft is discarded when that is confirmed."""
    card = await team.write(caption="Row", media=[("a.jpg", JPEG)], accounts=[FACEBOOK])
    form = await team.press(await team.press(card, "Files"), "Add")
    more = [("b.jpg", JPEG + b"b"), ("c.jpg", JPEG + b"c")]
    card = await team.fill_in(form, media=more, links="")
    card = await team.fill_in(await team.press(card, "Order"), order="3 1")
    shown = plain(await team.press(card, "Done"))
    assert shown.index("c.jpg") < shown.index("a.jpg")
    assert "b.jpg" not in shown
    card = await team.press(card, "Discard")
    card = await team.press(card, "Keep it")
    card = await team.press(await team.press(card, "Discard"), "Yes, discard it")
    assert text_of(card) == "Draft 1 is deleted."
    assert "None" in text_of(await team.author.slash(team.social, "post drafts"))


async def test_a_post_under_review_is_changed_on_the_same_card(team: Team) -> None:
    """`/post edit` opens a draft of the change; sent, it is asked about anew; others may not."""
    await team.put_before_approvers(caption="Before", accounts=[THREADS])
    said = await team.stranger.slash(team.social, "post edit", post=1)
    assert "Post 1 is not yours." in text_of(said)
    [choice] = await team.author.autocomplete(team.social, "post edit", "post", "bef")
    card = await team.author.slash(team.social, "post edit", post=choice["value"])
    assert "Change of post 1" in text_of(card)
    card = await team.fill_in(await team.press(card, "Text"), caption="After")
    again = await team.author.slash(team.social, "post edit", post=1)
    assert "After" in text_of(again)
    sent = await team.press(card, "Ask for approval again")
    assert "Post 1 waits" in text_of(sent)
    await team.announce()
    assert "revision 2" in text_of(team.card)
    late = await team.press(again, "Ask for approval again")
    assert "You have no draft" in text_of(late.followups[-1].message)


async def test_a_board_stands_by_its_name(team: Team, monkeypatch: pytest.MonkeyPatch) -> None:
    """What is chosen from an account's list is shown by its name: on the draft, in its form, and on
    the card before and after the approval.
    """
    known = Wahdx.capabilities
    board = Option(name="board", label="Board; of the account", kind=OptionKind.TEXT, listed=True)

    async def values_of(_: Wahdx, _remote_id: str, _option: str) -> list[Listed]:
        return [Listed(value="7", name="Cakes"), Listed(value="8", name="Pies")]

    options = {**known.options, Platform.THREADS: (board,)}
    monkeypatch.setattr(Wahdx, "capabilities", replace(known, options=options))
    monkeypatch.setattr(Wahdx, "values_of", values_of, raising=False)
    card = await team.write(caption="Fresh", accounts=[THREADS])
    card = await team.choose(card, "account", await team.account(THREADS))
    card = await team.fill_in(await team.choose(card, "options", 0), board=["8"])
    assert "Board; of the account: Pies" in plain(card)
    card = await team.press(card, "Done")
    assert f"✅ **{THREADS}** · Board: Pies" in plain(card)
    await team.press(card, "Send for approval")
    await team.announce()
    assert f"**{THREADS}** · Board: Pies" in text_of(team.card)
    await team.approver.react(team.card, "✅")
    await team.announce()
    assert f"**{THREADS}** · Board: Pies · waiting" in text_of(team.card)
