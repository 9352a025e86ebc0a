"""Forms made from what services declare, and the card of a draft: both fit what Discord takes."""

import pytest
from discord import ui
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.domain.limits import AccountLimits
from bot.domain.options import Listed, Option, OptionKind
from bot.domain.platform import Kind, Platform
from bot.domain.post import Target
from bot.errors import Problem
from bot.workflow.examine import Examined
from bot.workflow.offers import Offer
from cogs.ui import draft_card, draft_parts, option_forms, values
from cogs.ui.sent_form import Answers
from providers.catalogue import PROVIDERS
from tests.cogs.discord_limits import assert_embed_fits, assert_form_fits
from tests.factories import a_media, a_post, a_revision, a_target

FORM_ID = f"draft-form:options:{10**12}:{10**6}:{10**12}:9"
EVERY_OPTION = [
    pytest.param(a_target(provider=name, platform=platform, name="n" * 100), kind, id=f"{name} {platform} {kind}")
    for name, provider in PROVIDERS.items()
    for platform, limits in provider.capabilities.platforms.items()
    for kind in limits.of
]  # fmt: skip


def forms_of(target: Target, kind: Kind) -> list[tuple[tuple[Option, ...], ui.Modal]]:
    """The forms of an account, each with the options in it."""
    declared = option_forms.declared(target, kind)
    pages = [
        tuple(option_forms.page(declared, int(each.value)))
        for each in option_forms.page_options(declared)
    ]
    return [(page, option_forms.form(FORM_ID, target, page, Offer())) for page in pages]


@pytest.mark.parametrize(("target", "kind"), EVERY_OPTION)
def test_every_option_of_every_service_has_an_entry(target: Target, kind: Kind) -> None:
    """Whatever a service offers for a kind of post can be chosen, in forms that Discord opens."""
    found = forms_of(target, kind)
    shown = [option for page, _ in found for option in page]
    declared = option_forms.declared(target, kind)
    assert shown == [option for option in declared if not option.retired]
    for page, form in found:
        assert_form_fits(form)
        entries = [label.component for label in form.children if isinstance(label, ui.Label)]
        assert [entry.custom_id for entry in entries] == [option.name for option in page]  # pyright: ignore[reportAttributeAccessIssue]


def test_what_is_asked_for_can_be_chosen() -> None:
    """The settings that teams ask for most are among the options of the services that have them."""
    wanted = {
        ("genviral", Platform.YOUTUBE, Kind.VIDEO): "visibility categoryId tags selfDeclaredMadeForKids",
        ("genviral", Platform.TIKTOK, Kind.VIDEO): "visibility disable_comment disable_duet disable_stitch is_branded_content",
        ("genviral", Platform.TIKTOK, Kind.PHOTOS): "post_mode",
        ("upload_post", Platform.TIKTOK, Kind.VIDEO): "is_aigc draft brand_content_toggle",
        ("genviral", Platform.INSTAGRAM, Kind.VIDEO): "post_type collaborators share_to_feed is_trial_reel",
        ("genviral", Platform.X, Kind.TEXT): "who_can_reply_post community made_with_ai paid_partnership",
        ("genviral", Platform.FACEBOOK, Kind.TEXT): "url",
        ("genviral", Platform.LINKEDIN, Kind.PHOTOS): "post_as_images_carousel",
        ("genviral", Platform.PINTEREST, Kind.PHOTOS): "board_id link tags",
    }  # fmt: skip
    for (provider, platform, kind), names in wanted.items():
        declared = option_forms.declared(a_target(provider=provider, platform=platform), kind)
        offered = {option.name for option in declared if not option.retired}
        assert set(names.split()) <= offered, (provider, platform)
    instagram = PROVIDERS["genviral"].capabilities.cover_limit(Platform.INSTAGRAM)
    assert instagram.frame
    assert instagram.types


def test_who_can_see_it_is_what_the_account_allows() -> None:
    """Where a service tells what an account allows, nothing else is offered."""
    target = a_target(platform=Platform.TIKTOK)
    page = option_forms.declared(target, Kind.VIDEO)[:5]
    form = option_forms.form(
        FORM_ID, target, page, Offer(allowed=AccountLimits(visibilities=("SELF_ONLY",)))
    )
    label = form.children[0]
    assert isinstance(label, ui.Label)
    assert isinstance(label.component, ui.Select)
    assert [option.value for option in label.component.options] == ["SELF_ONLY"]
    assert not any(option.default for option in label.component.options)


def test_boards_are_chosen_by_name() -> None:
    """What a service lists of an account is chosen by its name; what it does not list is typed."""
    target = a_target(provider="upload_post", platform=Platform.PINTEREST)
    board, section = option_forms.declared(target, Kind.PHOTOS)[:2]
    offer = Offer(listed={board.name: [Listed(value="7", name="Cakes")]})
    form = option_forms.form(FORM_ID, target, [board, section], offer)
    assert_form_fits(form)
    entries = [label.component for label in form.children if isinstance(label, ui.Label)]
    assert isinstance(entries[0], ui.Select)
    assert [(each.value, each.label) for each in entries[0].options] == [("7", "Cakes")]
    assert isinstance(entries[1], ui.TextInput)


def test_answers_of_a_form() -> None:
    """A choice, a text, and what was left empty are read alike, by the names of the options."""
    options = [
        Option(name="who", label="Who", kind=OptionKind.CHOICE, choices=("a", "b")),
        Option(name="ai", label="AI", kind=OptionKind.SWITCH),
        Option(name="link", label="Link", kind=OptionKind.LINK),
    ]
    answered = Answers(
        custom_id=FORM_ID,
        texts={"link": "https://a", "ai": ""},
        choices={"who": ["b"], "ai": [], "link": []},
        files={},
    )
    assert option_forms.given(options, answered) == {"who": "b", "ai": "", "link": "https://a"}


def problems(count: int, text: str) -> list[Problem]:
    """So many problems of one length."""
    return [Problem(field="Caption", message=text[:900], remedy=text[:200])] * count


@settings(max_examples=60, deadline=None)
@given(
    accounts=st.integers(0, 80),
    files=st.integers(0, 11),
    caption=st.integers(0, 4000),
    found=st.integers(0, 12),
    length=st.integers(1, 1000),
    piece=st.sampled_from(["a", "*_`", "word ", "☕", "[x](y)", "\n"]),
    is_own=st.booleans(),
)
def test_every_card_of_a_draft_fits(
    accounts: int, files: int, caption: int, found: int, length: int, piece: str, *, is_own: bool
) -> None:
    """A card that Discord refuses would be an answer that nobody gets."""
    text = (piece * 4000)[:4000]
    own = text[: length * 4] if is_own else None
    targets = tuple(
        a_target(number, name=f"n{text[:length]}", caption=own) for number in range(accounts)
    )
    content = a_revision(
        caption=text[:caption].strip(),
        title=text[:300].strip(),
        targets=targets,
        media=tuple(a_media("f" * 100 + ".jpg") for _ in range(files)),
    )
    wrong = problems(found, text[:length])
    examined = Examined(
        post=a_post(content=content, id=10**12, edits=10**6),
        content=content,
        accounts=(),
        problems=wrong,
        of_accounts={target.account_id: wrong for target in targets[::2]},
        allowed={},
        cautions=wrong,
    )
    assert_embed_fits(draft_card.card(examined, wrong))
    rows = draft_card.buttons(examined, wrong).to_components()
    assert len(rows) <= 5
    names = [each["custom_id"] for row in rows for each in row["components"]]  # pyright: ignore[reportGeneralTypeIssues, reportTypedDictNotRequiredAccess]
    assert len(set(names)) == len(names)
    for target in targets[:2]:
        assert_embed_fits(draft_parts.account(examined, target)[0])
    assert_embed_fits(draft_parts.files(examined.post)[0])
    assert_embed_fits(draft_parts.accounts(examined.post, [], [], 0)[0])


def test_every_choice_has_words() -> None:
    """Whatever may be chosen is offered in words, never as a service's own constant or number."""
    every = {
        (option.name, value)
        for kind in PROVIDERS.values()
        for options in kind.capabilities.options.values()
        for option in options
        for value in option.choices
    }
    assert not [each for each in every if values.called(*each) == each[1]]
