"""Every error Copydesk raises on purpose, sorted by what is to be done next.

CopydeskError
├── RefusedError             a person asked for something that cannot be done; the text tells them what to do
│   ├── InputError           what was typed breaks a rule; carries one Problem per field
│   ├── NotAllowedError      the person lacks the right
│   ├── NotFoundError        no such post, account or connection in this server
│   └── ConflictError        it changed, or was decided, in the meantime
│       └── TooLateError     its time came before it was approved: it needs another
├── SetupError               the operator must change the environment; the process does not start
└── ProviderError            a publishing service did not do what was asked
    ├── TryLaterError        nothing was sent or accepted: the same call may be made again later
    ├── ContentRejectedError a definite refusal of this content
    ├── AccountBrokenError   a definite refusal of this account or key: it must be reconnected
    ├── OutcomeUnknownError  the call may or may not have been accepted: never repeat it by itself
    └── ProtocolBrokenError  the answer does not have the documented shape

DatabaseAwayError            the database is full, held by another program, or gone. It stands alone, so that nobody takes it
                             for a service's answer or a person's mistake
"""

from collections.abc import Sequence
from dataclasses import dataclass


class CopydeskError(Exception):
    """Base of all errors below; `remedy` is one sentence that says what to do."""

    def __init__(self, message: str, *, remedy: str = "") -> None:
        super().__init__(message)
        self.message = message
        self.remedy = remedy

    def __str__(self) -> str:
        return f"{self.message} {self.remedy}".strip()


class RefusedError(CopydeskError):
    """A person asked for something that cannot be done."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Problem:
    """One thing that is wrong with what a person gave: the field, what is wrong, the remedy."""

    field: str
    message: str
    remedy: str

    def __str__(self) -> str:
        return f"{self.field}: {self.message} {self.remedy}"


class InputError(RefusedError):
    """What was typed breaks one or more rules."""

    def __init__(self, problems: Sequence[Problem]) -> None:
        super().__init__("\n".join(str(problem) for problem in problems))
        self.problems = tuple(problems)


class NotAllowedError(RefusedError):
    """The person lacks the right."""


class NotFoundError(RefusedError):
    """No such thing in this server."""


class ConflictError(RefusedError):
    """It changed, or was decided, in the meantime."""


class TooLateError(ConflictError):
    """The time of a post came before it was approved; `post_id` is the post."""

    def __init__(self, post_id: int) -> None:
        super().__init__(
            f"The time of post {post_id} has passed.",
            remedy="Say whether it goes out now, at the next free slot, or at a new time.",
        )
        self.post_id = post_id


class SetupError(CopydeskError):
    """The environment does not allow a start."""


class ProviderError(CopydeskError):
    """A publishing service did not do what was asked.

    `excerpt` is a redacted piece of the service's answer, for the history of the post.
    """

    def __init__(self, message: str, *, remedy: str = "", excerpt: str = "") -> None:
        super().__init__(message, remedy=remedy)
        self.excerpt = excerpt


class TryLaterError(ProviderError):
    """Nothing was sent or accepted; `retry_after` is the service's own wait in seconds, if told."""

    def __init__(
        self,
        message: str,
        *,
        remedy: str = "",
        excerpt: str = "",
        retry_after: float | None = None,
    ) -> None:
        super().__init__(message, remedy=remedy, excerpt=excerpt)
        self.retry_after = retry_after


class ContentRejectedError(ProviderError):
    """A definite refusal of this content."""


class AccountBrokenError(ProviderError):
    """A definite refusal of this account or key."""


class OutcomeUnknownError(ProviderError):
    """The call may or may not have been accepted."""


class ProtocolBrokenError(ProviderError):
    """The answer does not have the documented shape."""


class DatabaseAwayError(Exception):
    """Nothing can be written, or read, for now; the text is what the database says."""
