"""The parts of a draft under its card: its accounts, its files, and one account with what it has
of its own.
"""

from collections.abc import Sequence

import discord
from discord import ui

from bot.domain.media import MAX_FILES, Media
from bot.domain.platform import Kind
from bot.domain.post import Post, Target
from bot.domain.server import Account, AccountHealth, AccountSet
from bot.workflow import sets
from bot.workflow.examine import Examined
from cogs.ui import cards, draft_card, draft_items, option_forms, words

_HEALTH = {
    AccountHealth.EXPIRING: "must be reconnected soon",
    AccountHealth.EXPIRED: "must be reconnected at its service",
    AccountHealth.GONE: "its service does not list it any more",
}
_MOST_SETS = 25


def accounts(
    draft: Post, offered: Sequence[Account], known_sets: Sequence[AccountSet], page: int
) -> tuple[discord.Embed, ui.View]:
    """The accounts to choose from, 25 at a time, and the sets of them."""
    count = len(_pages(offered))
    shown = page_of(offered, page)
    chosen = {target.account_id for target in draft.content.targets}
    lines = [words.escape(target.label) for target in draft.content.targets]
    embed = discord.Embed(title=f"Accounts of draft {draft.id}", colour=draft_card.READY)
    words.add_lines(embed, "Chosen", lines or ["none yet"])
    if count > 1:
        embed.set_footer(text=f"Page {page + 1} of {count}: {len(offered)} accounts")
    view = ui.View(timeout=None)
    options = [_account_option(account, chosen) for account in shown]
    if options:
        view.add_item(
            draft_items.select(
                "pick", "Where it goes", draft, options, about=page, least=0, most=len(options)
            )
        )
    if known_sets:
        found = [
            discord.SelectOption(label=words.clip(item.name, 100), value=sets.value(item))
            for item in known_sets[:_MOST_SETS]
        ]
        view.add_item(draft_items.select("set", "Add a set", draft, found, about=page))
    if page > 0:
        view.add_item(draft_items.button("accounts", "◀ Page", draft, about=page - 1))
    if page + 1 < count:
        view.add_item(draft_items.button("accounts", "Page ▶", draft, about=page + 1))
    view.add_item(draft_items.done(draft))
    return embed, view


def page_of(offered: Sequence[Account], page: int) -> Sequence[Account]:
    """The accounts of one page, counted from 0; none where there is no such page."""
    most = draft_card.ON_A_PAGE
    return offered[page * most : (page + 1) * most]


def files(draft: Post, *, is_cover_gone: bool = False) -> tuple[discord.Embed, ui.View]:
    """The files of a draft in their order; and whether a cover went with its video just now."""
    media = draft.content.media
    lines = [f"**{number}** · {cards.file_line(item)}" for number, item in enumerate(media, 1)]
    embed = discord.Embed(title=f"Files of draft {draft.id}", colour=draft_card.READY)
    words.add_lines(embed, "In their order", lines or ["none yet"])
    if is_cover_gone:
        embed.add_field(name="Cover", value="It was that of the video before, and went with it.")
    elif draft.content.cover:
        embed.add_field(name="Cover", value=words.escape(draft.content.cover.words))
    view = ui.View(timeout=None)
    if media:
        options = [_file_option(number, item) for number, item in enumerate(media[:25])]
        view.add_item(draft_items.select("take", "Take away", draft, options, most=len(options)))
    if len(media) < MAX_FILES:
        view.add_item(draft_items.button("add", "Add", draft))
    if len(media) > 1:
        view.add_item(draft_items.button("order", "Order", draft))
    if draft.content.kind is Kind.VIDEO:
        view.add_item(draft_items.button("cover", "Cover", draft))
    view.add_item(draft_items.done(draft))
    return embed, view


def account(examined: Examined, target: Target) -> tuple[discord.Embed, ui.View]:
    """One account of a draft: the text and the options it goes out with."""
    draft, content = examined.post, examined.content
    caption, title = content.text_of(target)
    embed = discord.Embed(
        title=words.clip(target.label, 256),
        description=words.verbatim(caption, 4096) or "*no text*",
        colour=draft_card.READY,
    )
    if title:
        embed.add_field(name="Title", value=words.clip(words.escape(title), 300))
    embed.add_field(name="Text", value="its own" if target.has_own_text else "the post's")
    declared = option_forms.declared(target, content.kind)
    draft_card.add_lists(
        embed,
        {
            "Ready": draft_card.account_lines(examined, target),
            "Options": option_forms.lines(declared, target) or ["none chosen"],
        },
    )
    view = ui.View(timeout=None)
    if declared:
        view.add_item(
            draft_items.select(
                "options",
                "Choose options",
                draft,
                option_forms.page_options(declared),
                about=target.account_id,
            )
        )
    view.add_item(draft_items.button("own", "Its own text", draft, about=target.account_id))
    if target.has_own_text:
        view.add_item(draft_items.button("same", "The post's text", draft, about=target.account_id))
    view.add_item(draft_items.done(draft))
    return embed, view


def _pages(offered: Sequence[Account]) -> list[Sequence[Account]]:
    most = draft_card.ON_A_PAGE
    return [offered[at : at + most] for at in range(0, len(offered), most)] or [()]


def _account_option(account: Account, chosen: set[int]) -> discord.SelectOption:
    return discord.SelectOption(
        label=words.clip(account.label, 100),
        value=str(account.id),
        description=words.clip(_HEALTH.get(account.health, f"@{account.username}"), 100),
        default=account.id in chosen,
    )


def _file_option(number: int, media: Media) -> discord.SelectOption:
    return discord.SelectOption(
        label=words.clip(f"{number + 1} · {media.filename}", 100), value=str(number)
    )
