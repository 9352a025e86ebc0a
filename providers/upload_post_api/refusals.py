"""How Upload-Post says no: what its status codes and error codes mean here."""

import re
from collections.abc import Mapping
from typing import Any, cast

from bot.errors import AccountBrokenError, ContentRejectedError, ProviderError
from providers.answer import Answer, words
from providers.upload_post_api.results import RECONNECT
from providers.verdict import refused

_RECONNECT_CODES = {
    "account_reauth_required",
    "account_checkpoint_required",
    "tiktok_reconnect_required",
}
_NO_PROFILE = re.compile(
    r"user not found|profile not found|not associated with any profile", re.IGNORECASE
)
_QUOTA = re.compile(r"monthly (upload )?limit", re.IGNORECASE)

_NONE: Mapping[str, Any] = {}


class AbsentError(ContentRejectedError):
    """There is nothing there to act on: no such job, or nothing that failed (404, 409)."""


def refusal(answer: Answer) -> ProviderError | None:
    """Upload-Post's own meaning of an error answer; None leaves it to the status."""
    data = _fields(answer)
    code = str(data.get("error_code") or data.get("error") or "")
    if code == "reddit_unavailable":
        return ContentRejectedError(
            _said(answer, code),
            remedy="Leave Reddit out, or publish there another day.",
            excerpt=answer.excerpt,
        )
    if answer.status >= 500:
        return None
    return _about_account(answer, data, code) or _about_limits(answer, data) or _absent(answer)


def accepted(answer: Answer) -> Answer:
    """The answer, unless it says no with a status of success."""
    data = _fields(answer)
    if data.get("success") is not False or data.get("results"):
        return answer
    if data.get("request_id") or data.get("job_id"):
        raise answer.broken("refused, yet with an id")
    raise refusal(answer) or refused(answer)


def _about_account(answer: Answer, data: Mapping[str, Any], code: str) -> AccountBrokenError | None:
    """The account, the profile or the key is what is wrong."""
    if code in _RECONNECT_CODES or data.get("reauth_required") is True:
        remedy = RECONNECT
    elif code == "account_restricted":
        remedy = f"Publish again after {data.get('restricted_until') or 'the restriction'}."
    elif isinstance(data.get("invalid_platforms"), dict):
        remedy = "Connect the platform to the profile at Upload-Post, then publish again."
    elif answer.status in (400, 404) and _NO_PROFILE.search(answer.words):
        remedy = "The profile is gone: see Upload-Post, then give /account check."
    elif code == "PROFILE_LIMIT_REACHED":
        remedy = "Delete a profile at Upload-Post, or take a larger plan there."
    else:
        return None
    return AccountBrokenError(_said(answer, code), remedy=remedy, excerpt=answer.excerpt)


def _about_limits(answer: Answer, data: Mapping[str, Any]) -> ProviderError | None:
    """What was refused for its number: waiting minutes does not help with either of these.

    `violations` are the caps of 24 hours and the checks for the same content again within 48;
    `usage` comes with the plan's uploads of a month.
    """
    if data.get("violations"):
        said = "; ".join(found for item in _items(data["violations"]) if (found := words(item)))
        return ContentRejectedError(
            f"Upload-Post refused: {said or answer.words or 'a limit of the platform'}",
            remedy="Publish again when 24 hours have passed, or change what is the same.",
            excerpt=answer.excerpt,
        )
    if answer.status == 429 and (data.get("usage") or _QUOTA.search(answer.words)):
        return AccountBrokenError(
            _said(answer, "the month's uploads are used up"),
            remedy="Take a larger plan at Upload-Post, or wait for the next month.",
            excerpt=answer.excerpt,
        )
    return None


def _absent(answer: Answer) -> AbsentError | None:
    if answer.status not in (404, 409):
        return None
    plain = refused(answer)
    return AbsentError(plain.message, remedy=plain.remedy, excerpt=plain.excerpt)


def _fields(answer: Answer) -> Mapping[str, Any]:
    data: Any = answer.data
    return cast("Mapping[str, Any]", data) if isinstance(data, dict) else _NONE


def _said(answer: Answer, otherwise: str) -> str:
    return f"Upload-Post refused: {answer.words or otherwise}"


def _items(value: Any) -> list[Any]:
    return cast("list[Any]", value) if isinstance(value, list) else [value]
