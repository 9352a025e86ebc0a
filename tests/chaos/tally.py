"""What is left after a storm: rows, services and messages compared with one another."""

import re
from collections import Counter
from dataclasses import dataclass, field

from bot.domain.delivery import OPEN
from bot.domain.event import SPOKEN
from tests.chaos.city import ACCOUNTS, KEYS, City
from tests.wire.people import Json, shown
from tests.wire.town import cards_by_database

_ANNOUNCEMENT = re.compile(r"Post \d+ · event (\d+)")
_OPEN = frozenset(map(str, OPEN))
_NOT_OUT = ("FAILED", "failed", "canceled", "draft")


@dataclass(kw_only=True, slots=True)
class Tally:
    """Counts; those of `wrong` must be 0. `busy` kills came while there was work."""

    seed: int = 0
    kills: int = 0
    busy: int = 0
    posts: int = 0
    deliveries: int = 0
    calls: dict[str, int] = field(default_factory=dict[str, int])
    states: Counter[str] = field(default_factory=Counter[str])
    lost: list[str] = field(default_factory=list[str])
    doubled: list[str] = field(default_factory=list[str])
    told_wrong: list[str] = field(default_factory=list[str])
    never_announced: list[str] = field(default_factory=list[str])
    announced_twice: list[str] = field(default_factory=list[str])
    announced: int = 0
    cards_wrong: list[str] = field(default_factory=list[str])
    storm_seconds: float = 0.0
    seconds: float = 0.0

    @property
    def wrong(self) -> dict[str, list[str]]:
        """What must not be, by what it is called."""
        return {
            "lost": self.lost,
            "doubled": self.doubled,
            "told other than it is": self.told_wrong,
            "never announced": self.never_announced,
            "announced twice": self.announced_twice,
            "cards unlike their rows": self.cards_wrong,
        }

    @property
    def is_good(self) -> bool:
        """Whether nothing was lost, doubled or told wrongly."""
        return not any(self.wrong.values())

    def report(self) -> str:
        """A few lines for people."""
        asked = ", ".join(f"{name} {count}" for name, count in sorted(self.calls.items()))
        ends = ", ".join(f"{count} {state}" for state, count in self.states.most_common())
        lines = [
            f"seed {self.seed}: {self.posts} posts, {self.deliveries} deliveries,"
            f" {self.kills} kills ({self.busy} of them with work under way)",
            f"storm {self.storm_seconds:.0f} s, all {self.seconds:.0f} s; publish calls: {asked}",
            f"ends: {ends}; {self.announced} announcements",
        ]
        lines += [f"{name}: {len(found)}" for name, found in self.wrong.items()]
        lines += [f"  {name}: {what}" for name, found in self.wrong.items() for what in found]
        return "\n".join(lines)


async def tally(city: City) -> Tally:
    """Compare what the database says with what the services and Discord have. The bot is stopped."""
    found = Tally()
    found.posts = len(city.rows("SELECT id FROM posts"))
    found.calls = {name: city.service(name).calls for name in KEYS}
    _compare_with_services(city, found)
    await _compare_with_discord(city, found)
    return found


def _compare_with_services(city: City, found: Tally) -> None:
    out = _times_out(city)
    found.doubled = [f"{caption} at {account}" for (account, caption), n in out.items() if n > 1]
    rows = city.rows(
        "SELECT deliveries.id, deliveries.state, remote_account_id, caption FROM deliveries"
        " JOIN posts ON posts.id = deliveries.post_id"
        " JOIN revisions ON revisions.post_id = posts.id AND number = revision"
    )
    found.deliveries = len(rows)
    found.states = Counter(state for _, state, _, _ in rows)
    for delivery, state, account, caption in rows:
        is_out = out[account, caption] > 0
        if state in _OPEN or (state == "published" and not is_out):
            found.lost.append(f"delivery {delivery} ({caption}) is {state}")
        elif is_out and state not in ("published", "unknown"):
            found.told_wrong.append(f"delivery {delivery} ({caption}) is {state} and out")
    for post, state, deliveries in city.rows(
        "SELECT id, state, (SELECT count(*) FROM deliveries WHERE post_id = posts.id) FROM posts"
    ):
        if state != "approved" or deliveries != len(ACCOUNTS):
            found.lost.append(f"post {post} is {state} with {deliveries} deliveries")


def _times_out(city: City) -> Counter[tuple[str, str]]:
    """How often each account has each caption."""
    return Counter(
        (account.id, post.text)
        for name in KEYS
        for account in city.service(name).feed()
        for post in account.posts
        if post.status not in _NOT_OUT
    )


async def _compare_with_discord(city: City, found: Tally) -> None:
    messages = [
        *await city.all_messages("social"),
        *await city.all_messages("approvals"),
    ]
    marks = Counter(mark for message in messages if (mark := _event_of(message)))
    kinds = ", ".join(f"'{kind}'" for kind in SPOKEN)
    events = city.rows(f"SELECT id, kind, post_id FROM events WHERE kind IN ({kinds})")  # noqa: S608
    found.announced = len(events)
    for event, kind, post in events:
        if marks[event] > 1:
            found.announced_twice.append(f"{kind} of post {post}: {marks[event]} times")
        elif not marks[event]:
            found.never_announced.append(f"{kind} of post {post}")
    settled = {post for _, kind, post in events if kind == "post.settled"}
    found.never_announced += [
        f"the end of post {post}"
        for (post,) in city.rows("SELECT id FROM posts")
        if post not in settled
    ]
    cards = {each["id"]: each for each in messages if each["embeds"]}
    by_row = await cards_by_database(city.database)
    for post, card in city.rows("SELECT id, card_message_id FROM posts"):
        message = cards.get(str(card))
        if message is None or shown(message["embeds"][0]) != by_row[post]:
            found.cards_wrong.append(f"post {post}")


def _event_of(message: Json) -> int | None:
    for embed in message["embeds"]:
        if mark := _ANNOUNCEMENT.fullmatch(embed.get("footer", {}).get("text", "")):
            return int(mark[1])
    return None
