"""What an HTTP status without success means: the law of retries for answers that did arrive."""

from collections.abc import Callable
from datetime import UTC, datetime

from bot.errors import (
    AccountBrokenError,
    ContentRejectedError,
    OutcomeUnknownError,
    ProviderError,
    TryLaterError,
)
from providers.answer import Answer, retry_after

Refusal = Callable[[Answer], ProviderError | None]
"""A service's own reading of a 4xx answer; None leaves it to the status."""


def failure_of(
    answer: Answer, wait: str | None, *, writes: bool, refusal: Refusal
) -> ProviderError:
    """The error for an answer; `wait` is its Retry-After header."""
    status = answer.status
    if status < 400:
        return answer.broken(f"HTTP {status}")
    if status in (425, 429):
        return TryLaterError(
            f"{answer.service} asks to slow down (HTTP {status}).",
            excerpt=answer.excerpt,
            retry_after=retry_after(wait, datetime.now(UTC)),
        )
    if status >= 500 or status == 408:
        return _trouble_there(answer, wait, writes)
    return refusal(answer) or refused(answer)


def refused(answer: Answer) -> ProviderError:
    """The error a 4xx status stands for, in the service's own words."""
    said = f"{answer.service} refused: {answer.words or f'HTTP {answer.status}'}"
    if answer.status in (401, 402, 403):
        return AccountBrokenError(
            said,
            remedy=f"Check the key and the plan at {answer.service}, then connect it again.",
            excerpt=answer.excerpt,
        )
    return ContentRejectedError(
        said, remedy="Change the post, then publish again.", excerpt=answer.excerpt
    )


def _trouble_there(answer: Answer, wait: str | None, writes: bool) -> ProviderError:
    said = f"{answer.service} had an error of its own (HTTP {answer.status})"
    if writes:
        return OutcomeUnknownError(
            f"{said} when it was asked to publish.",
            remedy="Look at the account to see whether the post is live.",
            excerpt=answer.excerpt,
        )
    return TryLaterError(
        f"{said}.", excerpt=answer.excerpt, retry_after=retry_after(wait, datetime.now(UTC))
    )
