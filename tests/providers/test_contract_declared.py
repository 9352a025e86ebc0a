"""A declaration and the methods agree, at every service; and this table can fail."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from bot.domain.options import Option, OptionKind
from bot.domain.platform import Kind, Platform
from bot.domain.platform_limits import PLATFORM_LIMITS
from bot.settings import Settings
from providers.capabilities import (
    Capabilities,
    ClipMaking,
    Connecting,
    CredentialField,
    Idempotency,
    Schedule,
    StatusReading,
    Upload,
)
from providers.catalogue import PROVIDERS
from tests.providers.contract_declared import PROMISES, disagreements
from tests.providers.contract_recorded import contract


@pytest.mark.parametrize("name", sorted(PROVIDERS))
def test_a_declaration_and_the_methods_agree(name: str):
    """What forms, checks and schedules are built from is what the service does."""
    assert disagreements(PROVIDERS[name]) == []


@pytest.mark.parametrize("name", sorted(PROVIDERS))
def test_a_service_is_known_by_its_name(name: str):
    """The catalogue, the class and its answers go by one name, and operators know its variable."""
    provider = PROVIDERS[name]
    assert provider.capabilities.name == name
    assert provider.DEFAULT_URL.startswith("https://")
    assert provider.URL_VARIABLE.lower() in Settings.model_fields
    fields = {field.name for field in provider.capabilities.credentials if field.required}
    assert fields <= contract(name)["credentials"].keys()


class Honest:
    """A service that can do the least, and says so."""

    capabilities: Capabilities = Capabilities(
        name="honest",
        label="Honest",
        key_page="In its settings.",
        credentials=(CredentialField(name="key", label="Key"),),
        platforms={Platform.X: PLATFORM_LIMITS[Platform.X]},
        accounts_per_submission=1,
        results_page="https://honest.example/results",
    )

    async def accounts(self) -> Any: ...
    async def publish(self, submission: Any) -> Any: ...
    async def close(self) -> None: ...


def test_a_service_that_can_do_little_agrees():
    """Nothing is asked of a service but what it declares."""
    assert disagreements(Honest) == []


async def method(self: Any, submitted: Any) -> Any:
    """A method of whatever name, with the parameters of several."""


SWITCH = Option(name="draft", label="Draft", kind=OptionKind.SWITCH)
LEVEL = Option(name="visibility", label="Who", kind=OptionKind.CHOICE, choices=("all", "me"))
LATER, SOON = timedelta(days=1), timedelta(minutes=5)
CLIPS = ClipMaking(from_link=True, from_file=False, finds_moments=False, poll=SOON)
X = PLATFORM_LIMITS[Platform.X]

WRONG: dict[str, dict[str, Any]] = {
    "no name": {"name": ""},
    "no credentials": {"credentials": ()},
    "one credential twice": {"credentials": Honest.capabilities.credentials * 2},
    "no accounts": {"accounts_per_submission": 0},
    "a batch without BATCH": {"status_batch": 5},
    "results nobody finds": {"results_page": ""},
    "a horizon before the lead": {"schedule": Schedule(lead=LATER, horizon=SOON)},
    "WINDOW without a window": {"idempotency": Idempotency.WINDOW},
    "a window without WINDOW": {"idempotency_window": LATER},
    "platforms to connect without a way": {"connectable": frozenset({Platform.X})},
    "options of a stranger": {"options": {Platform.TIKTOK: (SWITCH,)}},
    "an option twice": {"options": {Platform.X: (SWITCH, SWITCH)}},
    "a choice without choices": {"options": {Platform.X: (replace(LEVEL, choices=()),)}},
    "a visibility without default": {"options": {Platform.X: (LEVEL,)}},
    "a default without visibility": {"default_visibility": {Platform.X: "all"}},
    "a default nobody can choose": {
        "options": {Platform.X: (LEVEL,)},
        "default_visibility": {Platform.X: "public"},
    },
    "no platforms": {"platforms": {}},
    "a platform that takes nothing": {"platforms": {Platform.X: X.only()}},
    "clips nobody makes": {"platforms": {Platform.X: X.clips()}},
    "an unknown type": {
        "platforms": {Platform.X: X.files(Kind.VIDEO, types=frozenset({"video/x-flv"}))}
    },
    "a video without files": {"platforms": {Platform.X: X.text(Kind.VIDEO, files=None)}},
    "a length from ten to one": {"platforms": {Platform.X: X.files(Kind.VIDEO, seconds=(10, 1))}},
    "status that is not read": {"status_reading": StatusReading.SINGLE},
    "limits that are not read": {"reads_account_limits": True},
    "no cancelling": {"cancels": True, "schedule": Schedule(lead=SOON, horizon=LATER)},
    "no moving": {"reschedules": True, "schedule": Schedule(lead=SOON, horizon=LATER)},
    "no retry": {"retries": True},
    "no records": {"reconciles": True},
    "no storage": {"upload": Upload(types=frozenset({"video/mp4"}), size=9, for_posts=True)},
    "no clips": {"clip_making": CLIPS, "platforms": {Platform.X: X.clips()}},
    "no link": {"connecting": Connecting.LINK, "connectable": frozenset({Platform.X})},
    "no code": {"connecting": Connecting.CODE, "connectable": frozenset({Platform.X})},
}


@pytest.mark.parametrize("case", WRONG)
def test_a_wrong_declaration_is_found(case: str):
    """Each rule of the table fails for a service that breaks it."""

    class Wrong(Honest):
        capabilities = replace(Honest.capabilities, **WRONG[case])

    assert disagreements(Wrong)


@pytest.mark.parametrize("protocol", [protocol for *_, protocol in PROMISES])
def test_a_method_nobody_declared_is_found(protocol: type):
    """A service that can do more than it says is not used for it, so it must say so."""
    names = [name for name in vars(protocol) if not name.startswith("_")]
    more = type("More", (Honest,), dict.fromkeys(names, method))
    assert [found for found in disagreements(more) if protocol.__name__ in found]


def test_a_method_with_other_parameters_is_found():
    """Who calls a method by the protocol finds its parameters."""
    can = replace(Honest.capabilities, status_reading=StatusReading.SINGLE)
    right = type("Right", (Honest,), {"capabilities": can, "status": method})
    assert disagreements(right) == []

    async def status(self: Any, question: Any) -> Any: ...

    wrong = type("Wrong", (Honest,), {"capabilities": can, "status": status})
    assert disagreements(wrong) == ["ReadsStatus.status is not as declared"]
