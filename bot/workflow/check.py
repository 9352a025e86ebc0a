"""Checking a post against what its accounts and their services take, before anyone is asked."""

from collections.abc import Mapping, Sequence

from bot.domain import cover, fit, options
from bot.domain.cover import CoverForm
from bot.domain.limits import AccountLimits
from bot.domain.media import MAX_FILES
from bot.domain.post import Revision, Target
from bot.domain.server import Account
from bot.errors import Problem
from bot.workflow import ways
from bot.workflow.desk import Desk
from providers.capabilities import Capabilities


def problems(
    desk: Desk,
    content: Revision,
    accounts: Sequence[Account],
    allowed: Mapping[int, AccountLimits | None],
    backups: Mapping[int, Account] | None = None,
) -> list[Problem]:
    """Everything wrong with a post but its time: first as a whole, then account by account."""
    whole, by_account = report(desk, content, accounts, allowed, backups)
    return [*whole, *(problem for found in by_account.values() for problem in found)]


def report(
    desk: Desk,
    content: Revision,
    accounts: Sequence[Account],
    allowed: Mapping[int, AccountLimits | None],
    backups: Mapping[int, Account] | None = None,
) -> tuple[list[Problem], dict[int, list[Problem]]]:
    """What is wrong with a post as a whole, and where that is nothing, by account id.

    `allowed` is what accounts allow now, by account id, where their service tells; `backups` are
    the accounts that take over from others, by the ids of these.
    """
    if whole := _whole_problems(content):
        return whole, {}
    by_account: dict[int, list[Problem]] = {}
    targets = {target.account_id: target for target in content.targets}
    for account in accounts:
        target, limits = targets[account.id], allowed.get(account.id)
        found = _account_problems(desk, content, account, target, limits, account.label)
        backup = (backups or {}).get(account.id)
        if backup and target.backup:
            service = desk.services.capabilities(backup.provider).label
            label = f"{account.label}: its backup via {service}"
            limits = allowed.get(backup.id)
            found += _account_problems(desk, content, backup, target.backup, limits, label)
        by_account[account.id] = found
    return [], by_account


def _whole_problems(content: Revision) -> list[Problem]:
    """What is wrong whatever the accounts are."""
    videos = sum(media.is_video for media in content.media)
    checks = (
        (
            not any(content.text_of(target)[0] for target in content.targets)
            and not (content.caption or content.media or content.clip),
            Problem(
                field="Caption",
                message="the post is empty: no text and no file.",
                remedy="Write a caption or add a file.",
            ),
        ),
        (
            not content.targets,
            Problem(
                field="Accounts",
                message="no account was chosen.",
                remedy="Choose at least one.",
            ),
        ),
        (
            len(content.media) > MAX_FILES,
            Problem(
                field="Media",
                message=f"a post takes {MAX_FILES} files; {len(content.media)} were given.",
                remedy=f"Take {len(content.media) - MAX_FILES} away.",
            ),
        ),
        (
            0 < videos < len(content.media) or videos > 1,
            Problem(
                field="Media",
                message=f"a post takes photos or one video; {_files_found(content)} were given.",
                remedy="Keep the photos or one video.",
            ),
        ),
        (
            bool(content.media) and content.clip is not None,
            Problem(
                field="Media",
                message="a post is a clip or has files; both were given.",
                remedy="Take the files away, or write a post of its own for them.",
            ),
        ),
    )
    return [problem for is_wrong, problem in checks if is_wrong]


def _files_found(content: Revision) -> str:
    videos = sum(media.is_video for media in content.media)
    photos = len(content.media) - videos
    return f"{photos} photo{'s' * (photos != 1)} and {videos} video{'s' * (videos != 1)}"


def _account_problems(
    desk: Desk,
    content: Revision,
    account: Account,
    target: Target,
    allowed: AccountLimits | None,
    label: str,
) -> list[Problem]:
    if not account.usable:
        return [
            Problem(
                field="Accounts",
                message=f"{label} must be reconnected at its service.",
                remedy="Reconnect it there, run /account check, or leave it out.",
            )
        ]
    capabilities = desk.services.capabilities(account.provider)
    found = _way_problems(desk, content, account, target, capabilities)
    caption, title = content.text_of(target)
    found += fit.problems(
        capabilities.platforms[account.platform],
        label,
        kind=content.kind,
        caption=caption,
        title=title,
        media=content.media,
        account=allowed,
    )
    if content.cover:
        limit = capabilities.cover_limit(account.platform)
        form = limit.form(content.cover.at_ms, content.kind, target.options)
        found += cover.problems(limit, label, content.cover) if form is CoverForm.PICTURE else []
    declared = capabilities.options.get(account.platform, ())
    return found + options.problems(declared, target.options, content.kind, label)


def _way_problems(
    desk: Desk, content: Revision, account: Account, target: Target, capabilities: Capabilities
) -> list[Problem]:
    """What keeps a clip or a file from reaching the service of an account."""
    if content.clip and content.clip.connection_id != account.connection_id:
        return [
            Problem(
                field="Accounts",
                message=f"{account.label} is not at the service that has the clip.",
                remedy="Choose accounts of the connection the clip was made with.",
            )
        ]
    return ways.problems(desk, capabilities, ways.needed(capabilities, content, [target]))
