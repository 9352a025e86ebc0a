"""Checking a post against what its accounts and their services take, before anyone is asked."""

from collections.abc import Sequence

from bot.domain import limits
from bot.domain.media import MAX_FILES
from bot.domain.post import Revision
from bot.domain.server import Account
from bot.errors import Problem
from bot.workflow.desk import Desk


def problems(desk: Desk, content: Revision, accounts: Sequence[Account]) -> list[Problem]:
    """Everything wrong with a post but its time: first as a whole, then account by account."""
    found = _whole_problems(desk, content)
    if found:
        return found
    for account in accounts:
        found += _account_problems(desk, content, account)
    return found


def _whole_problems(desk: Desk, content: Revision) -> list[Problem]:
    """What is wrong whatever the accounts are."""
    videos = sum(media.is_video for media in content.media)
    checks = (
        (
            not content.caption and not content.media,
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
            bool(content.media) and not desk.links.are_possible,
            Problem(
                field="Media",
                message="services cannot fetch files from here: PUBLIC_URL is not set.",
                remedy="Ask whoever runs Copydesk to set PUBLIC_URL, or post text only.",
            ),
        ),
    )
    return [problem for is_wrong, problem in checks if is_wrong]


def _files_found(content: Revision) -> str:
    videos = sum(media.is_video for media in content.media)
    photos = len(content.media) - videos
    return f"{photos} photo{'s' * (photos != 1)} and {videos} video{'s' * (videos != 1)}"


def _account_problems(desk: Desk, content: Revision, account: Account) -> list[Problem]:
    if not account.usable:
        return [
            Problem(
                field="Accounts",
                message=f"{account.label} must be reconnected at its service.",
                remedy="Reconnect it there, run /account check, or leave it out.",
            )
        ]
    capabilities = desk.services.capabilities(account.provider)
    return limits.problems(
        capabilities.platforms[account.platform],
        account.label,
        kind=content.kind,
        caption=content.caption,
        title=content.title,
        media=content.media,
    )
