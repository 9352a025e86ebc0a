"""How the admins of a server are reached when its own channels are closed to Copydesk."""

import discord


def pinged(guild: discord.Guild) -> tuple[str, discord.AllowedMentions]:
    """The roles whose people may change the settings, as a message pings them: those of people,
    and not of programs; whoever owns the server where there is none.
    """
    roles = [
        role
        for role in guild.roles
        if not (role.is_default() or role.managed)
        and (role.permissions.manage_guild or role.permissions.administrator)
    ]
    if not roles:
        owner = discord.Object(guild.owner_id or 0)
        return f"<@{owner.id}>", discord.AllowedMentions(users=[owner])
    return " ".join(role.mention for role in roles), discord.AllowedMentions(roles=roles)


async def places(client: discord.Client, guild: discord.Guild) -> list[discord.abc.Messageable]:
    """Where admins are told what can be told in no channel that was chosen: where Discord itself
    tells of a server, or in a message to its owner.
    """
    found: list[discord.abc.Messageable] = []
    if guild.system_channel and guild.system_channel.permissions_for(guild.me).send_messages:
        found.append(guild.system_channel)
    if guild.owner_id:
        found.append(await client.create_dm(discord.Object(guild.owner_id)))
    return found
