"""Posts that fill the screen: stories, reels, Shorts."""

import pytest

from bot.domain import screen
from bot.domain.options import Option, OptionKind, is_story
from bot.domain.platform import Kind, Platform
from providers.catalogue import PROVIDERS

TALL, WIDE = 9 / 16, 16 / 9


@pytest.mark.parametrize(
    ("platform", "kind", "aspect", "seconds", "name"),
    [
        (Platform.INSTAGRAM, Kind.VIDEO, TALL, 20, "reel"),
        (Platform.INSTAGRAM, Kind.PHOTOS, TALL, None, None),
        (Platform.TIKTOK, Kind.VIDEO, WIDE, 20, "video"),
        (Platform.TIKTOK, Kind.PHOTOS, 1, None, "slideshow"),
        (Platform.YOUTUBE, Kind.VIDEO, TALL, 180, "Short"),
        (Platform.YOUTUBE, Kind.VIDEO, TALL, 181, None),
        (Platform.YOUTUBE, Kind.VIDEO, WIDE, 20, None),
        (Platform.YOUTUBE, Kind.CLIP, None, None, None),
        (Platform.FACEBOOK, Kind.VIDEO, TALL, 20, None),
    ],
)
def test_what_fills_the_screen(
    platform: Platform, kind: Kind, aspect: float | None, seconds: float | None, name: str | None
) -> None:
    """A reel, a Short of at most three minutes and all of TikTok do; the rest stands in a feed."""
    found = screen.of(platform, kind, aspect=aspect, seconds=seconds)
    assert (found and found.name) == name


def test_stories() -> None:
    """A story has a screen, shows no text and is covered above and below; a text is none."""
    story = screen.of(Platform.INSTAGRAM, Kind.PHOTOS, is_story=True)
    assert story
    assert not story.has_text
    told = screen.notes(story, Platform.INSTAGRAM, "Hello", "", [WIDE])
    assert told[0] == "The text is not shown: a story has none."
    assert "14%" in told[1]
    assert "20%" in told[1]
    assert "its own colours" in told[2]
    assert len(screen.notes(story, Platform.INSTAGRAM, "", "", [TALL])) == 1
    assert screen.of(Platform.INSTAGRAM, Kind.TEXT, is_story=True) is None


def test_texts_on_a_screen() -> None:
    """Of a reel's text some is folded; of a Short only the title is seen."""
    reel = screen.of(Platform.INSTAGRAM, Kind.VIDEO)
    short = screen.of(Platform.YOUTUBE, Kind.VIDEO, aspect=TALL)
    assert reel
    assert short
    assert "about here" in screen.notes(reel, Platform.INSTAGRAM, "beans " * 60, "", [TALL])[0]
    told = screen.notes(short, Platform.YOUTUBE, "beans", "t" * 60, [TALL])
    assert "title is cut" in told[0]
    assert "only by those who open it" in told[1]


def test_which_choice_is_a_story() -> None:
    """The choice that a service declares as a story makes one, of the kinds it is for."""
    option = Option(
        name="where",
        label="Where",
        kind=OptionKind.CHOICE,
        choices=("feed", "story"),
        kinds=frozenset({Kind.PHOTOS}),
        story="story",
    )
    assert is_story([option], {"where": "story"}, Kind.PHOTOS)
    assert not is_story([option], {"where": "story"}, Kind.VIDEO)
    assert not is_story([option], {"where": "feed"}, Kind.PHOTOS)
    assert not is_story([option], {}, Kind.PHOTOS)


def test_services_declare_stories() -> None:
    """Whatever a service calls a story is declared as one."""
    options = [
        option
        for service in PROVIDERS.values()
        for declared in service.capabilities.options.values()
        for option in declared
    ]
    called = [option for option in options if "story" in option.label.lower()]
    assert len(called) >= 5
    assert all(option.story in option.choices for option in called)
