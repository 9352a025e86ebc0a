"""Connecting an account: what is chosen, the address or the picture, and how far it is."""

from collections.abc import Sequence
from datetime import datetime

import discord
from discord import ui

from bot.domain.platform import Platform
from bot.domain.server import Connection
from bot.workflow import joining
from bot.workflow.desk import Desk
from bot.workflow.joining import Link
from bot.workflow.services import Services
from cogs.ui import account_items, words
from cogs.ui.account_items import AccountButton, AccountSelect
from providers.capabilities import Capabilities, Connecting
from providers.connecting import CodeProgress, CodeState

PICTURE = "code.png"

_STATES = {
    CodeState.NEW: ("📷", "Scan it with the app of the account: its profile, then the QR scanner."),
    CodeState.SCANNED: ("👆", "Scanned. Now confirm it in the app."),
    CodeState.CONFIRMED: ("✅", "Confirmed: the account is connected."),
    CodeState.EXPIRED: ("⌛", "This code has expired. Get a fresh one."),
    CodeState.UTILISED: ("✅", "This code was used. Get a fresh one for another account."),
}
ENDED = frozenset({CodeState.CONFIRMED, CodeState.EXPIRED, CodeState.UTILISED})
"""States in which a code is over."""

Panel = tuple[discord.Embed, ui.View | None]


async def begin(
    desk: Desk, server_id: int, connection_id: int | None, platform: Platform | None
) -> Panel:
    """What is to be chosen next of an account to connect: the connection where there are several,
    the platform, and then what it costs. Raises NotFoundError.
    """
    connections = await joining.connections(desk, server_id)
    if connection_id is None and len(connections) > 1:
        return choose_connection(connections, desk.services)
    only = connections[0].id if connections else 0
    connection = await joining.find(desk, server_id, connection_id or only)
    capabilities = desk.services.capabilities(connection.provider)
    if capabilities.connecting is Connecting.NONE:
        return by_hand(connection, capabilities)
    if platform is None and len(capabilities.connectable) == 1:
        [platform] = capabilities.connectable
    if platform is None:
        return choose_platform(connection, capabilities)
    if platform not in capabilities.connectable:
        return by_hand(connection, capabilities)
    return offer(connection, capabilities, platform)


def choose_connection(connections: Sequence[Connection], services: Services) -> Panel:
    """Which of several connections the account is to be behind."""
    names = {str(item.id): words.connection(services, item) for item in connections}
    embed = _embed("Which service is to have the account?")
    return embed, account_items.view(AccountSelect("connection", 0, names))


def choose_platform(connection: Connection, capabilities: Capabilities) -> Panel:
    """Which of the platforms that the service connects from here."""
    platforms = sorted(capabilities.connectable, key=lambda platform: platform.label)
    names = {platform.value: platform.label for platform in platforms}
    embed = _embed("Where is the account?", _elsewhere(capabilities))
    return embed, account_items.view(AccountSelect("platform", connection.id, names))


def offer(connection: Connection, capabilities: Capabilities, platform: Platform) -> Panel:
    """What connecting means and costs, before anything is asked of the service."""
    is_link = capabilities.connecting is Connecting.LINK
    how = (
        "You get an address that connects one account, once. Open it where you are logged in to the"
        " account."
        if is_link
        else "You get a code to scan with the app of the account. It holds for a few minutes."
    )
    embed = _embed(
        f"Connect a {platform.label} account",
        how,
        capabilities.connecting_cost,
        _elsewhere(capabilities),
    )
    button = AccountButton("link" if is_link else "code", connection.id, platform)
    return embed, account_items.view(button)


def by_hand(connection: Connection, capabilities: Capabilities) -> Panel:
    """How it is done where the service has only its own pages."""
    page = capabilities.connecting_page or f"Connect it at {capabilities.label}."
    done = "When it is done, read the accounts anew."
    embed = _embed(f"{capabilities.label} connects accounts on its own pages", page, done)
    read = AccountButton("read", connection.id, label="Read the accounts anew")
    return embed, account_items.view(read)


def given(link: Link, connection_id: int, platform: Platform) -> Panel:
    """The address to open, and a button for another."""
    until = f"It holds until {discord.utils.format_dt(link.until, 't')}." if link.until else ""
    embed = _embed(
        f"Connect a {platform.label} account",
        f"Open the address and follow it; it works once. {until}".strip(),
        "You are told here as soon as the account is there. After half an hour it is looked for once"
        " an hour, or with `/account check`.",
    )
    view = account_items.view(AccountButton("link", connection_id, platform, "Get another link"))
    view.add_item(ui.Button(label="Open the address", url=link.url))
    return embed, view


def code(progress: CodeProgress, until: datetime, connection_id: int, platform: Platform) -> Panel:
    """The picture to scan, how far it is, and a button for a fresh one."""
    mark, said = _STATES[progress.state]
    name = f" It is {words.escape(progress.account_name)}." if progress.account_name else ""
    embed = _embed(f"Connect a {platform.label} account", f"{mark} {said}{name}")
    if progress.state not in ENDED:
        embed.set_image(url=f"attachment://{PICTURE}")
        countdown = discord.utils.format_dt(until, "R")
        embed.add_field(name="The code", value=f"expires {countdown}")
    fresh = AccountButton("code", connection_id, platform, "Get a fresh code")
    return embed, account_items.view(fresh)


def _elsewhere(capabilities: Capabilities) -> str:
    """How the platforms are connected that the service does not connect from here."""
    if not set(capabilities.platforms) - capabilities.connectable:
        return ""
    return capabilities.connecting_page


def _embed(title: str, *lines: str) -> discord.Embed:
    text = "\n".join(line for line in lines if line)
    return discord.Embed(title=title, description=text or None, colour=0x2F7FD1)
