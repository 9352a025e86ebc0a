"""Small videos to stand for clips (upright MP4 of three seconds), and how long a video is."""

from pathlib import Path
from typing import IO

_CLIPS = sorted((Path(__file__).parent / "clips").glob("*.mp4"))


def video(number: int) -> bytes:
    """A video, another one for each number, as long as there are some."""
    return _CLIPS[number % len(_CLIPS)].read_bytes()


def seconds(file: IO[bytes]) -> float | None:
    """How long a video is; None for what is no video."""
    # Loaded with the first video that is uploaded there: it takes long, and most visits do without.
    import av
    from av.error import FFmpegError

    try:
        with av.open(file, "r") as container:
            return container.duration / av.time_base if container.duration else None
    except FFmpegError:
        return None
