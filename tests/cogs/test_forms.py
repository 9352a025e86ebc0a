"""Forms: what opens, and what is read from what Discord sends back."""

from typing import Any, cast

import discord
import pytest
from discord import ui

from bot.domain.server import Account, AccountSet
from cogs.ui import forms, sent_form
from providers.catalogue import PROVIDERS
from tests.cogs.discord_limits import assert_form_fits
from tests.factories import SERVER, a_revision, a_target
from tests.scripted import START


def an_account(number: int, *, usable: bool = True, name: str = "Talk") -> Account:
    """A connected account."""
    target = a_target()
    return Account(
        id=number,
        server_id=SERVER,
        connection_id=1,
        provider="wahdx",
        remote_id=str(number),
        platform=target.platform,
        name=name,
        username="talk",
        usable=usable,
    )


def entry(form: ui.Modal, name: str) -> Any:
    """An entry of a form by its name."""
    labels = [cast("ui.Label[ui.Modal]", label) for label in form.children]
    return next(
        label.component for label in labels if cast("Any", label.component).custom_id == name
    )


def label(form: ui.Modal, text: str) -> ui.Label:
    """A label of a form by its text."""
    return next(
        label for label in form.children if isinstance(label, ui.Label) and label.text == text
    )


def test_an_empty_form_asks_for_everything() -> None:
    """The form of a new post has caption, title, media, accounts and time, and says “now”."""
    form = forms.post_form("post:new", [an_account(1)])
    assert_form_fits(form)
    assert [cast("ui.Label[ui.Modal]", item).text for item in form.children] == [
        "Caption",
        "Title",
        "Media",
        "Accounts",
        "When",
    ]
    assert entry(form, "when").default == "now"
    assert entry(form, "media").max_values == 10
    assert "tomorrow 9:00" in entry(form, "when").placeholder


def test_a_filled_form_holds_what_was_given() -> None:
    """What was given with the command stands in the form."""
    filled = a_revision(caption="c", title="t", when_text="soonish", targets=(a_target(2),))
    form = forms.post_form("post:new", [an_account(1), an_account(2)], filled)
    assert (entry(form, "caption").default, entry(form, "title").default) == ("c", "t")
    assert entry(form, "when").default == "soonish"
    chosen = {option.value: option.default for option in entry(form, "accounts").options}
    assert chosen == {"1": False, "2": True}


def test_sets_are_offered_beside_accounts() -> None:
    """Accounts that are chosen together stand first; where not all fit, none need be chosen."""
    made = AccountSet(
        id=7, server_id=SERVER, name="Brand", account_ids=(1, 2), created_by=1, created_at=START
    )
    few = entry(forms.post_form("post:new", [an_account(1)], known_sets=[made]), "accounts")
    assert [option.value for option in few.options] == ["set:7", "1"]
    assert (few.min_values, few.required) == (1, True)
    known = [an_account(number) for number in range(1, 40)]
    form = forms.post_form("post:new", known, known_sets=[made])
    assert_form_fits(form)
    many = entry(form, "accounts")
    assert len(many.options) == 25
    assert (many.min_values, many.required) == (0, False)
    assert "choose the others afterwards" in str(label(form, "Accounts").description)


def test_of_many_accounts_those_that_can_be_used_come_first() -> None:
    """25 fit: what was chosen before, then what works; the broken say so."""
    known = [an_account(number, usable=number % 2 == 0) for number in range(1, 61)]
    form = forms.post_form("post:new", known, a_revision(targets=(a_target(59),)))
    values = [int(option.value) for option in entry(form, "accounts").options]
    assert len(values) == 25
    assert values[0] == 59
    assert all(value % 2 == 0 for value in values[1:])
    broken = forms.post_form("post:new", [an_account(1, usable=False)])
    [option] = entry(broken, "accounts").options
    assert option.description == "must be reconnected at its service"


@pytest.mark.parametrize("service", PROVIDERS)
def test_every_service_has_a_form_for_its_key(service: str) -> None:
    """The form is made from what the service declares, and fits."""
    capabilities = PROVIDERS[service].capabilities
    form = forms.connect_form(f"provider:connect:{service}", capabilities)
    assert_form_fits(form)
    assert capabilities.label in form.title
    names = {field.name for field in capabilities.credentials}
    assert {entry(form, name).custom_id for name in names} == names


class Sent:
    """An interaction, as far as forms look at it."""

    def __init__(self, data: Any, kind: discord.InteractionType) -> None:
        self.data = data
        self.type = kind


def read(*rows: dict[str, Any], resolved: Any = None) -> sent_form.Answers:
    """What is read from a submitted form with these rows."""
    data = {"custom_id": "post:new", "components": list(rows)}
    if resolved is not None:
        data["resolved"] = resolved
    found = sent_form.answers(cast("Any", Sent(data, discord.InteractionType.modal_submit)))
    assert found is not None
    return found


def row(kind: int, name: str, **more: Any) -> dict[str, Any]:
    """A label with one entry, as Discord sends it."""
    return {
        "type": 18,
        "id": 1,
        "component": {"type": kind, "id": 2, "custom_id": name, **more},
    }


def test_texts_are_read() -> None:
    """A text is what was typed; an empty one is empty."""
    found = read(row(4, "caption", value="Hi\nthere"), row(4, "title", value=""))
    assert found.custom_id == "post:new"
    assert found.texts == {"caption": "Hi\nthere", "title": ""}


@pytest.mark.parametrize("kind", [3, 5, 6, 7, 8, 22])
def test_choices_are_read(kind: int) -> None:
    """Selects of every kind and groups of checkboxes are lists, perhaps empty."""
    found = read(row(kind, "some", values=["1", "2"]), row(kind, "none", values=[]))
    assert found.choices == {"some": ["1", "2"], "none": []}


def test_single_choices_are_read() -> None:
    """A radio group has one value or none; a checkbox is ticked or not."""
    found = read(
        row(21, "picked", value="a"),
        row(21, "open", value=None),
        row(23, "ticked", value=True),
        row(23, "unticked", value=False),
    )
    assert found.texts == {"picked": "a", "open": "", "ticked": "True", "unticked": ""}


def test_files_are_read() -> None:
    """Uploads come as ids and stand in `resolved`; an id that is missing there is no file."""
    attachment = {
        "id": "7",
        "filename": "a.jpg",
        "size": 84,
        "url": "https://cdn.example/a.jpg",
        "proxy_url": "https://cdn.example/a.jpg",
        "content_type": "image/jpeg",
        "ephemeral": True,
    }
    found = read(row(19, "media", values=["7", "8"]), resolved={"attachments": {"7": attachment}})
    [file] = found.files["media"]
    assert (file.filename, file.size, file.url) == ("a.jpg", 84, "https://cdn.example/a.jpg")


def test_free_text_and_unknown_parts_are_passed_over() -> None:
    """A text display has no entry; what Discord adds next year does not break a form."""
    found = read(
        {"type": 10, "id": 3},
        {"type": 99, "id": 4, "something": "new"},
        row(4, "caption", value="x", novelty=[1]),
        resolved={"users": {}, "novelties": {}},
    )
    assert found.texts == {"caption": "x"}


@pytest.mark.parametrize(
    "kind",
    [kind for kind in discord.InteractionType if kind is not discord.InteractionType.modal_submit],
)
def test_other_interactions_are_no_answers(kind: discord.InteractionType) -> None:
    """Commands and buttons are left to discord.py."""
    assert sent_form.answers(cast("Any", Sent({"custom_id": "post:new"}, kind))) is None
