"""What each platform shows of an upload: its title, its text, who sees it."""

from collections.abc import Sequence

from sandbox.services.upload_post.store import Upload

TEXT = {
    "tiktok": 2_200,
    "instagram": 2_200,
    "youtube": 5_000,
    "facebook": 63_206,
    "threads": 500,
    "x": 280,
    "linkedin": 3_000,
    "pinterest": 500,
    "bluesky": 300,
    "reddit": 5_000,
}
TITLE = {
    "tiktok": 90,
    "youtube": 100,
    "facebook": 255,
    "linkedin": 400,
    "pinterest": 100,
    "reddit": 300,
}
"""Characters of a post and of its title (Upload-Post's page of character limits)."""


def shown(upload: Upload, platform: str) -> tuple[str, str]:
    """The title and the text as readers see them; `title` stands in for whatever is not given."""
    own = upload.value(f"{platform}_title", "title")
    long = upload.value(f"{platform}_description", "description")
    match platform, upload.kind:
        case "tiktok", _ if is_draft(upload, platform):
            return "", ""  # TikTok takes no texts for a draft
        case ("tiktok", "photo") | ("youtube" | "pinterest", _):
            return own, long or own
        case ("linkedin", "video" | "photo") | ("facebook", "video"):
            return own if long else "", long or own
        case "reddit", _:
            return own, long
        case _:
            return "", own


def too_long(upload: Upload, platform: str) -> str:
    """What is wrong with the length of the texts; empty when nothing is."""
    title, text = shown(upload, platform)
    most = 4_000 if (platform, upload.kind) == ("tiktok", "photo") else TEXT[platform]
    is_free = upload.value("x_long_text_as_post", "threads_long_text_as_post") == "true"
    if len(text) > most and not (is_free and platform in ("x", "threads")):
        return f"{platform}: text is limited to {most} characters"
    if len(title) > TITLE.get(platform, len(title)):
        return f"{platform}: title is limited to {TITLE[platform]} characters"
    return ""


def is_draft(upload: Upload, platform: str) -> bool:
    """Whether it only goes to the creator's drafts."""
    if platform == "tiktok":
        return upload.value("post_mode") == "MEDIA_UPLOAD"
    return platform == "facebook" and upload.value("video_state") == "DRAFT"


def visibility(upload: Upload, platform: str, able: Sequence[str]) -> str:
    """Who sees it, in the platform's words; a TikTok connection that is not `able` to keep a level
    publishes for everyone.
    """
    match platform:
        case "tiktok":
            asked = upload.value("privacy_level") or "PUBLIC_TO_EVERYONE"
            return asked if f"{upload.kind}_privacy" in able else "PUBLIC_TO_EVERYONE"
        case "youtube":
            return upload.value("privacyStatus") or "public"
        case "linkedin":
            return upload.value("visibility") or "PUBLIC"
        case _:
            return "public"
