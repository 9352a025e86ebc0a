"""Having clips cut: the call that orders, made once, and the questions how far the service is.

Record, then call: an order whose answer was lost is never made again by itself, since it costs.
"""

import asyncio
import logging
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import replace

from sqlalchemy.exc import SQLAlchemyError

import db.events
import db.project_moves
from bot.domain import pace
from bot.domain.project import Project, ProjectState
from bot.errors import CopydeskError
from bot.workflow import clip_order, cutting, order
from bot.workflow.desk import Desk
from bot.workflow.in_flight import InFlight
from db.project_moves import Step
from providers.base import Provider

log = logging.getLogger(__name__)

AT_ONCE = 100
"""How many projects one tick takes up."""

_S = ProjectState


class Cutter:
    """Orders what waits to be ordered, and asks after what is being cut."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk
        self._in_flight = InFlight()

    async def tick(self) -> None:
        """Take up everything whose time has come."""
        for project in await self._to_order():
            self._in_flight.start(self._order(project))
        for group in await self._to_ask():
            self._in_flight.start(self._ask(group))

    async def resolve(self, *, everything: bool = False) -> None:
        """Say of orders that were cut off what is known: those not sent wait again, the others are
        put to people. `everything`: also those whose lease has not ended, where nobody else lives.
        """
        now = self._desk.now()
        async with self._desk.database.transaction() as transaction:
            await db.project_moves.forget_drafts(transaction, now=now)
            if everything:
                await db.project_moves.release(transaction, now=now)
            lapsed = [
                project
                for state in (_S.PREPARING, _S.ORDERING)
                for project in await db.project_moves.claim(
                    transaction, state, now=now, lease_until=now, limit=AT_ONCE
                )
            ]
        if lapsed:
            await self._write([cutting.cut_off(project, now) for project in lapsed])

    async def drain(self, seconds: float) -> None:
        """Let calls under way end; what must be cut off is resolved later."""
        await self._in_flight.drain(seconds)

    async def _to_order(self) -> list[Project]:
        """Those that wait to be ordered: each is this process's to order now."""
        now = self._desk.now()
        async with self._desk.database.transaction() as transaction:
            waiting = await db.project_moves.claim(
                transaction,
                _S.WAITING,
                now=now,
                lease_until=now,
                limit=AT_ONCE,
                resting=self._desk.breakers.resting(),
            )
        return [self._taken(step) for step in await self._write(self._claims(waiting))]

    def _claims(self, waiting: Sequence[Project]) -> list[Step]:
        now = self._desk.now()
        return [
            Step(
                project=project,
                to=_S.PREPARING,
                try_at=now + clip_order.lease(project),
                ordered_at=project.ordered_at or now,
                tries=project.tries,
            )
            for project in waiting
        ]

    async def _to_ask(self) -> list[list[Project]]:
        """Those whose progress is to be asked for now, by connection."""
        now = self._desk.now()
        async with self._desk.database.transaction() as transaction:
            due = await db.project_moves.claim(
                transaction,
                _S.WORKING,
                now=now,
                lease_until=now + pace.READ_LEASE,
                limit=AT_ONCE,
                resting=self._desk.breakers.resting(),
            )
        groups: defaultdict[int, list[Project]] = defaultdict(list)
        for project in due:
            groups[project.connection_id].append(project)
        return list(groups.values())

    async def _order(self, project: Project) -> None:
        """Hand the file over, note that the call is about to be made, and make it."""
        try:
            provider = await self._provider(project)
            asked = await clip_order.of(self._desk, project, provider)
        except CopydeskError as error:
            await self._write([cutting.not_sent(project, error, self._desk.now())])
            return
        until = self._desk.now() + clip_order.lease(project)
        calling = Step(project=project, to=_S.ORDERING, try_at=until, tries=project.tries)
        if not await self._write([calling]):
            return  # handing over took so long that someone else has it
        project, failed = self._taken(calling), None
        try:
            job = await clip_order.maker(provider).make_clips(asked)
        except CopydeskError as error:
            failed = error
            step = cutting.refused(project, error, self._desk.now())
        else:
            step = cutting.answered(project, job, self._desk.now(), clip_order.poll(provider))
        self._heard(project, failed)
        await self._write([step])

    async def _ask(self, projects: Sequence[Project]) -> None:
        """Ask after projects of one connection, one after the other: they share its key."""
        steps: list[Step] = []
        for project in projects:
            failed = None
            try:
                provider = await self._provider(project)
                job = await clip_order.maker(provider).clip_job(project.remote_id)
            except CopydeskError as error:
                failed = error
                steps.append(cutting.unread(project, error, self._desk.now()))
            else:
                now = self._desk.now()
                steps.append(cutting.answered(project, job, now, clip_order.poll(provider)))
            self._heard(project, failed)
        await self._write(steps)

    async def _provider(self, project: Project) -> Provider:
        return await self._desk.services.of(project.server_id, project.connection_id)

    def _heard(self, project: Project, failed: CopydeskError | None) -> None:
        now = self._desk.now()
        self._desk.breakers.heard(project.server_id, project.connection_id, failed, now)

    def _taken(self, step: Step) -> Project:
        """A project after a move of ours."""
        ordered_at = step.ordered_at or step.project.ordered_at
        return replace(step.project, state=step.to, ordered_at=ordered_at)

    async def _write(self, steps: Sequence[Step]) -> list[Step]:
        """Record moves, however long the database cannot be written; those that took effect."""
        if not steps:
            return []
        while True:
            try:
                made = await self._record(steps)
            except SQLAlchemyError:
                log.exception("What became of clips cannot be written; it is tried again.")
                await asyncio.sleep(1)
            else:
                self._desk.nudge()
                return made

    async def _record(self, steps: Sequence[Step]) -> list[Step]:
        now = self._desk.now()
        async with self._desk.database.transaction() as transaction:
            made = await db.project_moves.make(transaction, steps)
            moved = [step for step in made if step.to is not step.project.state]
            happened = [order.moved(step.project, step.to) for step in moved]
            await db.events.append(transaction, happened, now=now)
        return made
