"""The bot, made to die: `doomed_bot.py MODULE:ATTRIBUTE:before|after[:nth]`, then as `bot run`.

The process kills itself with SIGKILL just before or after the nth call of a coroutine function. A
call that returns an empty list had nothing to do and does not count as one after which to die.
"""

import functools
import importlib
import os
import signal
import sys
from typing import Any

from bot.__main__ import main


def doom(holder: Any, name: str, when: str, left: int) -> None:
    """Have the process die at a call of a function of this module or class."""
    original = getattr(holder, name)

    def pass_by() -> None:
        nonlocal left
        left -= 1
        if left == 0:
            os.kill(os.getpid(), signal.SIGKILL)

    @functools.wraps(original)
    async def doomed(*arguments: Any, **named: Any) -> Any:
        if when == "before":
            pass_by()
        result = await original(*arguments, **named)
        if when == "after" and result != []:
            pass_by()
        return result

    setattr(holder, name, doomed)


def prepare(point: str) -> None:
    """Read a point and have the process die there."""
    module, attribute, when, *rest = point.split(":")
    *path, name = attribute.split(".")

    holder: Any = importlib.import_module(module)
    for part in path:
        holder = getattr(holder, part)
    doom(holder, name, when, int(rest[0]) if rest else 1)


if __name__ == "__main__":
    prepare(sys.argv[1])
    sys.exit(main(["run"]))
