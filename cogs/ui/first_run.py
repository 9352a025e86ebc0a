"""The first run as one message that leads through all steps: what is asked, set and missing."""

from collections.abc import Sequence

import discord
from discord import ui

from bot.domain.approval import Rules, Stage
from bot.domain.first_run import ORDER, Progress, Step, after, before
from bot.domain.server import Server
from bot.errors import Problem
from bot.workflow.services import Services
from cogs.ui import ballots, channels, forms, words
from cogs.ui.first_run_items import ChannelPick, Pick, RolePick, StepButton
from providers.catalogue import PROVIDERS

SHOWN = 12
"""Accounts that are named."""

_TITLES = {
    Step.CHANNELS: "Where posts are approved",
    Step.ROLES: "Who approves, and who writes",
    Step.ZONE: "Which time is meant",
    Step.RULE: "How a post is approved",
    Step.CONNECTION: "Your publishing service",
    Step.ACCOUNT: "Your social accounts",
    Step.DRY_RUN: "A rehearsal",
}
_ASKED = {
    Step.CHANNELS: "Choose the channel where cards ask for approval; and, if you like, one where is"
    " told what can be told nowhere else.",
    Step.ROLES: "Choose the role whose votes count. Everyone may write posts, unless you choose roles"
    " for that too.",
    Step.ZONE: "“Tomorrow 9:00” is meant in the zone of your server.",
    Step.RULE: "Four eyes means that an author cannot approve their own post. With `/desk approval`"
    " you can ask for stages and several roles.",
    Step.CONNECTION: "Copydesk publishes through a service where your accounts are. Choose yours, and"
    " paste its key: it is checked, kept encrypted and never shown again.",
    Step.ACCOUNT: "These are the accounts behind your services.",
    Step.DRY_RUN: "Write a post, approve it, and read what would happen. Nothing is kept or sent.",
}
ZONES = (
    *("Europe/London", "Europe/Berlin", "Europe/Paris", "Europe/Madrid", "Europe/Rome"),
    *("Europe/Warsaw", "Europe/Athens", "Europe/Istanbul", "America/New_York"),
    *("America/Chicago", "America/Denver", "America/Los_Angeles", "America/Toronto"),
    *("America/Mexico_City", "America/Sao_Paulo", "America/Buenos_Aires", "Africa/Lagos"),
    *("Africa/Johannesburg", "Asia/Dubai", "Asia/Kolkata", "Asia/Singapore", "Asia/Tokyo"),
    *("Australia/Sydney", "UTC"),
)
RULES = {
    "one": ("One approver, not the author", Rules()),
    "two": ("Two approvers, not the author", Rules(stages=(Stage(needed=2),))),
    "self": ("One approver, who may be the author", Rules(four_eyes=False)),
    "free": ("Nobody: posts need no approval", Rules(free=True)),
}
"""The rules that are offered: what they are called, and what they are."""


def panel(
    step: Step, state: Progress, guild: discord.Guild, services: Services
) -> tuple[discord.Embed, ui.View]:
    """One step: what is asked, what is set, what is missing, and how to go on."""
    number = ORDER.index(step) + 1
    embed = discord.Embed(
        title=f"Setting up · {number} of {len(ORDER)} · {_TITLES[step]}",
        description=_ASKED[step],
        colour=0x2F7FD1,
    )
    embed.add_field(name="Set now", value=words.clip(_set(step, state, services), 1024))
    for problem in _problems(step, state.server, guild):
        told = f"{problem.message} {problem.remedy}"
        embed.add_field(name=f"⚠️ {problem.field}", value=words.clip(told, 1024), inline=False)
    embed.set_footer(text=_so_far(state, step))
    return embed, _view(step, state)


def _set(step: Step, state: Progress, services: Services) -> str:
    server = state.server
    match step:
        case Step.CHANNELS:
            fallback = server.fallback_channel_id
            more = f"\nElse: <#{fallback}>" if fallback else ""
            approvals = server.approvals_channel_id
            return (f"Approvals: <#{approvals}>" if approvals else "Nothing yet") + more
        case Step.ROLES:
            role = server.approver_role_id
            authors = ", ".join(f"<@&{item}>" for item in server.author_roles) or "everyone"
            return f"Approves: {f'<@&{role}>' if role else 'nobody yet'}\nWrites: {authors}"
        case Step.ZONE:
            return server.zone
        case Step.RULE:
            return ballots.rules(server)
        case Step.CONNECTION:
            names = [words.connection(services, item) for item in state.connections]
            return words.escape("\n".join(names)) or "None yet"
        case Step.ACCOUNT:
            lines = [words.account(item) for item in list(state.accounts)[:SHOWN]]
            more = len(state.accounts) - len(lines)
            return "\n".join([*lines, f"… and {more} more"] if more else lines) or "None yet"
        case Step.DRY_RUN:
            return "All is set." if state.next_step is Step.DRY_RUN else "Something is still open."


def _problems(step: Step, server: Server, guild: discord.Guild) -> Sequence[Problem]:
    """What Copydesk lacks in the channels chosen so far; in the end all that is wrong."""
    if step is Step.DRY_RUN:
        return channels.setting_problems(guild, server)
    return channels.channel_problems(guild, server)


def _so_far(state: Progress, step: Step) -> str:
    marks = ["▶" if item is step else "✓" if state.is_done(item) else "·" for item in ORDER]
    return " ".join(marks) + "  You can leave and come back with /desk setup."


def _view(step: Step, state: Progress) -> ui.View:
    view = ui.View(timeout=None)
    for item in _picks(step, state):
        view.add_item(item)
    if earlier := before(step):
        view.add_item(StepButton("show", earlier, "Back"))
    if later := after(step):
        view.add_item(StepButton("show", later, "Go on", leads=state.is_done(step)))
    return view


def _picks(step: Step, state: Progress) -> Sequence[ChannelPick | RolePick | Pick | StepButton]:
    server = state.server
    match step:
        case Step.CHANNELS:
            return [
                ChannelPick("approvals", "Where posts are approved", server.approvals_channel_id),
                ChannelPick("fallback", "Where the rest is told", server.fallback_channel_id),
            ]
        case Step.ROLES:
            approver = [server.approver_role_id] if server.approver_role_id else []
            return [
                RolePick("approver", "The role that approves", approver, most=1),
                RolePick("authors", "Roles that write; none: everyone", server.author_roles),
            ]
        case Step.ZONE:
            return [
                Pick("zone", "Your zone", {zone: zone for zone in ZONES}, server.zone),
                StepButton("zone", step, "Another zone"),
            ]
        case Step.RULE:
            chosen = next((name for name, (_, it) in RULES.items() if it == server.approval), "")
            return [Pick("rule", "Whose approval", {k: v for k, (v, _) in RULES.items()}, chosen)]
        case Step.CONNECTION:
            labels = {name: kind.capabilities.label for name, kind in PROVIDERS.items()}
            return [Pick("service", "Your service", labels)]
        case Step.ACCOUNT:
            return [
                StepButton("account", step, "Connect an account"),
                StepButton("read", step, "Read them anew"),
            ]
        case Step.DRY_RUN:
            return [StepButton("rehearse", step, "Write a post", leads=True)]


def zone_form() -> ui.Modal:
    """The form for a zone that the list has not."""
    return forms.question("setup:zone", "Zone", "Time zone", "By its name", "Europe/Berlin")
