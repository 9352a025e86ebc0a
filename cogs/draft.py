"""What people typed into the form of a post: kept first, then put before the team or mended."""

import discord
from discord.ext import commands

from bot.client import Copydesk
from bot.domain.approval import Roles
from bot.domain.clip import ClipRef, PostClip
from bot.domain.media import Media
from bot.domain.post import Post, PostState
from bot.domain.times import Timing
from bot.errors import ConflictError, CopydeskError, InputError, NotFoundError, Problem
from bot.workflow import compose, configure, intake, revise
from bot.workflow.compose import Typed
from cogs.ui import answers, channels, clips, drafts, forms, repeats, words


async def setup(bot: Copydesk) -> None:
    """Load this cog."""
    bot.add_dynamic_items(drafts.MendDraft, clips.PickClip)
    await bot.add_cog(DraftCog(bot))


class DraftCog(commands.Cog):
    """Takes the forms that /post opens, whichever process opened them."""

    def __init__(self, bot: Copydesk) -> None:
        self.bot = bot
        self.desk = bot.desk

    @commands.Cog.listener()
    async def on_interaction(self, interaction: discord.Interaction) -> None:
        """Take a form that was sent, whichever process opened it."""
        answered = forms.answers(interaction)
        if answered is None or not answered.custom_id.startswith("post:"):
            return
        try:
            await answers.defer(interaction)
            await self._take(interaction, answered)
        except Exception as error:
            await answers.refuse(interaction, error)

    async def _take(self, interaction: discord.Interaction, answered: forms.Answers) -> None:
        """Keep what was typed, then ask the approvers, or say what is wrong with it."""
        guild = answers.guild(interaction)
        draft = await self._keep(interaction, answered.custom_id, _typed(answered))
        draft, problems = await self._keep_files(draft, answered)
        server = await configure.get(self.desk, guild.id)
        problems += channels.review_problems(guild, server)
        roles = answers.roles(interaction)
        try:
            if answered.custom_id.startswith("post:edit:"):
                post = await self._change(answered.custom_id, draft, roles, problems)
            else:
                post = await compose.ask_review(
                    self.desk, draft, author_roles=roles, problems=problems
                )
        except CopydeskError as error:
            embed = answers.problem_list(_problems(error))
            embed.description = f"What you typed is kept as draft {draft.id}."
            await answers.reply(interaction, embed=embed, view=drafts.refused(draft.id))
            return
        when = words.moment(post.content.due_at)
        channel = f"<#{server.approvals_channel_id}>"
        waits = "is approved: see its card" if post.state is PostState.APPROVED else "waits"
        told = [f"Post {post.id} {waits} in {channel}. It goes out {when}."]
        if rule := repeats.lines(post.content, goes_on=True):
            told += [f"It repeats {rule[0]}.", *rule[1:]]
        await answers.reply(interaction, "\n".join(told))

    async def _change(
        self, custom_id: str, draft: Post, roles: Roles, problems: list[Problem]
    ) -> Post:
        """Put a draft in the place of the revision that its form showed."""
        post_id, number = (int(part) for part in custom_id.split(":")[2:])
        post = await revise.find(
            self.desk, server_id=draft.server_id, post_id=post_id, author_id=draft.author_id
        )
        if post.content.number != number:
            raise ConflictError(
                f"Post {post_id} was changed meanwhile.", remedy="Look at its card."
            )
        return await revise.edit(self.desk, post, draft, author_roles=roles, problems=problems)

    async def _keep(self, interaction: discord.Interaction, custom_id: str, typed: Typed) -> Post:
        """A new draft, or the one that is being mended if it still is a draft."""
        server_id, user_id = answers.guild(interaction).id, interaction.user.id
        if custom_id.startswith("post:mend:"):
            post_id = int(custom_id.rpartition(":")[2])
            try:
                draft = await compose.get_draft(
                    self.desk, server_id=server_id, post_id=post_id, author_id=user_id
                )
                return await compose.rewrite(self.desk, draft, typed)
            except (NotFoundError, ConflictError):
                pass  # it was sent or discarded meanwhile: what was typed becomes a new draft
        return await compose.write(
            self.desk,
            server_id=server_id,
            channel_id=interaction.channel_id or 0,
            author_id=user_id,
            typed=typed,
        )

    async def _keep_files(self, draft: Post, answered: forms.Answers) -> tuple[Post, list[Problem]]:
        """Add the files, after the text is safe; the draft with them, and what is wrong with them.

        Fetching takes a while, and may fail in the middle.
        """
        uploads = [self.bot.upload(file) for file in answered.files.get("media", [])]
        media, problems = await intake.take_files(self.desk, draft.server_id, uploads)
        if media:
            draft = await compose.rewrite(self.desk, draft, _typed(answered, media))
        return draft, problems


def _typed(answered: forms.Answers, media: tuple[Media, ...] = ()) -> Typed:
    """What was typed into the form of a post, with the files that came with it."""
    return Typed(
        caption=answered.texts.get("caption", ""),
        title=answered.texts.get("title", ""),
        account_ids=tuple(int(value) for value in answered.choices.get("accounts", [])),
        when_text=answered.texts.get("when", ""),
        media=media,
        clip=_clip(answered.custom_id),
        timing=_timing(answered.custom_id),
    )


def _timing(custom_id: str) -> Timing | None:
    """Who keeps the time, where it was said when the form was opened: `post:new:<timing>`."""
    said = custom_id.removeprefix("post:new:")
    return Timing(said) if said in list(Timing) else None


def _clip(custom_id: str) -> PostClip | None:
    """The clip a form is about: `post:clip:<connection>:<index>:<project>`."""
    if not custom_id.startswith("post:clip:"):
        return None
    connection_id, index, project_id = custom_id.split(":", 4)[2:]
    ref = ClipRef(project_id=project_id, index=int(index))
    return PostClip(connection_id=int(connection_id), ref=ref)


def _problems(error: CopydeskError) -> list[Problem]:
    if isinstance(error, InputError):
        return list(error.problems)
    return [Problem(field="Post", message=error.message, remedy=error.remedy)]
