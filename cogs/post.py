"""/post: writing posts and seeing where they stand."""

import discord
from discord import app_commands

from bot.client import Copydesk
from bot.domain.post import PostState
from bot.domain.times import EXAMPLES
from bot.workflow import (
    browse,
    cancel,
    configure,
    history,
    redraft,
    reschedule,
)
from cogs.clipping import Clipping
from cogs.templates import Templates
from cogs.ui import answers, cards, choices, drafts, lists, words
from cogs.ui import history as history_ui
from cogs.writing import Writing

STATES = [app_commands.Choice(name=state.words, value=state.value) for state in PostState]


async def setup(bot: Copydesk) -> None:
    """Load this cog."""
    await bot.add_cog(PostCog(bot))


@app_commands.guild_only()
class PostCog(
    Writing, Clipping, Templates, group_name="post", group_description="Write and follow posts"
):
    """The commands of /post."""

    def __init__(self, bot: Copydesk) -> None:
        self.bot = bot
        self.desk = bot.desk

    @app_commands.command(name="list")
    @app_commands.describe(state="Only posts that stand there")
    @app_commands.choices(state=STATES)
    async def list_(self, interaction: discord.Interaction, state: str | None = None) -> None:
        """List the newest posts of this server"""
        states = [PostState(state)] if state else list(PostState)
        shown = await browse.recent(
            self.desk,
            server_id=answers.guild(interaction).id,
            states=states,
            reader_id=interaction.user.id,
        )
        embed = discord.Embed(title="Posts", colour=0x2F7FD1)
        reader_id = interaction.user.id
        lines = [lists.list_line(item.post, item.deliveries, reader_id) for item in shown]
        words.add_lines(embed, "Newest first", lines or ["None yet: write one with `/post new`."])
        await answers.reply(interaction, embed=embed)

    @app_commands.command()
    @app_commands.describe(post="Which post")
    async def show(self, interaction: discord.Interaction, post: int) -> None:
        """Show a post and where it stands"""
        server_id = answers.guild(interaction).id
        shown = await browse.show(
            self.desk, server_id=server_id, post_id=post, reader_id=interaction.user.id
        )
        if shown.post.state is PostState.DRAFT:
            await answers.defer(interaction)
            await drafts.show(self.desk, interaction, shown.post)
            return
        settings = await configure.get(self.desk, server_id)
        server = settings.at(shown.post.content.due_at, self.desk.now())
        embed = cards.card(shown.post, shown.deliveries, server, shown.ballot)
        await answers.reply(interaction, embed=embed)

    @app_commands.command()
    @app_commands.describe(post="Which draft or post")
    async def edit(self, interaction: discord.Interaction, post: int) -> None:
        """Go on with a draft, or change a post of which nothing has left"""
        await answers.defer(interaction)
        server_id, user_id = answers.guild(interaction).id, interaction.user.id
        draft = await redraft.begin(
            self.desk,
            server_id=server_id,
            post_id=post,
            user_id=user_id,
            roles=answers.roles(interaction),
        )
        await drafts.show(self.desk, interaction, draft)

    @app_commands.command(name="drafts")
    async def list_drafts(self, interaction: discord.Interaction) -> None:
        """List the drafts that you write, and open one"""
        server_id, user_id = answers.guild(interaction).id, interaction.user.id
        found = await redraft.mine(self.desk, server_id=server_id, user_id=user_id)
        embed, view = drafts.listed(found, user_id)
        await answers.reply(interaction, embed=embed, view=view)

    @app_commands.command()
    @app_commands.describe(
        post="Which post", following="Of a post that repeats: also all that would follow"
    )
    async def cancel(
        self, interaction: discord.Interaction, post: int, following: bool = False
    ) -> None:
        """Stop what has not left of a post"""
        await answers.defer(interaction)
        server = await configure.get(self.desk, answers.guild(interaction).id)
        kept = await cancel.cancel(
            self.desk,
            server_id=server.server_id,
            post_id=post,
            user_id=interaction.user.id,
            may_cancel_any=answers.is_approver(interaction, server),
            following=following,
        )
        told = f"Post {post} is cancelled: what had not left stays here."
        if following:
            told = f"Post {post} repeats no more, and what had not left stays here."
        await answers.reply(interaction, "\n".join([told, *(f"⚠️ {line}" for line in kept)]))

    @app_commands.command()
    @app_commands.describe(post="Which post", when=f"The new time: {EXAMPLES}")
    async def reschedule(self, interaction: discord.Interaction, post: int, when: str) -> None:
        """Give an approved post another time"""
        await answers.defer(interaction)
        server = await configure.get(self.desk, answers.guild(interaction).id)
        at, kept = await reschedule.reschedule(
            self.desk,
            server_id=server.server_id,
            post_id=post,
            when_text=when,
            user_id=interaction.user.id,
            may_decide=answers.is_approver(interaction, server),
            roles=answers.roles(interaction),
        )
        told = f"Post {post} goes out {words.moment(at)}."
        await answers.reply(interaction, "\n".join([told, *(f"⚠️ {line}" for line in kept)]))

    @app_commands.command()
    @app_commands.describe(post="Which post")
    async def history(self, interaction: discord.Interaction, post: int) -> None:
        """Show all that led to where a post stands: versions, votes, calls, answers, links"""
        await answers.defer(interaction)
        server_id = answers.guild(interaction).id
        found = await history.history(
            self.desk, server_id=server_id, post_id=post, user_id=interaction.user.id
        )
        embed, view = history_ui.page(found)
        await answers.reply(interaction, embed=embed, view=view)

    @edit.autocomplete("post")
    async def editable(
        self, interaction: discord.Interaction, current: str
    ) -> list[app_commands.Choice[int]]:
        """The drafts and posts that this person may change, by number or text, newest first."""
        server_id, user_id = answers.guild(interaction).id, interaction.user.id
        roles = answers.roles(interaction)
        found = await browse.editable(self.desk, server_id=server_id, user_id=user_id, roles=roles)
        return choices.of_posts(found, current, user_id)

    @show.autocomplete("post")
    @history.autocomplete("post")
    @reschedule.autocomplete("post")
    @cancel.autocomplete("post")
    async def posts(
        self, interaction: discord.Interaction, current: str
    ) -> list[app_commands.Choice[int]]:
        """Posts by number or text, newest first."""
        server_id = answers.guild(interaction).id
        return await choices.posts(self.desk, server_id, interaction.user.id, current)
