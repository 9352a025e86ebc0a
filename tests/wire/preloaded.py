"""What every bot imports, imported."""

import importlib

import bot.program  # noqa: F401 - this is what it is for
from bot.client import COGS

for cog in COGS:
    importlib.import_module(cog)
