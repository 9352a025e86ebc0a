"""What cards say of the cover of a video."""

from bot.domain.cover import CoverForm
from bot.domain.post import Revision, Target
from cogs.ui import words
from providers.catalogue import PROVIDERS

_FORMS = {CoverForm.FRAME: "a frame", CoverForm.PICTURE: "a picture", None: "chosen there"}


def lines(content: Revision) -> list[str]:
    """The cover of a post, under its files; none where it has none."""
    if content.cover is None:
        return []
    size = words.size(content.cover.picture.size)
    return [f"🖼️ Cover: {words.escape(content.cover.words)} · {size}"]


def at(target: Target, content: Revision) -> str:
    """How an account gets the cover of a post, behind its name; empty where the post has none."""
    if content.cover is None:
        return ""
    limit = PROVIDERS[target.provider].capabilities.cover_limit(target.platform)
    return f" · cover: {_FORMS[limit.form(content.cover.at_ms, content.kind, target.options)]}"


def could_be(target: Target, content: Revision) -> str:
    """What an account takes as the cover of a post's video."""
    limit = PROVIDERS[target.provider].capabilities.cover_limit(target.platform)
    forms = ["a frame"] * limit.frame + ["a picture"] * bool(limit.types)
    return (
        f" · takes {' or '.join(forms)}"
        if forms and content.kind in limit.kinds
        else " · takes none"
    )
