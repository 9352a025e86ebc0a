"""A post made from a clip that a service has cut."""

import pytest

from bot.workflow import connect
from sandbox.services.wayinvideo.service import WayinVideo
from tests.journeys.team import JPEG, WAYIN_KEY, Team, text_of

YOUTUBE = "YouTube · Harbour Coffee Example"
PROJECT = "prj06harbour"


@pytest.fixture
async def cutters(team: Team) -> Team:
    """A team whose WayinVideo is connected."""
    await connect.connect(
        team.desk,
        server_id=team.guild.id,
        provider="wayinvideo",
        credentials={"key": WAYIN_KEY},
        user_id=team.admin.id,
    )
    return team


async def service_of(team: Team) -> int:
    """The connection that `/post clip` offers."""
    [choice] = await team.author.autocomplete(team.social, "post clip", "service", "way")
    assert "WayinVideo" in choice["name"]
    return int(choice["value"])


async def test_a_clip_becomes_a_post(cutters: Team) -> None:
    """Choose the clip, keep or change what its service proposes, have it approved: it is handed to
    the service, and the team is told that the result cannot be read.
    """
    team = cutters
    service = await service_of(team)
    listed = await team.author.slash(team.social, "post clip", service=service, project=PROJECT)
    assert "The perfect flat white" in text_of(listed)
    assert listed.response is not None
    form = await team.author.select(listed.response, ["1"])
    assert form.modal is not None
    entries = [label["component"] for label in form.modal["components"]]
    typed = {entry["custom_id"]: entry.get("value") or "" for entry in entries}
    assert typed["title"] == "Roasting by ear"
    accounts = next(entry for entry in entries if entry["custom_id"] == "accounts")
    offered = {item["label"]: item["value"] for item in accounts["options"]}
    assert "Threads · Harbour Coffee" not in offered
    card = await team.author.submit_modal(form, typed | {"accounts": [offered[YOUTUBE]]})
    said = await team.press(card, "Send for approval")
    assert "waits in" in text_of(said)
    await team.announce()
    assert f"Clip 2 of {PROJECT}" in text_of(team.card)
    await team.approver.react(team.card, "✅")
    await team.tick()
    assert "accepted, result not readable" in text_of(team.card)


async def test_a_clip_gets_a_picture_as_its_cover(cutters: Team, wayinvideo: WayinVideo) -> None:
    """A clip has no frames here, but its cover can be a picture, which the service fetches; it is
    seen on its card.
    """
    team = cutters
    service = await service_of(team)
    listed = await team.author.slash(team.social, "post clip", service=service, project=PROJECT)
    assert listed.response is not None
    form = await team.author.select(listed.response, ["1"])
    assert form.modal is not None
    entries = [label["component"] for label in form.modal["components"]]
    typed = {entry["custom_id"]: entry.get("value") or "" for entry in entries}
    offered = {item["label"]: item["value"] for item in entries[-2]["options"]}
    card = await team.author.submit_modal(form, typed | {"accounts": [offered[YOUTUBE]]})
    card = await team.press(card, "Cover")
    assert f"**{YOUTUBE}** · takes a picture" in text_of(card).replace("\\", "")
    card = await team.fill_in(await team.press(card, "A picture"), picture=[("sign.jpg", JPEG)])
    assert "Cover: the picture sign.jpg" in text_of(card)
    await team.press(card, "Send for approval")
    await team.announce()
    assert "Cover: the picture sign.jpg" in text_of(team.card)
    assert [file.filename for file in team.card.attachments] == ["sign.jpg"]
    await team.approver.react(team.card, "✅")
    await team.tick()
    (post,) = (post for account in wayinvideo.feed() for post in account.posts)
    kept = wayinvideo.media(post.cover.rsplit("/", 1)[1])
    assert kept
    assert kept.read_bytes() == JPEG


async def test_a_mistake_in_a_clips_post_is_mended(cutters: Team) -> None:
    """What was typed for a clip is kept, and the clip with it."""
    team = cutters
    listed = await team.author.slash(
        team.social, "post clip", service=await service_of(team), project=PROJECT
    )
    assert listed.response is not None
    form = await team.author.select(listed.response, ["0"])
    assert form.modal is not None
    accounts = form.modal["components"][-2]["component"]["options"]
    youtube = next(item["value"] for item in accounts if item["label"] == YOUTUBE)
    typed = {"caption": "Milk", "title": "", "when": "now", "accounts": [youtube]}
    refused = await team.author.submit_modal(form, typed)
    assert "Title" in text_of(refused)
    form = await team.press(refused, "Text")
    card = await team.fill_in(form, title="The perfect flat white")
    said = await team.press(card, "Send for approval")
    assert "waits in" in text_of(said)
    await team.announce()
    assert f"Clip 1 of {PROJECT}" in text_of(team.card)


async def test_a_project_nobody_knows(cutters: Team) -> None:
    """A wrong project is told in the service's words."""
    team = cutters
    said = await team.author.slash(
        team.social, "post clip", service=await service_of(team), project="prj06nothing"
    )
    assert "WayinVideo" in text_of(said)
