"""What cannot go out: people read what is wrong, the limit, what was found and what to do.

What they typed is kept as a draft: its card has all of it, and mended there it is sent with a click.
"""

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

import aiohttp
import pytest
from simcord import InteractionResult
from simcord.backend.serializers import message_payload
from simcord.enums import InteractionType

from tests.journeys.team import (
    EXPIRED,
    FACEBOOK,
    INSTAGRAM,
    JPEG,
    MP4,
    NEW_YEAR,
    THREADS,
    TIKTOK,
    Team,
    standing_in,
    text_of,
)

GIF = b"GIF89a\x01\x00\x01\x00\x80\x00\x00\xff\xff\xff\x00\x00\x00!\xf9\x04\x01" + b"\x00" * 32
PHOTO, VIDEO = ("photo.jpg", JPEG), ("video.mp4", MP4)


@dataclass(kw_only=True)
class Mistake:
    """What is typed, what the answer says of it, how many files stay, and what mends it."""

    typed: dict[str, Any]
    told: tuple[str, ...]
    mended: dict[str, Any]
    kept: int = 0
    zone: str = "UTC"
    now: datetime = NEW_YEAR


MISTAKES = {
    "an empty post": Mistake(
        typed={"caption": " \n "},
        told=(
            "Caption: The post is empty: no text and no file.",
            "→ Write a caption or add a file.",
        ),
        mended={"caption": "Something"},
    ),
    "a caption longer than Threads takes, an emoji counted as its bytes": Mistake(
        typed={"caption": "☕" * 167},
        told=(
            f"Caption: {THREADS} takes 500 characters, an emoji counting as its bytes",
            "this has 501.",
            "→ Shorten it by 1, or give this account its own text.",
        ),
        mended={"caption": "☕" * 166},
    ),
    "a caption longer than TikTok takes, in UTF-16 units": Mistake(
        typed={"caption": "🙂" * 1101, "media": [VIDEO], "accounts": [TIKTOK]},
        told=(f"{TIKTOK} takes 2,200 UTF-16 units; this has 2,202.", "→ Shorten it by 2"),
        kept=1,
        mended={"caption": "🙂" * 1100},
    ),
    "a title longer than TikTok takes": Mistake(
        typed={"caption": "x", "title": "t" * 91, "media": [PHOTO], "accounts": [TIKTOK]},
        told=(f"Title: {TIKTOK} takes 90 UTF-16 units; this has 91.", "→ Shorten it by 1"),
        kept=1,
        mended={"title": "t" * 90},
    ),
    "text alone where a picture is needed": Mistake(
        typed={"caption": "Words", "accounts": [INSTAGRAM, FACEBOOK]},
        told=(
            f"Media: {INSTAGRAM} takes photos or video; no file was given.",
            "→ Add photos or video, or leave this account out.",
        ),
        mended={"accounts": [FACEBOOK]},
    ),
    "a photo and a video together": Mistake(
        typed={"caption": "Both", "media": [PHOTO, VIDEO], "accounts": [FACEBOOK]},
        told=(
            "Media: A post takes photos or one video; 1 photo and 1 video were given.",
            "→ Keep the photos or one video.",
        ),
        kept=1,
        mended={"take": ["1"]},
    ),
    "a file type nobody takes": Mistake(
        typed={"caption": "Moves", "media": [PHOTO, ("dance.jpg", GIF)], "accounts": [FACEBOOK]},
        told=(
            "Media: The file dance.jpg is image/gif, which no service takes.",
            "→ Give one of avi, jpg, m4v, mov, mp4, png, webm, webp.",
        ),
        kept=1,
        mended={},
    ),
    "a file of no known type": Mistake(
        typed={"caption": "Moves", "media": [("notes.mp4", b"just words")]},
        told=("The file notes.mp4 is of an unknown type, which no service takes.",),
        mended={},
    ),
    "a time in the past": Mistake(
        typed={"caption": "Late", "when": "2025-12-31 23:59"},
        told=("When: “2025-12-31 23:59” is in the past.", "→ Give a later time, or write now."),
        mended={"when": "2026-01-01 00:01"},
    ),
    "a time the clocks skip": Mistake(
        typed={"caption": "Gap", "when": "2026-03-29 02:30"},
        zone="Europe/Berlin",
        now=datetime(2026, 3, 28, tzinfo=UTC),
        told=(
            "When: “2026-03-29 02:30” does not exist in Europe/Berlin: the clocks go forward then.",
            "→ Give a time before or after the change.",
        ),
        mended={"when": "2026-03-29 03:30"},
    ),
    "a time the clocks have twice": Mistake(
        typed={"caption": "Twice", "when": "2026-10-25 02:30"},
        zone="Europe/Berlin",
        told=(
            "happens twice in Europe/Berlin: the clocks go back then.",
            "→ Say which: 2026-10-25 02:30+0200 or 2026-10-25 02:30+0100.",
        ),
        mended={"when": "2026-10-25 02:30+0100"},
    ),
    "a time that is not understood": Mistake(
        typed={"caption": "When", "when": "soonish"},
        told=(
            "When: “soonish” is not understood as a time.",
            "→ Write it like now · tomorrow 9:00 · fri 18:30 · in 2 minutes · 2026-12-24 18:00.",
        ),
        mended={"when": "tomorrow 9:00"},
    ),
    "an account that must be reconnected": Mistake(
        typed={"caption": "Old page", "accounts": [EXPIRED, FACEBOOK]},
        told=(
            f"Accounts: {EXPIRED} must be reconnected at its service.",
            "→ Reconnect it there, run /account check, or leave it out.",
        ),
        mended={"accounts": [FACEBOOK]},
    ),
}


async def mend(team: Team, card: InteractionResult, mended: dict[str, Any]) -> InteractionResult:
    """Mend a draft from its card; the card after it."""
    texts = {name: mended[name] for name in ("caption", "title") if name in mended}
    if texts:
        card = await team.fill_in(await team.press(card, "Text"), **texts)
    if "when" in mended:
        card = await team.fill_in(await team.press(card, "When"), when=mended["when"])
    if "accounts" in mended:
        ids = [await team.account(label) for label in mended["accounts"]]
        card = await team.choose(await team.press(card, "Accounts"), "pick", *ids)
        card = await team.press(card, "Done")
    if "take" in mended:
        card = await team.choose(await team.press(card, "Files"), "take", *mended["take"])
        card = await team.press(card, "Done")
    return card


@pytest.mark.parametrize("mistake", MISTAKES.values(), ids=list(MISTAKES))
async def test_a_mistake_is_told_and_mended(newcomers: Team, mistake: Mistake) -> None:
    """Each mistake is named with its remedy; nothing typed is lost, and mended it goes to review."""
    team = newcomers
    team.clock.moment = mistake.now
    await team.set_up(mistake.zone)
    card = await team.write(**mistake.typed)
    assert card.ephemeral
    said = text_of(card).replace("\\", "").replace("**", "")
    for part in mistake.told:
        assert part.lower() in said.lower()
    assert mistake.typed["caption"].strip() in said
    await team.announce()
    assert team.approvals.history() == [], "nobody is asked about what cannot go out"

    mended = await mend(team, card, mistake.mended)
    label = "Send for approval" if mistake.mended else "Send without it"
    said = text_of(await team.press(mended, label))
    assert f"Post 1 waits in {team.approvals.mention}" in said
    await team.announce()
    assert len(team.card.attachments) == mistake.kept
    assert text_of(team.card).count("` · ") == mistake.kept


async def test_what_is_wrong_is_refused_when_it_is_sent(team: Team) -> None:
    """The button checks again, so nothing wrong is sent, and the draft stays."""
    card = await team.write(caption="☕" * 167, accounts=[THREADS])
    refused = await team.press(card, "Send for approval")
    assert "this has 501" in text_of(refused)
    assert "This cannot go out yet" in text_of(refused.followups[-1].message)
    card = await team.fill_in(await team.press(refused, "Text"), caption="☕")
    assert "Post 1 waits" in text_of(await team.press(card, "Send for approval"))


async def test_eleven_files_are_refused(team: Team) -> None:
    """Discord's field takes ten, a changed client may send more; all are kept to choose from."""
    files = {str(number): ("photo.jpg", JPEG + bytes([number])) for number in range(11)}
    store = team.env.backend.store_attachments(team.social.id, list(files.values()))
    attachments = {item["id"]: item for item in store}
    entries = [
        {"type": 4, "custom_id": "caption", "value": "Many"},
        {"type": 19, "custom_id": "media", "values": list(attachments)},
        {"type": 3, "custom_id": "accounts", "values": [await team.account(FACEBOOK)]},
        {"type": 4, "custom_id": "when", "value": "now"},
    ]
    data = {
        "custom_id": "post:new",
        "components": [{"type": 18, "component": entry} for entry in entries],
        "resolved": {"attachments": attachments},
    }
    refused = await team.author._dispatch_interaction(
        InteractionType.MODAL_SUBMIT, team.social, data
    )
    said = text_of(refused)
    assert "Media: A post takes 10 files; 11 were given. → Take 1 away." in said
    card = await mend(team, refused, {"take": ["10"]})
    assert "waits in" in text_of(await team.press(card, "Send for approval"))
    await team.announce()
    assert len(team.card.attachments) == 10


async def test_every_mistake_is_told_at_once(team: Team) -> None:
    """Three mistakes are three fields, so that nobody mends one to read of the next."""
    said = text_of(
        await team.write(
            caption="☕" * 167, media=[("a.gif", GIF)], accounts=[THREADS, EXPIRED], when="soonish"
        )
    )
    for part in ("which no service takes", "not understood", "this has 501", "must be reconnected"):
        assert part in said


async def test_a_draft_is_found_again_and_mended_by_its_author_alone(team: Team) -> None:
    """`/post show` and `/post drafts` bring its card back, to the author; it answers nobody else."""
    await team.write(caption="Mine", when="soonish")
    listed = await team.author.slash(team.social, "post drafts")
    assert "Mine" in text_of(await team.choose(listed, "open", 1))
    card = await team.author.slash(team.social, "post show", post=1)
    assert standing_in(await team.press(card, "Text"))["caption"] == "Mine"
    assert card.response is not None
    message = team.env.backend.get_message(team.social.id, card.response.id)
    said = await team.stranger.slash(team.social, "post show", post=1)
    assert said.response is not None
    assert said.response.components == []
    said = await team.stranger._dispatch_interaction(
        InteractionType.MESSAGE_COMPONENT,
        team.social,
        {"custom_id": "draft:text:1:0:", "component_type": 2},
        extra={"message": dict(message_payload(team.env.backend, message))},
    )
    assert said.modal is None
    assert "You have no draft 1. See /post drafts." in text_of(said)


async def test_two_windows(team: Team) -> None:
    """What is typed into a form whose draft was changed meanwhile is said and given back."""
    card = await team.write(caption="First", accounts=[THREADS])
    older = await team.author.slash(team.social, "post show", post=1)
    forms = [await team.press(card, "Text") for _ in range(3)]
    await team.fill_in(forms[0], caption="Second")
    late = await team.fill_in(forms[1], caption="Third, and long")
    assert "Second" in text_of(late)
    told = [text_of(each.message) for each in late.followups]
    assert f"Draft 1 was changed by {team.author.mention} since you opened it" in told[0]
    assert "Third, and long" in told[1]
    stale = await team.press(older, "Text")
    assert stale.modal is None
    assert "Second" in text_of(stale)
    assert "was changed by" in text_of(stale.followups[0].message)
    assert "Post 1 waits" in text_of(await team.press(late, "Send for approval"))
    gone = await team.fill_in(forms[2], caption="Fourth")
    assert any("Fourth" in text_of(each.message) for each in gone.followups)


async def test_a_file_that_discord_lost_is_told(team: Team) -> None:
    """An upload that cannot be fetched is named; the text is kept."""
    form = await team.open_form()
    team.env.backend.cdn.get = lambda url: None  # pyright: ignore[reportAttributeAccessIssue]
    said = text_of(await team.send_form(form, caption="x", media=[PHOTO]))
    assert "Discord did not hand over photo.jpg. → Upload it again." in said
    assert "Draft 1, seen by you alone" in said


async def test_a_connection_cut_while_a_file_is_fetched(
    team: Team, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A network that fails during the upload is told at the file; the text is kept."""

    async def cut(_url: str) -> bytes:
        raise aiohttp.ServerDisconnectedError

    form = await team.open_form()
    monkeypatch.setattr(team.env.bot.http, "get_from_cdn", cut)
    said = text_of(await team.send_form(form, caption="x", media=[PHOTO]))
    assert "Discord did not hand over photo.jpg. → Upload it again." in said
    assert "Draft 1, seen by you alone" in said


async def test_without_a_public_address_large_files_are_refused(team: Team) -> None:
    """Services fetch files themselves, small ones from the card; where they cannot, the answer says
    who mends it.
    """
    team.desk.links._public_url = ""
    said = text_of(await team.write(caption="x", media=[PHOTO], accounts=[FACEBOOK]))
    assert "✅" in said
    large = ("film.mp4", MP4 + (11_000_000).to_bytes(4, "big") + b"free" + bytes(10_999_992))
    said = text_of(await team.write(caption="x", media=[large], accounts=[FACEBOOK]))
    assert "PUBLIC_URL is not set, and they have 11 MB" in said.replace("\\", "")
