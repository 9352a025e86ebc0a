"""The buttons under cards that vote, hold and change, and the forms they open."""

import discord
from discord.ext import commands

from bot.client import Copydesk
from bot.domain.approval import ENDS, Verdict
from bot.domain.post import Post, PostState
from bot.domain.when import NEXT_SLOT
from bot.errors import ConflictError, CopydeskError, TooLateError
from bot.workflow import browse, configure, hold, new_time, review, revise, voters
from bot.workflow.voters import Voter
from cogs.ui import (
    answers,
    ballots,
    drafts,
    forms,
    members,
    reactions,
    sent_form,
    under,
    voting,
    words,
)

_TIMES = {"now": "now", "slot": NEXT_SLOT}


async def setup(bot: Copydesk) -> None:
    """Load this cog."""
    bot.add_dynamic_items(voting.VoteButton)
    await bot.add_cog(VoteCog(bot))


class VoteCog(commands.Cog):
    """Does what a button says; a person counts once, by buttons and reactions together."""

    def __init__(self, bot: Copydesk) -> None:
        self.bot = bot
        self.desk = bot.desk

    @commands.Cog.listener()
    async def on_vote(
        self, interaction: discord.Interaction, action: str, post_id: int, revision: int
    ) -> None:
        """Open a form, or act."""
        try:
            if action == "edit" or action in voting.FORMS:
                await self._open(
                    interaction, action, await self._post(interaction, post_id, revision)
                )
                return
            await answers.defer(interaction)
            post = await self._post(interaction, post_id, revision)
            await self._act(interaction, post, action)
        except TooLateError as error:
            view = voting.buttons(under.LATE, post_id, revision)
            await answers.reply(interaction, f"⚠️ {error}", view=view)
        except Exception as error:
            await answers.refuse(interaction, error)

    @commands.Cog.listener()
    async def on_interaction(self, interaction: discord.Interaction) -> None:
        """Take a form that was sent, whichever process opened it; what was typed is not lost."""
        answered = sent_form.answers(interaction)
        if answered is None or not answered.custom_id.startswith("vote:"):
            return
        _, action, post_id, revision = answered.custom_id.split(":")
        typed = answered.texts["answer"]
        try:
            await answers.defer(interaction)
            post = await self._post(interaction, int(post_id), int(revision))
            if action in list(Verdict):
                await self._cast(interaction, post, Verdict(action), typed)
            elif action == "again":
                await self._ask_again(interaction, post, typed)
            else:
                await self._give_time(interaction, post, typed)
        except CopydeskError as error:
            kept = words.clip(words.escape(typed), 1000)
            await answers.refuse(interaction, ConflictError(f"{error}\nYou wrote: {kept}"))
        except Exception as error:
            await answers.refuse(interaction, error)

    async def _post(self, interaction: discord.Interaction, post_id: int, revision: int) -> Post:
        """The post, if it still is what the button stood under."""
        server_id = answers.guild(interaction).id
        post = (await browse.show(self.desk, server_id=server_id, post_id=post_id)).post
        if post.content.number != revision:
            raise ConflictError(
                f"Post {post_id} was changed since.", remedy="Its new card shows what counts now."
            )
        return post

    async def _open(self, interaction: discord.Interaction, action: str, post: Post) -> None:
        if action == "edit":
            await answers.defer(interaction)
            draft = await revise.begin(
                self.desk,
                server_id=post.server_id,
                post_id=post.id,
                user_id=interaction.user.id,
                roles=answers.roles(interaction),
            )
            await drafts.show(self.desk, interaction, draft)
            return
        if action == "again":
            await forms.show(interaction, voting.form(action, post.id, post.content.number))
            return
        verdict = Verdict(action) if action in list(Verdict) else Verdict.APPROVE
        server = await configure.get(self.desk, post.server_id)
        voters.check(
            voters.rules_for(self.desk, server, post), self._voter(interaction), post, verdict
        )
        if verdict in ENDS and post.state is not PostState.IN_REVIEW:
            raise _decided(post)
        await forms.show(interaction, voting.form(action, post.id, post.content.number))

    async def _act(self, interaction: discord.Interaction, post: Post, action: str) -> None:
        if action in _TIMES:
            await self._give_time(interaction, post, _TIMES[action])
        elif action == "back":
            await self._take_back(interaction, post)
        elif action == "release":
            await hold.release(self.desk, self._voter(interaction), post)
            if card := self._card(post):
                await reactions.clear(self.desk, card, Verdict.HOLD)
            await answers.reply(interaction, f"Post {post.id} goes out at its time.")
        elif action == Verdict.HOLD and post.state is PostState.APPROVED:
            kept = await hold.hold(self.desk, self._voter(interaction), post)
            told = [f"Post {post.id} is held.", *(f"⚠️ {line}" for line in kept)]
            await answers.reply(interaction, "\n".join(told))
        else:
            await self._cast(interaction, post, Verdict(action))

    async def _cast(
        self, interaction: discord.Interaction, post: Post, verdict: Verdict, reason: str = ""
    ) -> None:
        voter = self._voter(interaction)
        counted = await review.cast(self.desk, voter, post, verdict, reason=reason)
        mark = await self._mark(post, verdict)
        if counted is None:
            await self._say_again(interaction, post, verdict)
            return
        if counted.replaced and counted.replaced.by_reaction and (card := self._card(post)):
            await reactions.take_off(self.desk, card, voter.user_id, counted.replaced.verdict)
        said = f"Your {mark} counts: post {post.id} is {counted.post.state.words}."
        if counted.post.state is PostState.IN_REVIEW and not counted.standing.holding:
            said = f"Your {mark} counts. Still needed: {ballots.needed(counted.standing.lacks)}."
        elif counted.post.state is PostState.IN_REVIEW:
            said = f"Your {mark} counts. The post is held: nothing is decided until that ends."
        await answers.reply(interaction, said)

    async def _say_again(
        self, interaction: discord.Interaction, post: Post, verdict: Verdict
    ) -> None:
        """Say why a vote changed nothing: it was counted before, or the post is decided."""
        shown = await browse.show(self.desk, server_id=post.server_id, post_id=post.id)
        mine = shown.ballot.of(interaction.user.id)
        if shown.post.state is not PostState.IN_REVIEW or mine is None:
            raise _decided(shown.post)
        view = voting.buttons(("back",), post.id, post.content.number)
        said = f"Your {await self._mark(post, verdict)} is counted already."
        await answers.reply(interaction, said, view=view)

    async def _take_back(self, interaction: discord.Interaction, post: Post) -> None:
        shown = await browse.show(self.desk, server_id=post.server_id, post_id=post.id)
        mine = shown.ballot.of(interaction.user.id)
        voter = self._voter(interaction)
        taken = mine and await review.take_back(self.desk, voter, post, mine.verdict)
        if mine is None or taken is None:
            raise ConflictError("There is nothing to take back.", remedy="Look at the card.")
        if mine.by_reaction and (card := self._card(post)):
            await reactions.take_off(self.desk, card, voter.user_id, mine.verdict)
        mark = await self._mark(post, mine.verdict)
        await answers.reply(interaction, f"Your {mark} is taken back.")

    async def _give_time(self, interaction: discord.Interaction, post: Post, text: str) -> None:
        revised = await new_time.approve_at(self.desk, self._voter(interaction), post, text)
        when = words.moment(revised.content.due_at)
        said = f"Post {post.id} is {revised.state.words}. It goes out {when}."
        if revised.state is PostState.IN_REVIEW:
            said = f"Your approval counts for the new time, {when}; the others are asked again."
        await answers.reply(interaction, said)

    async def _ask_again(self, interaction: discord.Interaction, post: Post, text: str) -> None:
        is_admin = interaction.permissions.manage_guild
        revised = await new_time.ask_again(
            self.desk, self._voter(interaction), post, text, is_admin=is_admin
        )
        when = words.moment(revised.content.due_at)
        waits = "waits again" if revised.state is PostState.IN_REVIEW else "is approved"
        await answers.reply(interaction, f"Post {post.id} {waits}. It goes out {when}.")

    async def _mark(self, post: Post, verdict: Verdict) -> str:
        """The reaction that says so here."""
        return (await configure.get(self.desk, post.server_id)).reactions[verdict]

    def _voter(self, interaction: discord.Interaction) -> Voter:
        guild = answers.guild(interaction)
        return members.voter(guild, interaction.user.id, answers.roles(interaction))

    def _card(self, post: Post) -> discord.PartialMessage | None:
        if post.card_message_id is None:
            return None
        channel = self.bot.get_partial_messageable(
            post.card_channel_id or 0, guild_id=post.server_id
        )
        return channel.get_partial_message(post.card_message_id)


def _decided(post: Post) -> ConflictError:
    return ConflictError(f"Post {post.id} is {post.state.words} already.", remedy="See its card.")
