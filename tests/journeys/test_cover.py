"""The cover of a video, from the draft's files to the platform."""

from simcord import InteractionResult

from tests.journeys.team import JPEG, MP4, THREADS, TIKTOK, Team, standing_in, text_of, until


def plain(card: InteractionResult) -> str:
    """What a card says, without the signs of escaping."""
    return text_of(card).replace("\\", "")


def moments(card: InteractionResult) -> list[str]:
    """The moments of the frames that a card offers."""
    assert card.response is not None
    items = [item for row in card.response.components for item in row["components"]]
    (select,) = (item for item in items if item["custom_id"].startswith("draft-pick:frame:"))
    return [option["value"] for option in select["options"]]


async def test_a_frame_goes_from_the_draft_to_the_platform(team: Team) -> None:
    """A frame is chosen from the sheet or by its moment; where it does not count is said; approvers
    see it, and the platform gets it.
    """
    card = await team.write(caption="Steam", media=[("a.mp4", MP4)], accounts=[TIKTOK, THREADS])
    card = await team.press(await team.press(card, "Files"), "Cover")
    assert f"**{TIKTOK}** · takes a frame" in plain(card)
    assert f"**{THREADS}** · takes none" in plain(card)
    offered = moments(card)
    assert len(offered) == 9
    card = await team.choose(card, "frame", offered[4])
    assert "Cover: the frame at 0:0" in plain(card)
    assert f"✅ **{TIKTOK}** · visible to everyone · cover: a frame" in plain(card)
    assert f"**{THREADS}** · cover: chosen there" in plain(card)
    assert f"⚠️ Cover: {THREADS} takes none through its service." in plain(card)
    card = await team.press(await team.press(card, "Files"), "Cover")
    form = await team.press(card, "Another moment")
    assert standing_in(form)["moment"].startswith("0:0")
    refused = await team.fill_in(form, moment="soon")
    told = [text_of(each.message) for each in refused.followups]
    assert "“soon” is no moment of a video." in told[0]
    assert "soon" in told[1]
    card = await team.press(card, "Another moment")
    card = await team.fill_in(card, moment="0:02.5")
    assert "Cover: the frame at 0:02.5" in plain(card)
    await team.press(card, "Send for approval")
    await team.announce()
    assert "Cover: the frame at 0:02.5" in text_of(team.card)
    assert [file.filename for file in team.card.attachments] == ["a.mp4", "a at 0.02.5.jpg"]
    await team.approver.react(team.card, "✅")
    await team.tick()
    await until(lambda: {post.cover for post in team.published} == {"2500 ms", ""})


async def test_a_picture_and_a_change_of_mind(team: Team) -> None:
    """A picture is taken where it counts and cautioned where not; the platform may choose again; a
    cover goes with its video.
    """
    card = await team.write(caption="Steam", media=[("a.mp4", MP4)], accounts=[TIKTOK])
    card = await team.press(await team.press(card, "Files"), "Cover")
    card = await team.fill_in(await team.press(card, "A picture"), picture=[("sign.jpg", JPEG)])
    assert "Cover: the picture sign.jpg" in plain(card)
    assert "takes a frame of the video, not a picture. → Choose a frame" in plain(card)
    card = await team.press(await team.press(card, "Files"), "Cover")
    card = await team.press(card, "Let the platform choose")
    assert "Cover:" not in plain(card)
    files = await team.press(card, "Files")
    card = await team.press(files, "Cover")
    card = await team.choose(card, "frame", moments(card)[0])
    files = await team.choose(await team.press(card, "Files"), "take", 0)
    assert "Cover: It was that of the video before, and went with it." in plain(files)
    card = await team.press(files, "Done")
    assert "Cover:" not in plain(card)


async def test_a_changed_cover_is_told(team: Team) -> None:
    """Another cover is another revision, whose change is told in words."""
    await team.put_before_approvers(caption="Steam", media=[("a.mp4", MP4)], accounts=[TIKTOK])
    card = await team.author.slash(team.social, "post edit", post=1)
    card = await team.press(await team.press(card, "Files"), "Cover")
    card = await team.choose(card, "frame", moments(card)[2])
    await team.press(card, "Ask for approval again")
    await team.announce()
    told = team.social.last_message
    assert told is not None
    history = await team.author.slash(team.social, "post history", post=1)
    assert "as the platform chooses" in plain(history)
    assert "the frame at 0:0" in plain(history)


async def test_a_template_carries_it_unless_its_video_is_another(team: Team) -> None:
    """A post that begins with a template has its cover; with another video it has not, and that is
    said.
    """
    card = await team.write(caption="Steam", media=[("a.mp4", MP4)], accounts=[TIKTOK])
    card = await team.press(await team.press(card, "Files"), "Cover")
    await team.choose(card, "frame", moments(card)[0])
    await team.author.slash(team.social, "post template save", post=1, name="Steam")
    card = await team.author.slash(team.social, "post new", from_template="Steam")
    assert "Cover: the frame at 0:0" in plain(card)
    given = {"from_template": "Steam", "media": ("b.mp4", MP4 + b"\x00" * 8)}
    card = await team.author.slash(team.social, "post new", **given)
    assert "Cover: the frame" not in plain(card)
    assert "Cover: It was that of the template's video." in plain(card)
