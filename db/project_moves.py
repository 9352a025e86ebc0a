"""Moves of projects: compare-and-swap updates of the table `projects`."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import bindparam, delete, func, select, text, update
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.domain.clip import Clip
from bot.domain.project import PROJECT_MOVES, Project, ProjectState
from db.projects import CLIPS, from_row
from db.tables import Moment, projects

_DUE = text("try_at IS NOT NULL")  # a literal, for the partial index


@dataclass(frozen=True, kw_only=True, slots=True)
class Step:
    """One move of a project from the state it was read in; it may stay there. `try_at` is when the
    machine takes it again, None when it is done. Empty words leave those that stand.
    """

    project: Project
    to: ProjectState
    try_at: datetime | None
    remote_id: str = ""
    clips: tuple[Clip, ...] = ()
    progress: str = ""
    reason: str = ""
    remedy: str = ""
    ordered_at: datetime | None = None
    expires_at: datetime | None = None
    tries: int = 0
    tell_at: datetime | None = None  # None: what is shown stays true


async def claim(
    connection: AsyncConnection,
    state: ProjectState,
    *,
    now: datetime,
    lease_until: datetime,
    limit: int,
    resting: Collection[int] = (),
) -> list[Project]:
    """Take projects of a state whose time has come, for whoever acts on them now; nobody else does
    until the lease ends. Those of `resting` connections are left.
    """
    chosen = (
        select(projects.c.id)
        .where(_DUE, projects.c.state == state, projects.c.try_at <= now)
        .where(projects.c.connection_id.not_in(resting))
        .order_by(projects.c.try_at)
        .limit(limit)
        .with_for_update(skip_locked=True)
    )
    statement = (
        update(projects)
        .where(projects.c.id.in_(chosen))
        .values(try_at=lease_until)
        .returning(projects)
    )
    rows = (await connection.execute(statement)).mappings()
    return sorted(map(from_row, rows), key=lambda project: project.id)


async def make(connection: AsyncConnection, steps: Sequence[Step]) -> list[Step]:
    """Make these moves; those that took effect. A move the table of moves forbids is a bug."""
    for step in steps:
        if step.to is not step.project.state and step.to not in PROJECT_MOVES[step.project.state]:
            raise ValueError(f"no move from {step.project.state} to {step.to}")
    statement = (
        select(projects.c.id, projects.c.state)
        .where(projects.c.id.in_([step.project.id for step in steps]))
        .order_by(projects.c.id)
        .with_for_update()
    )
    found = {row.id: ProjectState(row.state) for row in await connection.execute(statement)}
    valid = [step for step in steps if _may(step, found.get(step.project.id))]
    if valid:
        await connection.execute(_MOVE, [_values(step) for step in valid])
    return valid


def _may(step: Step, state: ProjectState | None) -> bool:
    """Whether a move still holds. A call outlives its lease: what it says counts all the same."""
    if state is ProjectState.UNKNOWN and step.project.state is ProjectState.ORDERING:
        return step.to in PROJECT_MOVES[state]
    return state is step.project.state


_MOVE = (
    update(projects)
    .where(projects.c.id == bindparam("row"))
    .values(
        state=bindparam("to"),
        try_at=bindparam("at", type_=Moment),
        remote_id=func.coalesce(func.nullif(bindparam("service_id"), ""), projects.c.remote_id),
        clips=bindparam("made", type_=projects.c.clips.type),
        progress=func.coalesce(func.nullif(bindparam("far"), ""), projects.c.progress),
        reason=bindparam("why"),
        remedy=bindparam("advice"),
        ordered_at=func.coalesce(bindparam("since", type_=Moment), projects.c.ordered_at),
        expires_at=func.coalesce(bindparam("until", type_=Moment), projects.c.expires_at),
        tries=bindparam("in_a_row"),
        tell_at=func.coalesce(bindparam("told_at", type_=Moment), projects.c.tell_at),
    )
)


def _values(step: Step) -> dict[str, Any]:
    return {
        "row": step.project.id,
        "to": step.to,
        "at": step.try_at,
        "service_id": step.remote_id,
        "made": CLIPS.dump_python(step.clips, mode="json"),
        "far": step.progress,
        "why": step.reason,
        "advice": step.remedy,
        "since": step.ordered_at,
        "until": step.expires_at,
        "in_a_row": step.tries,
        "told_at": step.tell_at,
    }


async def release(connection: AsyncConnection, *, now: datetime) -> None:
    """Make the lease of every order end now: whoever held it is gone."""
    held = projects.c.state.in_([ProjectState.PREPARING, ProjectState.ORDERING])
    await connection.execute(update(projects).where(_DUE, held).values(try_at=now))


async def forget_drafts(connection: AsyncConnection, *, now: datetime) -> None:
    """Delete what nobody has ordered in its time."""
    is_over = (projects.c.state == ProjectState.DRAFT) & (projects.c.try_at <= now)
    await connection.execute(delete(projects).where(_DUE, is_over))
