"""How far a post at Genviral is, account by account (its pages Get Post and List Posts)."""

import re
from typing import Any

from bot.domain.delivery import DeliveryState
from providers.genviral.models import Wire
from providers.genviral.options import DRAFT
from providers.submission import Receipt, Submitted

_WORKING = ("pending", "retry")
_ACCOUNT = re.compile(r"token|reconnect|unauthori[sz]ed|expired|revoked|permission", re.IGNORECASE)
_REMEDY = "Change the post, then publish again."
_RECONNECT = "Connect the account again in Genviral's dashboard, then publish again."
_TOO_MANY_DRAFTS = "TikTok takes about five drafts in 24 hours: finish those in the app, or publish again tomorrow."


class AccountState(Wire):
    """How far a post is at one account; `status` has the words of posts."""

    account_id: str
    status: str | None = None
    published_at: str | None = None
    published_url: str | None = None
    error_message: str | None = None


class States(Wire):
    """The accounts of a post."""

    states: list[AccountState] | None = None


class TikTokSettings(Wire):
    """What was asked of TikTok."""

    post_mode: str | None = None


class Post(Wire):
    """A post as `GET /posts/{id}` answers with it."""

    id: str
    status: str | None = None
    tiktok: TikTokSettings | None = None
    accounts: States | None = None

    def receipt(self, item: Submitted) -> Receipt:
        """How far it is at the account in question; the post's own word where that one is absent."""
        listed = (self.accounts and self.accounts.states) or []
        absent = AccountState(account_id=item.account_remote_id, status=self.status)
        found = next((one for one in listed if one.account_id == item.account_remote_id), absent)
        is_draft = self.tiktok is not None and self.tiktok.post_mode == DRAFT
        state, reason, remedy = _meaning(found, is_draft=is_draft)
        link = found.published_url or ""
        return Receipt(
            state=state,
            remote_id=item.remote_id,
            link=link if link.startswith(("https://", "http://")) else "",
            reason=reason,
            remedy=remedy,
        )


class PostReply(Wire):
    """The answer of `GET /posts/{id}`."""

    data: Post


def accepted_state(status: str | None) -> DeliveryState:
    """What the word in the answer to create or update means; how it ends is read afterwards."""
    is_scheduled = (status or "").lower() == "scheduled"
    return DeliveryState.SCHEDULED_AT_PROVIDER if is_scheduled else DeliveryState.SUBMITTED


def _meaning(found: AccountState, *, is_draft: bool) -> tuple[DeliveryState, str, str]:
    """State, reason and remedy; a word nobody documented means still under way."""
    word = (found.status or "").lower()
    is_live = bool(found.published_at or found.published_url)
    match word:
        case "posted" if is_draft and not found.published_url:
            return DeliveryState.IN_INBOX, "", ""
        case "posted":
            return DeliveryState.PUBLISHED, "", ""
        case "canceled" | "cancelled" | "deleted" if is_live:
            return DeliveryState.PUBLISHED, f"It is {word} at Genviral by now.", ""
        case "canceled" | "cancelled" | "deleted":
            reason = f"It was {word} at Genviral before it was published."
            return DeliveryState.FAILED, reason, "Publish again if it is still wanted."
        case "failed":
            return _failed(found.error_message)
        case "scheduled":
            return DeliveryState.SCHEDULED_AT_PROVIDER, "", ""
        case "draft":
            return DeliveryState.SUBMITTED, "It stands as a draft at Genviral.", ""
        case _:
            reason = "" if word in _WORKING or not word else f"Genviral says {word}."
            return DeliveryState.SUBMITTED, reason, ""


def _failed(said: Any) -> tuple[DeliveryState, str, str]:
    reason = str(said or "no reason given").rstrip(".")
    if "too_many_pending_share" in reason:
        remedy = _TOO_MANY_DRAFTS
    else:
        remedy = _RECONNECT if _ACCOUNT.search(reason) else _REMEDY
    return DeliveryState.FAILED, f"The platform refused it: {reason}.", remedy
