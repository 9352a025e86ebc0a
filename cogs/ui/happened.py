"""What happened to a post, one sentence for each kind of event."""

from collections.abc import Callable, Mapping
from datetime import datetime

from bot.domain.absence import FOUND
from bot.domain.approval import Verdict
from bot.domain.delivery import WORDS, DeliveryState
from bot.domain.event import SPOKEN, Event, EventKind
from bot.domain.marks import Marks
from cogs.ui import words

_MOST_OF_A_REASON = 1000

_SAYS = {
    Verdict.APPROVE: "approves",
    Verdict.REJECT: "rejects",
    Verdict.CHANGES: "wants changes",
    Verdict.HOLD: "holds it",
}


def sentence(event: Event, marks: Marks) -> str:
    """What happened and who did it, votes with the reactions that vote there; nothing for what the
    rows of calls and revisions say better.
    """
    if event.kind in VOTES:
        later = " · found on the card later" if FOUND in event.data else ""
        return f"{VOTES[event.kind](event, marks)}{later}"
    said = SENTENCES.get(event.kind)
    return said(event) if said else ""


def told(event: Event, *, is_untold: bool, trouble: str, told_in: tuple[int, int] | None) -> str:
    """Whether people were told of an event of which they are told, and in which message; nothing of
    any other.
    """
    if event.kind not in SPOKEN:
        return ""
    if told_in is not None:
        return f" · [told]({words.message_link(event.server_id, *told_in)})"
    if not is_untold:
        return " · told"
    return f" · not told yet: {words.escape(trouble)}" if trouble else " · being told"


def _who(event: Event) -> str:
    return f"<@{event.actor_id}>" if event.actor_id else "Copydesk"


def _because(event: Event) -> str:
    reason = words.clip(event.data.get("reason", ""), _MOST_OF_A_REASON).replace("\n", " ")
    return f": {words.escape(reason)}" if reason else ""


def _voted(event: Event, marks: Marks) -> str:
    verdict = Verdict(event.data["verdict"])
    revision = event.data.get("revision", "?")
    said = f"{marks[verdict]} {_who(event)} {_SAYS[verdict]}"
    return f"{said} (revision {revision}){_because(event)}"


def _taken_back(event: Event, marks: Marks) -> str:
    said = event.data.get("verdict")
    mark = f" {marks[Verdict(said)]}" if said else ""
    return f"↩️ {_who(event)} took back their vote{mark}"


def _approved(event: Event) -> str:
    people = ", ".join(f"<@{person}>" for person in event.data.get("by", "").split())
    if not people and event.actor_id:
        people = _who(event)
    return f"✅ Approved by {people}" if people else "✅ No approval was needed"


def _cancelled(event: Event) -> str:
    following = ", and what would follow it" if event.data.get("following") else ""
    return f"🚫 {_who(event)} cancelled it{following}"


def _rescheduled(event: Event) -> str:
    when = event.data.get("when", "now")
    at = "now" if when == "now" else words.moment(datetime.fromisoformat(when))
    return f"🗓️ {_who(event)} moved it: it goes out {at}"


def _progressed(event: Event) -> str:
    state = event.data.get("state")
    account = words.escape(event.data.get("account", "an account"))
    link = f" · [open]({event.data['link']})" if event.data.get("link") else ""
    if not state:
        return f"🔗 The service gave its address{link}"
    known = DeliveryState(state)
    return f"{words.DELIVERY_MARKS[known]} {account}: {WORDS[known]}{link}{_because(event)}"


def _failed_over(event: Event) -> str:
    account, backup = (words.escape(event.data.get(name, "?")) for name in ("account", "backup"))
    return f"🔀 {account} goes out through its backup {backup}{_because(event)}"


def _answered(event: Event) -> str:
    account, answer = (words.escape(event.data.get(name, "?")) for name in ("account", "answer"))
    return f"💬 {_who(event)} said of {account}: {answer}"


def _repeated(event: Event) -> str:
    return f"🔁 It repeats post {event.data.get('follows', '?')}, and was approved with it"


def _warned(event: Event) -> str:
    found = event.data.get("problems", "").splitlines()
    return "\n".join(["⚠️ Something was in its way:", *map(words.escape, found)])


def _held(event: Event) -> str:
    trouble = words.clip(event.data.get("trouble", ""), _MOST_OF_A_REASON).replace("\n", " ")
    return f"🔌 Held: the service refuses the key. {words.escape(trouble)}".strip()


def _renamed(event: Event) -> str:
    before, after = (words.escape(event.data.get(name, "?")) for name in ("before", "after"))
    return f"🏷️ {_who(event)} calls {before} now {after}"


def _shared(event: Event) -> str:
    people = ", ".join(f"<@{person}>" for person in event.data.get("people", "").split())
    return f"🤝 {_who(event)} asked {people} to write it together"


def _plain(text: str) -> Callable[[Event], str]:
    return lambda event: text.format(who=_who(event)) + _because(event)


VOTES: Mapping[EventKind, Callable[[Event, Marks], str]] = {
    EventKind.VOTED: _voted,
    EventKind.VOTE_TAKEN_BACK: _taken_back,
}

SENTENCES: Mapping[EventKind, Callable[[Event], str]] = {
    EventKind.SHARED: _shared,
    EventKind.REVIEW_ASKED: _plain("🔔 {who} asked for approval"),
    EventKind.REMINDED: _plain("⏰ Those whose approval is missing were reminded"),
    EventKind.ESCALATED: _plain("📣 Others were asked to see that it is decided"),
    EventKind.CHANGES_ASKED: _plain("✏️ {who} asked for changes"),
    EventKind.REVISED: _plain("🔔 Approval was asked for again; what was voted before is void"),
    EventKind.HELD: _plain("⏸️ {who} held it back"),
    EventKind.RELEASED: _plain("▶️ {who} let it go"),
    EventKind.APPROVED: _approved,
    EventKind.REJECTED: _plain("❌ {who} rejected it"),
    EventKind.CANCELLED: _cancelled,
    EventKind.EXPIRED: _plain("⌛ It expired: its time came before a decision"),
    EventKind.RESCHEDULED: _rescheduled,
    EventKind.MOVED_OVER: _plain("🔀 {who} moved it to accounts of another connection"),
    EventKind.SUBMITTING: _plain(""),
    EventKind.PROGRESSED: _progressed,
    EventKind.FAILED_OVER: _failed_over,
    EventKind.ANSWERED: _answered,
    EventKind.SETTLED: _plain("🏁 Everything of it has ended"),
    EventKind.REPEATED: _repeated,
    EventKind.CHECKED: _plain("🔎 Checked ahead of its time: nothing was in its way"),
    EventKind.WARNED: _warned,
    EventKind.CARD_DUE: _plain(""),
    EventKind.SETTINGS_CHANGED: _plain("⚙️ {who} changed how posts are approved here"),
    EventKind.PAUSED: _plain("⏸️ {who} paused what it goes out through"),
    EventKind.RESUMED: _plain("▶️ {who} resumed what it goes out through"),
    EventKind.ACCOUNT_LOST: _plain("🔌 Held: an account must be connected again"),
    EventKind.ACCOUNT_BACK: _plain("🔌 An account is connected again, and it goes on"),
    EventKind.KEY_REFUSED: _held,
    EventKind.KEY_BACK: _plain("🔌 The service takes the key again, and it goes on"),
    EventKind.ACCOUNT_RENAMED: _renamed,
}
"""For every other kind that can be about a post."""
