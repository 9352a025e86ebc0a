"""Whatever accounts are called, Discord takes the messages about them."""

import re
from dataclasses import replace
from typing import cast

import discord
import pytest

from bot.domain.event import NOTICES, Event, EventKind
from bot.domain.platform import Kind, Platform
from bot.domain.post import PostState
from bot.domain.server import Account, AccountHealth, AccountSet, Connection
from bot.errors import Problem
from bot.workflow.accounts import Listed
from bot.workflow.endangered import Endangered
from bot.workflow.services import Services
from cogs.ui import account_items, accounts, joining, notices
from db.health import Use
from providers.catalogue import PROVIDERS
from providers.connecting import CodeProgress, CodeState
from tests.cogs.discord_limits import assert_embed_fits, assert_form_fits
from tests.factories import SERVER, a_post, a_revision
from tests.scripted import START

LONG = "[*~_`|" * 42
CONNECTION = Connection(
    id=10**9,
    server_id=SERVER,
    provider="wahdx",
    secret=b"",
    hint="abcd",
    created_by=1,
    created_at=START,
    name="n" * 64,
)


class _Declared:
    """Services that are only asked what they can do."""

    @staticmethod
    def capabilities(provider: str):
        """Tell what a service declares."""
        return PROVIDERS[provider].capabilities


SERVICES = cast("Services", _Declared())


def an_account(number: int, health: AccountHealth = AccountHealth.EXPIRED) -> Account:
    """Make an account with the longest name there can be."""
    return Account(
        id=number,
        server_id=SERVER,
        connection_id=CONNECTION.id,
        provider="wahdx",
        remote_id=str(number),
        platform=Platform.PINTEREST,
        name=LONG,
        username=LONG,
        usable=health.is_usable,
        backup_id=number % 3 + 1,
        nickname="*" * 64,
        emoji="👩‍👩‍👧‍👦",
        avatar_url="https://a.example/" + "p" * 2000,
        followers=10**12,
        health=health,
        trouble=health.trouble,
    )


def assert_message_fits(embeds: list[discord.Embed], view: discord.ui.View | None) -> None:
    """Fail where Discord would refuse the message."""
    assert 1 <= len(embeds) <= 10
    for embed in embeds:
        assert_embed_fits(embed)
        assert len(embed.author.name or "") <= 256
    assert sum(len(embed) for embed in embeds) <= 6000
    for item in view.children if view else ():
        assert len(getattr(item, "custom_id", None) or "") <= 100


@pytest.mark.parametrize("count", [0, 1, 8, 9, 300])
def test_every_page_of_accounts_fits(count: int) -> None:
    """Eight accounts with the longest names, and four services that could not be read."""
    listed = [
        Listed(
            account=an_account(number),
            connection=CONNECTION,
            kinds=list(Kind),
            next_use=Use(account_id=number, post_id=10**9, due_at=START),
        )
        for number in range(1, count + 1)
    ]
    problems = [Problem(field="WayinVideo", message=LONG, remedy=LONG) for _ in range(9)]
    embeds: list[discord.Embed] = []
    for number in range(accounts.pages(count) + 1):
        embeds, view = accounts.page(listed, number, SERVICES, problems)
        assert_message_fits(embeds, view)
    shown = len(embeds) - 1
    assert shown == (count - 1) % accounts.PER_PAGE + 1 if count else shown == 0


@pytest.mark.parametrize("kind", sorted(NOTICES - {EventKind.RETURNED, EventKind.CLOSED}))
@pytest.mark.parametrize("count", [0, 1, 40])
def test_every_notice_fits(kind: EventKind, count: int) -> None:
    """Many accounts and posts are counted where there is no room to name them."""
    posts = [
        replace(
            a_post(PostState.APPROVED, content=a_revision(caption=LONG, due_at=START)),
            id=10**9,
            card_channel_id=2**63,
            card_message_id=2**63,
        )
    ] * 50
    found = Endangered(
        connection=CONNECTION,
        accounts=[an_account(number) for number in range(count)],
        waiting=posts,
        in_review=posts,
    )
    event = Event(
        id=1,
        server_id=SERVER,
        kind=kind,
        at=START,
        actor_id=7,
        data={"connection": "1", "trouble": LONG * 9},
    )
    embed, view = notices.of_connection(event, found, SERVICES)
    assert_message_fits([embed], view)


@pytest.mark.parametrize("count", [1, 25, 26, 125, 300])
def test_every_form_of_a_set_fits(count: int) -> None:
    """A form offers as many accounts as it can, those of the set before the others."""
    known = [an_account(number) for number in range(1, count + 1)]
    kept = AccountSet(
        id=1,
        server_id=SERVER,
        name="n" * 64,
        account_ids=(count,),
        created_by=1,
        created_at=START,
    )
    form = accounts.set_form("account:set:" + kept.name, kept.name, known, kept)
    assert_form_fits(form)


@pytest.mark.parametrize("provider", sorted(PROVIDERS))
def test_each_service_says_how_accounts_are_connected(provider: str) -> None:
    """What is shown follows from the declarations alone, whichever service it is."""
    connection = replace(CONNECTION, provider=provider)
    capabilities = PROVIDERS[provider].capabilities
    panels = [
        joining.by_hand(connection, capabilities),
        joining.choose_connection([connection] * 30, SERVICES),
    ]
    if not capabilities.connectable:
        assert re.search(r"https://\S+", capabilities.connecting_page)
    if capabilities.connectable:
        panels.append(joining.choose_platform(connection, capabilities))
    for platform in capabilities.connectable:
        embed, view = joining.offer(connection, capabilities, platform)
        assert capabilities.connecting_cost in (embed.description or "")
        panels.append((embed, view))
    for embed, view in panels:
        assert_message_fits([embed], view)


@pytest.mark.parametrize("state", list(CodeState))
def test_each_state_of_a_code_is_shown(state: CodeState) -> None:
    """A code counts down while it can be used, and its picture goes when it cannot."""
    progress = CodeProgress(state=state, account_name=LONG)
    embed, view = joining.code(progress, START, 1, Platform.TIKTOK)
    assert_message_fits([embed], view)
    is_over = state in joining.ENDED
    assert (embed.image.url is None) == is_over
    assert bool(embed.fields) != is_over
    assert view
    [fresh] = view.children
    assert isinstance(fresh, account_items.AccountButton)
