"""What the simulated Genviral refuses, over real sockets (seed 003)."""

import re
from collections.abc import AsyncIterator, Callable
from pathlib import Path
from typing import Any

import pytest

from tests.sandbox.genviral_bench import (
    FACEBOOK,
    HOSTED,
    INSTAGRAM,
    LINKEDIN,
    PINTEREST,
    REVOKED,
    TIKTOK,
    X_PREMIUM,
    YOUTUBE,
    Service,
    X,
    ahead,
    genviral_served,
)

PUBLIC = {"privacy_level": "PUBLIC_TO_EVERYONE"}
PIN = {"board_id": "1"}
Media = Callable[[Service], dict[str, Any]]


@pytest.fixture
async def service(tmp_path: Path) -> AsyncIterator[Service]:
    """A simulator on a free port."""
    async with genviral_served(tmp_path / "genviral") as running:
        yield running


def video(seconds: float | None = 30, name: str = "v.mp4") -> Media:
    return lambda service: {"media": service.video(seconds, name)}


def slides(*names: str) -> Media:
    return lambda service: {"media": service.slides(*(names or ("a.jpg",)))}


def no_media(service: Service) -> dict[str, Any]:
    return {}


@pytest.mark.parametrize(
    ("fields", "path"),
    [
        ({"colour": "red"}, []),
        ({"caption": None}, ["caption"]),
        ({"accounts": []}, ["accounts"]),
        ({"accounts": [{"id": X}] * 11}, ["accounts"]),
        ({"accounts": [X]}, ["accounts", 0]),
        ({"accounts": [{}]}, ["accounts", 0, "id"]),
        ({"media": {"type": "video"}}, ["media", "url"]),
        ({"media": {"type": "hologram", "url": "https://a.example/v.mp4"}}, ["media", "type"]),
        (
            {"media": {"type": "slideshow", "urls": ["https://a.example/a.jpg"] * 36}},
            ["media", "urls"],
        ),
        ({"media": {"type": "video", "url": "x.mp4"}}, ["media", "url"]),
        ({"scheduled_at": "2030-01-01T10:00:00"}, ["scheduled_at"]),
        ({"scheduled_at": None}, ["scheduled_at"]),
        ({"external_id": "k" * 129}, ["external_id"]),
        ({"settings": {"tiktok": {}}}, ["settings"]),
        ({"settings": {"x": {"reply": "all"}}}, ["settings", "x"]),
        ({"settings": {"x": {"made_with_ai": "true"}}}, ["settings", "x", "made_with_ai"]),
        ({"settings": {"bluesky": {"langs": ["en"]}}}, ["settings", "bluesky"]),
        ({"settings": {"youtube": {"tags": ["a"]}}}, ["settings", "youtube", "tags", 0]),
        ({"settings": {"youtube": {"title": "x" * 101}}}, ["settings", "youtube", "title"]),
        (
            {"settings": {"instagram": {"thumb_offset_ms": "5"}}},
            ["settings", "instagram", "thumb_offset_ms"],
        ),
        (
            {"settings": {"instagram": {"collaborators": [{"name": "a"}]}}},
            ["settings", "instagram", "collaborators", 0],
        ),
        ({"tiktok": {"privacy_level": "ALL"}}, ["tiktok", "privacy_level"]),
        ({"tiktok": {"disable_duet": 1}}, ["tiktok", "disable_duet"]),
        ({"tiktok": {"video_cover_timestamp_ms": 1.5}}, ["tiktok", "video_cover_timestamp_ms"]),
        ({"pinterest": {"tags": [""]}}, ["pinterest", "tags", 0]),
        ({"pinterest": {"tags": ["a"] * 31}}, ["pinterest", "tags"]),
    ],
)
async def test_a_body_of_another_shape(service: Service, fields: Any, path: list[Any]):
    """422 names the place of what is unknown, missing or of another type."""
    code, reply = await service.post(X, **fields)
    assert (code, reply["error_code"], reply["ok"]) == (422, "invalid_payload", False)
    assert path in [issue["path"] for issue in reply["issues"]]
    assert not service.posts(X)


@pytest.mark.parametrize(
    ("accounts", "media", "fields", "words"),
    [
        (INSTAGRAM, no_media, {}, "text_only posts are not supported"),
        ([X, INSTAGRAM], no_media, {}, "text_only posts are not supported"),
        (YOUTUBE, slides(), {}, "slideshow posts are not supported"),
        (PINTEREST, video(), {}, "video posts are not supported"),
        (X, no_media, {"caption": "x" * 281}, "caption exceeds 280"),
        (HOSTED, slides(), {"caption": "x" * 501}, "caption exceeds 500"),
        (TIKTOK, video(), {"caption": "😀" * 1101}, "caption exceeds 2200"),
        (YOUTUBE, video(), {"caption": "é" * 2501}, "caption exceeds 5000"),
        (HOSTED, video(61), {}, "15 to 60 seconds"),
        (X, video(None), {}, "duration metadata is required"),
        (X, video(141), {}, "at most 140 seconds"),
        (LINKEDIN, slides("v.mp4"), {}, "Unsupported file"),
        (LINKEDIN, video(30, "a.jpg"), {}, "Unsupported file"),
        (LINKEDIN, video(30, "disguised.mp4"), {}, "Invalid media"),
        (HOSTED, video(), {"tiktok": PUBLIC}, "TikTok BYO"),
        ([TIKTOK, LINKEDIN], video(), {"tiktok": PUBLIC}, "TikTok BYO"),
        (TIKTOK, video(), {"tiktok": {"post_mode": "MEDIA_UPLOAD"}}, "MEDIA_UPLOAD"),
        (TIKTOK, video(), {"tiktok": {"auto_add_music": True}}, "auto_add_music"),
        (TIKTOK, video(), {"tiktok": {"title": "x" * 2196}}, "2200 characters combined"),
        (TIKTOK, slides(), {"tiktok": {"title": "x" * 91}}, "exceeds 90"),
        (TIKTOK, slides(), {"tiktok": {"disable_duet": True}}, "only supported for videos"),
        (X, no_media, {"pinterest": PIN}, "requires? a Pinterest account"),
        (PINTEREST, slides(), {"pinterest": PIN, "tiktok": PUBLIC}, "mutually exclusive"),
        (
            PINTEREST,
            slides(),
            {"pinterest": PIN | {"tags": ["x" * 100] * 8}},
            "exceed 800 characters",
        ),
        (X, no_media, {"settings": {"facebook": {}}}, "no facebook account is targeted"),
        (
            INSTAGRAM,
            slides(),
            {"settings": {"instagram": {"thumb_offset_ms": 1}}},
            "only supported for Reels",
        ),
        (
            INSTAGRAM,
            video(),
            {"settings": {"instagram": {"post_type": "story", "cover_url": "https://a.example/"}}},
            "only supported for Reels",
        ),
    ],
)
async def test_a_post_that_breaks_a_rule(
    service: Service, accounts: Any, media: Media, fields: Any, words: str
):
    """400 with the rule in words; nothing is kept."""
    code, reply = await service.post(accounts, **media(service), **fields)
    assert (code, reply["error_code"]) == (400, "validation_failed")
    assert re.search(words, reply["message"]), reply
    assert not [post for item in service.simulator.feed() for post in item.posts]


@pytest.mark.parametrize("seconds", [-3600, 70])
async def test_a_time_that_is_neither_now_nor_later(service: Service, seconds: float):
    """Less than two minutes ahead, and more than 30 seconds away from now."""
    code, reply = await service.post(X, scheduled_at=ahead(seconds=seconds))
    assert (code, reply["error_code"]) == (400, "validation_failed")
    assert "at least 2 minutes" in reply["message"]


@pytest.mark.parametrize(
    ("accounts", "media", "fields", "code"),
    [
        ("stranger", no_media, {}, "unknown_accounts"),
        (REVOKED, slides(), {}, "unknown_accounts"),
        (LINKEDIN, slides("missing.jpg"), {}, "media_unreachable"),
        (TIKTOK, video(), {"music_url": "https://music.example/1"}, "invalid_music_url"),
        (TIKTOK, video(), {"music_url": "https://nottiktok.com/1"}, "invalid_music_url"),
        (INSTAGRAM, video(), {"music_url": "https://www.tiktok.com/@a/1"}, "invalid_music_url"),
    ],
)
async def test_refusals_with_a_code_of_their_own(
    service: Service, accounts: Any, media: Media, fields: Any, code: str
):
    """Accounts, addresses and music are told apart."""
    status, reply = await service.post(accounts, **media(service), **fields)
    assert (status, reply["error_code"]) == (400, code)


@pytest.mark.parametrize(
    ("accounts", "media", "fields"),
    [
        (X, no_media, {"caption": "x" * 280}),
        (X_PREMIUM, video(None), {"caption": "x" * 4000}),
        (HOSTED, video(15), {"music_url": "https://www.tiktok.com/@a/video/1"}),
        (TIKTOK, slides(), {"caption": "x" * 4000, "tiktok": PUBLIC | {"title": "x" * 90}}),
        (TIKTOK, video(), {"tiktok": PUBLIC | {"title": "x" * 2195}}),
        (X, no_media, {"media": None, "settings": {"twitter": {}}}),
        (FACEBOOK, no_media, {"settings": {"facebook": {"url": "https://harbour.example/"}}}),
        (
            INSTAGRAM,
            video(),
            {"settings": {"instagram-standalone": {"post_type": "post", "thumb_offset_ms": 1}}},
        ),
    ],
)
async def test_what_just_fits_is_taken(service: Service, accounts: Any, media: Media, fields: Any):
    """The last that is allowed is allowed, and aliases are names."""
    assert (await service.post(accounts, **media(service), **fields))[0] == 201


async def test_a_bad_key_and_a_bad_body(service: Service):
    """401 for another key, 400 for what is no JSON or does not say that it is."""
    code, reply = await service.call("GET", "accounts", headers={"Authorization": "Bearer x.y"})
    assert (code, reply["error_code"], reply["code"]) == (401, "invalid_token", 401)
    for parts in (
        {"data": b"{", "headers": {"Content-Type": "application/json"}},
        {"data": b"{}", "headers": {"Content-Type": "text/plain"}},
    ):
        code, reply = await service.call("POST", "posts", **parts)
        assert (code, reply["error_code"]) == (400, "invalid_json")
    code, reply = await service.call("POST", "posts", json=[1])
    assert (code, reply["error_code"]) == (422, "invalid_payload")
    code, reply = await service.call("POST", "files", json={"contentType": "text/html"})
    assert (code, reply["error_code"]) == (422, "invalid_payload")
    assert service.simulator.calls == 3


async def test_a_plan_that_has_ended(service: Service):
    """Every call is answered with 402 until it is renewed."""
    service.simulator.fault = "no_subscription"
    for method, path in (("GET", "accounts"), ("POST", "posts")):
        code, reply = await service.call(method, path, json={})
        assert (code, reply["error_code"]) == (402, "subscription_required")
