"""The buttons under a card: what people can do with the post now."""

from collections.abc import Sequence

from discord import ui

from bot.domain.approval import Verdict
from bot.domain.delivery import Delivery, DeliveryState
from bot.domain.marks import USUAL, Marks
from bot.domain.post import Post, PostState
from cogs.ui import own_texts, previews, trouble, voting

LATE = ("now", "slot", "time")
"""What an approver is asked about a post whose time passed."""

PREVIEWED = frozenset(
    {PostState.IN_REVIEW, PostState.CHANGES_REQUESTED, PostState.REJECTED, PostState.EXPIRED}
)
"""Where it matters how the post will look: before it is approved."""

_ACTIONS: dict[PostState, tuple[str, ...]] = {
    PostState.IN_REVIEW: tuple(Verdict),
    PostState.CHANGES_REQUESTED: ("edit",),
    PostState.REJECTED: ("edit",),
    PostState.EXPIRED: (*LATE, "again"),
}


def card(post: Post, deliveries: Sequence[Delivery], marks: Marks = USUAL) -> ui.View | None:
    """What stands under the card of a post, with the reactions that vote there, or nothing."""
    actions = _ACTIONS.get(post.state, ())
    states = {item.state for item in deliveries}
    if post.state is PostState.APPROVED and DeliveryState.HELD in states:
        actions = ("release",)
    elif post.state is PostState.APPROVED and DeliveryState.WAITING in states:
        actions = ("hold",)
    view = trouble.button(post.id, deliveries)
    if any(target.has_own_text for target in post.content.targets):
        view = view or ui.View(timeout=None)
        view.add_item(own_texts.button(post.id))
    if post.state in PREVIEWED:
        view = view or ui.View(timeout=None)
        view.add_item(previews.Preview(post.id))
    if not actions:
        return view
    asked = voting.buttons(actions, post.id, post.content.number, marks)
    for item in view.children if view else ():
        asked.add_item(item)
    return asked
