"""Pictures out of a video, at moments that are asked for: several small ones on a sheet with their
times, or one as large as it is.

Slow: call it in a thread. One video is read at a time, since unpacked pictures take memory.
"""

import time
from collections.abc import Generator, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from io import BytesIO
from threading import Lock
from typing import Protocol

import av
from av.container import InputContainer
from av.video.frame import VideoFrame
from PIL import Image, ImageOps

from bot import glimpse, lettering, preview_card, probe
from bot.domain.cover import clock
from bot.domain.media import Media
from bot.lettering import Style

FULL_SIDE, FULL_BYTES = 3840, 2_000_000
"""The largest picture of a frame: pixels of its longer side; what YouTube takes as a thumbnail."""

_SMALL = 640  # pixels of the longer side of one on a sheet
_PATIENCE = 20.0  # seconds to reach a moment exactly
_FOR_A_SHEET = 8.0  # seconds in which moments are reached, or come near
_SLIP_MS = 1  # times are told in whole milliseconds
_GAP, _LABEL = 8, 44  # pixels between the pictures of a sheet, and of the time below each
_PAPER, _INK, _STYLE = "#18191c", "#f2f3f5", Style(32, 700)
_ONE_AT_A_TIME = Lock()


class Readable(Protocol):
    """A file that can be read anywhere."""

    def read(self, size: int, /) -> object:
        """The next bytes."""
        ...

    def seek(self, offset: int, whence: int = 0, /) -> int:
        """Go to a place."""
        ...

    def tell(self) -> int:
        """The place."""
        ...


@dataclass(frozen=True, slots=True)
class Small:
    """A small JPEG of a video at a moment, in milliseconds."""

    at_ms: int
    picture: bytes


class UnreachableError(OSError):
    """No picture of the video could be read at that moment."""


def several(file: Readable, media: Media, count: int) -> list[Small]:
    """Small pictures of a video, spread over its length, each with the moment at which it is seen
    there; fewer where it has not so many. Raises UnreachableError.
    """
    step = (media.seconds or 0) * 1000 / count
    found: dict[int, bytes] = {}
    begun = time.monotonic()
    with _opened(file, media) as reel:
        for number in range(count):
            near = begun + _FOR_A_SHEET * (number + 1) / count
            at_ms, frame = reel.reach(round(step * (number + 0.5)), near)
            small = glimpse.shrunk(frame, *_size(media), side=_SMALL)
            found[at_ms] = glimpse.of_shrunk(small, frame.rotation)
            if not step:
                break
    return [Small(*item) for item in sorted(found.items())]


def one(file: Readable, media: Media, at_ms: int) -> bytes:
    """What a video shows at a moment, as a JPEG of its own size. Raises UnreachableError."""
    with _opened(file, media) as reel:
        _, frame = reel.reach(at_ms)
        shown = glimpse.shrunk(frame, *_size(media), side=FULL_SIDE)
        return glimpse.of_shrunk(shown, frame.rotation, FULL_BYTES)


def sheet(pictures: Sequence[Small]) -> bytes:
    """The pictures row by row, each with its time below it, as a JPEG."""
    with Image.open(BytesIO(pictures[0].picture), formats=["JPEG"]) as first:
        columns = min(len(pictures), 3 if first.width >= first.height else 5)
        width = (glimpse.SIDE - _GAP * (columns + 1)) // columns
        height = round(width * first.height / first.width)
    rows = -(-len(pictures) // columns)
    paper = Image.new("RGB", (glimpse.SIDE, rows * (height + _LABEL + _GAP) + _GAP), _PAPER)
    for place, each in enumerate(pictures):
        row, column = divmod(place, columns)
        left, top = _GAP + column * (width + _GAP), _GAP + row * (height + _LABEL + _GAP)
        with Image.open(BytesIO(each.picture), formats=["JPEG"]) as picture:
            paper.paste(ImageOps.fit(picture, (width, height)), (left, top))
        told = f"{place + 1} · {clock(each.at_ms)}"
        with preview_card.DRAWING:
            start = left + (width - lettering.width(told, _STYLE)) / 2
            lettering.draw(paper, (start, top + height + _LABEL * 0.75), told, _INK, _STYLE)
    return glimpse.jpeg(paper)


class _Bytes:
    """A file as PyAV reads it."""

    def __init__(self, file: Readable) -> None:
        self._file = file
        self.seek, self.tell = file.seek, file.tell

    def read(self, size: int) -> bytes:
        """The next bytes."""
        return bytes(self._file.read(size))  # pyright: ignore[reportArgumentType] - a buffer


class _Reel:
    """A video that is gone through: onward where that is nearer than the last whole picture before
    a moment.
    """

    def __init__(self, container: InputContainer) -> None:
        self._container, self._stream = container, probe.moving(container)
        self._begin = self._stream.start_time or 0
        self._unit = float(self._stream.time_base or 1) * 1000
        self._frames: Iterator[VideoFrame] = iter(())
        self._now: tuple[int, VideoFrame] | None = None
        self._next: tuple[int, VideoFrame] | None = None

    def reach(self, at_ms: int, near: float | None = None) -> tuple[int, VideoFrame]:
        """The picture that is seen at a moment, and since when it is. From the time `near` (of the
        monotonic clock) on, one before it will do. Raises UnreachableError.
        """
        if self._is_apart(at_ms):
            self._container.seek(self._begin + int(at_ms / self._unit), stream=self._stream)
            self._frames, self._now = self._container.decode(self._stream), None
            self._next = self._following()
        until = time.monotonic() + _PATIENCE
        while self._next and (self._now is None or self._next[0] <= at_ms + _SLIP_MS):
            self._now, self._next = self._next, self._following()
            now = time.monotonic()
            if near and now > near:
                break
            if now > until:
                raise UnreachableError("it takes too long to get there")
        if self._now is None:
            raise UnreachableError("there is no picture")
        return max(0, self._now[0]), self._now[1]

    def _is_apart(self, at_ms: int) -> bool:
        """Whether a moment is not simply further on."""
        index = self._stream.index_entries
        wanted = self._begin + int(at_ms / self._unit)
        place = index.search_timestamp(wanted)  # pyright: ignore[reportUnknownMemberType]
        if self._now is None or place < 0:
            return True
        return not self._ms(index[place].timestamp) <= self._now[0] <= at_ms

    def _following(self) -> tuple[int, VideoFrame] | None:
        frame = next(self._frames, None)
        return frame and (0 if frame.pts is None else self._ms(frame.pts), frame)

    def _ms(self, timestamp: int) -> int:
        return round((timestamp - self._begin) * self._unit)


@contextmanager
def _opened(file: Readable, media: Media) -> Generator[_Reel]:
    """A video, while nobody else reads one; what the readers raise becomes UnreachableError."""
    kind = probe.READERS[media.content_type]
    try:
        with _ONE_AT_A_TIME, av.open(_Bytes(file), "r", format=kind) as container:
            yield _Reel(container)
    except UnreachableError:
        raise
    except Exception as error:  # the readers raise whatever a broken file makes them stumble over
        raise UnreachableError(str(error)) from error


def _size(media: Media) -> tuple[int, int]:
    return media.width or 1, media.height or 1
