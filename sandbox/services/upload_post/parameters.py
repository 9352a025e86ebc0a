"""The parameters each platform has: for which kinds of post, with what they may hold.

From docs.upload-post.com (upload video, photos, text) and the official clients of 2.13 and 2.14.
"""

from collections.abc import Mapping

LEVELS = ("PUBLIC_TO_EVERYONE", "MUTUAL_FOLLOW_FRIENDS", "FOLLOWER_OF_CREATOR", "SELF_ONLY")
_VIDEO, _PHOTO, _TEXT = ("video",), ("photo",), ("text",)
_MEDIA = ("video", "photo")
_ALL = ("video", "photo", "text")
_REPLIES = ("everyone", "following", "mentionedUsers", "subscribers", "verified")
_VISIBLE = ("PUBLIC", "CONNECTIONS", "LOGGED_IN", "CONTAINER")

Row = tuple[str, tuple[str, ...], "str | tuple[str, ...]"]
"""Field, kinds of post, and `bool`, `int`, `url`, `text` or the words it may be."""

_X: tuple[Row, ...] = (
    ("x_title", _ALL, "text"),
    ("x_first_comment", _ALL, "text"),
    ("x_long_text_as_post", _ALL, "bool"),
    ("reply_settings", _ALL, _REPLIES),
    ("geo_place_id", _ALL, "text"),
    ("nullcast", _ALL, "bool"),
    ("for_super_followers_only", _ALL, "bool"),
    ("community_id", _ALL, "text"),
    ("share_with_followers", _ALL, "bool"),
    ("direct_message_deep_link", _ALL, "url"),
    ("reply_to_id", _ALL, "text"),
    ("exclude_reply_user_ids[]", _ALL, "text"),
    ("tagged_user_ids[]", _MEDIA, "text"),
    ("place_id", _MEDIA, "text"),
    ("made_with_ai", _MEDIA, "bool"),
    ("x_thread_image_layout", _PHOTO, "text"),
    ("quote_tweet_id", _TEXT, "text"),
    ("card_uri", _TEXT, "text"),
    ("post_url", _TEXT, "url"),
    ("poll_options[]", _TEXT, "text"),
    ("poll_duration", _TEXT, "int"),
    ("poll_reply_settings", _TEXT, _REPLIES),
)
_TIKTOK: tuple[Row, ...] = (
    ("tiktok_title", _MEDIA, "text"),
    ("tiktok_description", _PHOTO, "text"),
    ("tiktok_first_comment", _MEDIA, "text"),
    ("privacy_level", _MEDIA, LEVELS),
    ("post_mode", _MEDIA, ("DIRECT_POST", "MEDIA_UPLOAD")),
    ("disable_inbox_fallback", _MEDIA, "bool"),
    ("disable_comment", _MEDIA, "bool"),
    ("disable_duet", _VIDEO, "bool"),
    ("disable_stitch", _VIDEO, "bool"),
    ("cover_timestamp", _VIDEO, "int"),
    ("is_aigc", _VIDEO, "bool"),
    ("tiktok_is_ai_generated", _PHOTO, "bool"),
    ("brand_content_toggle", _MEDIA, "bool"),
    ("brand_organic_toggle", _MEDIA, "bool"),
    ("auto_add_music", _PHOTO, "bool"),
    ("photo_cover_index", _PHOTO, "int"),
    ("tiktok_music_id", _MEDIA, "text"),
    ("tiktok_music_volume", _VIDEO, "int"),
    ("tiktok_music_start", _VIDEO, "int"),
    ("tiktok_music_end", _VIDEO, "int"),
    ("tiktok_original_sound_volume", _VIDEO, "int"),
    ("tiktok_location_id", _MEDIA, "text"),
    ("tiktok_location_name", _MEDIA, "text"),
    ("tiktok_cover_image_url", _VIDEO, "url"),
)
_INSTAGRAM: tuple[Row, ...] = (
    ("instagram_title", _MEDIA, "text"),
    ("instagram_first_comment", _MEDIA, "text"),
    ("media_type", _VIDEO, ("REELS", "STORIES")),
    ("media_type", _PHOTO, ("IMAGE", "STORIES")),
    ("share_to_feed", _VIDEO, "bool"),
    (
        "share_mode",
        _VIDEO,
        (
            "CUSTOM",
            "TRIAL_REELS_SHARE_TO_FOLLOWERS_IF_LIKED",
            "TRIAL_REELS_DONT_SHARE_TO_FOLLOWERS",
        ),
    ),
    ("collaborators", _MEDIA, "text"),
    ("user_tags", _MEDIA, "text"),
    ("location_id", _MEDIA, "int"),
    ("cover_url", _VIDEO, "url"),
    ("audio_name", _VIDEO, "text"),
    ("thumb_offset", _VIDEO, "int"),
    ("is_ai_generated", _MEDIA, "bool"),
    ("instagram_alt_text", _PHOTO, "text"),
)
_YOUTUBE: tuple[Row, ...] = (
    ("youtube_title", _VIDEO, "text"),
    ("youtube_description", _VIDEO, "text"),
    ("youtube_first_comment", _VIDEO, "text"),
    ("tags[]", _VIDEO, "text"),
    ("categoryId", _VIDEO, "int"),
    ("privacyStatus", _VIDEO, ("public", "unlisted", "private")),
    ("embeddable", _VIDEO, "bool"),
    ("license", _VIDEO, ("youtube", "creativeCommon")),
    ("publicStatsViewable", _VIDEO, "bool"),
    ("madeForKids", _VIDEO, "bool"),
    ("selfDeclaredMadeForKids", _VIDEO, "bool"),
    ("containsSyntheticMedia", _VIDEO, "bool"),
    ("hasPaidProductPlacement", _VIDEO, "bool"),
    ("thumbnail_url", _VIDEO, "url"),
    ("defaultLanguage", _VIDEO, "text"),
    ("defaultAudioLanguage", _VIDEO, "text"),
    ("allowedCountries", _VIDEO, "text"),
    ("blockedCountries", _VIDEO, "text"),
    ("recordingDate", _VIDEO, "text"),
    ("youtube_playlist_id", _VIDEO, "text"),
    ("youtube_notify_subscribers", _VIDEO, "bool"),
    ("youtube_subtitle_file_0", _VIDEO, "url"),
    ("youtube_subtitle_language_0", _VIDEO, "text"),
    ("youtube_subtitle_name_0", _VIDEO, "text"),
)
_FACEBOOK: tuple[Row, ...] = (
    ("facebook_title", _ALL, "text"),
    ("facebook_description", _VIDEO, "text"),
    ("facebook_first_comment", _ALL, "text"),
    ("facebook_page_id", _ALL, "text"),
    ("facebook_media_type", _VIDEO, ("REELS", "STORIES", "VIDEO")),
    ("facebook_media_type", _PHOTO, ("POSTS", "STORIES")),
    ("video_state", _VIDEO, ("PUBLISHED", "DRAFT")),
    ("thumbnail_url", _VIDEO, "url"),
    ("facebook_is_ai_generated", _VIDEO, "bool"),
    ("facebook_alt_text", _PHOTO, "text"),
    ("facebook_place_id", _MEDIA, "text"),
    ("facebook_link_url", _TEXT, "url"),
)
_LINKEDIN: tuple[Row, ...] = (
    ("linkedin_title", _ALL, "text"),
    ("linkedin_description", _MEDIA, "text"),
    ("linkedin_first_comment", _ALL, "text"),
    ("visibility", _ALL, _VISIBLE),
    ("target_linkedin_page_id", _ALL, "text"),
    ("linkedin_disable_reshare", _ALL, "bool"),
    ("linkedin_alt_text", _PHOTO, "text"),
    ("linkedin_link_url", _TEXT, "url"),
    ("linkedin_poll_question", _TEXT, "text"),
    ("linkedin_poll_options[]", _TEXT, "text"),
    ("linkedin_poll_duration", _TEXT, "text"),
)
_THREADS: tuple[Row, ...] = (
    ("threads_title", _ALL, "text"),
    ("threads_first_comment", _ALL, "text"),
    ("threads_long_text_as_post", _ALL, "bool"),
    ("threads_topic_tag", _ALL, "text"),
    ("threads_reply_control", _ALL, "text"),
    ("threads_alt_text", _PHOTO, "text"),
    ("threads_thread_media_layout", _PHOTO, "text"),
    ("threads_link_attachment", _TEXT, "url"),
)
_PINTEREST: tuple[Row, ...] = (
    ("pinterest_title", _MEDIA, "text"),
    ("pinterest_description", _MEDIA, "text"),
    ("pinterest_board_id", _MEDIA, "text"),
    ("pinterest_board_section_id", _MEDIA, "text"),
    ("pinterest_link", _MEDIA, "url"),
    ("pinterest_alt_text", _PHOTO, "text"),
    ("pinterest_carousel_titles[]", _PHOTO, "text"),
    ("pinterest_carousel_descriptions[]", _PHOTO, "text"),
    ("pinterest_carousel_links[]", _PHOTO, "url"),
    ("pinterest_cover_image_url", _VIDEO, "url"),
    ("pinterest_cover_image_content_type", _VIDEO, ("image/jpeg", "image/png")),
    ("pinterest_cover_image_data", _VIDEO, "text"),
    ("pinterest_cover_image_key_frame_time", _VIDEO, "int"),
)
_BLUESKY: tuple[Row, ...] = (
    ("bluesky_title", _ALL, "text"),
    ("bluesky_first_comment", _ALL, "text"),
    ("reply_to_id", _TEXT, "text"),
    ("bluesky_link_url", _TEXT, "url"),
)
_REDDIT: tuple[Row, ...] = (
    ("reddit_title", _ALL, "text"),
    ("reddit_first_comment", _ALL, "text"),
    ("subreddit", _ALL, "text"),
    ("flair_id", _ALL, "text"),
    ("reddit_link_url", _TEXT, "url"),
)
PARAMETERS: Mapping[str, tuple[Row, ...]] = {
    "tiktok": _TIKTOK,
    "instagram": _INSTAGRAM,
    "youtube": _YOUTUBE,
    "facebook": _FACEBOOK,
    "threads": _THREADS,
    "x": _X,
    "linkedin": _LINKEDIN,
    "pinterest": _PINTEREST,
    "bluesky": _BLUESKY,
    "reddit": _REDDIT,
}
