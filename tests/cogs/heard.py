"""An interaction without Discord: what a cog is told of a form, and what it answered."""

from collections.abc import Mapping
from types import SimpleNamespace
from typing import Any

import discord

from tests.factories import AUTHOR, CHANNEL, SERVER


class Heard:
    """A form that was sent, and everything that was answered to it, in order."""

    type = discord.InteractionType.modal_submit
    guild_id = SERVER
    channel_id = CHANNEL
    message = None

    def __init__(self, data: Mapping[str, Any]) -> None:
        self.data = data
        self.user = SimpleNamespace(id=AUTHOR)
        channel = SimpleNamespace(
            mention="#approvals", permissions_for=lambda _me: discord.Permissions.all()
        )
        self.guild = SimpleNamespace(
            id=SERVER, me=None, get_channel=lambda _id: channel, get_role=lambda _id: object()
        )
        self.said: list[str] = []
        self.response = SimpleNamespace(
            is_done=lambda: True, defer=self._defer, send_message=self._say
        )
        self.followup = SimpleNamespace(send=self._say)

    async def _defer(self, **_how: Any) -> None:
        pass

    async def _say(self, text: str = "", embed: discord.Embed | None = None, **_how: Any) -> None:
        parts = [text]
        if embed:
            parts += [embed.title or "", embed.description or ""]
            parts += [f"{field.name}: {field.value}" for field in embed.fields]
            assert len(embed) <= 6000
        self.said.append("\n".join(parts))
