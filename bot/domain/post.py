"""A post: what people write and decide on."""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Any

from bot.domain.clip import PostClip
from bot.domain.cover import Cover
from bot.domain.media import Media, kind_of
from bot.domain.platform import Kind, Platform
from bot.domain.server import Account
from bot.domain.times import Timing


class PostState(StrEnum):
    """Where people stand with a post."""

    DRAFT = "draft"  # being written; nothing was asked of anyone
    IN_REVIEW = "in_review"  # its card asks for a decision
    CHANGES_REQUESTED = "changes_requested"  # a reviewer wants it rewritten
    APPROVED = "approved"  # the machine may publish this revision
    REJECTED = "rejected"  # decided against
    CANCELLED = "cancelled"  # stopped by its author or an admin
    EXPIRED = "expired"  # its time came before a decision

    @property
    def words(self) -> str:
        """The state as people read it."""
        return self.value.replace("_", " ")


POST_MOVES: Mapping[PostState, frozenset[PostState]] = {
    PostState.DRAFT: frozenset({PostState.IN_REVIEW, PostState.CANCELLED}),
    PostState.IN_REVIEW: frozenset(
        {
            PostState.APPROVED,
            PostState.CHANGES_REQUESTED,
            PostState.REJECTED,
            PostState.CANCELLED,
            PostState.EXPIRED,
        }
    ),
    PostState.CHANGES_REQUESTED: frozenset({PostState.IN_REVIEW, PostState.CANCELLED}),
    PostState.APPROVED: frozenset({PostState.IN_REVIEW, PostState.CANCELLED}),
    PostState.REJECTED: frozenset({PostState.IN_REVIEW}),
    PostState.CANCELLED: frozenset(),
    PostState.EXPIRED: frozenset({PostState.IN_REVIEW, PostState.CANCELLED}),
}


@dataclass(frozen=True, kw_only=True, slots=True)
class Target:
    """One account a post is meant for, with the options and the text it goes out with there.

    `caption` and `title` are its own, None where it has those of the post. `assumed` are the
    options that nobody chose, so that they can be shown as such. `named` are the names by which people
    know the values of options, where they were told: the value is what goes out. `backup` is an account of another
    connection, used when this one definitely refuses.
    """

    account_id: int
    connection_id: int
    provider: str
    remote_id: str
    platform: Platform
    name: str
    options: Mapping[str, str] = field(default_factory=dict[str, str])
    backup: "Target | None" = None
    caption: str | None = None
    title: str | None = None
    assumed: tuple[str, ...] = ()
    named: Mapping[str, str] = field(default_factory=dict[str, str])

    @property
    def label(self) -> str:
        """The account as people name it."""
        return f"{self.platform.label} · {self.name}"

    @property
    def has_own_text(self) -> bool:
        """Whether it goes out with another text than the post's."""
        return self.caption is not None or self.title is not None


def target_of(account: Account, options: Mapping[str, str] | None = None) -> Target:
    """An account as a target, with the options chosen for it."""
    return Target(
        account_id=account.id,
        connection_id=account.connection_id,
        remote_id=account.remote_id,
        platform=account.platform,
        name=account.called,
        provider=account.provider,
        options=options or {},
    )


@dataclass(frozen=True, kw_only=True, slots=True)
class Revision:
    """One frozen state of a post's content.

    `due_at` is UTC; None means as soon as it is approved. `when_text` is what the author
    typed for it, kept so that a mistake can be mended instead of typed again. `repeats` is a
    rule of weekly times of the zone's wall clock, such as `tue 09:00`; empty means once. `cover` is
    that of its video or clip; None leaves it to the platforms.
    """

    number: int
    caption: str
    title: str
    media: tuple[Media, ...]
    targets: tuple[Target, ...]
    due_at: datetime | None
    when_text: str
    zone: str
    clip: PostClip | None = None
    timing: Timing = Timing.HERE
    repeats: str = ""
    cover: Cover | None = None

    @property
    def kind(self) -> Kind:
        """What the post is made of."""
        return Kind.CLIP if self.clip else kind_of(self.media)

    @property
    def files(self) -> tuple[Media, ...]:
        """Every file that it needs: its media, and the picture of its cover."""
        return (*self.media, self.cover.picture) if self.cover else self.media

    @property
    def shown(self) -> tuple[Media, ...]:
        """The files that are seen before anything plays: a cover stands for its video."""
        return (self.cover.picture,) if self.cover else self.media

    def text_of(self, target: Target) -> tuple[str, str]:
        """The caption and the title that go out to a target."""
        return (
            self.caption if target.caption is None else target.caption,
            self.title if target.title is None else target.title,
        )

    def text_for(self, account_id: int) -> tuple[str, str]:
        """The caption and the title that go out to an account, or to one that takes over."""
        for target in self.targets:
            for one in (target, target.backup):
                if one and one.account_id == account_id:
                    return self.text_of(one)
        return self.caption, self.title

    def digest(self) -> str:
        """The hash approval binds to: text, options, media bytes or clip, cover, targets and
        time.
        """
        content: dict[str, Any] = {
            "caption": self.caption,
            "title": self.title,
            "media": [media.sha256 for media in self.media],
            "targets": [
                _binding(target)
                for target in sorted(self.targets, key=lambda target: target.account_id)
            ],
            "due_at": self.due_at.isoformat() if self.due_at else None,
        }
        if self.clip:
            ref = self.clip.ref
            content["clip"] = [self.clip.connection_id, ref.project_id, ref.index, ref.resolution]
        if self.timing is not Timing.HERE:
            content["timing"] = str(self.timing)
        if self.repeats:
            content["repeats"] = [self.repeats, self.zone]
        if self.cover:
            content["cover"] = [self.cover.at_ms, self.cover.picture.sha256]
        return hashlib.sha256(json.dumps(content, sort_keys=True).encode()).hexdigest()


def _binding(target: Target) -> list[Any]:
    """What approval binds to of a target."""
    bound: list[Any] = [
        target.connection_id,
        target.remote_id,
        dict(sorted(target.options.items())),
    ]
    if target.has_own_text:
        bound.append({"caption": target.caption, "title": target.title})
    return [*bound, _binding(target.backup)] if target.backup else bound


@dataclass(frozen=True, kw_only=True, slots=True)
class Source:
    """What a post was begun from: the address of a message, and who wrote that; or of an earlier
    post's card, then without an author of its own.
    """

    link: str
    author_id: int | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class Post:
    """A post and the revision that counts now; all ids ending in `_id` are Discord's, but for
    `series_id`: the first post of those that repeat. `pattern` is the revision that the next of
    them copies, None when none follows. `edits` counts how often a draft was changed, `edited_by`
    is who did so last. A draft may be a change of another post, as it was at one revision of it:
    `changes_post`, `changes_revision`. `writers` may write on it beside its author; `former` did,
    and may not any more.
    """

    id: int
    server_id: int
    channel_id: int
    author_id: int
    state: PostState
    content: Revision
    created_at: datetime
    card_channel_id: int | None = None
    card_message_id: int | None = None
    origin_message_id: int | None = None
    decided_by: int | None = None
    decided_at: datetime | None = None
    thread_id: int | None = None
    series_id: int | None = None
    pattern: int | None = None
    source: Source | None = None
    edits: int = 0
    edited_by: int | None = None
    changes_post: int | None = None
    changes_revision: int | None = None
    writers: frozenset[int] = frozenset()
    former: frozenset[int] = frozenset()

    @property
    def wrote(self) -> frozenset[int]:
        """Everyone whose words it may hold: under four eyes the approval of none of them counts."""
        return self.writers | self.former | {self.author_id}

    def may_be_written_by(self, user_id: int) -> bool:
        """Whether a person is its author or one of its writers."""
        return user_id == self.author_id or user_id in self.writers

    def is_hidden_from(self, user_id: int) -> bool:
        """Whether it is a draft of others: only those who write it know of it yet."""
        return self.state is PostState.DRAFT and not self.may_be_written_by(user_id)
