"""/post: writing posts and seeing where they stand."""

import discord
from discord import app_commands
from discord.ext import commands

from bot.client import Copydesk
from bot.domain.media import Media
from bot.domain.post import Post, PostState
from bot.errors import ConflictError, CopydeskError, InputError, NotFoundError, Problem
from bot.workflow import browse, cancel, compose, configure, connect
from bot.workflow.compose import Typed, Upload
from cogs.ui import answers, cards, channels, drafts, forms, words

STATES = [app_commands.Choice(name=state.words, value=state.value) for state in PostState]


async def setup(bot: Copydesk) -> None:
    """Load this cog."""
    bot.add_dynamic_items(drafts.MendDraft)
    await bot.add_cog(PostCog(bot))


@app_commands.guild_only()
class PostCog(commands.GroupCog, group_name="post", group_description="Write and follow posts"):
    """The commands of /post, and the form behind them."""

    def __init__(self, bot: Copydesk) -> None:
        self.bot = bot
        self.desk = bot.desk

    @app_commands.command()
    async def new(self, interaction: discord.Interaction) -> None:
        """Write a post and ask for its approval"""
        guild = _guild(interaction)
        server = await configure.get(self.desk, guild.id)
        accounts = await connect.accounts(self.desk, guild.id)
        problems = channels.review_problems(guild, server) + channels.origin_problems(interaction)
        if not accounts:
            problems.append(NO_ACCOUNT)
        if problems:
            raise InputError(problems)
        await forms.show(interaction, forms.post_form("post:new", accounts))

    @app_commands.command(name="list")
    @app_commands.describe(state="Only posts that stand there")
    @app_commands.choices(state=STATES)
    async def list_(self, interaction: discord.Interaction, state: str | None = None) -> None:
        """List the newest posts of this server"""
        states = [PostState(state)] if state else list(PostState)
        shown = await browse.recent(self.desk, server_id=_guild(interaction).id, states=states)
        embed = discord.Embed(title="Posts", colour=0x2F7FD1)
        lines = [cards.list_line(item.post, item.deliveries) for item in shown]
        words.add_lines(embed, "Newest first", lines or ["None yet: write one with `/post new`."])
        await answers.reply(interaction, embed=embed)

    @app_commands.command()
    @app_commands.describe(post="Which post")
    async def show(self, interaction: discord.Interaction, post: int) -> None:
        """Show a post and where it stands"""
        server_id = _guild(interaction).id
        shown = await browse.show(self.desk, server_id=server_id, post_id=post)
        server = await configure.get(self.desk, server_id)
        embed = cards.card(shown.post, shown.deliveries, server)
        is_own_draft = shown.post.state is PostState.DRAFT and (
            shown.post.author_id == interaction.user.id
        )
        buttons = drafts.refused(post) if is_own_draft else discord.utils.MISSING
        await answers.reply(interaction, embed=embed, view=buttons)

    @app_commands.command()
    @app_commands.describe(post="Which post")
    async def cancel(self, interaction: discord.Interaction, post: int) -> None:
        """Stop what has not left of a post"""
        await answers.defer(interaction)
        server = await configure.get(self.desk, _guild(interaction).id)
        await cancel.cancel(
            self.desk,
            server_id=server.server_id,
            post_id=post,
            user_id=interaction.user.id,
            may_cancel_any=_is_approver(interaction, server.approver_role_id),
        )
        await answers.reply(interaction, f"Post {post} is cancelled: what had not left stays here.")

    @show.autocomplete("post")
    @cancel.autocomplete("post")
    async def posts(
        self, interaction: discord.Interaction, current: str
    ) -> list[app_commands.Choice[int]]:
        """Posts by number or text, newest first."""
        shown = await browse.recent(self.desk, server_id=_guild(interaction).id, limit=100)
        named = [(item.post, _choice_name(item.post)) for item in shown]
        return [
            app_commands.Choice(name=name, value=post.id)
            for post, name in named
            if current.lower() in name.lower()
        ][: forms.MOST_OPTIONS]

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
        guild = _guild(interaction)
        draft = await self._keep(interaction, answered.custom_id, _typed(answered))
        draft, problems = await self._keep_files(draft, answered)
        server = await configure.get(self.desk, guild.id)
        problems += channels.review_problems(guild, server)
        try:
            post = await compose.ask_review(self.desk, draft, problems=problems)
        except CopydeskError as error:
            embed = answers.problem_list(_problems(error))
            embed.description = f"What you typed is kept as draft {draft.id}."
            await answers.reply(interaction, embed=embed, view=drafts.refused(draft.id))
            return
        when = words.moment(post.content.due_at)
        channel = f"<#{server.approvals_channel_id}>"
        await answers.reply(interaction, f"Post {post.id} waits in {channel}. It goes out {when}.")

    async def _keep(self, interaction: discord.Interaction, custom_id: str, typed: Typed) -> Post:
        """A new draft, or the one that is being mended if it still is a draft."""
        server_id, user_id = _guild(interaction).id, interaction.user.id
        if custom_id != "post:new":
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
        uploads: list[Upload] = []
        problems: list[Problem] = []
        for file in answered.files.get("media", []):
            try:
                data = await self.bot.http.get_from_cdn(file.url)
                uploads.append(Upload(filename=file.filename, data=data))
            except answers.UNREACHABLE:
                problems.append(_lost(file))
        media, refused = await compose.take_files(self.desk, draft.server_id, uploads)
        if media:
            draft = await compose.rewrite(self.desk, draft, _typed(answered, media))
        return draft, problems + refused


NO_ACCOUNT = Problem(
    field="Accounts",
    message="no account is connected.",
    remedy="An admin connects a service with /provider connect.",
)


def _typed(answered: forms.Answers, media: tuple[Media, ...] = ()) -> Typed:
    """What was typed into the form of a post, with the files that came with it."""
    return Typed(
        caption=answered.texts.get("caption", ""),
        title=answered.texts.get("title", ""),
        account_ids=tuple(int(value) for value in answered.choices.get("accounts", [])),
        when_text=answered.texts.get("when", ""),
        media=media,
    )


def _lost(file: forms.SentFile) -> Problem:
    return Problem(
        field="Media",
        message=f"Discord did not hand over {file.filename}.",
        remedy="Upload it again.",
    )


def _problems(error: CopydeskError) -> list[Problem]:
    if isinstance(error, InputError):
        return list(error.problems)
    return [Problem(field="Post", message=error.message, remedy=error.remedy)]


def _guild(interaction: discord.Interaction) -> discord.Guild:
    if interaction.guild is None:
        raise NotFoundError("This works in a server only.")
    return interaction.guild


def _is_approver(interaction: discord.Interaction, role_id: int | None) -> bool:
    member = interaction.user
    is_admin = interaction.permissions.manage_guild
    has_role = isinstance(member, discord.Member) and member.get_role(role_id or 0) is not None
    return is_admin or has_role


def _choice_name(post: Post) -> str:
    text = post.content.caption.replace("\n", " ") or post.content.title or "no text"
    return words.clip(f"{post.id} · {post.state.words} · {text}", 100)
