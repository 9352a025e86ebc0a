"""How WAHDX says no: with any HTTP status, in words alone, for the content or for the account."""

import re
from typing import Any

from bot.errors import AccountBrokenError, ProtocolBrokenError, ProviderError
from providers.answer import Answer
from providers.verdict import refused
from providers.wahdx.models import Reply, Wire

# Refusals that mean the account or the plan, not the content. Words, because WAHDX has no codes.
_ABOUT_ACCOUNT = re.compile(
    r"account\b.*\b(expired|not found|disconnected|not connected|inactive)"
    r"|reconnect|api key|access token|unauthori[sz]ed",
    re.IGNORECASE | re.DOTALL,
)
_ABOUT_PLAN = re.compile(r"\bsubscription\b", re.IGNORECASE)

_PLAN_REMEDY = (
    "Take a larger plan at WAHDX (QR login needs the Maximum plan),"
    " or connect the account in its dashboard."
)
_ACCOUNT_REMEDY = "Check the account and the plan at WAHDX, then connect it again."


class _Marks(Wire):
    """The marks of a refusal, which come with any HTTP status."""

    success: bool | None = None
    error: Any = None

    @property
    def refused(self) -> bool:
        """Whether the answer says no: `success: false`, or an error without `success: true`."""
        return self.success is False or (bool(self.error) and self.success is None)


def accepted(answer: Answer) -> Answer:
    """The answer, unless it says no with HTTP 200."""
    if not answer.fit(_Marks).refused:
        return answer
    if _names_a_post(answer):
        raise answer.broken("refused, yet with a publish id")
    raise about_account(answer) or refused(answer)


def about_account(answer: Answer) -> ProviderError | None:
    """The error of a refusal that means the account or the plan; None when it means the content."""
    if answer.status == 429 or answer.status >= 500:
        return None  # no refusal
    is_plan = _names_a_plan(answer)
    if not is_plan and not _ABOUT_ACCOUNT.search(answer.words):
        return None
    return AccountBrokenError(
        f"WAHDX refused: {answer.words or f'HTTP {answer.status}'}",
        remedy=_PLAN_REMEDY if is_plan else _ACCOUNT_REMEDY,
        excerpt=answer.excerpt,
    )


def _names_a_plan(answer: Answer) -> bool:
    data = answer.data
    return (isinstance(data, dict) and "subscription" in data) or bool(
        _ABOUT_PLAN.search(answer.words)
    )


def _names_a_post(answer: Answer) -> bool:
    try:
        return bool(answer.fit(Reply).merged().publish_id)
    except ProtocolBrokenError:
        return False
