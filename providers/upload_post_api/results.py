"""What became of an upload on one platform, as Upload-Post tells it in its several places."""

import re
from collections.abc import Sequence
from typing import Any, cast

from pydantic import BaseModel, ConfigDict

from bot.domain.delivery import DeliveryState
from bot.domain.platform import Platform
from providers.answer import words
from providers.submission import Receipt
from providers.upload_post_api.names import platform_of

_NOT_YET = re.compile(r"queued|pending|processing|in progress|initiated|started", re.IGNORECASE)
_ACCOUNT_CODES = {
    "account_reauth_required",
    "account_checkpoint_required",
    "tiktok_reconnect_required",
    "profile_platform_mapping_invalid",
}
RECONNECT = "Connect the account again at Upload-Post, then publish again."
_CHANGE = "Change the post, then publish again."


class Wire(BaseModel):
    """What all answers share: fields nobody documented are ignored, numbers may be texts."""

    model_config = ConfigDict(extra="ignore", coerce_numbers_to_str=True, frozen=True)


class Outcome(Wire):
    """What results of an upload and entries of the history have in common."""

    platform: str = ""
    success: bool | None = None
    status: str | None = None
    message: str | None = None
    error: Any = None
    error_message: Any = None
    error_code: str | None = None
    post_url: Any = None
    url: Any = None
    skipped: bool | None = None
    fallback_to_inbox: bool | None = None

    @property
    def link(self) -> str:
        """Where the post is; empty when nobody says."""
        links = [item for value in (self.post_url, self.url) for item in _several(value)]
        return next((link for link in links if link.startswith(("https://", "http://"))), "")

    def failed(self, remote_id: str) -> Receipt:
        """The receipt of a failure, with what to do about it."""
        given = words({"error": self.error, "message": self.error_message or self.message})
        said = given.rstrip(".") or "no reason given"
        about_account = self.skipped or self.error_code in _ACCOUNT_CODES
        remedy = RECONNECT if about_account else _CHANGE
        if self.status == "retryable":
            remedy = "Publish again."
        return Receipt(
            state=DeliveryState.FAILED,
            remote_id=remote_id,
            reason=f"Upload-Post could not publish it: {said}.",
            remedy=remedy,
        )

    def done(self, draft: bool, remote_id: str) -> Receipt:
        """The receipt of a success: live, or a draft that waits for the creator."""
        inbox = draft or self.fallback_to_inbox
        state = DeliveryState.IN_INBOX if inbox else DeliveryState.PUBLISHED
        return Receipt(state=state, remote_id=remote_id, link="" if inbox else self.link)


class Result(Outcome):
    """One platform of the answer to an upload or to a status question."""

    def receipt(self, draft: bool, remote_id: str, *, under_way: bool = False) -> Receipt:
        """What this means for a delivery; `under_way` when the whole upload is not done.

        A `success` without a status is also what a platform has that is only queued
        (documentation of the upload status, example answer).
        """
        match (self.status or "").lower():
            case "failed" | "retryable" | "skipped":
                return self.failed(remote_id)
            case "completed" | "success" | "published":
                return self.done(draft, remote_id)
            case "" if self.success is False or self.skipped:
                return self.failed(remote_id)
            case "" if self.success and not (under_way and self._waits()):
                return self.done(draft, remote_id)
            case word:
                said = "" if word in ("", "queued", "processing", "pending") else word
                return Receipt(
                    state=DeliveryState.SUBMITTED,
                    remote_id=remote_id,
                    reason=f"Upload-Post says {said}." if said else "",
                )

    def _waits(self) -> bool:
        return not self.link and bool(_NOT_YET.search(self.message or ""))

    @property
    def is_done(self) -> bool:
        """Whether this platform has it."""
        is_out = self.receipt(False, "", under_way=True).state
        return is_out in (DeliveryState.PUBLISHED, DeliveryState.IN_INBOX)


def result_of(results: Sequence[Result], platform: Platform) -> Result | None:
    """A platform's result: the success where there is one, since a retry adds results; else the
    last.
    """
    ours = [result for result in results if platform_of(result.platform) is platform]
    return next((result for result in ours if result.is_done), ours[-1] if ours else None)


def _several(value: Any) -> list[str]:
    """The texts in a field that holds one or a list of them."""
    items = cast("list[Any]", value) if isinstance(value, list) else [value]
    return [item for item in items if isinstance(item, str)]
