"""What every bot imports, imported; and what each would work out for itself, worked out."""

import importlib
from datetime import UTC, datetime

import bot.program  # noqa: F401 - this is what it is for
from bot.client import COGS
from bot.domain.times import parse_when

# The last two are loaded by the first call to a service.
for name in (*COGS, "httpcore", "anyio._backends._asyncio"):
    importlib.import_module(name)
parse_when("in 3 hours", "UTC", datetime.now(UTC))  # the first time takes a hundred times as long
