"""A network that fails: a TCP proxy between the bot and a service, with faults to choose."""

import asyncio
import socket
import struct
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from enum import StrEnum

CHUNK = 1 << 16
LATENCY = 0.3  # seconds, each way
_RESET = struct.pack("ii", 1, 0)  # linger for no time: a close is a reset


class NetFault(StrEnum):
    """What can befall a request on its way."""

    NONE = "none"
    LATENCY = "latency"  # it takes its time
    RESET = "reset"  # the connection is reset before the request gets through
    HALF_OPEN = "half-open"  # the request is taken, and nobody ever answers
    CUT = "cut"  # the request gets through, and the answer ends in its middle


class Proxy:
    """Passes bytes on to a port of this machine; a fault befalls the requests of one method."""

    def __init__(self, upstream: int) -> None:
        self._upstream = upstream
        self._method = b""
        self._fault = NetFault.NONE
        self._tasks: set[asyncio.Task[None]] = set()
        self.port = 0
        self.befallen = 0

    def spoil(self, fault: NetFault, method: str) -> None:
        """Choose what befalls requests of a method from now on."""
        self._fault, self._method = fault, method.encode()

    async def open(self) -> asyncio.Server:
        """Listen on a free port."""
        server = await asyncio.start_server(self._serve, "127.0.0.1", 0)
        self.port = server.sockets[0].getsockname()[1]
        return server

    async def close(self) -> None:
        """Drop every connection."""
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.current_task()
        assert task
        self._tasks.add(task)
        with suppress(OSError, asyncio.CancelledError):
            await self._pass_on(reader, writer)
        writer.transport.abort()
        self._tasks.discard(task)

    async def _pass_on(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        there, back = await asyncio.open_connection("127.0.0.1", self._upstream)
        fault = NetFault.NONE

        async def answer() -> None:
            while data := await there.read(CHUNK):
                await _delay(fault)
                if fault is NetFault.CUT:
                    writer.write(_half(data))
                    await writer.drain()
                    writer.close()
                    return
                writer.write(data)

        answering = asyncio.create_task(answer())
        try:
            while data := await reader.read(CHUNK):
                fault = self._befall(data) or fault
                if fault is NetFault.RESET:
                    _reset(writer)
                    return
                await _delay(fault)
                back.write(data)
        finally:
            answering.cancel()
            back.transport.abort()

    def _befall(self, data: bytes) -> NetFault | None:
        """Return what befalls a request that begins here, if it is one of those chosen."""
        if self._fault is NetFault.NONE or not data.startswith(self._method):
            return None
        self.befallen += 1
        return self._fault


async def _delay(fault: NetFault) -> None:
    """Take as long as the fault has it, which may be for ever."""
    if fault is NetFault.LATENCY:
        await asyncio.sleep(LATENCY)
    if fault is NetFault.HALF_OPEN:
        await asyncio.Event().wait()


def _half(answer: bytes) -> bytes:
    """Return an answer up to the middle of its body."""
    body = answer.rpartition(b"\r\n\r\n")[2]
    return answer[: len(answer) - len(body) // 2 - 1]


def _reset(writer: asyncio.StreamWriter) -> None:
    connection: socket.socket = writer.get_extra_info("socket")
    connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, _RESET)
    writer.transport.abort()


@asynccontextmanager
async def open_proxy(upstream: int) -> AsyncIterator[Proxy]:
    """Stand between somebody and a port, and end it."""
    proxy = Proxy(upstream)
    server = await proxy.open()
    try:
        yield proxy
    finally:
        server.close()
        await proxy.close()
