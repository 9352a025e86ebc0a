"""Which roles people have now, as Discord says: this bot remembers no members."""

from collections.abc import Collection, Mapping

import discord

from bot.domain.approval import NOBODY, Roles
from bot.workflow.voters import Voter


def roles_of(member: discord.Member) -> Roles:
    """The roles of a person, without the one everybody has."""
    return frozenset(role.id for role in member.roles if not role.is_default())


async def fetch(guild: discord.Guild, user_id: int) -> Roles | None:
    """The roles of a person now; None when they are no member, or a bot."""
    try:
        member = await guild.fetch_member(user_id)
    except discord.NotFound:
        return None
    return None if member.bot else roles_of(member)


def voter(guild: discord.Guild, user_id: int, roles: Roles, *, is_found: bool = False) -> Voter:
    """A person who votes in a server; `is_found` where their vote was found later."""

    async def ask(user_ids: Collection[int]) -> Mapping[int, Roles]:
        return {asked: await fetch(guild, asked) or NOBODY for asked in user_ids}

    return Voter(server_id=guild.id, user_id=user_id, roles=roles, ask=ask, is_found=is_found)
