"""What can be chosen for an account of the other platforms at Upload-Post."""

from bot.domain.options import retired
from providers.upload_post.parameters import (
    ALL,
    MEDIA,
    PHOTOS,
    TEXT,
    VIDEO,
    choice,
    first_comment,
    link,
    number,
    several,
    switch,
    text,
)

LINKEDIN_LEVELS = ("PUBLIC", "LOGGED_IN", "CONNECTIONS", "CONTAINER")
"""LinkedIn's visibility, most public first."""

_WHO_MAY = ("everyone", "following", "mentionedUsers", "subscribers", "verified")
_UNSEEN = "Description for people who cannot see"

FACEBOOK = (
    text("facebook_page_id", "Page; needed where there are several", ALL, listed=True),
    choice("facebook_media_type", "Reel, story or video", VIDEO, "REELS", "STORIES", "VIDEO"),
    choice("photo_media_type", "Post or story", PHOTOS, "POSTS", "STORIES"),
    switch("draft", "Draft on the page", VIDEO),
    retired(link("thumbnail_url", "Address of a thumbnail, for a video that is no reel", VIDEO)),
    switch("facebook_is_ai_generated", "Made with AI", VIDEO),
    text("facebook_alt_text", _UNSEEN, PHOTOS),
    text("facebook_place_id", "Place, as Facebook's id", MEDIA),
    link("facebook_link_url", "Address shown as a card", TEXT),
    first_comment(ALL),
)

THREADS = (
    switch("threads_long_text_as_post", "A long text as one post", ALL),
    text("threads_topic_tag", "Topic", ALL, 50),
    text("threads_reply_control", "Who may reply", ALL),
    text("threads_alt_text", _UNSEEN, PHOTOS),
    text("threads_thread_media_layout", "Photos of each post, such as 5,5", PHOTOS),
    link("threads_link_attachment", "Address shown as a card", TEXT),
    first_comment(ALL, 500),
)

X = (
    choice("reply_settings", "Who may reply", ALL, *_WHO_MAY),
    switch("x_long_text_as_post", "A long text as one post (Premium)", ALL),
    switch("made_with_ai", "Made with AI", MEDIA),
    text("geo_place_id", "Place, as X's id", ALL),
    text("place_id", "Place of the files, as X's id", MEDIA),
    several("tagged_user_ids", "People tagged, as X's ids", MEDIA, 10),
    text("x_thread_image_layout", "Photos of each post, such as 4,4", PHOTOS),
    text("reply_to_id", "Answers the post with this id", ALL),
    several("exclude_reply_user_ids", "People left out of the answer, as X's ids", ALL),
    text("quote_tweet_id", "Quotes the post with this id", TEXT),
    link("post_url", "Address attached", TEXT),
    text("card_uri", "Card", TEXT),
    several("poll_options", "Answers of a poll", TEXT, 4, 25),
    number("poll_duration", "Minutes of the poll", TEXT, 10_080),
    choice("poll_reply_settings", "Who may reply to the poll", TEXT, *_WHO_MAY),
    text("community_id", "Community, as X's id", ALL),
    switch("share_with_followers", "A community's post for followers too", ALL),
    switch("for_super_followers_only", "For super followers only", ALL),
    switch("nullcast", "For promotion only", ALL),
    link("direct_message_deep_link", "Address of a direct message", ALL),
    first_comment(ALL, 280),
)

LINKEDIN = (
    choice("visibility", "Who can see it", ALL, *LINKEDIN_LEVELS),
    text("target_linkedin_page_id", "Page; else the personal profile", ALL, listed=True),
    switch("linkedin_disable_reshare", "Not to be shared", ALL),
    text("linkedin_alt_text", _UNSEEN, PHOTOS),
    link("linkedin_link_url", "Address shown as a card", TEXT),
    text("linkedin_poll_question", "Question of a poll", TEXT),
    several("linkedin_poll_options", "Answers of the poll", TEXT, 4),
    text("linkedin_poll_duration", "Length of the poll", TEXT),
    first_comment(ALL, 1_250),
)

PINTEREST = (
    text("pinterest_board_id", "Board", MEDIA, required=True, listed=True),
    text("pinterest_board_section_id", "Section of the board", MEDIA),
    link("pinterest_link", "Address behind the pin", MEDIA),
    text("pinterest_alt_text", _UNSEEN, PHOTOS, 500),
    several("pinterest_carousel_titles", "Titles of the photos", PHOTOS, 5, 100),
    several("pinterest_carousel_descriptions", "Descriptions of the photos", PHOTOS, 5, 500),
    several("pinterest_carousel_links", "Addresses behind the photos", PHOTOS, 5, 2_048),
    retired(link("pinterest_cover_image_url", "Address of a cover", VIDEO)),
    retired(
        number(
            "pinterest_cover_image_key_frame_time", "Cover, in milliseconds from the start", VIDEO
        )
    ),
)

BLUESKY = (
    text("reply_to_id", "Answers the post at this address", TEXT),
    link("bluesky_link_url", "Address shown as a card", TEXT),
    first_comment(ALL, 300),
)

REDDIT = (
    text("subreddit", "Subreddit, without r/", TEXT | PHOTOS, required=True),
    text("flair_id", "Flair, as its id", TEXT | PHOTOS),
    link("reddit_link_url", "Address of a link post", TEXT),
    first_comment(TEXT | PHOTOS, 10_000),
)
