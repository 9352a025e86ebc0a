"""Genviral's settings tables (seed 003): every field from an option, in its own type and place."""

from typing import Any

import pytest

from bot.domain.options import OptionKind
from bot.domain.platform import Kind, Platform
from bot.errors import ContentRejectedError
from providers.genviral.options import OPTIONS
from tests.providers.genviral_bench import Wire, a_recipient, a_submission, ask, sent, sent_for
from tests.providers.genviral_tables import ON, TABLES


@pytest.mark.parametrize(("platform", "kind", "options", "settings"), TABLES)
async def test_every_setting_is_sent(
    platform: Platform, kind: Kind, options: dict[str, str], settings: dict[str, Any]
):
    """Each option stands where its platform's settings belong, typed as documented."""
    body = await sent_for(platform, kind, **options)
    on_top = platform in (Platform.TIKTOK, Platform.PINTEREST)
    place = body if on_top else body["settings"]
    assert place[str(platform)] == settings
    assert ("settings" in body) != on_top


def test_every_option_is_in_a_table():
    """No option exists that the tables above do not prove, but music, which stands elsewhere."""
    proved = {(platform, name) for platform, _, options, _ in TABLES for name in options}
    declared = {(platform, option.name) for platform in OPTIONS for option in OPTIONS[platform]}
    assert declared - proved == {(Platform.TIKTOK, "music_url")}


async def test_music_stands_beside_the_settings():
    """`music_url` is a field of the post."""
    music = "https://www.tiktok.com/@genviral/video/1234567890"
    body = await sent_for(Platform.TIKTOK, music_url=music)
    assert body["music_url"] == music
    assert "music_url" not in body["tiktok"]


async def test_options_of_another_kind_are_left_out():
    """What applies to videos only is not sent with photos, nor the other way round."""
    photos = await sent_for(Platform.TIKTOK, Kind.PHOTOS, disable_duet=ON, title="x")
    assert photos["tiktok"] == {"privacy_level": "PUBLIC_TO_EVERYONE"}
    video = await sent_for(Platform.TIKTOK, post_mode="MEDIA_UPLOAD", auto_add_music=ON)
    assert video["tiktok"] == {"privacy_level": "PUBLIC_TO_EVERYONE"}


async def test_the_title_of_the_post_is_shown_where_there_is_one():
    """A YouTube video, a pin and a TikTok slideshow have the post's title; a TikTok video does not."""
    youtube = await sent_for(Platform.YOUTUBE, headline="Headline")
    assert youtube["settings"]["youtube"] == {"title": "Headline"}
    pin = await sent_for(Platform.PINTEREST, Kind.PHOTOS, headline="Headline", board_id="1")
    assert pin["pinterest"] == {"board_id": "1", "title": "Headline"}
    slideshow = await sent(
        a_submission(a_recipient(Platform.TIKTOK), kind=Kind.PHOTOS, title="Headline")
    )
    assert slideshow["tiktok"]["title"] == "Headline"
    video = await sent(a_submission(a_recipient(Platform.TIKTOK), title="Headline"))
    assert "title" not in video["tiktok"]


@pytest.mark.parametrize(
    ("platform", "kind", "caption", "options", "words"),
    [
        (
            Platform.TIKTOK,
            Kind.VIDEO,
            "😀" * 1000,
            {"title": "x" * 150, "description": "y" * 51},
            "2,200 UTF-16 units together; these have 2,201",
        ),
        (
            Platform.YOUTUBE,
            Kind.VIDEO,
            "",
            {"description": "é" * 2501},
            "5,000 bytes together; these have 5,002",
        ),
        (
            Platform.PINTEREST,
            Kind.PHOTOS,
            "x" * 795,
            {"board_id": "1", "tags": "beans"},
            "800 characters together; these have 801",
        ),
        (Platform.PINTEREST, Kind.PHOTOS, "", {}, "needs a board"),
    ],
)
async def test_what_cannot_be_published_is_refused_here(
    platform: Platform, kind: Kind, caption: str, options: dict[str, str], words: str
):
    """Rules over several fields are checked before anything is sent, with what to do."""
    wire = Wire()
    submission = a_submission(a_recipient(platform, **options), kind=kind, caption=caption)
    with pytest.raises(ContentRejectedError) as caught:
        await ask(wire, lambda genviral: genviral.publish(submission))
    assert words in caught.value.message
    assert caught.value.remedy
    assert "POST /posts" not in wire.asked


async def test_texts_that_just_fit_are_sent():
    """The limits over several fields are the last that is taken."""
    video = a_submission(a_recipient(Platform.TIKTOK, title="x" * 200), caption="😀" * 1000)
    assert (await sent(video))["caption"] == "😀" * 1000
    pin = a_recipient(Platform.PINTEREST, board_id="1", tags="bean")
    assert await sent(a_submission(pin, kind=Kind.PHOTOS, caption="x" * 795))


def test_limits_of_options_are_those_of_the_tables():
    """Lengths and counts named in the tables are checked in the form."""
    found = {
        (platform, option.name): (option.maximum, option.item_maximum)
        for platform, options in OPTIONS.items()
        for option in options
        if option.maximum is not None
    }
    assert found == {
        (Platform.TIKTOK, "title"): (2_200, None),
        (Platform.TIKTOK, "description"): (4_000, None),
        (Platform.YOUTUBE, "description"): (5_000, None),
        (Platform.PINTEREST, "board_id"): (128, None),
        (Platform.PINTEREST, "link"): (2_048, None),
        (Platform.PINTEREST, "tags"): (30, 100),
    }
    required = [
        option.name for options in OPTIONS.values() for option in options if option.required
    ]
    assert required == ["board_id"]
    draft = next(option for option in OPTIONS[Platform.TIKTOK] if option.name == "post_mode")
    assert (draft.kind, draft.kinds) == (OptionKind.CHOICE, frozenset({Kind.PHOTOS}))
