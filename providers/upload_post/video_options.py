"""What can be chosen for an account of TikTok, Instagram or YouTube at Upload-Post."""

from bot.domain.options import retired
from bot.domain.youtube import CATEGORIES
from providers.upload_post.parameters import (
    MEDIA,
    PHOTOS,
    VIDEO,
    choice,
    first_comment,
    link,
    number,
    several,
    switch,
    text,
)

TIKTOK_LEVELS = (
    "PUBLIC_TO_EVERYONE",
    "FOLLOWER_OF_CREATOR",
    "MUTUAL_FOLLOW_FRIENDS",
    "SELF_ONLY",
)
"""TikTok's privacy levels, most public first."""

YOUTUBE_LEVELS = ("public", "unlisted", "private")
"""YouTube's, likewise."""

TIKTOK = (
    choice("visibility", "Who can see it", MEDIA, *TIKTOK_LEVELS),
    switch("draft", "Draft in the creator's TikTok inbox, without its texts", MEDIA),
    switch("disable_comment", "No comments", MEDIA),
    switch("disable_duet", "No duets", VIDEO),
    switch("disable_stitch", "No stitches", VIDEO),
    retired(number("cover_timestamp", "Cover, in milliseconds from the start", VIDEO, 600_000)),
    retired(link("tiktok_cover_image_url", "Address of a cover", VIDEO)),
    switch("is_aigc", "Made with AI", VIDEO),
    switch("tiktok_is_ai_generated", "Made with AI", PHOTOS),
    switch("brand_content_toggle", "Paid partnership", MEDIA),
    switch("brand_organic_toggle", "Promotes the creator's own business", MEDIA),
    switch("auto_add_music", "Music chosen by TikTok", PHOTOS),
    number("photo_cover_index", "Photo that is the cover, counted from 0", PHOTOS, 34),
    text("tiktok_music_id", "Track of the commercial music library", MEDIA),
    number("tiktok_music_volume", "Volume of the music", VIDEO, 100),
    number("tiktok_music_start", "Music from, in milliseconds", VIDEO),
    number("tiktok_music_end", "Music to, in milliseconds", VIDEO),
    number("tiktok_original_sound_volume", "Volume of the video's own sound", VIDEO, 100),
    text("tiktok_location_id", "Place, as TikTok's id", MEDIA),
    text("tiktok_location_name", "Place, by its name", MEDIA),
    first_comment(MEDIA),
)

INSTAGRAM = (
    choice("media_type", "Reel or story", VIDEO, "REELS", "STORIES"),
    choice("photo_media_type", "Feed or story", PHOTOS, "IMAGE", "STORIES"),
    switch("share_to_feed", "In the feed too", VIDEO),
    choice(
        "share_mode",
        "Trial reel",
        VIDEO,
        "CUSTOM",
        "TRIAL_REELS_SHARE_TO_FOLLOWERS_IF_LIKED",
        "TRIAL_REELS_DONT_SHARE_TO_FOLLOWERS",
    ),
    text("collaborators", "Collaborators, with commas", MEDIA),
    text("user_tags", "People tagged, with commas; on photos as JSON with x and y", MEDIA),
    number("location_id", "Place, as Instagram's id", MEDIA),
    retired(link("cover_url", "Address of a cover", VIDEO)),
    retired(number("thumb_offset", "Cover, in milliseconds from the start", VIDEO)),
    text("audio_name", "Name of the sound", VIDEO),
    switch("is_ai_generated", "Made with AI", MEDIA),
    text("instagram_alt_text", "Description for people who cannot see", PHOTOS, 1_000),
    first_comment(MEDIA, 2_196),
)

YOUTUBE = (
    choice("visibility", "Who can see it", VIDEO, *YOUTUBE_LEVELS),
    several("tags", "Tags", VIDEO, item_maximum=500),
    choice("categoryId", "Category", VIDEO, *CATEGORIES),
    switch("embeddable", "May be embedded", VIDEO),
    choice("license", "License", VIDEO, "youtube", "creativeCommon"),
    switch("publicStatsViewable", "Statistics are public", VIDEO),
    switch("madeForKids", "Made for kids", VIDEO),
    switch("selfDeclaredMadeForKids", "Declared as made for kids", VIDEO),
    switch("containsSyntheticMedia", "Made with AI", VIDEO),
    switch("hasPaidProductPlacement", "Paid product placement", VIDEO),
    switch("youtube_notify_subscribers", "Subscribers are told", VIDEO),
    retired(link("thumbnail_url", "Address of a thumbnail", VIDEO)),
    text("youtube_playlist_id", "Playlists, with commas", VIDEO),
    text("defaultLanguage", "Language of the texts, such as en", VIDEO),
    text("defaultAudioLanguage", "Language of the sound, such as en-US", VIDEO),
    text("allowedCountries", "Only in countries, with commas", VIDEO),
    text("blockedCountries", "Not in countries, with commas", VIDEO),
    text("recordingDate", "When it was recorded, as 2026-01-15T14:30:00Z", VIDEO),
    link("youtube_subtitle_file_0", "Address of subtitles", VIDEO),
    text("youtube_subtitle_language_0", "Language of the subtitles, such as en", VIDEO),
    text("youtube_subtitle_name_0", "Name of the subtitles", VIDEO, 150),
    first_comment(VIDEO),
)
