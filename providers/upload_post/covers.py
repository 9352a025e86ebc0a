"""The cover of a video at Upload-Post: a moment for some platforms, a picture for others.

A picture without an address goes along with the form, so that it is there when a scheduled post is
published: as a file, or for Pinterest, which has no field for a file, as text.
"""

from base64 import b64encode
from collections.abc import Iterator, Mapping

from bot.domain.cover import NO_COVERS, CoverForm, CoverLimit
from bot.domain.platform import Platform
from bot.domain.platform_limits import JPEG, MB, PNG
from providers.form import whole
from providers.submission import MediaFile, Recipient, Submission

_PICTURES = frozenset({JPEG, PNG})

COVERS: Mapping[Platform, CoverLimit] = {
    Platform.TIKTOK: CoverLimit(
        frame=True,
        types=_PICTURES,
        size=20 * MB,
        only_with=("draft", frozenset({"", "false"})),
        otherwise="a draft in the inbox keeps the video alone.",
    ),
    Platform.INSTAGRAM: CoverLimit(
        frame=True,
        types=_PICTURES,
        size=8 * MB,
        only_with=("media_type", frozenset({"", "REELS"})),
        otherwise="a story shows none.",
    ),
    Platform.YOUTUBE: CoverLimit(types=_PICTURES, size=2 * MB),
    Platform.FACEBOOK: CoverLimit(
        types=_PICTURES,
        size=10 * MB,
        only_with=("facebook_media_type", frozenset({"VIDEO"})),
        otherwise="Facebook takes one for a plain video, and not for a reel or a story.",
    ),
    Platform.PINTEREST: CoverLimit(frame=True, types=_PICTURES, size=10 * MB),
}
"""From its page "Upload video"; sizes are those of the platforms."""

_MOMENTS = {
    Platform.TIKTOK: "cover_timestamp",
    Platform.INSTAGRAM: "thumb_offset",
    Platform.PINTEREST: "pinterest_cover_image_key_frame_time",
}
"""All in milliseconds."""
_ADDRESSES = {
    Platform.TIKTOK: "tiktok_cover_image_url",
    Platform.INSTAGRAM: "cover_url",
    Platform.YOUTUBE: "thumbnail_url",
    Platform.FACEBOOK: "thumbnail_url",
    Platform.PINTEREST: "pinterest_cover_image_url",
}
_FILES = {
    Platform.TIKTOK: "tiktok_cover_image",
    Platform.INSTAGRAM: "cover_image",
    Platform.YOUTUBE: "thumbnail",
    Platform.FACEBOOK: "facebook_thumbnail",
}


def fields(submission: Submission) -> Iterator[tuple[str, str]]:
    """The fields of a form by which its platforms get the cover, each once."""
    cover = submission.cover
    found: dict[str, str] = {}
    for recipient in submission.recipients if cover else ():
        form = _form(submission, recipient)
        if cover and form is CoverForm.FRAME:
            found[_MOMENTS[recipient.platform]] = str(cover.at_ms)
        elif cover and form is CoverForm.PICTURE and cover.picture.url:
            found[_ADDRESSES[recipient.platform]] = cover.picture.url
    yield from found.items()


def files(submission: Submission) -> Iterator[tuple[str, MediaFile]]:
    """The files of a form by which its platforms get a cover that has no address."""
    for platform in _without_address(submission):
        if submission.cover and platform in _FILES:
            yield _FILES[platform], submission.cover.picture


async def as_text(submission: Submission) -> list[tuple[str, str]]:
    """The fields in which Pinterest gets a cover that has no address."""
    cover = submission.cover
    if cover is None or cover.picture.content is None:
        return []
    if Platform.PINTEREST not in _without_address(submission):
        return []
    pieces = [piece async for piece in whole(cover.picture.content, cover.picture.size)]
    return [
        ("pinterest_cover_image_content_type", cover.picture.content_type),
        ("pinterest_cover_image_data", b64encode(b"".join(pieces)).decode()),
    ]


def _without_address(submission: Submission) -> list[Platform]:
    """The platforms that get a picture which must be handed over with the form."""
    if submission.cover is None or submission.cover.picture.url:
        return []
    return [
        recipient.platform
        for recipient in submission.recipients
        if _form(submission, recipient) is CoverForm.PICTURE
    ]


def _form(submission: Submission, recipient: Recipient) -> CoverForm | None:
    limit = COVERS.get(recipient.platform, NO_COVERS)
    at_ms = submission.cover.at_ms if submission.cover else None
    return limit.form(at_ms, submission.kind, recipient.options)
