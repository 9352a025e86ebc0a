"""Upload-Post: every parameter of its documentation can be chosen, and goes where it belongs."""

from collections.abc import Iterator

import pytest

from bot.domain.options import Option, OptionKind, problems
from bot.domain.platform import Kind, Platform
from providers.submission import CoverFile
from providers.upload_post.covers import as_text
from providers.upload_post.options import OPTIONS, go_together, settings
from providers.upload_post.service import UploadPost
from sandbox.services.upload_post.fields import check_fields
from sandbox.services.upload_post.parameters import PARAMETERS
from tests.providers.upload_post_service_bench import a_submission, by_content, form_of, to

KINDS = {Kind.VIDEO: "video", Kind.PHOTOS: "photo", Kind.TEXT: "text"}
TEXTS = ("title", "description")
PICTURE = CoverFile(at_ms=None, picture=by_content("cover.jpg"))


def choices() -> Iterator[tuple[Platform, Kind, Option]]:
    """Every option with every kind of post that it is for and that the platform takes."""
    for platform, options in OPTIONS.items():
        for option in options:
            for kind in option.kinds & UploadPost.capabilities.platforms[platform].of.keys():
                yield platform, kind, option


def value_for(option: Option) -> str:
    match option.kind:
        case OptionKind.CHOICE:
            return option.choices[-1]
        case OptionKind.SWITCH:
            return "true"
        case OptionKind.NUMBER:
            return "7"
        case OptionKind.LINK:
            return "https://shop.example/a"
        case OptionKind.LIST:
            return "https://shop.example/a\nhttps://shop.example/b"
        case _:
            return "words"


@pytest.mark.parametrize(
    ("platform", "kind", "option"),
    [
        pytest.param(*choice, id=f"{choice[0]}-{choice[1]}-{choice[2].name}")
        for choice in sorted(choices(), key=str)
    ],
)
def test_an_option_is_a_documented_field(platform: Platform, kind: Kind, option: Option):
    """What is chosen is sent in a field that the documentation has for this kind of post."""
    recipient = to(platform, **{option.name: value_for(option)})
    sent = list(settings(recipient, kind))
    assert sent not in ([], list(settings(to(platform), kind)))
    check_fields(KINDS[kind], [str(platform)], sent)
    if option.kind is not OptionKind.LIST:
        assert problems([option], recipient.options, kind, "It") == []


@pytest.mark.parametrize("platform", list(Platform))
async def test_every_documented_field_can_be_sent(platform: Platform):
    """Each parameter of the documentation is a text, is always sent, is a cover, or is an option."""
    sent = {f"{platform}_{text}" for text in TEXTS}
    for on, kind, option in choices():
        if on is platform:
            sent |= dict(settings(to(platform, **{option.name: value_for(option)}), kind)).keys()
    sent |= dict(await as_text(a_submission(Kind.VIDEO, to(platform), cover=PICTURE))).keys()
    documented = {
        name
        for name, kinds, _ in PARAMETERS[str(platform)]
        if any(KINDS[kind] in kinds for kind in UploadPost.capabilities.platforms[platform].of)
    }
    assert documented <= sent


async def test_a_choice_for_another_kind_of_post_is_not_sent():
    """Settings of videos stay away from photos."""
    recipient = to(Platform.TIKTOK, disable_duet="true", auto_add_music="true")
    sent = dict(await form_of(a_submission(Kind.PHOTOS, recipient, title="Beans")))
    assert ("disable_duet" in sent, sent["auto_add_music"]) == (False, "true")


def test_accounts_of_one_profile_go_together():
    """An upload is for one profile, each platform once."""
    tiktok, youtube = to(Platform.TIKTOK), to(Platform.YOUTUBE)
    assert go_together(tiktok, youtube)
    assert not go_together(tiktok, to(Platform.YOUTUBE, profile="other"))
    assert not go_together(tiktok, tiktok)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        (to(Platform.X, reply_to_id="1"), to(Platform.BLUESKY)),
        (to(Platform.YOUTUBE, thumbnail_url="https://a.example/"), to(Platform.FACEBOOK)),
        (to(Platform.INSTAGRAM, is_ai_generated="true"), to(Platform.TIKTOK)),
    ],
)
def test_a_field_two_platforms_read_keeps_them_apart(one, other):
    """What is chosen for one account never reaches another that did not choose it."""
    assert not go_together(one, other)
    alike = to(other.platform, **one.options)
    assert go_together(one, alike)
