"""What a message has to give to a post: its text as people read it, and its files."""

import re
from collections.abc import Sequence

import discord

from bot.domain.media import MAX_FILES

_OWN_EMOJI = re.compile(r"<a?(:\w+:)\d+>")
_MOMENT = re.compile(r"<t:-?\d+(?::[a-zA-Z])?>")


def text(message: discord.Message) -> str:
    """The text of a message, or of the one it forwards: with names in the place of mentions, and
    without what only Discord can show.
    """
    plain = message.clean_content
    if not plain and message.message_snapshots:
        plain = message.message_snapshots[0].content
    return _MOMENT.sub("", _OWN_EMOJI.sub(r"\1", plain)).strip()


def files(message: discord.Message) -> Sequence[discord.Attachment]:
    """The files of a message, or of the one it forwards, as many as a post takes."""
    found = list(message.attachments)
    for snapshot in message.message_snapshots:
        found += snapshot.attachments
    return found[:MAX_FILES]
