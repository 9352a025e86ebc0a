"""Forms made from what a service declares: an entry for each option, five to a form."""

from collections.abc import Mapping, Sequence
from dataclasses import replace

import discord
from discord import ui

from bot.domain.options import Listed, Option, OptionKind
from bot.domain.platform import Kind
from bot.domain.post import Target
from bot.workflow.offers import NOTHING, Offer
from cogs.ui import forms, sent_form, values, words
from providers.catalogue import PROVIDERS

AT_ONCE = 5  # entries of a modal: Discord's limit
_YES_OR_NO = {"true": "Yes", "false": "No"}
_LONG = frozenset({OptionKind.LIST})


def declared(target: Target, kind: Kind) -> tuple[Option, ...]:
    """What can be chosen for an account of a post of this kind."""
    options = PROVIDERS[target.provider].capabilities.options.get(target.platform, ())
    return tuple(option for option in options if kind in option.kinds)


def page(options: Sequence[Option], number: int) -> Sequence[Option]:
    """The options of one form, counted from 0."""
    options = [option for option in options if not option.retired]
    return options[number * AT_ONCE : (number + 1) * AT_ONCE]


def page_options(options: Sequence[Option]) -> list[discord.SelectOption]:
    """The forms to choose from, each named by what is in it."""
    count = -(-sum(not option.retired for option in options) // AT_ONCE)
    return [
        discord.SelectOption(
            label=words.clip(" · ".join(each.label for each in page(options, number)), 100),
            value=str(number),
        )
        for number in range(min(count, forms.MOST_OPTIONS))
    ]


def lines(options: Sequence[Option], target: Target) -> list[str]:
    """What is chosen for an account, a line each."""
    labels = {option.name: option for option in options}
    return [
        f"{words.escape(labels[name].label if name in labels else name)}: "
        f"{words.escape(target.named.get(name) or shown(labels.get(name), value))}"
        f"{_by_default(name, target)}"
        for name, value in target.options.items()
    ]


def shown(option: Option | None, value: str) -> str:
    """A chosen value as people read it."""
    if option and option.kind is OptionKind.SWITCH:
        return _YES_OR_NO.get(value, value)
    return (values.called(option.name, value) if option else value).replace("\n", ", ")


def form(custom_id: str, target: Target, options: Sequence[Option], offer: Offer) -> ui.Modal:
    """A form of up to five options of an account, filled with what is chosen. What its service told
    of it now is offered: who may see it, its boards and pages.
    """
    chosen = {name: value for name, value in target.options.items() if name not in target.assumed}
    known = {name: Listed(value=chosen[name], name=told) for name, told in target.named.items()}
    listed = {
        name: [known[name], *of] if name in known else of for name, of in offer.listed.items()
    }
    offer = replace(offer, listed=listed)
    return entries(custom_id, f"Options: {target.label}", options, chosen, offer)


def entries(
    custom_id: str,
    title: str,
    options: Sequence[Option],
    chosen: Mapping[str, str],
    offer: Offer = NOTHING,
) -> ui.Modal:
    """A form of up to five options, filled with what is chosen."""
    made = ui.Modal(title=words.clip(title, 45), custom_id=custom_id)
    for option in options:
        made.add_item(
            ui.Label(
                text=words.clip(option.label, 45),
                description=_help(option),
                component=_entry(option, chosen.get(option.name, ""), offer),
            )
        )
    return made


def given(options: Sequence[Option], answered: sent_form.Answers) -> Mapping[str, str]:
    """What was filled in, by the names of the options; empty where it was left empty."""
    found: dict[str, str] = {}
    for option in options:
        [value, *_] = answered.choices.get(option.name) or [answered.texts.get(option.name, "")]
        found[option.name] = value
    return found


def _entry(
    option: Option, filled: str, offer: Offer
) -> ui.Select[ui.Modal] | ui.TextInput[ui.Modal]:
    if choices := _choices(option, filled, offer):
        known = [
            discord.SelectOption(label=words.clip(label, 100), value=value, default=value == filled)
            for value, label in choices.items()
        ]
        return ui.Select(
            custom_id=option.name,
            options=known[: forms.MOST_OPTIONS],
            placeholder="As the service has it",
            min_values=0,
            max_values=1,
            required=False,
        )
    is_long = option.kind in _LONG or (option.maximum or 0) > 300
    most = 4000 if option.kind is not OptionKind.TEXT else min(4000, option.maximum or 4000)
    return ui.TextInput(
        custom_id=option.name,
        style=discord.TextStyle.paragraph if is_long else discord.TextStyle.short,
        default=words.clip(filled, 4000) or None,
        max_length=max(most, min(len(filled), 4000)),
        required=False,
    )


def _choices(option: Option, filled: str, offer: Offer) -> dict[str, str]:
    """The values to choose from, as they are shown; none where something is typed."""
    if option.kind is OptionKind.SWITCH:
        return dict(_YES_OR_NO)
    if listed := offer.listed.get(option.name):
        chosen = {filled: filled} if 0 < len(filled) <= 100 else {}
        return chosen | {item.value: item.name for item in listed}
    offered = option.choices
    if option.name == "visibility" and offer.allowed and offer.allowed.visibilities:
        offered = offer.allowed.visibilities
    return {value: values.called(option.name, value) for value in offered}


def _help(option: Option) -> str | None:
    """What the label has no room for."""
    told: list[str] = [option.label] if len(option.label) > 45 else []
    if option.required:
        told.append("needed")
    if option.kind is OptionKind.LIST:
        told.append(f"one a line, at most {option.maximum}" if option.maximum else "one a line")
    return words.clip("; ".join(told), 100) or None


def _by_default(name: str, target: Target) -> str:
    return " (nobody chose it)" if name in target.assumed else ""
