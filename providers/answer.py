"""What a service answered, free of secrets: its status, its JSON, its own words."""

import json
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import Any, TypeVar, cast
from urllib.parse import quote

from pydantic import BaseModel, ValidationError
from pydantic_core import from_json

from bot.errors import ProtocolBrokenError

EXCERPT = 500  # characters of an answer that are kept for the history of a post
SHORTEST_SECRET = 6  # characters; taking out less would maim ordinary words and ids
LONGEST_WAIT = 86_400.0  # seconds; a service that asks for more has lost its clock

_WORD_FIELDS = ("error", "message", "detail", "reason", "error_description")
_Model = TypeVar("_Model", bound=BaseModel)


class Redactor:
    """Takes the secrets of a connection out of texts, as they are and as they stand in a URL."""

    def __init__(self, secrets: Iterable[str]) -> None:
        long = [secret for secret in secrets if len(secret) >= SHORTEST_SECRET]
        forms = {form for secret in long for form in (secret, quote(secret, safe=""))}
        longest_first = sorted(forms, key=len, reverse=True)
        self._pattern = re.compile("|".join(map(re.escape, longest_first))) if forms else None

    def text(self, text: str) -> str:
        """The text without secrets."""
        return self._pattern.sub("[secret]", text) if self._pattern else text

    def data(self, value: Any) -> Any:
        """A JSON value without secrets in any of its strings."""
        if isinstance(value, str):
            return self.text(value)
        if isinstance(value, list):
            return [self.data(item) for item in cast("list[Any]", value)]
        if isinstance(value, dict):
            fields = cast("dict[str, Any]", value)
            return {self.text(name): self.data(item) for name, item in fields.items()}
        return value


@dataclass(frozen=True, kw_only=True, slots=True)
class Answer:
    """One answer; `data` is its JSON (None when it is none), `excerpt` its redacted beginning."""

    service: str
    status: int
    data: Any
    excerpt: str

    @property
    def words(self) -> str:
        """The service's own sentence about what went wrong; empty when it gave none."""
        return words(self.data)[:EXCERPT]

    def fit(self, model: type[_Model]) -> _Model:
        """Read the JSON as a model; raises ProtocolBrokenError when it does not fit."""
        try:
            return model.model_validate(self.data)
        except ValidationError as error:
            # Without the error itself in the chain: it quotes what it was given.
            where = error.errors(include_input=False, include_url=False)[0]
        place = ".".join(map(str, where["loc"])) or "the answer"
        raise self.broken(f"{place}: {where['msg']}")

    def broken(self, why: str) -> ProtocolBrokenError:
        """The error for an answer of another shape than documented."""
        return ProtocolBrokenError(
            f"{self.service} answered in an unexpected form ({why}).",
            remedy="Look at the account before anything is repeated.",
            excerpt=self.excerpt,
        )


def read_answer(service: str, status: int, body: bytes, redactor: Redactor) -> Answer:
    """Make an answer of what came over the wire; a body that is not JSON has `data` None."""
    try:
        data = redactor.data(from_json(body))
    except ValueError:
        data = None
    text = body.decode(errors="replace") if data is None else json.dumps(data, ensure_ascii=False)
    return Answer(
        service=service, status=status, data=data, excerpt=_clean(redactor.text(text))[:EXCERPT]
    )


def retry_after(value: str | None, now: datetime) -> float | None:
    """Seconds a Retry-After header asks to wait, given as seconds or as an HTTP date (RFC 9110)."""
    if not value:
        return None
    if re.fullmatch(r"\d{1,9}(\.\d+)?", value.strip()):
        return min(float(value), LONGEST_WAIT)
    try:
        moment = parsedate_to_datetime(value)
    except ValueError:
        return None
    seconds = (moment.replace(tzinfo=moment.tzinfo or UTC) - now).total_seconds()
    return min(max(seconds, 0.0), LONGEST_WAIT)


def words(data: Any) -> str:
    """The sentence in an error answer, wherever services put it; empty when there is none."""
    if isinstance(data, str):
        return _clean(data)
    if not isinstance(data, Mapping):
        return ""
    fields = cast("Mapping[str, Any]", data)
    return next((found for name in _WORD_FIELDS if (found := words(fields.get(name)))), "")


def _clean(text: str) -> str:
    # Control characters, NUL above all, are refused by databases and by Discord.
    return "".join(" " if ord(char) < 32 or ord(char) == 127 else char for char in text).strip()
