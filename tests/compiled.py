"""What the tests import is compiled once, before workers and the bots that tests start need it.

A fresh clone holds nothing compiled: each of these processes would do it for itself at the same
moment. Tests themselves are compiled by pytest, which makes their assertions tell more.
"""

import compileall
import os
import sys
from pathlib import Path

import pytest
from _pytest.assertion import rewrite

ROOT = Path(__file__).parent.parent
FOLDERS = ("bot", "cogs", "db", "providers", "sandbox", "benchmarks", "tests")


def compile_all(config: pytest.Config) -> None:
    """Compile what is not compiled as it is now, even where the environment says never to."""
    sys.dont_write_bytecode = False
    os.environ.pop("PYTHONDONTWRITEBYTECODE", None)
    for folder in FOLDERS:
        compileall.compile_dir(ROOT / folder, quiet=2)
    if rewrite.assertstate_key not in config.stash:
        return  # assertions are left as they are written
    for path in (ROOT / "tests").rglob("*.py"):
        if path.match("test_*.py") or path.name == "conftest.py":
            _compile_test(path, config)


def _compile_test(path: Path, config: pytest.Config) -> None:
    compiled = rewrite.get_cache_dir(path) / f"{path.stem}{rewrite.PYC_TAIL}"
    if rewrite._read_pyc(path, compiled) is None and rewrite.try_makedirs(compiled.parent):
        source_hash, code = rewrite._rewrite_test(path, config)
        rewrite._write_pyc(config.stash[rewrite.assertstate_key], code, source_hash, compiled)
