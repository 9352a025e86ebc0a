"""What a test needs and the machine lacks: said in one line, skipped at home, failed in CI."""

import os
from typing import NoReturn

import pytest


def absent(what: str, remedy: str) -> NoReturn:
    """End a test that needs something absent; where `CI` is set nothing may skip, so it fails."""
    end = pytest.fail if os.environ.get("CI") else pytest.skip
    end(f"{what}: {remedy}")
