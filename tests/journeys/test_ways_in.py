"""The ways in which a post begins, beside the form of /post new."""

from tests.journeys.team import (
    FACEBOOK,
    JPEG,
    THREADS,
    TIKTOK,
    Team,
    filled_in,
    text_of,
)

MENU = "Draft a post from this"


async def test_a_message_becomes_a_post(team: Team) -> None:
    """Its text as people read it, its files and its author are taken over, and a link back is kept,
    also on the card that approvers see.
    """
    said = await team.stranger.send(
        team.social,
        f"Ask {team.author.mention} for *beans* <t:1700000000:R>",
        attachments=[("beans.jpg", JPEG)],
    )
    card = await team.author.context_menu(team.social, MENU, said)
    assert card.ephemeral
    shown = text_of(card)
    assert "beans.jpg" in shown
    assert said.jump_url in shown
    assert team.stranger.mention in shown
    assert "ann for \\*beans\\*" in shown.replace("@", "")
    accounts = await team.press(card, "Accounts")
    chosen = await team.choose(accounts, "pick", await team.account(THREADS))
    card = await team.press(chosen, "Done")
    said_so = text_of(await team.press(card, "Send for approval"))
    assert "waits in" in said_so
    await team.announce()
    assert said.jump_url in text_of(team.card)


async def test_a_forwarded_message(team: Team) -> None:
    """Of a forwarded message, what it forwards is taken over."""
    said = await team.stranger.send(team.approvals, "Elsewhere", attachments=[("a.jpg", JPEG)])
    forwarded = await team.stranger.forward(said, team.social)
    shown = text_of(await team.author.context_menu(team.social, MENU, forwarded))
    assert "Elsewhere" in shown
    assert "a.jpg" in shown


async def test_a_message_with_nothing_to_take(team: Team) -> None:
    """A message without text and files is refused, with what would do."""
    said = await team.stranger.send(team.social, "<t:1700000000:R>")
    assert "neither text nor files" in text_of(
        await team.author.context_menu(team.social, MENU, said)
    )


async def test_the_impatient(team: Team) -> None:
    """With the text in the command no form is needed; with accounts and time alone it opens with
    them.
    """
    names = await team.author.autocomplete(team.social, "post new", "accounts", "threads")
    card = await team.author.slash(
        team.social, "post new", text="Now", accounts=names[0]["value"], when="in 2h"
    )
    assert THREADS in text_of(card)
    assert "waits in" in text_of(await team.press(card, "Send for approval"))
    form = await team.author.slash(team.social, "post new", accounts=TIKTOK, when="fri 18:30")
    stands = filled_in(form)
    assert (stands["accounts"], stands["when"]) == ([TIKTOK], "fri 18:30")


async def test_what_is_wrong_loses_nothing(team: Team) -> None:
    """Names that are none are told beside the draft that keeps the rest."""
    card = await team.author.slash(
        team.social, "post new", text="Keep me", accounts="Orkut", from_template="Nothing"
    )
    shown = text_of(card)
    for part in ("Keep me", "“Orkut” is no account", "no template “Nothing”"):
        assert part in shown


async def test_an_earlier_post_and_a_template(team: Team) -> None:
    """An earlier post begins another, and so does a template made of one."""
    await team.put_before_approvers(
        caption="Beans", accounts=[THREADS], media=[("beans.jpg", JPEG)], when="in 3h"
    )
    card = await team.author.slash(team.social, "post duplicate", post=1)
    shown = text_of(card)
    for part in ("Beans", "beans.jpg", THREADS, "an earlier post"):
        assert part in shown
    kept = await team.author.slash(team.social, "post template save", post=1, name="Monday")
    assert "Monday" in text_of(kept)
    listed = await team.author.slash(team.social, "post template list")
    assert THREADS in text_of(listed)
    [name] = await team.author.autocomplete(team.social, "post new", "from_template", "mon")
    card = await team.author.slash(team.social, "post new", from_template=name["value"])
    for part in ("Beans", "beans.jpg", THREADS):
        assert part in text_of(card)
    await team.author.slash(team.social, "post template delete", name="Monday")
    assert "None yet" in text_of(await team.author.slash(team.social, "post template list"))


async def test_how_it_will_look(team: Team) -> None:
    """Under a draft and under its card, “Preview” draws it for each account, to whoever asks."""
    draft = await team.write(
        caption="Beans " * 60, accounts=[FACEBOOK, TIKTOK], media=[("beans.jpg", JPEG)]
    )
    looks = await team.press(draft, "Preview")
    assert looks.ephemeral
    assert TIKTOK in text_of(looks)
    assert "gets bars" in text_of(looks)
    assert looks.response is not None
    [picture] = looks.response.message.attachments
    assert picture.filename == "preview.jpg"
    other = await team.author.select(looks.response, [await team.account(FACEBOOK)])
    assert "behind “… See more”" in text_of(other)
    await team.press(draft, "Send for approval")
    await team.announce()
    await team.restart()
    shown = await team.approver.click(team.card, label="Preview")
    assert TIKTOK in text_of(shown)
