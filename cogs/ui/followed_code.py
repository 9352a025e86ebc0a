"""A code that a message shows, while that message can be changed."""

from dataclasses import dataclass, field
from datetime import datetime

import discord

from cogs.ui import joining
from db.joinings import Joining
from providers.connecting import CodeProgress, CodeState


@dataclass
class FollowedCode:
    """A code that a message shows, how far it is, and when that is asked again."""

    interaction: discord.Interaction
    wanted: Joining
    token: str
    until: datetime
    ask_at: datetime
    progress: CodeProgress = field(default_factory=lambda: CodeProgress(state=CodeState.NEW))

    def panel(self) -> joining.Panel:
        """What the message shows."""
        wanted = self.wanted
        return joining.code(self.progress, self.until, wanted.connection_id, wanted.platform)

    async def show(self) -> None:
        """Change the message; the picture stays until its code is over."""
        embed, view = self.panel()
        if self.progress.state in joining.ENDED:
            await self.interaction.edit_original_response(embed=embed, view=view, attachments=[])
        else:
            await self.interaction.edit_original_response(embed=embed, view=view)
