"""The card of a draft, seen by those alone who write it: what will go out, what is in its way."""

from collections.abc import Mapping, Sequence

import discord
from discord import ui

from bot.domain.post import Post, Target
from bot.errors import Problem
from bot.workflow import timing
from bot.workflow.examine import Examined
from cogs.ui import (
    ballots,
    cards,
    cover_words,
    draft_items,
    own_texts,
    previews,
    repeats,
    sharing,
    words,
)
from providers.catalogue import PROVIDERS

READY, STUCK = 0x2E9E5B, 0xC0392B
ON_A_PAGE = 25
"""Accounts that one select offers."""

_SEEN_BY = {False: "seen by you alone", True: "seen by those alone who write it"}

_SELECTS = 3
"""Selects that a message has room for beside its buttons."""

_BLOCKS = 12
"""Characters that part the pieces of a long list."""


def card(examined: Examined, lost: list[Problem], notes: Sequence[str] = ()) -> discord.Embed:
    """What a draft is now; `lost` are files that were given but could not be kept, `notes` what
    whoever sees it is to think of.
    """
    draft, content = examined.post, examined.content
    problems = examined.all_problems
    embed = discord.Embed(
        title=words.clip(_name(draft), 256),
        description=words.verbatim(content.caption, 4096) or "*no text*",
        colour=STUCK if problems else READY,
    ).set_footer(text=f"Draft {draft.id}, {_SEEN_BY[bool(draft.writers)]}")
    if content.title:
        embed.add_field(name="Title", value=words.clip(words.escape(content.title), 300))
    embed.add_field(name="When", value=_when(examined))
    if draft.writers:
        embed.add_field(name="Written by", value=ballots.written_by(draft))
    if told := repeats.lines(content, goes_on=True):
        embed.add_field(name="Repeats", value="\n".join(told), inline=False)
    if content.clip:
        embed.add_field(name="Clip", value=words.escape(content.clip.label), inline=False)
    if draft.source:
        embed.add_field(name="Begun from", value=cards.source_line(draft.source), inline=False)
    add_lists(
        embed,
        {
            "In the way": [f"❌ {_told(each)}" for each in examined.problems],
            "Not taken": [f"⚠️ {_told(each)}" for each in lost],
            "Accounts": _accounts(examined),
            "Own texts": own_texts.lines(content),
            "To think of": [
                *(f"⚠️ {note}" for note in notes),
                *(f"⚠️ {_told(each)}" for each in examined.cautions),
            ],
            "Files": [*map(cards.file_line, content.media), *cover_words.lines(content)],
        },
    )
    return embed


def buttons(examined: Examined, lost: list[Problem], *, is_own: bool = True) -> ui.View:
    """What can be done with a draft, by its author or by one of its writers."""
    draft = examined.post
    view = ui.View(timeout=None)
    is_ready = not examined.all_problems and not lost
    label = "Ask for approval again" if draft.changes_post else "Send for approval"
    view.add_item(
        draft_items.button(
            "send",
            "Send without it" if lost else label,
            draft,
            style=discord.ButtonStyle.success if is_ready else discord.ButtonStyle.secondary,
        )
    )
    view.add_item(draft_items.button("text", "Text", draft))
    what = "files" if draft.content.clip is None else "cover"
    view.add_item(draft_items.button(what, what.capitalize(), draft))
    view.add_item(draft_items.button("accounts", "Accounts", draft))
    view.add_item(draft_items.button("when", "When", draft))
    options = [_account_option(examined, each) for each in examined.content.targets]
    for page in range(min(-(-len(options) // ON_A_PAGE), _SELECTS)):
        view.add_item(_account_select(draft, options, page))
    if is_own:
        red = discord.ButtonStyle.danger
        view.add_item(sharing.WritersButton("ask", draft.id))
        view.add_item(draft_items.button("discard", "Discard", draft, style=red))
    if examined.content.targets:
        view.add_item(previews.Preview(draft.id))
    return view


def account_lines(examined: Examined, target: Target) -> list[str]:
    """An account of a draft: ready, or a line for each thing that is in its way."""
    problems = examined.of_accounts.get(target.account_id, ())
    if problems:
        bold = words.escape(target.label)
        return [f"❌ {_told(problem)}".replace(bold, f"**{bold}**", 1) for problem in problems]
    mark = "▫️" if examined.problems else "✅"
    own = " · its own text" if target.has_own_text else ""
    return [f"{mark} {cards.target_line(target, examined.content)}{own}"]


def discard(draft: Post) -> ui.View:
    """The question whether a draft is really to go."""
    view = ui.View(timeout=None)
    sure = discord.ButtonStyle.danger
    view.add_item(draft_items.button("gone", "Yes, discard it", draft, style=sure))
    view.add_item(draft_items.button("back", "Keep it", draft))
    return view


def _accounts(examined: Examined) -> list[str]:
    targets = examined.content.targets
    lines = [line for target in targets for line in account_lines(examined, target)]
    return lines or ["none yet"]


def add_lists(embed: discord.Embed, lists: Mapping[str, Sequence[str]]) -> None:
    """Add lists of lines; where there is little room, each has its share of what is left."""
    filled = {name: lines for name, lines in lists.items() if lines}
    share = (6000 - len(embed)) // len(filled)
    for number, (name, lines) in enumerate(filled.items(), 1):
        words.add_lines(embed, name, lines, keep=share * (len(filled) - number) + _BLOCKS)


def _name(draft: Post) -> str:
    return f"Change of post {draft.changes_post}" if draft.changes_post else f"Draft {draft.id}"


def _when(examined: Examined) -> str:
    content = examined.content
    if any(problem.field == "When" for problem in examined.problems):
        return words.clip(words.escape(content.when_text), 1024) or "not given"
    kept = [
        target
        for target in content.targets
        if timing.is_kept_there(PROVIDERS[target.provider].capabilities, content)
    ]
    return words.moment(content.due_at) + (" · kept by the service" if kept else "")


def _told(problem: Problem) -> str:
    """What is wrong and what to do, in one line."""
    message = f"{problem.message[:1].upper()}{problem.message[1:]}"
    return words.escape(f"{problem.field}: {message} → {problem.remedy}".replace("\n", " "))


def _account_select(
    draft: Post, options: Sequence[discord.SelectOption], page: int
) -> draft_items.DraftSelect:
    """What opens one of 25 accounts."""
    first = page * ON_A_PAGE
    shown = options[first : first + ON_A_PAGE]
    ask = "One account: its own text and options"
    if len(options) > ON_A_PAGE:
        ask = f"One of the accounts {first + 1} to {first + len(shown)}"
    return draft_items.select("account", ask, draft, shown, about=page)


def _account_option(examined: Examined, target: Target) -> discord.SelectOption:
    problems = examined.of_accounts.get(target.account_id, ())
    state = problems[0].message if problems else "ready"
    return discord.SelectOption(
        label=words.clip(target.label, 100),
        value=str(target.account_id),
        description=words.clip(state, 100),
    )
