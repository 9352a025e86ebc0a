"""The composition root, and what each command of the terminal does."""

import asyncio
import signal
import sys
from collections.abc import AsyncGenerator, Callable
from contextlib import asynccontextmanager, nullcontext

from filelock import FileLock, Timeout

from bot import doctor, rotation, web
from bot.client import Copydesk, cdn_of, point_at
from bot.errors import SetupError
from bot.memory import keep_what_is_loaded
from bot.scheduler import Scheduler
from bot.settings import Settings
from bot.storage import Storage
from bot.vault import Vault
from bot.workflow import pause
from bot.workflow.desk import Desk, utc_now
from bot.workflow.machine import Machine
from bot.workflow.media_links import MediaLinks
from bot.workflow.services import Services
from db.database import Database
from db.migrate import check_migrated, migrate
from providers.fetcher import Fetcher

TICK_SECONDS, CALL_SECONDS = 0.3, 1.2
"""How long running ticks and calls under way may take once the process was told to stop."""


def carry_out(command: str, settings: Settings) -> None:
    """Do what a command of the terminal says, one of `COMMANDS`. Raises SetupError."""
    match command:
        case "run":
            asyncio.run(run(settings))
        case "migrate":
            asyncio.run(migrate_once(settings))
        case "doctor":
            sys.stdout.write(asyncio.run(doctor.report(settings)))
        case "rotate-keys":
            sys.stdout.write(asyncio.run(rotation.rotate_keys(settings)))
        case _:
            sys.stdout.write(asyncio.run(set_pause(settings, is_paused=command == "pause")))


async def migrate_once(settings: Settings) -> None:
    """Bring the database to its newest revision and end."""
    async with open_database(settings):
        pass


async def set_pause(settings: Settings, *, is_paused: bool) -> str:
    """Pause or resume everything, in one sentence. A bot that runs meanwhile follows within a
    second: the pause is a row, and the lock of the state folder is not asked for.
    """
    database = Database(settings.database_url)
    try:
        await check_migrated(database)
        change = pause.pause_everything if is_paused else pause.resume_everything
        has_changed = await change(database, now=utc_now())
    finally:
        await database.close()
    word = "paused" if is_paused else "resumed"
    return f"Everything is {word}.\n" if has_changed else f"Everything was {word} already.\n"


async def run(settings: Settings) -> None:
    """Be the bot until SIGINT or SIGTERM."""
    stop = asyncio.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        asyncio.get_running_loop().add_signal_handler(number, stop.set)
    scheduler = Scheduler()
    async with open_desk(settings, scheduler.nudge) as desk:
        machine = Machine(desk, retention=settings.media_retention)
        await machine.take_up()
        for tick in machine.ticks:
            scheduler.add(tick.name, tick.work, nudged=tick.nudged)
        point_at(settings)
        bot = Copydesk(desk, scheduler, cdn_of(settings))
        runner = await web.serve(web.build(desk, scheduler), settings)
        keep_what_is_loaded()
        scheduler.start()
        try:
            await _until_stopped(bot, settings.discord_token.get_secret_value(), stop)
        finally:
            await scheduler.drain(TICK_SECONDS)
            await machine.drain(CALL_SECONDS)
            await bot.close()
            await runner.cleanup()


async def _until_stopped(bot: Copydesk, token: str, stop: asyncio.Event) -> None:
    connected = asyncio.create_task(bot.run_until_closed(token))
    stopped = asyncio.create_task(stop.wait())
    await asyncio.wait({connected, stopped}, return_when=asyncio.FIRST_COMPLETED)
    stopped.cancel()
    if connected.done():
        connected.result()
    connected.cancel()


@asynccontextmanager
async def open_desk(settings: Settings, nudge: Callable[[], None]) -> AsyncGenerator[Desk]:
    """Everything the workflow needs, closed in the end."""
    # Read anew from the file or .env when it is asked for, since they may be rotated meanwhile.
    vault = Vault(rotation.read_keys(settings), read=lambda: rotation.read_keys(Settings()))
    async with open_database(settings) as database:
        services = Services(
            database, vault, settings.service_urls, private_hosts=settings.private_hosts
        )
        try:
            yield Desk(
                database=database,
                storage=Storage(settings.media_url),
                services=services,
                links=MediaLinks(str(settings.public_url or ""), vault),
                fetcher=Fetcher(settings.private_hosts),
                nudge=nudge,
            )
        finally:
            await services.close()


@asynccontextmanager
async def open_database(settings: Settings) -> AsyncGenerator[Database]:
    """The migrated database; raises SetupError when another process has the SQLite file."""
    database = Database(settings.database_url)
    lock = FileLock(settings.state_folder / "copydesk.lock", timeout=0)
    try:
        with lock if database.is_sqlite else nullcontext():
            await migrate(database)
            yield database
    except Timeout:
        raise SetupError(
            f"Another Copydesk has {settings.state_folder} open.",
            remedy="Stop it first.",
        ) from None
    finally:
        await database.close()
