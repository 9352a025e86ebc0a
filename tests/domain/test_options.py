"""Options are checked by their declaration, and read into their own types."""

import pytest

from bot.domain.options import Option, OptionKind, problems, values
from bot.domain.platform import Kind

DECLARED = (
    Option(name="note", label="Note", kind=OptionKind.TEXT, maximum=5),
    Option(name="who", label="Who", kind=OptionKind.CHOICE, choices=("all", "none")),
    Option(name="shared", label="Shared", kind=OptionKind.SWITCH),
    Option(name="cover", label="Cover", kind=OptionKind.NUMBER, maximum=1000),
    Option(name="tags", label="Tags", kind=OptionKind.LIST, maximum=2, item_maximum=4),
    Option(name="link", label="Link", kind=OptionKind.LINK, maximum=20),
    Option(
        name="board",
        label="Board",
        kind=OptionKind.TEXT,
        required=True,
        kinds=frozenset({Kind.PHOTOS}),
    ),
)
GOOD = {
    "note": "Hello",
    "who": "all",
    "shared": "false",
    "cover": "1000",
    "tags": " tea \n\ncake",
    "link": "https://example.com",
}


def test_good_options() -> None:
    """Good options are taken as they are, each in its own type."""
    assert problems(DECLARED, GOOD, Kind.VIDEO, "Desk") == []
    assert values(DECLARED, GOOD, Kind.VIDEO) == {
        "note": "Hello",
        "who": "all",
        "shared": False,
        "cover": 1000,
        "tags": ["tea", "cake"],
        "link": "https://example.com",
    }


@pytest.mark.parametrize(
    ("given", "problem"),
    [
        ({"note": "Hello!"}, "Note: Desk takes 5 characters; this has 6. Shorten it by 1."),
        ({"who": "some"}, "Who: Desk does not take some. Choose one of all, none."),
        ({"shared": "yes"}, "Shared: Desk takes true or false, not yes. Give true or false."),
        ({"cover": "1.5"}, "Cover: Desk takes a whole number; 1.5 is none. Give a number."),
        ({"cover": "²"}, "Cover: Desk takes a whole number; ² is none. Give a number."),
        ({"cover": "1001"}, "Cover: Desk takes at most 1,000; 1,001 was given. Give less."),
        ({"tags": "a\nb\nc"}, "Tags: Desk takes 2; 3 were given. Take 1 away."),
        ({"tags": "a\nlemon"}, "Tags: Desk takes 4 characters; this has 5. Shorten it by 1."),
        ({"link": "example.com"}, "Link: Desk takes an address; example.com is none. Give it with https://."),
        ({"link": "https://example.com/1"}, "Link: Desk takes 20 characters; this has 21. Shorten it by 1."),
        ({"mood": "good"}, "mood: Desk has no such option. Choose among note, who, shared, cover, tags, link, board."),
    ],
)  # fmt: skip
def test_wrong_option(given: dict[str, str], problem: str) -> None:
    """A wrong option names the rule, what was found and what to do."""
    assert [str(one) for one in problems(DECLARED, given, Kind.VIDEO, "Desk")] == [problem]


@pytest.mark.parametrize("given", [{}, {"board": ""}, {"board": " \n"}])
def test_option_that_is_needed(given: dict[str, str]) -> None:
    """A needed option is asked for, and only of the posts it applies to."""
    [problem] = problems(DECLARED, given, Kind.PHOTOS, "Desk")
    assert str(problem) == "Board: Desk needs it. Give it, or leave this account out."
    assert problems(DECLARED, given, Kind.VIDEO, "Desk") == []


def test_options_left_empty() -> None:
    """What is left empty, or belongs to another kind of post, is not sent."""
    given = {"note": "", "tags": "\n", "board": "b1"}
    assert values(DECLARED, given, Kind.VIDEO) == {}
    assert values(DECLARED, given, Kind.PHOTOS) == {"board": "b1"}
