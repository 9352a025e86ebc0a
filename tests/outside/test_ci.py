"""The CI entry: it checks and tests, and fails when anything fails or does not run."""

import re
import shutil
from pathlib import Path

import pytest

from tests.outside.checkout import ROOT, finished, text_of

# Nothing of the machine is asked or installed: these take the place of everything.
SHIMS = ("apt-get", "chromium", "python3", "sudo")
SHELL = ["bash", "dirname", "find", "grep", "id", "mktemp", "rm", "sh", "sort", "tail", "tee", "tr"]


def run(folder: Path, make: str, *, lacks: tuple[str, ...] = ()) -> tuple[int, str]:
    """Run the entry with `make` replaced by a few lines of shell; its code and its words."""
    folder.mkdir()
    for name in SHELL:
        (folder / name).symlink_to(shutil.which(name) or pytest.fail(f"no {name}"))
    texts = {name: f'echo "{name} $*" >&2' for name in SHIMS} | {
        "make": f'echo "make $* CI=$CI"\n{make}'
    }
    for name in texts.keys() - set(lacks):
        (folder / name).write_text(f"#!/bin/sh\n{texts[name]}\n")
        (folder / name).chmod(0o755)
    environment = {
        "PATH": str(folder),
        "COPYDESK_TEST_POSTGRES": "postgresql+psycopg://nobody@127.0.0.1:1/none",
    }
    return finished([ROOT / ".ci/run"], cwd=folder, env=environment)


def test_it_checks_then_tests(tmp_path: Path) -> None:
    """Both run with CI set, so that nothing may skip."""
    code, words = run(tmp_path / "bin", "echo '12 passed in 1.00s'")
    assert code == 0, words
    assert words.index("make check CI=1") < words.index("make test CI=1")


@pytest.mark.parametrize(
    "make",
    [
        'test "$1" != check',
        'test "$1" != test',
        "echo '11 passed, 1 skipped in 1.00s'",
        "echo '11 passed, 1 deselected in 1.00s'",
    ],
)
def test_it_fails(tmp_path: Path, make: str) -> None:
    """A failed check, a failed test and a test that did not run end it with a failure."""
    code, words = run(tmp_path / "bin", make)
    assert code != 0
    assert "All is well" not in words


def test_what_is_lacking_is_installed(tmp_path: Path) -> None:
    """What the machine lacks comes from Debian's packages, after their list was read anew."""
    code, words = run(tmp_path / "bin", "", lacks=("chromium", "python3"))
    assert code == 0, words
    install = words.index("apt-get install")
    assert words.index("apt-get update") < install
    installed = words[install:].splitlines()[0].split()
    assert {"chromium", "fonts-noto-color-emoji", "python3-venv"} < set(installed)


def test_nothing_is_installed_needlessly(tmp_path: Path) -> None:
    """A machine that has everything is left as it is."""
    _, words = run(tmp_path / "bin", "")
    assert "apt-get" not in words


def test_it_names_no_place() -> None:
    """No registry and no path of one machine: it runs wherever the project is checked out."""
    assert not re.search(r"https?://|index-url|/home/|/root/", text_of(".ci/run"))
