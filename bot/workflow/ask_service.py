"""Asking a broken service by a read whether it answers again; nothing is ever written."""

import logging

from bot.errors import CopydeskError, TryLaterError
from bot.workflow import breaker
from bot.workflow.desk import Desk

log = logging.getLogger(__name__)


async def ask(desk: Desk, server_id: int, connection_id: int) -> None:
    """Read a connection's accounts and tell its breaker; wake the machine if it closed."""
    is_good = await _answers(desk, server_id, connection_id)
    desk.breakers.read(server_id, connection_id, desk.now(), is_good=is_good)
    if is_good:
        desk.nudge()


async def _answers(desk: Desk, server_id: int, connection_id: int) -> bool:
    try:
        provider = await desk.services.of(server_id, connection_id)
        await provider.accounts()
    except CopydeskError as error:
        # A refused key is an answer too: the next call says what to do about it.
        return not (isinstance(error, TryLaterError) or breaker.is_own_failure(error))
    except Exception:
        log.exception("Connection %s could not be asked.", connection_id)
        return False
    return True
