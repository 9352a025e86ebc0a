"""What a service proposes for a clip becomes the text of each platform, unless a person wrote one."""

from bot.domain.clip import Clip
from bot.domain.clip_texts import proposed
from bot.domain.platform import Platform
from tests.factories import a_revision, a_target

CLIP = Clip(
    index=0,
    title="Milk",
    seconds=12.0,
    caption="For Instagram",
    texts={
        Platform.TIKTOK: ("", "For TikTok"),
        Platform.INSTAGRAM: ("", "For Instagram"),
        Platform.YOUTUBE: ("Milk in 12 seconds", "For Instagram"),
    },
)
TARGETS = (
    a_target(1, platform=Platform.TIKTOK),
    a_target(2, platform=Platform.INSTAGRAM),
    a_target(3, platform=Platform.YOUTUBE),
)


def texts(caption: str, title: str, *account_ids: int) -> list[tuple[str, str]]:
    """What goes out to each target of a post with this text."""
    content = a_revision(caption=caption, title=title, targets=TARGETS)
    content = proposed(content, CLIP, account_ids)
    return [content.text_of(target) for target in content.targets]


def test_what_was_left_as_proposed() -> None:
    """Each platform gets the text that was written for it."""
    assert texts("For Instagram", "Milk", 1, 2, 3) == [
        ("For TikTok", "Milk"),
        ("For Instagram", "Milk"),
        ("For Instagram", "Milk in 12 seconds"),
    ]


def test_what_a_person_wrote() -> None:
    """A caption that was changed counts for all; the title is another matter."""
    assert texts("Mine", "Milk", 1, 3) == [
        ("Mine", "Milk"),
        ("Mine", "Milk"),
        ("Mine", "Milk in 12 seconds"),
    ]


def test_only_the_accounts_that_are_new() -> None:
    """What was chosen for an account before stays."""
    assert texts("For Instagram", "Milk", 3)[0] == ("For Instagram", "Milk")
