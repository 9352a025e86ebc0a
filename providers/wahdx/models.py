"""What WAHDX answers about posts (seed 002), read tolerantly, and what each status word means here."""

from typing import Any

from pydantic import AliasChoices, BaseModel, ConfigDict, Field, ValidationError

from bot.domain.delivery import DeliveryState
from bot.domain.platform import Kind
from providers.answer import words
from providers.submission import Receipt

# TikTok's reasons for a failed post (developers.tiktok.com, "Get Post Status"), with the remedy.
_RETRY = "Publish again."
_REMEDIES = {
    "file_format_check_failed": "Give the file as MP4 with H.264 (photos: JPEG or WebP).",
    "duration_check_failed": "Give a video of 3 seconds to 10 minutes, or as long as the account may post.",
    "frame_rate_check_failed": "Give a video of 24 to 60 frames per second.",
    "picture_size_check_failed": "Give a larger picture; 1080 by 1920 is best.",
    "video_pull_failed": "Check that the media address can be reached from outside, then publish again.",
    "photo_pull_failed": "Check that the media address can be reached from outside, then publish again.",
    "internal": _RETRY,
    "publish_cancelled": _RETRY,
    "auth_removed": "Connect the account again at WAHDX, then publish again.",
    "spam_risk_too_many_posts": "The account has posted too much today. Publish again tomorrow.",
    "spam_risk_user_banned_from_posting": "TikTok has barred the account from posting. See the TikTok app.",
    "spam_risk_text": "Change the caption, then publish again.",
    "spam_risk": "TikTok takes this for spam. Change the post, then publish again.",
}
_WORKING = ("PROCESSING_UPLOAD", "PROCESSING_DOWNLOAD", "PUBLISH_INITIATED")


class Wire(BaseModel):
    """Any answer: what is not named is left aside, numbers may stand for texts."""

    model_config = ConfigDict(extra="ignore", coerce_numbers_to_str=True, frozen=True)


class Candidates(Wire):
    """The addresses a TikTok post may have when its media type was not asked for."""

    video: str | None = None
    photo: str | None = None


class Progress(Wire):
    """How far one post is: the inner object of a publish or status answer, or a batch result."""

    status: str | None = None
    publish_id: str | None = Field(
        default=None, validation_alias=AliasChoices("publish_id", "publishId", "id")
    )
    public_post_url: str | None = None
    public_post_url_candidates: Candidates | None = None
    fail_reason: str | None = None

    def receipt(self, kind: Kind, remote_id: str = "") -> Receipt:
        """What this means for a delivery; words nobody documented mean still under way."""
        remote_id = remote_id or self.publish_id or ""
        match (self.status or "").upper():
            case "PUBLISH_COMPLETE":
                link = self._link(kind)
                return Receipt(state=DeliveryState.PUBLISHED, remote_id=remote_id, link=link)
            case "SEND_TO_USER_INBOX":
                return Receipt(state=DeliveryState.IN_INBOX, remote_id=remote_id)
            case "FAILED":
                return self._failed(remote_id)
            case word:
                said = "" if word in _WORKING or not word else f"WAHDX says {word}."
                return Receipt(state=DeliveryState.SUBMITTED, remote_id=remote_id, reason=said)

    def _link(self, kind: Kind) -> str:
        candidates = self.public_post_url_candidates or Candidates()
        guess = {Kind.VIDEO: candidates.video, Kind.PHOTOS: candidates.photo}.get(kind)
        link = self.public_post_url or guess or ""
        return link if link.startswith(("https://", "http://")) else ""

    def _failed(self, remote_id: str) -> Receipt:
        reason = self.fail_reason or "no reason given"
        return Receipt(
            state=DeliveryState.FAILED,
            remote_id=remote_id,
            reason=f"The platform refused it: {reason}.",
            remedy=_REMEDIES.get(reason.lower(), "Change the post, then publish again."),
        )


class Reply(Progress):
    """The answer to publish and to a single status question: what matters stands outside or in `data`."""

    data: Progress | None = None

    def merged(self) -> Progress:
        """One view of both levels, the inner one first."""
        outer = {name: getattr(self, name) for name in Progress.model_fields}
        inner = {name: getattr(self.data, name, None) for name in Progress.model_fields}
        return Progress.model_construct(
            **{name: value if value is not None else outer[name] for name, value in inner.items()}
        )


class BatchResult(Wire):
    """The frame of one batch result; how far the post is stands in the same object."""

    account_id: str = Field(alias="accountId")
    publish_id: str = Field(validation_alias=AliasChoices("publishId", "publish_id"))
    success: bool | None = None
    error: Any = None

    @property
    def refused(self) -> str:
        """Why WAHDX could not tell; empty when it could."""
        return (words({"error": self.error}) or "no reason given") if self.success is False else ""


class BatchResults(Wire):
    """The list of a batch answer; each result is read by itself, so that one cannot spoil all."""

    results: list[dict[str, Any]]

    def readable(self) -> dict[tuple[str, str], tuple[BatchResult, Progress]]:
        """The results that can be read, by account id and publish id; the order means nothing."""
        found: dict[tuple[str, str], tuple[BatchResult, Progress]] = {}
        for item in self.results:
            try:
                result = BatchResult.model_validate(item)
                found[result.account_id, result.publish_id] = result, Progress.model_validate(item)
            except ValidationError:
                continue  # its question counts as left out
        return found


class BatchReply(Wire):
    """The answer of `POST /api/content/status/batch`."""

    data: BatchResults
