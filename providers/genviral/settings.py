"""The settings of each platform as Genviral takes them on create (seed 003, its settings tables)."""

from collections.abc import Callable, Mapping, Set
from typing import Any

from bot.domain.options import Value, values
from bot.domain.platform import Kind, Platform
from providers.genviral import covers
from providers.genviral.options import OPTIONS, TIKTOK_LEVELS
from providers.submission import Recipient, Submission

Given = dict[str, Value]
_Settings = Callable[[Given, Submission], dict[str, Any]]

TOP_LEVEL = (Platform.TIKTOK, Platform.PINTEREST)
"""Platforms whose settings stand beside `settings`, not in it."""


def given(submission: Submission, recipient: Recipient) -> Given:
    """The options of an account that apply to this post, each in its own type."""
    return values(OPTIONS.get(recipient.platform, ()), recipient.options, submission.kind)


def by_platform(
    submission: Submission, hosted: Set[str] = frozenset()
) -> Mapping[Platform, dict[str, Any]]:
    """The settings of each platform in the submission; accounts of one platform have the same.
    `hosted` are the ids of accounts that Genviral hosts, which take no cover.
    """
    found: dict[Platform, dict[str, Any]] = {}
    for recipient in submission.recipients:
        build = _BUILDERS.get(recipient.platform, _as_given)
        settings = build(given(submission, recipient), submission)
        if recipient.remote_id not in hosted:
            settings |= covers.settings(submission, recipient)
        if settings:
            found[recipient.platform] = settings
    return found


def _as_given(options: Given, submission: Submission) -> dict[str, Any]:
    return dict(options)


def _tiktok(options: Given, submission: Submission) -> dict[str, Any]:
    # Seed 003 names no default for the level, so it is always sent: nothing goes out hidden.
    level = options.pop("visibility", TIKTOK_LEVELS[0])
    options.pop("music_url", None)  # stands in the body itself
    settings = {"privacy_level": level, **options}
    if submission.kind is Kind.PHOTOS and submission.title:
        settings["title"] = submission.title
    return settings


def _youtube(options: Given, submission: Submission) -> dict[str, Any]:
    settings: dict[str, Any] = {"title": submission.title} if submission.title else {}
    renamed = {"visibility": "type"}
    settings |= {renamed.get(name, name): value for name, value in options.items()}
    if isinstance(tags := options.get("tags"), list):
        settings["tags"] = [{"value": tag, "label": tag} for tag in tags]
    if "thumbnail" in options:
        settings["thumbnail"] = {"path": options["thumbnail"]}
    if "selfDeclaredMadeForKids" in options:
        settings["selfDeclaredMadeForKids"] = "yes" if options["selfDeclaredMadeForKids"] else "no"
    return settings


def _instagram(options: Given, submission: Submission) -> dict[str, Any]:
    settings: dict[str, Any] = {"post_type": "post", **options}  # documented as recommended
    if isinstance(names := options.get("collaborators"), list):
        settings["collaborators"] = [{"label": name.removeprefix("@")} for name in names]
    return settings


def _pinterest(options: Given, submission: Submission) -> dict[str, Any]:
    return {**options, **({"title": submission.title} if submission.title else {})}


_BUILDERS: Mapping[Platform, _Settings] = {
    Platform.TIKTOK: _tiktok,
    Platform.YOUTUBE: _youtube,
    Platform.INSTAGRAM: _instagram,
    Platform.PINTEREST: _pinterest,
}
