"""Whether what a service declares and what it does agree: each disagreement as one sentence."""

import inspect
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

from bot.domain.limits import FileLimit
from bot.domain.media import EXTENSIONS
from bot.domain.options import Option, OptionKind
from bot.domain.platform import Kind
from providers.base import (
    Cancels,
    ConnectsByCode,
    ConnectsByLink,
    ListsValues,
    MakesClips,
    Provider,
    ReadsAccountLimits,
    ReadsStatus,
    Reconciles,
    Reschedules,
    Retries,
    TellsPlan,
    Uploads,
)
from providers.capabilities import Capabilities, Connecting, Idempotency, StatusReading

# What is declared, and the protocol that it promises.
PROMISES: list[tuple[str, Callable[[Capabilities], Any], type]] = [
    ("status_reading", lambda can: can.status_reading is not StatusReading.NONE, ReadsStatus),
    ("reads_account_limits", lambda can: can.reads_account_limits, ReadsAccountLimits),
    ("lists_values", lambda can: can.lists_values, ListsValues),
    ("tells_plan", lambda can: can.tells_plan, TellsPlan),
    ("cancels", lambda can: can.cancels, Cancels),
    ("reschedules", lambda can: can.reschedules, Reschedules),
    ("retries", lambda can: can.retries, Retries),
    ("reconciles", lambda can: can.reconciles, Reconciles),
    ("upload", lambda can: can.upload, Uploads),
    ("clip_making", lambda can: can.clip_making, MakesClips),
    ("connecting", lambda can: can.connecting is Connecting.LINK, ConnectsByLink),
    ("connecting", lambda can: can.connecting is Connecting.CODE, ConnectsByCode),
]


@dataclass
class Rule:
    """What must be so, and whether it is."""

    sentence: str
    holds: bool


def disagreements(provider: Any) -> list[str]:
    """Everything a service's class declares and does not keep, or keeps and does not declare."""
    can: Capabilities = provider.capabilities
    wrong = [rule.sentence for rule in _rules(can) if not rule.holds]
    return [*_missing(provider, Provider), *_promises(provider, can), *wrong]


def _promises(provider: type, can: Capabilities) -> Iterator[str]:
    for name, declares, protocol in PROMISES:
        if declares(can):
            yield from _missing(provider, protocol)
        elif issubclass(provider, protocol):
            yield f"{name} does not declare {protocol.__name__}, which it has"


def _missing(provider: type, protocol: type) -> Iterator[str]:
    """The methods of a protocol that a class lacks, or has with other parameters."""
    for name, method in inspect.getmembers(protocol, inspect.isfunction):
        if name.startswith("_"):
            continue
        own = getattr(provider, name, None)
        if not inspect.iscoroutinefunction(own) or _parameters(own) != _parameters(method):
            yield f"{protocol.__name__}.{name} is not as declared"


def _parameters(method: Callable[..., Any]) -> list[str]:
    return list(inspect.signature(method).parameters)


def _rules(can: Capabilities) -> Iterator[Rule]:
    yield Rule("it has a name, a label and a place for the key", _is_named(can))
    yield from _numbers(can)
    yield from _schedule_and_keys(can)
    yield from _connecting(can)
    yield from _options(can)
    yield from _content(can)


def _is_named(can: Capabilities) -> bool:
    fields = [field.name for field in can.credentials]
    labels = all(field.label for field in can.credentials)
    unique = bool(fields) and len(set(fields)) == len(fields)
    return bool(can.name and can.label and can.key_page) and unique and labels


def _numbers(can: Capabilities) -> Iterator[Rule]:
    numbers = can.accounts_per_submission, can.calls_at_once, can.status_batch
    yield Rule("numbers are one or more", min(numbers) >= 1)
    batch = can.status_reading is StatusReading.BATCH
    yield Rule("status_batch is more than one for BATCH only", (can.status_batch > 1) == batch)
    tells = can.status_reading is not StatusReading.NONE or bool(can.results_page)
    yield Rule("results that cannot be read have a results_page", tells)


def _schedule_and_keys(can: Capabilities) -> Iterator[Rule]:
    schedule = can.schedule
    yield Rule("schedule: lead before horizon", not schedule or schedule.lead < schedule.horizon)
    handed_over = schedule is not None or not (can.cancels or can.reschedules)
    yield Rule("only what is scheduled there is cancelled or moved there", handed_over)
    window = can.idempotency is Idempotency.WINDOW
    yield Rule("idempotency_window for WINDOW only", (can.idempotency_window is not None) == window)


def _connecting(can: Capabilities) -> Iterator[Rule]:
    connects = can.connecting is not Connecting.NONE
    yield Rule("connectable for LINK and CODE only", bool(can.connectable) == connects)
    yield Rule("connectable: platforms it has", can.connectable <= can.platforms.keys())


def _options(can: Capabilities) -> Iterator[Rule]:
    yield Rule("options: platforms it has", can.options.keys() <= can.platforms.keys())
    visible = {
        platform: option.choices
        for platform, options in can.options.items()
        for option in options
        if option.name == "visibility"
    }
    chosen = can.default_visibility
    yield Rule("a default_visibility for each `visibility`", chosen.keys() == visible.keys())
    among = all(word in visible.get(platform, ()) for platform, word in chosen.items())
    yield Rule("default_visibility is among the choices", among)
    making = can.clip_making.options if can.clip_making else ()
    for options in (*can.options.values(), making):
        names = [option.name for option in options]
        yield Rule(f"option names are unique: {names}", len(set(names)) == len(names))
        yield from (Rule(f"option {item.name} is complete", _is_complete(item)) for item in options)


def _is_complete(option: Option) -> bool:
    choice = option.kind is OptionKind.CHOICE
    return bool(option.name and option.label and option.kinds) and bool(option.choices) == choice


def _content(can: Capabilities) -> Iterator[Rule]:
    clips = Kind.CLIP in can.kinds
    yield Rule("clips are posted where they are made", clips == (can.clip_making is not None))
    yield Rule("it has platforms, and each takes something", _takes_something(can))
    for platform, limits in can.platforms.items():
        for kind, limit in limits.of.items():
            has_files = kind in (Kind.VIDEO, Kind.PHOTOS)
            yield Rule(f"{platform} {kind}: files", (limit.files is not None) == has_files)
            if limit.files:
                yield Rule(f"{platform} {kind}: known types", _is_known(limit.files))
    if can.upload:
        known = bool(can.upload.types) and can.upload.types <= EXTENSIONS.keys()
        yield Rule("upload: known types", known and can.upload.size > 0)
        yield Rule("upload is for something", can.upload.for_posts or can.upload.for_clips)


def _takes_something(can: Capabilities) -> bool:
    return bool(can.platforms) and all(limits.of for limits in can.platforms.values())


def _is_known(files: FileLimit) -> bool:
    types = bool(files.types) and files.types <= EXTENSIONS.keys()
    ranges = [limit for limit in (files.seconds, files.aspect, files.frame_rate) if limit]
    return types and files.count >= 1 and files.size > 0 and all(a <= b for a, b in ranges)
