"""The social platforms, and the kinds of content a post can be."""

from enum import StrEnum


class Platform(StrEnum):
    """A place where a post appears."""

    TIKTOK = "tiktok"
    INSTAGRAM = "instagram"
    YOUTUBE = "youtube"
    FACEBOOK = "facebook"
    THREADS = "threads"
    X = "x"
    LINKEDIN = "linkedin"
    PINTEREST = "pinterest"
    BLUESKY = "bluesky"
    REDDIT = "reddit"

    @property
    def label(self) -> str:
        """The platform's name as people write it."""
        return LABELS[self]


LABELS = {
    Platform.TIKTOK: "TikTok",
    Platform.INSTAGRAM: "Instagram",
    Platform.YOUTUBE: "YouTube",
    Platform.FACEBOOK: "Facebook",
    Platform.THREADS: "Threads",
    Platform.X: "X",
    Platform.LINKEDIN: "LinkedIn",
    Platform.PINTEREST: "Pinterest",
    Platform.BLUESKY: "Bluesky",
    Platform.REDDIT: "Reddit",
}


class Kind(StrEnum):
    """What a post is made of."""

    TEXT = "text"
    PHOTOS = "photos"
    VIDEO = "video"
    CLIP = "clip"  # a piece of a longer video that a service has cut and keeps
