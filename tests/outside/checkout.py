"""The project as a checkout: where it is, a copy of it, and pieces of its documents."""

import re
import shutil
import subprocess
import textwrap
from collections.abc import Mapping, Sequence
from pathlib import Path

ROOT = Path(__file__).parents[2]
_NOT_COPIED = shutil.ignore_patterns(".*_cache", ".git", ".venv", ".env", "__pycache__")


def text_of(path: str) -> str:
    """Read a document of the project."""
    return (ROOT / path).read_text(encoding="utf-8")


def copy_to(folder: Path) -> Path:
    """Copy what a checkout holds, with the virtual environment that is already set up."""

    def left_out(place: str, names: list[str]) -> set[str]:
        state = {"data"} if Path(place) == ROOT else set[str]()
        return _NOT_COPIED(place, names) | state

    shutil.copytree(ROOT, folder, ignore=left_out)
    (folder / ".venv").symlink_to(ROOT / ".venv")
    return folder


def finished(
    command: str | Sequence[str | Path], *, cwd: Path, env: Mapping[str, str]
) -> tuple[int, str]:
    """Run a command, or a line as a shell does; its code and all it wrote."""
    done = subprocess.run(  # noqa: S603 - commands of this project
        command,
        shell=isinstance(command, str),
        cwd=cwd,
        env=env,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        check=False,
    )
    return done.returncode, done.stdout


def blocks(text: str, language: str) -> list[str]:
    """Find the fenced blocks of a language, without their indentation."""
    found = re.findall(rf"^ *```{language}\n(.*?)^ *```$", text, re.DOTALL | re.MULTILINE)
    return [textwrap.dedent(block).strip() for block in found]


def rows(text: str, first_heading: str) -> list[list[str]]:
    """Find the rows of every table whose first column has this heading."""
    found: list[list[str]] = []
    inside = False
    for line in text.splitlines():
        cells = [cell.strip() for cell in line.strip().strip("|").split(" | ")]
        if not line.startswith("|"):
            inside = False
        elif cells[0] == first_heading:
            inside = True
        elif inside and set(line) - set("|-: "):
            found.append(cells)
    return found
