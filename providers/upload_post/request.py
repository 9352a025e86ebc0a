"""The form of an upload: what Upload-Post is sent for a submission."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from bot.domain.platform import Kind, Platform
from bot.errors import ContentRejectedError
from providers.form import FormFile
from providers.submission import MediaFile, Recipient, Submission
from providers.upload_post import covers
from providers.upload_post.limits import LABELS
from providers.upload_post.options import settings
from providers.upload_post_api.client import moment
from providers.upload_post_api.names import profile_of

LONGEST_REEL = 90
"""Seconds of a Facebook reel ("Video requirements"); a longer one goes out as a video."""

_PATHS = {Kind.VIDEO: "/upload", Kind.PHOTOS: "/upload_photos", Kind.TEXT: "/upload_text"}
_FILES = {Kind.VIDEO: "video", Kind.PHOTOS: "photos[]"}


@dataclass(frozen=True, kw_only=True, slots=True)
class Upload:
    """Where a form goes, its fields in order, its files."""

    path: str
    fields: Sequence[tuple[str, str]]
    files: Sequence[FormFile]


def upload_of(submission: Submission) -> Upload:
    """The form of a submission; its accounts are platforms of one profile."""
    by_address = all(file.url for file in submission.media)
    fields = [*_common(submission)]
    for recipient in submission.recipients:
        fields += _texts(submission, recipient.platform)
        fields += _settings(submission, recipient)
    fields += covers.fields(submission)
    files = [_file(field, file) for field, file in covers.files(submission)]
    if by_address:
        fields += [(_FILES[submission.kind], file.url) for file in submission.media]
    else:
        files = [*(_file(_FILES[submission.kind], file) for file in submission.media), *files]
    return Upload(
        path=_PATHS[submission.kind],
        fields=[(name, value) for name, value in fields if value],
        files=files,
    )


def _common(submission: Submission) -> Iterator[tuple[str, str]]:
    yield "user", profile_of(submission.recipients[0].remote_id)
    for recipient in submission.recipients:
        yield "platform[]", str(recipient.platform)
    yield "title", submission.title or submission.caption
    yield "async_upload", "true"
    # So that the upload can be asked for although its answer was lost.
    yield "request_id", submission.key
    if submission.at:
        yield "scheduled_date", moment(submission.at)
        yield "timezone", "UTC"


def _texts(submission: Submission, platform: Platform) -> Iterator[tuple[str, str]]:
    """The texts of one platform. `title` is what its readers read where it has no description;
    what is not given is filled from the common title.
    """
    caption, title = submission.caption, submission.title
    match platform, submission.kind:
        case (Platform.TIKTOK, Kind.PHOTOS) | (Platform.YOUTUBE | Platform.PINTEREST, _):
            yield f"{platform}_title", title
            yield f"{platform}_description", caption
        case (Platform.FACEBOOK, Kind.VIDEO) | (Platform.LINKEDIN, Kind.VIDEO | Kind.PHOTOS):
            # The description is what people read; the title is a label of the file.
            yield f"{platform}_title", (title or caption)[: LABELS[platform]]
            yield f"{platform}_description", caption
        case (Platform.REDDIT, _):
            yield "reddit_title", title
            yield "description", caption  # Reddit has no description of its own
        case _:
            yield f"{platform}_title", caption


def _settings(submission: Submission, recipient: Recipient) -> Iterator[tuple[str, str]]:
    fields = list(settings(recipient, submission.kind))
    yield from fields
    is_free = "facebook_media_type" not in dict(fields)
    if recipient.platform is Platform.FACEBOOK and is_free and _is_long(submission):
        yield "facebook_media_type", "VIDEO"


def _is_long(submission: Submission) -> bool:
    seconds = [file.seconds or 0 for file in submission.media]
    return submission.kind is Kind.VIDEO and max(seconds, default=0) > LONGEST_REEL


def _file(field: str, file: MediaFile) -> FormFile:
    if file.content is None:
        raise ContentRejectedError(
            "A file of the post can neither be fetched nor handed over.",
            remedy="Give the file again, then publish again.",
        )
    return FormFile(
        field=field,
        name=file.name,
        content_type=file.content_type,
        size=file.size,
        content=file.content,
    )
