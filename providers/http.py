"""The one HTTP client of the services: timeouts by kind of call, the law of retries, no secrets.

A *read* changes nothing at the service, or nothing that matters, and may be repeated; a *write*
publishes, changes or costs something and may not.

| what happened                            | read                 | write                |
|------------------------------------------|----------------------|----------------------|
| no connection, no slot: nothing was sent | TryLaterError        | TryLaterError        |
| a request that can never be sent         | ContentRejectedError | ContentRejectedError |
| any other trouble on the way, 5xx, 408   | TryLaterError        | OutcomeUnknownError  |
| 429, 425                                 | TryLaterError        | TryLaterError        |
| 401, 402, 403                            | AccountBrokenError   | AccountBrokenError   |
| any other 4xx                            | ContentRejectedError | ContentRejectedError |
| 3xx, no JSON, a body that is too long    | ProtocolBrokenError  | ProtocolBrokenError  |
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any

from bot.errors import (
    AccountBrokenError,
    ContentRejectedError,
    OutcomeUnknownError,
    ProviderError,
    TryLaterError,
)
from providers.answer import Answer, Redactor, read_answer
from providers.call import PUBLISH, READ, UPLOAD, Call
from providers.form import FileBody, Form, FormFile, Stream
from providers.guard import Guard
from providers.pace import Pace, Rate, wait_told
from providers.slots import slot
from providers.verdict import LOOK_THERE, Refusal, failure_of, not_stored
from providers.wire import TROUBLE, Reach, Reply, Transport, Wire, reach_of


class ServiceClient:
    """The HTTP side of one connection; raises only errors of `bot.errors.ProviderError`.

    `refusal` is the service's own reading of an answer of 400 or more; None leaves it to the
    status. `rate` is how often the service may be called with these secrets, in this process.
    `guard` says which addresses may be reached, where people choose the address.
    """

    def __init__(
        self,
        service: str,
        base_url: str,
        *,
        headers: Mapping[str, str],
        secrets: Iterable[str],
        refusal: Refusal = lambda answer: None,
        rate: Rate | None = None,
        guard: Guard | None = None,
        transport: Transport | None = None,
    ) -> None:
        secrets = tuple(secrets)
        self._service = service
        self._base_url = base_url.rstrip("/")
        self._headers = dict(headers)
        self._redactor = Redactor(secrets)
        self._refusal = refusal
        self._pace = Pace(service, secrets, rate)
        self._wire = Wire(base_url, guard, transport)

    async def read(
        self,
        path: str,
        params: Mapping[str, str] | None = None,
        *,
        headers: Mapping[str, str] | None = None,
    ) -> Answer:
        """GET something."""
        return await self._exchange(READ, "GET", path, headers, params=params)

    async def ask(self, path: str, body: Mapping[str, Any]) -> Answer:
        """POST a question, or what may be asked for twice without harm."""
        return await self._exchange(READ, "POST", path, None, json=body)

    async def write(
        self,
        path: str,
        body: Mapping[str, Any] | None = None,
        *,
        call: Call = PUBLISH,
        method: str = "POST",
        params: Mapping[str, str] | None = None,
        headers: Mapping[str, str] | None = None,
    ) -> Answer:
        """Send something that publishes, changes or costs, as JSON."""
        return await self._exchange(call, method, path, headers, json=body, params=params)

    async def write_form(
        self,
        path: str,
        fields: Sequence[tuple[str, str]],
        files: Sequence[FormFile] = (),
        *,
        call: Call = PUBLISH,
        headers: Mapping[str, str] | None = None,
    ) -> Answer:
        """Send the same as a form (multipart/form-data), with its files streamed."""
        return await self._exchange(call, "POST", path, headers, body=lambda: Form(fields, files))

    async def hand_over(
        self, url: str, content: Stream, *, size: int, headers: Mapping[str, str]
    ) -> None:
        """PUT bytes to an address the service gave, which is signed: without our own headers."""
        await self._exchange(UPLOAD, "PUT", url, headers, body=lambda: FileBody(content, size))

    async def close(self) -> None:
        """Give the sockets back."""
        await self._wire.close()

    async def _exchange(
        self,
        call: Call,
        method: str,
        path: str,
        headers: Mapping[str, str] | None,
        *,
        body: Callable[[], Form | FileBody] | None = None,
        **parts: Any,
    ) -> Answer:
        is_elsewhere = call is UPLOAD
        url = path if is_elsewhere else self._base_url + path
        sent = dict(headers or {}) if is_elsewhere else {**self._headers, **(headers or {})}
        self._check_headers(sent)
        if not is_elsewhere:
            await self._pace.turn()
        async with slot(self._service):
            try:
                reply = await self._wire.send(
                    call, method, url, headers=sent, body=body() if body else None, **parts
                )
            except ProviderError:
                raise  # of the guard or of a file: what was sent, if anything, is incomplete
            except TROUBLE as error:
                failure = self._failure(error, call)
            else:
                return self._stored(reply) if is_elsewhere else self._judge(call, reply)
        raise failure  # outside the handler: the lower error may quote a secret, so no chain

    def _check_headers(self, headers: Mapping[str, str]) -> None:
        # httpx and h11 quote a header they refuse, and with it the secret.
        if not all(value.isascii() and value.isprintable() for value in headers.values()):
            raise AccountBrokenError(
                f"The key for {self._service} holds characters no key has.",
                remedy=f"Connect {self._service} again and paste the key alone.",
            )

    def _failure(self, error: Exception, call: Call) -> ProviderError:
        what = self._redactor.text(f"{type(error).__name__}: {error}".removesuffix(": "))
        reach = reach_of(error)
        if reach is Reach.UNSENDABLE:
            return ContentRejectedError(
                f"The request to {self._service} cannot be sent ({type(error).__name__}).",
                remedy=f"Ask the operator to check the address of {self._service}.",
            )
        if reach is Reach.NEVER_SENT:
            return TryLaterError(f"{self._service} could not be reached ({what}).")
        if call.asks_to:
            return OutcomeUnknownError(
                f"{self._service} was asked to {call.asks_to}, but its answer did not arrive"
                f" ({what}).",
                remedy=LOOK_THERE,
            )
        return TryLaterError(f"{self._service} did not answer ({what}).")

    def _judge(self, call: Call, reply: Reply) -> Answer:
        self._pace.heed(reply.status, reply.headers)
        answer = read_answer(self._service, reply.status, reply.body or b"", self._redactor)
        if not reply.is_success:
            wait = wait_told(reply.status, reply.headers)
            raise failure_of(answer, wait, asked_to=call.asks_to, refusal=self._refusal)
        if reply.body is None:
            raise answer.broken(f"more than {call.body:,} bytes")
        if answer.data is None:
            raise answer.broken("no JSON")
        return answer

    def _stored(self, reply: Reply) -> Answer:
        # Without the body: a store's error quotes the address, and with it the signature.
        answer = read_answer(self._service, reply.status, b"", self._redactor)
        if reply.is_success:
            return answer
        raise not_stored(answer, wait_told(reply.status, reply.headers))
