"""What an error of OpenShorts means: of a post it is often HTTP 500, and the status that matters
stands at the beginning of the text (seen at the real server; seed 001 promises other statuses).
"""

import json
import re
from typing import Any

from pydantic import BaseModel, ValidationError

from bot.errors import AccountBrokenError, ContentRejectedError, ProviderError, TryLaterError
from providers.answer import EXCERPT, Answer, words
from providers.upload_post_api.refusals import refusal as upload_post_refusal
from providers.verdict import refused

MAKE_AGAIN = "OpenShorts keeps clips for a limited time: make them again, then choose one."

JOB_GONE = (
    "OpenShorts forgets jobs after a time, and those under way when its server is started again:"
    " make the clips again."
)

_INNER = re.compile(
    r"(\d{3}): (Vendor API Error|Failed to fetch user|Video file not found)(?:: (.*))?", re.DOTALL
)
_CONNECT_AGAIN = "Connect OpenShorts again, with"

# Words of OpenShorts' own refusals: what they are about, and the remedy.
_OWN: tuple[tuple[str, type[ProviderError], str], ...] = (
    (r"missing .*upload-post.*key", AccountBrokenError, f"{_CONNECT_AGAIN} the Upload-Post key."),
    (r"missing .*user profile", AccountBrokenError, f"{_CONNECT_AGAIN} the Upload-Post profile."),
    (r"missing x-gemini-key", AccountBrokenError, f"{_CONNECT_AGAIN} a Gemini key."),
    (r"not found$|method not allowed$", AccountBrokenError, f"{_CONNECT_AGAIN} its address."),
    (r"job not found", ContentRejectedError, JOB_GONE),
    (r"job result not available", ContentRejectedError, "Wait until the clips are ready."),
    (r"must confirm you own", ContentRejectedError, "Agree that you may use the video."),
    (r"file too large", ContentRejectedError, "Give a smaller video."),
    (r".*(too short|at least \d+ ?s)", ContentRejectedError, "Give a longer video."),
)


def meaning(answer: Answer) -> ProviderError | None:
    """The error an answer of 400 or more stands for; None leaves it to its status."""
    text = words(answer.data)
    if inner := _INNER.match(text):
        return _inner(answer, int(inner[1]), inner[2], inner[3] or "")
    if answer.status == 422:
        return _misfit(answer)
    if answer.status >= 500 or answer.status == 429:
        return None
    for pattern, kind, remedy in _OWN:
        if re.match(pattern, text, re.IGNORECASE):
            return kind(
                f"OpenShorts refused: {text[:EXCERPT]}", remedy=remedy, excerpt=answer.excerpt
            )
    return None


def _inner(answer: Answer, status: int, what: str, rest: str) -> ProviderError | None:
    """A status inside the text: a definite no below 500, and nothing that is known from there."""
    if status >= 500 or status == 408:
        return None
    if what == "Video file not found":
        return ContentRejectedError(
            f"OpenShorts has lost the video of this clip: {words(answer.data)[:EXCERPT]}",
            remedy=MAKE_AGAIN,
            excerpt=answer.excerpt,
        )
    told = Answer(
        service="Upload-Post", status=status, data=_vendor_data(rest), excerpt=answer.excerpt
    )
    if status == 429 and what == "Failed to fetch user":
        return TryLaterError(f"Upload-Post refused: {told.words}", excerpt=answer.excerpt)
    return upload_post_refusal(told) or refused(told)


def _vendor_data(rest: str) -> Any:
    """Upload-Post's answer as OpenShorts quotes it."""
    try:
        return json.loads(rest)
    except ValueError:
        return {"message": rest}


class _Field(BaseModel):
    loc: list[str | int]
    msg: str


class _Misfit(BaseModel):
    detail: list[_Field]


def _misfit(answer: Answer) -> ProviderError | None:
    """A list of fields that do not fit (FastAPI's 422), field by field."""
    try:
        fields = _Misfit.model_validate(answer.data).detail
    except ValidationError:
        return None
    told = (f"{'.'.join(map(str, field.loc))}: {field.msg}" for field in fields)
    return ContentRejectedError(
        f"OpenShorts refused: {'; '.join(told)[:EXCERPT]}",
        remedy="Change the post, then publish again.",
        excerpt=answer.excerpt,
    )
