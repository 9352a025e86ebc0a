"""Rights, checked when something is done: the one place where people are asked for theirs.

What each command asks for stands here; what buttons, menus and forms do is checked with `check` when
they are used.
"""

from collections.abc import Mapping

import discord

from bot.domain.rights import Right, has, roles_with
from bot.domain.server import Server
from bot.errors import NotAllowedError
from bot.workflow import configure
from bot.workflow.desk import Desk
from cogs.ui import answers

SEE, WRITE, DECIDE, MANAGE = Right.SEE, Right.WRITE, Right.DECIDE, Right.MANAGE

COMMANDS: Mapping[str, Right] = {
    "post new": WRITE,
    "post clip": WRITE,
    "post duplicate": WRITE,
    "post template save": WRITE,
    "post template delete": WRITE,
    "post template list": SEE,
    "clips make": WRITE,
    "Draft a post from this": WRITE,
    "post drafts": WRITE,
    "post edit": WRITE,
    "post list": SEE,
    "post show": SEE,
    "post history": SEE,
    "post cancel": SEE,  # one's own, or as an approver
    "post reschedule": SEE,  # one's own where no approval is needed, or as an approver
    "queue calendar": SEE,
    "queue next": SEE,
    "desk setup": MANAGE,
    "desk settings": MANAGE,
    "desk approval": MANAGE,
    "desk pause": DECIDE,
    "desk resume": DECIDE,
    "desk status": SEE,
    "provider connect": MANAGE,
    "provider list": MANAGE,
    "provider test": MANAGE,
    "provider rename": MANAGE,
    "provider replace-key": MANAGE,
    "provider disconnect": MANAGE,
    "account list": SEE,
    "account check": SEE,
    "account connect": MANAGE,
    "account rename": MANAGE,
    "account set": MANAGE,
    "account backup": MANAGE,
}
"""What each command and message menu asks of whoever gives it."""

PARTS: Mapping[str, Right] = {
    "account": SEE,  # those that change something ask for more: see `on_account`
    "clip": WRITE,
    "clips": WRITE,
    "draft": WRITE,
    "draft-form": WRITE,
    "draft-pick": WRITE,
    "history": SEE,
    "post": WRITE,
    "preview": SEE,
    "provider": MANAGE,
    "setup": MANAGE,
    "texts": SEE,
    "trouble": SEE,  # one's own posts, or as an approver: see `bot.workflow.recover`
    "vote": SEE,  # those who are asked: see `bot.workflow.review`
    "vote:edit": WRITE,
    "writers": WRITE,
}
"""What buttons, menus and forms ask for, by what their `custom_id`s begin with."""

ONLY = {
    Right.SEE: "Only people with certain roles see what is planned here",
    Right.WRITE: "Only authors write posts here",
    Right.DECIDE: "Only approvers and admins do this",
    Right.MANAGE: "This needs the permission: manage server",
}


def asked(interaction: discord.Interaction) -> Right:
    """The right that something asks for; the highest where the tables do not name it."""
    if command := interaction.command:
        return COMMANDS.get(command.qualified_name, MANAGE)
    custom_id = str((interaction.data or {}).get("custom_id", ""))
    name, _, action = custom_id.partition(":")
    whole = f"{name}:{action.partition(':')[0]}"
    return PARTS.get(whole) or PARTS.get(name, MANAGE)


async def check(interaction: discord.Interaction, desk: Desk, right: Right) -> Server:
    """The server where something is done. Raises NotAllowedError, which says who may and whom to
    ask, for people without the right.
    """
    server = await configure.get(desk, answers.guild(interaction).id)
    if not has(right, answers.person(interaction), server):
        raise NotAllowedError(_told(right, server), remedy=_remedy(right, server))
    return server


def _told(right: Right, server: Server) -> str:
    roles = ", ".join(f"<@&{role}>" for role in roles_with(right, server))
    return f"{ONLY[right]}: {roles}." if roles else f"{ONLY[right]}."


def _remedy(right: Right, server: Server) -> str:
    has_roles = bool(roles_with(right, server))
    return "Ask an admin for one of these roles." if has_roles else "Ask an admin."
