"""Changing the content of a draft, piece by piece. Pure functions from one content to the next."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace

from bot.domain.cover import Cover
from bot.domain.media import Media
from bot.domain.post import Revision, Target, target_of
from bot.domain.server import Account
from bot.domain.times import Timing


def clean(text: str) -> str:
    """Text without the space around it, and without NUL, which PostgreSQL does not keep."""
    return text.replace("\x00", "").strip()


def with_text(content: Revision, caption: str, title: str) -> Revision:
    """Another text for the accounts that have none of their own."""
    return replace(content, caption=clean(caption), title=clean(title))


def with_when(content: Revision, when_text: str, timing: Timing) -> Revision:
    """Another time, as it was typed, and who keeps it."""
    return replace(content, when_text=clean(when_text), timing=timing)


def with_accounts(
    content: Revision, chosen: Sequence[Account], offered: Collection[int]
) -> Revision:
    """Those of the offered accounts (ids) that were chosen; the others stay as they are. Whatever
    was chosen for an account that stays, stays.
    """
    wanted = {account.id for account in chosen}
    had = {target.account_id for target in content.targets}
    kept = [
        target
        for target in content.targets
        if target.account_id in wanted or target.account_id not in offered
    ]
    added = [target_of(account) for account in chosen if account.id not in had]
    return replace(content, targets=(*kept, *added))


def with_own_text(content: Revision, account_id: int, own: tuple[str, str] | None) -> Revision:
    """A caption and a title for one account alone; what is the post's own is not kept twice. None
    gives it the post's again.
    """
    caption, title = map(clean, own or (content.caption, content.title))
    target = replace(
        target_for(content, account_id),
        caption=None if caption == content.caption else caption,
        title=None if title == content.title else title,
    )
    return _with_target(content, target)


def with_options(
    content: Revision,
    account_id: int,
    given: Mapping[str, str],
    names: Mapping[str, str] | None = None,
) -> Revision:
    """Other options for one account; an empty one is not chosen any more, those that are not given
    stay. `names` are those by which people know the given values; what is known stays with its value.
    """
    target = target_for(content, account_id)
    options = dict(target.options) | {name: clean(value) for name, value in given.items()}
    chosen = {name: value for name, value in options.items() if value}
    known = {
        name: label
        for name, label in target.named.items()
        if chosen.get(name) == target.options.get(name)
    }
    told = {name: label for name, label in (names or {}).items() if name in chosen}
    return _with_target(content, replace(target, options=chosen, named=known | told))


def with_media(content: Revision, media: Sequence[Media]) -> Revision:
    """The same with these files. A cover belongs to its video, and goes with it."""
    is_same_video = [item.sha256 for item in media] == [item.sha256 for item in content.media]
    return replace(content, media=tuple(media), cover=content.cover if is_same_video else None)


def with_cover(
    content: Revision, cover: Cover | None, retired: Mapping[int, Collection[str]]
) -> Revision:
    """Another cover, None to leave it to the platforms; in the place of the options by which
    accounts (ids) were given covers of their own before (`Option.retired`).
    """
    return replace(
        content,
        cover=cover,
        targets=tuple(
            replace(
                target,
                options={
                    name: value
                    for name, value in target.options.items()
                    if name not in retired.get(target.account_id, ())
                },
            )
            for target in content.targets
        ),
    )


def target_for(content: Revision, account_id: int) -> Target:
    """The target of an account; raises KeyError where it is none any more."""
    for target in content.targets:
        if target.account_id == account_id:
            return target
    raise KeyError(account_id)


def as_draft(content: Revision) -> Revision:
    """What was frozen, to be changed: without what followed from rules then, such as its time,
    backups, and options that nobody chose.
    """
    return replace(
        content,
        number=1,
        due_at=None,
        repeats="",
        targets=tuple(_unfrozen(target) for target in content.targets),
    )


def _unfrozen(target: Target) -> Target:
    chosen = {name: value for name, value in target.options.items() if name not in target.assumed}
    return replace(target, options=chosen, assumed=(), backup=None)


def _with_target(content: Revision, changed: Target) -> Revision:
    return replace(
        content,
        targets=tuple(
            changed if target.account_id == changed.account_id else target
            for target in content.targets
        ),
    )
