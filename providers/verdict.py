"""What an HTTP status without success means: the law of retries for answers that did arrive."""

from collections.abc import Callable

from bot.errors import (
    AccountBrokenError,
    ContentRejectedError,
    OutcomeUnknownError,
    ProviderError,
    TryLaterError,
)
from providers.answer import Answer

Refusal = Callable[[Answer], ProviderError | None]
"""A service's own reading of an answer of 400 or more; None leaves it to the status."""

LOOK_THERE = "Look there to see whether it was done."
"""The remedy where nobody knows, in the absence of a better one."""


def failure_of(
    answer: Answer, wait: float | None, *, asked_to: str, refusal: Refusal
) -> ProviderError:
    """The error for an answer; `wait` are the seconds it names, `asked_to` what a write asked."""
    status = answer.status
    if status < 400:
        return answer.broken(f"HTTP {status}")
    if meant := refusal(answer):
        return meant
    if status in (425, 429):
        return TryLaterError(
            f"{answer.service} asks to slow down (HTTP {status}).",
            excerpt=answer.excerpt,
            retry_after=wait,
        )
    if status >= 500 or status == 408:
        return _trouble_there(answer, wait, asked_to)
    return refused(answer)


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


def not_stored(answer: Answer, wait: float | None) -> ProviderError:
    """The error for an answer of the store behind a signed address, where nothing is published."""
    said = f"The store of {answer.service} did not take the file (HTTP {answer.status})."
    # A signature that has expired is refused with 401 or 403; the next one is fresh.
    if answer.status < 400 or answer.status >= 500 or answer.status in (401, 403, 408, 425, 429):
        return TryLaterError(said, retry_after=wait)
    return ContentRejectedError(said, remedy="Give the file in another format, or a smaller one.")


def _trouble_there(answer: Answer, wait: float | None, asked_to: str) -> ProviderError:
    said = f"{answer.service} had an error of its own (HTTP {answer.status})"
    if asked_to:
        return OutcomeUnknownError(
            f"{said} when it was asked to {asked_to}.",
            remedy=LOOK_THERE,
            excerpt=answer.excerpt,
        )
    return TryLaterError(f"{said}.", excerpt=answer.excerpt, retry_after=wait)
