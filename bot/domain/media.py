"""A picture or video of a post, known by the hash of its bytes."""

from collections.abc import Sequence
from dataclasses import dataclass

from bot.domain.platform import Kind

# Content types that some service takes, with the extension a service finds in the link
# (WAHDX decides by extension: seed 002).
EXTENSIONS = {
    "image/jpeg": "jpg",
    "image/png": "png",
    "image/webp": "webp",
    "video/mp4": "mp4",
    "video/quicktime": "mov",
    "video/webm": "webm",
    "video/x-m4v": "m4v",
    "video/x-msvideo": "avi",
}

MAX_FILES = 10  # what one Discord message or upload field carries

CARD_ROOM = 10 * 1024 * 1024
"""What a bot may attach to one message in any server, in bytes (Discord's documents)."""

MAX_SIZE = 5_000_000_000
"""The largest file in bytes that is taken in: the most that any service takes (WayinVideo)."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Media:
    """One file of a post; `size` is in bytes, `sha256` in lower-case hex.

    The rest was measured when it was kept, None or empty where it could not be: width and height
    in pixels as it is shown, after turning; a video's length, its frames per second and its codec
    (`h264`, …), which a photo has not.
    """

    sha256: str
    content_type: str
    size: int
    filename: str
    width: int | None = None
    height: int | None = None
    seconds: float | None = None
    frame_rate: float | None = None
    codec: str = ""

    @property
    def is_video(self) -> bool:
        """Whether the file is a moving picture."""
        return self.content_type.startswith("video/")

    @property
    def aspect(self) -> float | None:
        """Width divided by height."""
        return self.width / self.height if self.width and self.height else None

    @property
    def extension(self) -> str:
        """The extension the content type calls for, without a dot."""
        return EXTENSIONS[self.content_type]


def kind_of(media: Sequence[Media]) -> Kind:
    """What a post with these files is; mixing photos and a video is refused before this."""
    if not media:
        return Kind.TEXT
    return Kind.VIDEO if media[0].is_video else Kind.PHOTOS
