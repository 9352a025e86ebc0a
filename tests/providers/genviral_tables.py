"""Every settings table of Genviral's documentation (seed 003): options, and what they are sent as."""

from typing import Any

from bot.domain.platform import Kind, Platform

LINK = "https://harbour.example/"
ON = "true"

# Platform and kind, the options of an account, and the settings they are sent as.
TABLES: list[tuple[Platform, Kind, dict[str, str], dict[str, Any]]] = [
    (
        Platform.YOUTUBE,
        Kind.VIDEO,
        {
            "visibility": "private",
            "description": "All about beans",
            "tags": "coffee\nslow mornings",
            "categoryId": "22",
            "selfDeclaredMadeForKids": "false",
            "thumbnail": LINK + "thumb.jpg",
        },
        {
            "type": "private",
            "description": "All about beans",
            "tags": [
                {"value": "coffee", "label": "coffee"},
                {"value": "slow mornings", "label": "slow mornings"},
            ],
            "categoryId": "22",
            "selfDeclaredMadeForKids": "no",
            "thumbnail": {"path": LINK + "thumb.jpg"},
        },
    ),
    (
        Platform.TIKTOK,
        Kind.VIDEO,
        {
            "visibility": "SELF_ONLY",
            "title": "Beans",
            "description": "More beans",
            "music_usage_confirmation": ON,
            "disable_comment": ON,
            "disable_duet": ON,
            "disable_stitch": "false",
            "is_your_brand": ON,
            "is_branded_content": "false",
            "video_cover_timestamp_ms": "1500",
        },
        {
            "privacy_level": "SELF_ONLY",
            "title": "Beans",
            "description": "More beans",
            "music_usage_confirmation": True,
            "disable_comment": True,
            "disable_duet": True,
            "disable_stitch": False,
            "is_your_brand": True,
            "is_branded_content": False,
            "video_cover_timestamp_ms": 1500,
        },
    ),
    (
        Platform.TIKTOK,
        Kind.PHOTOS,
        {"visibility": "SELF_ONLY", "post_mode": "MEDIA_UPLOAD", "auto_add_music": ON},
        {"privacy_level": "SELF_ONLY", "post_mode": "MEDIA_UPLOAD", "auto_add_music": True},
    ),
    (
        Platform.PINTEREST,
        Kind.PHOTOS,
        {"board_id": "123456789012345678", "link": LINK, "tags": "Italian recipes\neasy dinner"},
        {
            "board_id": "123456789012345678",
            "link": LINK,
            "tags": ["Italian recipes", "easy dinner"],
        },
    ),
    (
        Platform.X,
        Kind.TEXT,
        {
            "who_can_reply_post": "mentionedUsers",
            "community": "https://x.com/i/communities/1",
            "made_with_ai": ON,
            "paid_partnership": "false",
        },
        {
            "who_can_reply_post": "mentionedUsers",
            "community": "https://x.com/i/communities/1",
            "made_with_ai": True,
            "paid_partnership": False,
        },
    ),
    (
        Platform.INSTAGRAM,
        Kind.VIDEO,
        {
            "post_type": "post",
            "is_trial_reel": ON,
            "graduation_strategy": "SS_PERFORMANCE",
            "collaborators": "@harbour\nroastery",
            "cover_url": LINK + "cover.jpg",
            "thumb_offset_ms": "0",
            "share_to_feed": "false",
        },
        {
            "post_type": "post",
            "is_trial_reel": True,
            "graduation_strategy": "SS_PERFORMANCE",
            "collaborators": [{"label": "harbour"}, {"label": "roastery"}],
            "cover_url": LINK + "cover.jpg",
            "thumb_offset_ms": 0,
            "share_to_feed": False,
        },
    ),
    (Platform.FACEBOOK, Kind.TEXT, {"url": LINK}, {"url": LINK}),
    (
        Platform.LINKEDIN,
        Kind.PHOTOS,
        {"post_as_images_carousel": ON, "carousel_name": "slides of beans"},
        {"post_as_images_carousel": True, "carousel_name": "slides of beans"},
    ),
]
