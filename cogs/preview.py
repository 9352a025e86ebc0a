"""Has the buttons and selects of previews answer, whichever process sent them."""

from bot.client import Copydesk
from cogs.ui import previews


async def setup(bot: Copydesk) -> None:
    """Load them."""
    bot.add_dynamic_items(previews.Preview, previews.PreviewOf)
