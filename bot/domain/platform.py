"""The social platforms, and the kinds of content a post can be."""

from enum import StrEnum


class Platform(StrEnum):
    """A place where a post appears."""

    TIKTOK = "tiktok"
    INSTAGRAM = "instagram"
    THREADS = "threads"
    FACEBOOK = "facebook"

    @property
    def label(self) -> str:
        """The platform's name as people write it."""
        return LABELS[self]


LABELS = {
    Platform.TIKTOK: "TikTok",
    Platform.INSTAGRAM: "Instagram",
    Platform.THREADS: "Threads",
    Platform.FACEBOOK: "Facebook",
}


class Kind(StrEnum):
    """What a post is made of."""

    TEXT = "text"
    PHOTOS = "photos"
    VIDEO = "video"
