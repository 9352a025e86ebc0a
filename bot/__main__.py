"""The entry: `python -m bot` and a command. What the command needs is loaded when it is known."""

import gc
import logging
import os
import sys

from pydantic import ValidationError

from bot.errors import SetupError
from bot.memory import give_large_pieces_back
from bot.settings import Settings

COMMANDS = ("run", "migrate", "doctor", "pause", "resume", "rotate-keys")


def main(arguments: list[str]) -> int:
    """Run one command; the exit code."""
    logging.basicConfig(
        level=logging.INFO, format="%(asctime)s %(levelname)s %(name)s: %(message)s"
    )
    for chatty in ("httpx", "alembic", "discord.client", "discord.gateway"):
        logging.getLogger(chatty).setLevel(logging.WARNING)
    # It warns of every tick that is asked for while it runs, which the tick itself remembers.
    logging.getLogger("apscheduler").setLevel(logging.ERROR)
    if len(arguments) != 1 or arguments[0] not in COMMANDS:
        sys.stderr.write(f"usage: python -m bot {' | '.join(COMMANDS)}\n")
        return 2
    try:
        _carry_out(arguments[0], Settings())
    except ValidationError as error:
        for problem in error.errors(include_input=False, include_url=False):
            name = "_".join(map(str, problem["loc"])).upper()
            sys.stderr.write(f"{name}: {problem['msg'].removeprefix('Value error, ')}\n")
        return 1
    except SetupError as error:
        sys.stderr.write(f"{error}\n")
        return 1
    return 0


def _carry_out(command: str, settings: Settings) -> None:
    if command == "run" and not settings.discord_token.get_secret_value():
        # Nothing imports the sandbox; it starts this program again, as its child.
        os.execv(sys.executable, [sys.executable, "-m", "sandbox"])  # noqa: S606
    give_large_pieces_back()
    # Loading makes next to nothing that could be collected, and looking for it takes a quarter of
    # the time; what is loaded is then left alone for good.
    gc.disable()
    from bot import program

    gc.freeze()
    gc.enable()
    program.carry_out(command, settings)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
