"""What people see of projects and of orders that are not given yet."""

from dataclasses import replace
from typing import Any

import discord
import pytest

from bot.domain.clip import Clip
from bot.domain.project import Project, ProjectState
from cogs.ui import clip_choice, clips, order_card
from providers.catalogue import PROVIDERS
from tests.factories import AUTHOR, CHANNEL, SERVER
from tests.scripted import START


def a_project(state: ProjectState = ProjectState.READY, **changes: Any) -> Project:
    """Make a project of three clips."""
    values: dict[str, Any] = {
        "id": 1,
        "server_id": SERVER,
        "connection_id": 1,
        "user_id": AUTHOR,
        "channel_id": CHANNEL,
        "created_at": START,
        "link": "https://youtu.be/harbour",
        "clips": some_clips(3),
    }
    return Project(state=state, **(values | changes))


def some_clips(count: int, title: str = "Milk", caption: str = "") -> tuple[Clip, ...]:
    """Make clips."""
    return tuple(
        Clip(
            index=at,
            title=title,
            seconds=75.0,
            caption=caption,
            score=91.6,
            thumbnail_url="https://x.example/1.png",
        )
        for at in range(count)
    )


def labels(view: discord.ui.View) -> list[str | None]:
    """What the buttons and selects of a view say."""
    items: list[Any] = [
        item.item for item in view.children if isinstance(item, discord.ui.DynamicItem)
    ]
    return [getattr(item, "label", None) or item.placeholder for item in items]


def test_a_clip_is_told_with_what_it_is_chosen_by() -> None:
    """Title, length, score and picture."""
    embeds = clips.shown(a_project(), "WayinVideo")
    assert embeds[1].title == "1 · Milk"
    assert "1:15 · score 92" in (embeds[1].description or "")
    assert embeds[1].thumbnail.url == "https://x.example/1.png"


@pytest.mark.parametrize(
    ("page", "count", "said"),
    [
        (0, 9, ["Clips 10 and on"]),
        (1, 9, ["Clips 9 and before", "Clips 19 and on"]),
        (2, 2, ["Clips 18 and before"]),
    ],
)
def test_many_clips_are_paged(page: int, count: int, said: list[str]) -> None:
    """A message holds ten embeds; each page has a select or a button a clip, and the way to the
    others.
    """
    project = a_project(clips=some_clips(20))
    assert len(clips.shown(project, "WayinVideo", page)) == 1 + count
    assert labels(clip_choice.select(project, page)) == ["Draft a post from…", *said]
    first = page * clips.ON_A_PAGE + 1
    drafts = [f"{number} · Draft a post" for number in range(first, first + count)]
    assert labels(clip_choice.buttons(project, page)) == [*drafts, *said]


def test_the_longest_clips_fit() -> None:
    """Discord takes 6,000 characters of a message's embeds."""
    project = a_project(
        clips=some_clips(9, title="*" * 300, caption="_" * 4000), reason="x" * 2000, query="y" * 500
    )
    embeds = clips.shown(project, "WayinVideo")
    assert sum(map(len, embeds)) <= 6000


@pytest.mark.parametrize("state", sorted(set(ProjectState) - {ProjectState.READY}))
def test_what_is_not_ready_offers_no_clip(state: ProjectState) -> None:
    """Every state says how it stands; what failed says why and what to do."""
    project = a_project(state, reason="No sound.", remedy="Give another video.")
    [head] = clips.shown(project, "WayinVideo")
    assert head.description
    assert "Give another video." in str(head.to_dict())
    assert not clip_choice.select(project).children
    may_be_ordered = state in (ProjectState.FAILED, ProjectState.UNKNOWN)
    assert labels(clip_choice.buttons(project)) == ["Order again…"] * may_be_ordered


def test_what_is_agreed_to_and_paid_is_said_first() -> None:
    """OpenShorts wants a person's word, WayinVideo takes units; both stand above the button."""
    for name, told, button in (
        ("openshorts", "have the right to cut clips", "I agree: order the clips"),
        ("wayinvideo", "API Units", "Order the clips"),
    ):
        capabilities = PROVIDERS[name].capabilities
        assert capabilities.clip_making is not None
        project = a_project(
            ProjectState.DRAFT, options={capabilities.clip_making.options[0].name: "x"}
        )
        embed = order_card.card(project, capabilities, capabilities.clip_making)
        assert told in str(embed.to_dict())
        assert button in labels(order_card.buttons(project, capabilities.clip_making))


def test_a_project_in_a_list() -> None:
    """A suggestion has at most 100 characters, and says how many clips there are."""
    project = replace(a_project(), name="n" * 90, remote_id="r" * 60)
    assert len(clips.choice_name(project)) <= 100
    assert "3 clips" in clips.choice_name(project)
