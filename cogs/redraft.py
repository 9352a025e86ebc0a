"""The card of a draft: what those who write it press and choose under it."""

from collections.abc import Awaitable, Callable, Sequence

import discord
from discord.ext import commands

from bot.client import Copydesk
from bot.domain import editing
from bot.domain.approval import NOBODY, Roles
from bot.domain.post import Post, PostState
from bot.domain.server import Account
from bot.errors import ConflictError, InputError
from bot.workflow import choose_cover, configure, connect, discard, redraft, sets
from cogs.ui import (
    answers,
    ballots,
    channels,
    draft_card,
    draft_items,
    draft_parts,
    drafts,
    forms,
    members,
    own_texts,
    repeats,
    words,
)
from cogs.ui.draft_items import Pressed

_Act = Callable[[discord.Interaction, Pressed], Awaitable[None]]


async def setup(bot: Copydesk) -> None:
    """Load this cog."""
    bot.add_dynamic_items(draft_items.DraftButton, draft_items.DraftSelect, own_texts.OwnTexts)
    await bot.add_cog(RedraftCog(bot))


class RedraftCog(commands.Cog):
    """Does what is pressed under a draft; whoever presses under an old card is told so."""

    def __init__(self, bot: Copydesk) -> None:
        self.desk = bot.desk
        self._acts: dict[str, _Act] = {
            "back": self._show,
            "open": self._open,
            "send": self._send,
            "files": self._show_files,
            "take": self._take_away,
            "cover": self._show_cover,
            "frame": self._frame,
            "plain": self._no_cover,
            "accounts": self._show_accounts,
            "pick": self._pick,
            "set": self._add_set,
            "account": self._show_account,
            "same": self._same_text,
            "discard": self._ask,
            "gone": self._discard,
        }

    @commands.Cog.listener()
    async def on_draft(self, interaction: discord.Interaction, pressed: Pressed) -> None:
        """Act."""
        try:
            await answers.defer_update(interaction)
            await self._acts[pressed.what](interaction, pressed)
        except ConflictError as error:
            await drafts.show_changed(self.desk, interaction, pressed, error)
        except Exception as error:
            await answers.refuse(interaction, error)

    async def _show(self, interaction: discord.Interaction, pressed: Pressed) -> None:
        await drafts.show(self.desk, interaction, await self._draft(interaction, pressed.post_id))

    async def _open(self, interaction: discord.Interaction, pressed: Pressed) -> None:
        draft = await self._draft(interaction, int(pressed.values[0]))
        await drafts.show(self.desk, interaction, draft)

    async def _send(self, interaction: discord.Interaction, pressed: Pressed) -> None:
        guild = answers.guild(interaction)
        server = await configure.get(self.desk, guild.id)
        try:
            post = await redraft.send(
                self.desk,
                pressed.hand(interaction),
                author_roles=await self._author_roles(interaction, pressed),
                problems=channels.review_problems(guild, server),
            )
        except InputError as error:
            await self._show(interaction, pressed)
            await answers.refuse(interaction, error)
            return
        waits = "is approved: see its card" if post.state is PostState.APPROVED else "waits"
        channel, when = f"<#{server.approvals_channel_id}>", words.moment(post.content.due_at)
        told = [f"Post {post.id} {waits} in {channel}. It goes out {when}."]
        if post.state is PostState.IN_REVIEW and ballots.is_stuck(post, server):
            told.append(f"⚠️ {ballots.STUCK}")
        if rule := repeats.lines(post.content, goes_on=True):
            told += [f"It repeats {rule[0]}.", *rule[1:]]
        await answers.update(interaction, "\n".join(told))

    async def _author_roles(self, interaction: discord.Interaction, pressed: Pressed) -> Roles:
        """The roles that the author of a draft has now, whoever of its writers sends it."""
        draft = await self._draft(interaction, pressed.post_id)
        if draft.author_id == interaction.user.id:
            return answers.roles(interaction)
        found = await members.fetch(answers.guild(interaction), draft.author_id)
        return NOBODY if found is None else found

    async def _show_files(self, interaction: discord.Interaction, pressed: Pressed) -> None:
        draft = await self._draft(interaction, pressed.post_id)
        await drafts.show_files(self.desk, interaction, draft)

    async def _take_away(self, interaction: discord.Interaction, pressed: Pressed) -> None:
        places = {int(value) for value in pressed.values}
        hand = pressed.hand(interaction)
        before = await redraft.seen(self.desk, hand)
        draft = await redraft.take_away(self.desk, hand, places)
        await drafts.show_files(self.desk, interaction, draft, before)

    async def _show_cover(self, interaction: discord.Interaction, pressed: Pressed) -> None:
        draft = await self._draft(interaction, pressed.post_id)
        await drafts.show_cover(self.desk, interaction, draft)

    async def _frame(self, interaction: discord.Interaction, pressed: Pressed) -> None:
        hand = pressed.hand(interaction)
        draft = await choose_cover.frame(self.desk, hand, int(pressed.values[0]))
        await drafts.show(self.desk, interaction, draft)

    async def _no_cover(self, interaction: discord.Interaction, pressed: Pressed) -> None:
        draft = await choose_cover.none(self.desk, pressed.hand(interaction))
        await drafts.show(self.desk, interaction, draft)

    async def _show_accounts(self, interaction: discord.Interaction, pressed: Pressed) -> None:
        draft = await self._draft(interaction, pressed.post_id)
        await self._accounts(interaction, draft, pressed.about)

    async def _pick(self, interaction: discord.Interaction, pressed: Pressed) -> None:
        hand = pressed.hand(interaction)
        offered = await self._offered(await redraft.seen(self.desk, hand))
        shown = {account.id for account in draft_parts.page_of(offered, pressed.about)}
        chosen = shown & {int(value) for value in pressed.values}
        draft = await redraft.choose_accounts(self.desk, hand, chosen, shown)
        await self._accounts(interaction, draft, pressed.about)

    async def _add_set(self, interaction: discord.Interaction, pressed: Pressed) -> None:
        hand = pressed.hand(interaction)
        offered = {each.id for each in await self._offered(await redraft.seen(self.desk, hand))}
        chosen = offered & set(await sets.expand(self.desk, hand.server_id, pressed.values))
        draft = await redraft.choose_accounts(self.desk, hand, chosen, chosen)
        await self._accounts(interaction, draft, pressed.about)

    async def _accounts(self, interaction: discord.Interaction, draft: Post, page: int) -> None:
        known = await sets.find(self.desk, draft.server_id)
        embed, view = draft_parts.accounts(draft, await self._offered(draft), known, page)
        await answers.update(interaction, embed=embed, view=view)

    async def _show_account(self, interaction: discord.Interaction, pressed: Pressed) -> None:
        draft = await self._draft(interaction, pressed.post_id)
        await drafts.show_account(self.desk, interaction, draft, int(pressed.values[0]))

    async def _same_text(self, interaction: discord.Interaction, pressed: Pressed) -> None:
        draft = await redraft.change(
            self.desk,
            pressed.hand(interaction),
            lambda content: editing.with_own_text(content, pressed.about, None),
        )
        await drafts.show_account(self.desk, interaction, draft, pressed.about)

    async def _ask(self, interaction: discord.Interaction, pressed: Pressed) -> None:
        draft = await discard.check(self.desk, pressed.hand(interaction))
        said = f"Draft {draft.id} is deleted then, with all that is in it."
        await answers.update(interaction, said, view=draft_card.discard(draft))

    async def _discard(self, interaction: discord.Interaction, pressed: Pressed) -> None:
        await discard.discard(self.desk, pressed.hand(interaction))
        await answers.update(interaction, f"Draft {pressed.post_id} is deleted.")

    async def _draft(self, interaction: discord.Interaction, post_id: int) -> Post:
        """The draft as it is now: looking at it needs no older one."""
        server_id, user_id = answers.guild(interaction).id, interaction.user.id
        return await redraft.get(self.desk, server_id=server_id, post_id=post_id, user_id=user_id)

    async def _offered(self, draft: Post) -> Sequence[Account]:
        known = await connect.accounts(self.desk, draft.server_id)
        return forms.offered(known, draft.content.clip)
