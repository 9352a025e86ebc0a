"""What a refusal of WayinVideo means, in its own words.

Its errors have the shape of Spring: `error` only names the status, `message`, where there is one,
says what is wrong. A bad key is 403 (WayinVideo's documentation, "Authentication"); an account
whose token ended is a refusal of the post (seed 000, "account token error").
"""

import re
from typing import Any, cast

from bot.errors import AccountBrokenError, ContentRejectedError, ProviderError
from providers.answer import EXCERPT, Answer, words

_ABOUT_ACCOUNT = re.compile(
    r"(account|access|oauth|authori[sz]ation) token|token\b.*\b(expired|invalid|revoked)"
    r"|reconnect|re-?authori[sz]e",
    re.IGNORECASE | re.DOTALL,
)
_ABOUT_PLAN = re.compile(r"\bapi units?\b|\bplan\b|subscription|\bcredits?\b", re.IGNORECASE)
_LEFT_TO_THE_STATUS = (408, 425, 429)


def refusal(answer: Answer) -> ProviderError | None:
    """The error of a definite refusal; None leaves the answer to its status."""
    if answer.status >= 500 or answer.status in _LEFT_TO_THE_STATUS:
        return None
    said = _said(answer)
    message = f"WayinVideo refused: {said or f'HTTP {answer.status}'}"
    if answer.status in (401, 402, 403) or _ABOUT_PLAN.search(said):
        return AccountBrokenError(
            message,
            remedy="Check the key and the plan at WayinVideo, then connect it again.",
            excerpt=answer.excerpt,
        )
    if _ABOUT_ACCOUNT.search(said):
        return AccountBrokenError(
            message,
            remedy="Connect the account again with /account connect, then publish again.",
            excerpt=answer.excerpt,
        )
    return ContentRejectedError(
        message, remedy="Change the post, then publish again.", excerpt=answer.excerpt
    )


def _said(answer: Answer) -> str:
    data: Any = answer.data
    message = cast("dict[str, Any]", data).get("message") if isinstance(data, dict) else None
    return words(message)[:EXCERPT] or answer.words
