"""Commands of the terminal, in processes that need not import what an earlier one has imported."""

import os
import sys
from collections.abc import Mapping
from pathlib import Path
from subprocess import CompletedProcess

from bot.__main__ import main
from bot.settings import Settings
from tests.wire.forked import NURSERY, enter

SECONDS = 30
OURS = {name.upper() for name in Settings.model_fields}


def ended(command: str, folder: Path, settings: Mapping[str, str]) -> CompletedProcess[str]:
    """Do what `python -m bot COMMAND` does in a folder, with no settings but these, to its end."""
    said, complained = folder / f"{command}.out", folder / f"{command}.err"
    for path in (said, complained):
        path.write_text("")
    plain = {name: value for name, value in os.environ.items() if name not in OURS}
    environment = plain | dict(settings)
    process = NURSERY.Process(target=_live, args=(folder, environment, said, complained, command))
    process.start()
    process.join(SECONDS)
    if process.exitcode is None:
        process.kill()
        raise TimeoutError(f"{command} still runs after {SECONDS} seconds.")
    return CompletedProcess(command, process.exitcode, said.read_text(), complained.read_text())


def _live(
    folder: Path, environment: Mapping[str, str], said: Path, complained: Path, command: str
) -> None:
    """Be the command."""
    enter(folder, environment, said, complained)
    sys.exit(main([command]))
