"""The texts that a service proposes for a clip, platform by platform."""

from collections.abc import Collection
from dataclasses import replace

from bot.domain import editing
from bot.domain.clip import Clip
from bot.domain.post import Revision, Target


def proposed(content: Revision, clip: Clip, account_ids: Collection[int]) -> Revision:
    """The same with what is proposed for the platforms of these accounts as their own texts, where
    the text of the post is still the one that was proposed: what a person wrote counts for all.
    """
    return replace(
        content,
        targets=tuple(
            _with_texts(content, clip, target) if target.account_id in account_ids else target
            for target in content.targets
        ),
    )


def _with_texts(content: Revision, clip: Clip, target: Target) -> Target:
    title, caption = map(editing.clean, clip.texts.get(target.platform, ("", "")))
    is_caption_left = content.caption == editing.clean(clip.caption)
    is_title_left = content.title == editing.clean(clip.title)
    if is_caption_left and caption and caption != content.caption:
        target = replace(target, caption=caption)
    if is_title_left and title and title != content.title:
        target = replace(target, title=title)
    return target
