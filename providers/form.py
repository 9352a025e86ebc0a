"""Bodies whose bytes are streamed, never held: a file, and a form with files (RFC 7578)."""

import secrets
from collections.abc import AsyncIterator, Callable, Sequence
from dataclasses import dataclass

from bot.errors import TryLaterError

Stream = Callable[[], AsyncIterator[bytes]]
"""Gives the bytes from the beginning each time it is called."""


@dataclass(frozen=True, kw_only=True, slots=True)
class FormFile:
    """A file in a form; size in bytes."""

    field: str
    name: str
    content_type: str
    size: int
    content: Stream


class FileBody:
    """One file as the whole body of a request; size in bytes."""

    def __init__(self, content: Stream, size: int) -> None:
        self._content = content
        self.size = size
        self.headers = {"Content-Length": str(size)}

    def stream(self) -> AsyncIterator[bytes]:
        """The body, piece by piece."""
        return whole(self._content, self.size)


class Form:
    """A form as the body of a request; size in bytes."""

    def __init__(self, fields: Sequence[tuple[str, str]], files: Sequence[FormFile]) -> None:
        self._boundary = secrets.token_hex(16)
        self._fields = b"".join(self._field(name, value) for name, value in fields)
        self._files = [(self._head(file), file) for file in files]
        self._end = f"--{self._boundary}--\r\n".encode()
        parts = sum(len(head) + file.size + 2 for head, file in self._files)
        self.size = len(self._fields) + parts + len(self._end)
        self.headers = {
            "Content-Type": f"multipart/form-data; boundary={self._boundary}",
            "Content-Length": str(self.size),
        }

    async def stream(self) -> AsyncIterator[bytes]:
        """The body, piece by piece."""
        yield self._fields
        for head, file in self._files:
            yield head
            async for piece in whole(file.content, file.size):
                yield piece
            yield b"\r\n"
        yield self._end

    def _field(self, name: str, value: str) -> bytes:
        return (
            f"--{self._boundary}\r\n"
            f'Content-Disposition: form-data; name="{_quoted(name)}"\r\n\r\n{value}\r\n'
        ).encode()

    def _head(self, file: FormFile) -> bytes:
        return (
            f"--{self._boundary}\r\n"
            f'Content-Disposition: form-data; name="{_quoted(file.field)}";'
            f' filename="{_quoted(file.name)}"\r\n'
            f"Content-Type: {file.content_type}\r\n\r\n"
        ).encode()


async def whole(content: Stream, size: int) -> AsyncIterator[bytes]:
    """The bytes of a file, exactly as many as were announced.

    Raises TryLaterError where they cannot be read or are not as many: the body then breaks off
    before its end, so that no service takes it for complete.
    """
    sent, trouble = 0, ""
    try:
        async for piece in content():
            sent += len(piece)
            if sent > size:
                break
            yield piece
    except Exception as error:  # of whatever storage the file lies in
        trouble = f" ({type(error).__name__})"
    if trouble or sent != size:
        # Outside the handler: what a storage says may quote its credentials.
        raise TryLaterError(f"A file could not be read whole while it was sent{trouble}.")


def _quoted(text: str) -> str:
    # As browsers do (WHATWG HTML, "multipart/form-data").
    return text.replace('"', "%22").replace("\r", "%0D").replace("\n", "%0A")
