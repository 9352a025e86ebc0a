"""What becomes of a project after a call about it: each answer and each error as a move."""

import random
from datetime import datetime, timedelta

from bot.domain import pace
from bot.domain.project import Project, ProjectState
from bot.errors import (
    CopydeskError,
    OutcomeUnknownError,
    ProtocolBrokenError,
    TryLaterError,
)
from db.project_moves import Step
from providers.clips import ClipJob, ClipJobState

LOOK = (
    "Look at the service. If it cuts the video, give its project to /post clip when it is ready; "
    "if it does not, order again."
)
"""What people do about an order of which nobody knows whether it was taken."""

AGAIN = "Order again."

_STOPPED = "Copydesk stopped during the order: the service may have taken it or not."
_NO_ANSWER = (TryLaterError, OutcomeUnknownError, ProtocolBrokenError)
"""Of a call that may be made again: the next one may succeed."""

_S = ProjectState


def answered(project: Project, job: ClipJob, now: datetime, poll: timedelta) -> Step:
    """What the service says of a project, which is asked after every `poll`."""
    if job.state is ClipJobState.READY and job.clips:
        return Step(
            project=project,
            to=_S.READY,
            try_at=None,
            remote_id=job.project_id,
            clips=job.clips,
            expires_at=job.expires_at,
            tell_at=now,
        )
    if job.state is not ClipJobState.WORKING:
        reason = job.reason or "The service found nothing to cut."
        return failed(project, now, reason, "Order again, perhaps with other options.")
    if now - (project.ordered_at or now) > pace.FOLLOW_BOUND:
        return put_to_people(project, now, f"It told no end within a day. {job.reason}".strip())
    told = job.reason or job.progress
    is_new = project.state is not _S.WORKING or told not in ("", project.progress)
    return Step(
        project=project,
        to=_S.WORKING,
        try_at=now + poll,
        remote_id=job.project_id,
        progress=told,
        expires_at=job.expires_at,
        tell_at=now if is_new else None,
    )


def not_sent(project: Project, error: CopydeskError, now: datetime) -> Step:
    """What an error before the order means: nothing was ordered, so it may be tried again."""
    return _wait(project, error, now, is_over=not isinstance(error, _NO_ANSWER))


def refused(project: Project, error: CopydeskError, now: datetime) -> Step:
    """What an error of the call that orders means; one that may have been taken is not repeated."""
    if isinstance(error, OutcomeUnknownError | ProtocolBrokenError):
        return put_to_people(project, now, error.message)
    return _wait(project, error, now, is_over=not isinstance(error, TryLaterError))


def unread(project: Project, error: CopydeskError, now: datetime) -> Step:
    """What an error of a question means: nothing, until it was so ten times in a row."""
    if not isinstance(error, _NO_ANSWER):
        return failed(project, now, error.message, error.remedy or AGAIN)
    if project.tries + 1 >= pace.STATUS_FAILURES:
        return put_to_people(project, now, error.message)
    at = now + _pause(project, error)
    return Step(project=project, to=_S.WORKING, try_at=at, tries=project.tries + 1)


def cut_off(project: Project, now: datetime) -> Step:
    """What a claim means whose process died: before the order it waits again, during it nobody
    knows.
    """
    if project.state is _S.PREPARING:
        return Step(project=project, to=_S.WAITING, try_at=now, tries=project.tries)
    return put_to_people(project, now, _STOPPED)


def failed(project: Project, now: datetime, reason: str, remedy: str) -> Step:
    """The end of a project without clips."""
    return Step(
        project=project, to=_S.FAILED, try_at=None, reason=reason, remedy=remedy, tell_at=now
    )


def put_to_people(project: Project, now: datetime, reason: str) -> Step:
    """The end of what the machine can find out."""
    return Step(
        project=project, to=_S.UNKNOWN, try_at=None, reason=reason, remedy=LOOK, tell_at=now
    )


def _wait(project: Project, error: CopydeskError, now: datetime, *, is_over: bool) -> Step:
    if is_over or now - (project.ordered_at or now) > pace.RETRY_BOUND:
        return failed(project, now, error.message, error.remedy or AGAIN)
    return Step(
        project=project,
        to=_S.WAITING,
        try_at=now + _pause(project, error),
        progress=f"Nothing is ordered yet; it is tried again. {error.message}",
        tries=project.tries + 1,
        tell_at=now,
    )


def _pause(project: Project, error: CopydeskError) -> timedelta:
    wait = pace.backoff(project.tries + 1, jitter=random.random())  # noqa: S311 - no secret
    told = error.retry_after if isinstance(error, TryLaterError) else None
    return max(wait, timedelta(seconds=told or 0))
