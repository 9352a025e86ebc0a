"""Genviral, refusals: by code and status, never by words (seed 003, "Errors")."""

from typing import Any

import pytest

from bot.domain.platform import Platform
from bot.errors import (
    AccountBrokenError,
    ContentRejectedError,
    OutcomeUnknownError,
    ProtocolBrokenError,
    ProviderError,
    TryLaterError,
)
from tests.providers.genviral_bench import a_recipient, a_submission, example, publish


async def failure(status: int, **parts: Any) -> ProviderError:
    """The error of a publish call that is answered so."""
    body = {"ok": False, "code": status, "message": "In Genviral's words", **parts}
    with pytest.raises(ProviderError) as caught:
        await publish(a_submission(a_recipient(Platform.YOUTUBE)), (status, body))
    return caught.value


@pytest.mark.parametrize(
    ("status", "code", "remedy"),
    [
        (401, "invalid_token", "new key"),
        (401, "unauthorized", "new key"),
        (401, None, "new key"),
        (402, "subscription_required", "Renew the subscription"),
        (403, "subscription_required", "Renew the subscription"),
        (403, "tier_not_allowed", "Take a plan"),
        (400, "unknown_accounts", "Connect the account again"),
        (400, "missing_accounts", "Connect the account again"),
    ],
)
async def test_what_breaks_an_account(status: int, code: str | None, remedy: str):
    """Key, plan and account are told apart from content, each with what to do about it."""
    found = await failure(status, error_code=code)
    assert type(found) is AccountBrokenError
    assert "In Genviral's words" in found.message
    assert remedy in found.remedy


@pytest.mark.parametrize(
    ("status", "code", "remedy"),
    [
        (400, "validation_failed", "Change the post"),
        (400, "invalid_json", "Change the post"),
        (400, "media_unreachable", "can be reached from outside"),
        (400, "invalid_music_url", "TikTok post"),
        (400, "create_failed", "accepted with other content"),
        (409, "create_failed", "accepted with other content"),
        (422, "invalid_payload", "Change the post"),
        (418, "something_new", "Change the post"),
    ],
)
async def test_what_is_wrong_with_a_post(status: int, code: str, remedy: str):
    """A definite refusal keeps Genviral's words and says what to do."""
    found = await failure(status, error_code=code)
    assert type(found) is ContentRejectedError
    assert "In Genviral's words" in found.message
    assert remedy in found.remedy


async def test_every_issue_is_told():
    """422 names each field with what is wrong with it."""
    issues = [
        {"path": ["settings", "youtube", "title"], "message": "Too long"},
        {"path": [], "message": "Odd"},
        {"field": "caption", "message": "Required"},
        "Bad day",
        {"path": ["accounts", 0, "id"], "message": "Invalid uuid"},
    ]
    found = await failure(422, error_code="invalid_payload", issues=issues)
    assert found.message == (
        "Genviral refused: In Genviral's words (settings.youtube.title: Too long; Odd;"
        " caption: Required; Bad day; accounts.0.id: Invalid uuid)"
    )
    assert "In Genviral's words" in (await failure(422, issues={"odd": 1})).message


@pytest.mark.parametrize("code", ["create_failed", "invalid_token", None])
async def test_an_error_of_genviral_leaves_the_outcome_open(code: str | None):
    """500 says nothing about the post, whatever its code, so the same key is sent again."""
    assert type(await failure(500, error_code=code)) is OutcomeUnknownError


async def test_slowing_down():
    """429 created nothing."""
    assert type(await failure(429, error_code="rate_limited")) is TryLaterError


@pytest.mark.parametrize(
    ("code", "error"),
    [
        (401, AccountBrokenError),
        (422, ContentRejectedError),
        (429, TryLaterError),
        (500, OutcomeUnknownError),
        (None, ContentRejectedError),
    ],
)
async def test_a_no_with_status_200_is_a_no(code: int | None, error: type):
    """`ok: false` counts, with the status it names inside."""
    body = {"ok": False, "code": code, "message": "No"}
    with pytest.raises(error):
        await publish(a_submission(a_recipient(Platform.YOUTUBE)), (200, body))


async def test_an_answer_without_the_envelope_does_not_fit():
    """What has no `ok` is no answer of Genviral's."""
    body = example("created")["data"]
    with pytest.raises(ProtocolBrokenError):
        await publish(a_submission(a_recipient(Platform.YOUTUBE)), (201, body))
