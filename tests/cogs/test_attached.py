"""The files of a post among the attachments of its card."""

from types import SimpleNamespace
from typing import Any

import discord
import pytest

from cogs.ui.attached import PREVIEW, matched
from tests.factories import a_media

A, B = a_media(sha256="aa" * 32, size=10), a_media(sha256="bb" * 32, size=20)
SAME = a_media(sha256="cc" * 32, size=10)
FILM = a_media("film.mp4", "video/mp4", sha256="dd" * 32, size=10)


def attached(name: str, size: int) -> discord.Attachment:
    """An attachment whose link is its name and size."""
    url = f"https://cdn.example/{name}?{size}"
    data: Any = {"id": "1", "filename": name, "size": size, "url": url, "proxy_url": url}
    state: Any = SimpleNamespace(http=None)
    return discord.Attachment(data=data, state=state)


@pytest.mark.parametrize(
    ("media", "names", "found"),
    [
        ([A, B], [("a.jpg", 10), ("b.jpg", 20)], {"aa": "a.jpg?10", "bb": "b.jpg?20"}),
        ([A, SAME], [("a.jpg", 10), ("a_1.JPG", 10)], {"aa": "a.jpg?10", "cc": "a_1.JPG?10"}),
        ([A, B], [(PREVIEW, 10), ("a.jpg", 10)], {"aa": "a.jpg?10"}),
        ([A, B], [("b.jpg", 20)], {"bb": "b.jpg?20"}),
        ([A, FILM], [("a.jpg", 10), ("film.mp4", 10)], {"aa": "a.jpg?10", "dd": "film.mp4?10"}),
        ([A], [("a.jpg", 11)], {}),
        ([A], [("a.png", 10)], {}),
        ([], [("a.jpg", 10)], {}),
    ],
)
def test_attachments_are_told_apart(
    media: list[Any], names: list[tuple[str, int]], found: dict[str, str]
) -> None:
    """Each file is found by its bytes' number, its type and its place, never another in its stead."""
    links = matched(media, [attached(*name) for name in names])
    expected = {sha * 32: f"https://cdn.example/{link}" for sha, link in found.items()}
    assert links == expected
