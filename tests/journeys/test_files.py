"""The files of a post: from Discord or a link, onto its card, and out."""

from pathlib import Path

from bot.workflow import browse, intake
from providers.guard import Guard
from tests.journeys.team import JPEG, TIKTOK, Team, text_of, until
from tests.pictures import PNG
from tests.workflow.test_links import Site, serving

LARGE = JPEG + bytes(11_000_000)  # more than a card holds, less than TikTok takes


async def test_file_that_a_card_cannot_hold(team: Team) -> None:
    """What does not fit on the card is shown by a picture, which stays while the card changes; the
    service gets the whole file.
    """
    files = [("cup.jpg", JPEG), ("harbour.jpg", LARGE)]
    card = await team.put_before_approvers(accounts=[TIKTOK], title="Harbour", media=files)
    names = [file.filename for file in card.attachments]
    assert names == ["preview.jpg", "cup.jpg"]
    assert card.attachments[0].size < 200_000
    await team.approver.react(card, "✅")
    await team.tick()
    assert "Approved by" in text_of(team.card)
    assert [file.filename for file in team.card.attachments] == names
    await until(lambda: [len(post.media) for post in team.published] == [2])


async def test_link_instead_of_a_file(team: Team) -> None:
    """A link given to /post new is fetched at once; one that leads to a page is told, and what was
    typed is kept.
    """
    team.desk.fetcher._guard = Guard(["127.0.0.1"])
    site = Site()
    async with serving(site):
        links = f"{site.url}/cup.png {site.url}/page"
        shown = await team.author.slash(team.social, "post new", text="Fresh", link=links)
    told = text_of(shown)
    assert "Fresh" in told
    assert "cup.png" in told
    assert "Not taken: ⚠️ Media: The link leads to a web page" in told


async def test_card_gives_fresh_links(team: Team) -> None:
    """The files on a post's card can be fetched again from there, each as what it is."""
    files = [("cup.jpg", JPEG), ("cup.png", PNG)]
    await team.ask(caption="Fresh", media=files)
    assert team.desk.shown.links is not None
    await team.announce()
    post = (await browse.show(team.desk, server_id=team.guild.id, post_id=1)).post
    links = await team.desk.shown.links(post)
    assert [Path(links[media.sha256]).name for media in post.content.media] == [
        "cup.jpg",
        "cup.png",
    ]
    assert await intake.gone(team.desk, team.guild.id, post.content.media) == []
