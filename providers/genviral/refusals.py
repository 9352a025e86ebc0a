"""What Genviral's error codes mean (seed 003, "Errors"; its Response page): code first, words never."""

from dataclasses import replace
from typing import Any, cast

from bot.errors import AccountBrokenError, ContentRejectedError, ProviderError
from providers.answer import Answer, words
from providers.genviral.models import Envelope
from providers.verdict import failure_of

_RECONNECT = "Connect the account again in Genviral's dashboard, then look for accounts here again."
# Codes that mean the key, the plan or an account, with what to do about it.
_ABOUT_ACCOUNT = {
    "invalid_token": "Make a new key in Genviral's dashboard, then connect Genviral again with it.",
    "unauthorized": "Make a new key in Genviral's dashboard, then connect Genviral again with it.",
    "subscription_required": "Renew the subscription at Genviral, then publish again.",
    "tier_not_allowed": "Take a plan at Genviral whose keys may publish, then publish again.",
    "unknown_accounts": _RECONNECT,
    "missing_accounts": _RECONNECT,
}
_CHANGE = "Change the post, then publish again."
# Codes that mean this post.
_ABOUT_CONTENT = {
    "media_unreachable": "Check that the media address can be reached from outside, then publish again.",
    "invalid_music_url": "Give the address of a TikTok post as music, or none, then publish again.",
    "create_failed": (
        "An earlier call for this post was accepted with other content. Look at Genviral whether"
        " it is there before you publish it again."
    ),
    "not_found": "Look for it in Genviral's dashboard: it was deleted, or is under another key.",
}
_BY_STATUS = {401: "invalid_token", 402: "subscription_required", 403: "tier_not_allowed"}


def refusal(answer: Answer) -> ProviderError | None:
    """The error of a definite no; None where the status alone says what it means."""
    if answer.status in (408, 425, 429) or answer.status >= 500:
        return None
    code = _code(answer)
    said = f"Genviral refused: {_said(answer)}"
    account = _ABOUT_ACCOUNT.get(code) or _ABOUT_ACCOUNT.get(_BY_STATUS.get(answer.status, ""))
    if account:
        return AccountBrokenError(said, remedy=account, excerpt=answer.excerpt)
    remedy = _ABOUT_CONTENT.get(code, _CHANGE)
    return ContentRejectedError(said, remedy=remedy, excerpt=answer.excerpt)


def accepted(answer: Answer, *, asked_to: str = "") -> Answer:
    """The answer, unless its envelope says no with HTTP 200."""
    envelope = answer.fit(Envelope)
    if envelope.ok:
        return answer
    status = envelope.code if envelope.code and envelope.code >= 400 else 400
    raise failure_of(replace(answer, status=status), None, asked_to=asked_to, refusal=refusal)


def _code(answer: Answer) -> str:
    return str(_fields(answer).get("error_code") or "").lower()


def _said(answer: Answer) -> str:
    """Genviral's sentence, and what is wrong with each field."""
    issues = _fields(answer).get("issues")
    found = cast("list[Any]", issues) if isinstance(issues, list) else []
    told = "; ".join(filter(None, map(_issue, found)))
    sentence = answer.words or f"HTTP {answer.status}"
    return f"{sentence} ({told})" if told else sentence


def _issue(issue: Any) -> str:
    if not isinstance(issue, dict):
        return words(issue)
    fields = cast("dict[str, Any]", issue)
    path = fields.get("path", fields.get("field", ""))
    place = ".".join(map(str, cast("list[Any]", path))) if isinstance(path, list) else str(path)
    return ": ".join(filter(None, (place, words(fields))))


def _fields(answer: Answer) -> dict[str, Any]:
    data = answer.data
    return cast("dict[str, Any]", data) if isinstance(data, dict) else {}
