"""The commands of /post that begin a post: a part of the group that `cogs/post.py` registers."""

from collections.abc import Sequence

import discord
from discord import app_commands
from discord.ext import commands

from bot.client import Copydesk
from bot.domain import editing
from bot.domain.post import Post, Revision
from bot.domain.times import Timing
from bot.domain.when import EXAMPLES
from bot.errors import InputError, NotFoundError, Problem
from bot.workflow import (
    compose,
    connect,
    intake,
    named,
    redraft,
    reuse,
    sets,
)
from bot.workflow.compose import Typed
from bot.workflow.reuse import Author, Instead
from cogs.ui import answers, begin, choices, drafts, forms

NO_ACCOUNT = Problem(
    field="Accounts",
    message="no account is connected.",
    remedy="An admin connects a service with /provider connect.",
)


COVER_GONE = Problem(
    field="Cover",
    message="it was that of the template's video.",
    remedy="Choose one of this video, under Files.",
)


class Writing(commands.GroupCog):
    """The ways in. Whoever gives `text`, `media`, a link or a template goes straight to the draft."""

    bot: Copydesk

    @app_commands.command()
    @app_commands.describe(
        text="What it says; left out: a form asks for it",
        media="A picture or a video",
        link="Where a picture or a video is; links of Google Drive, Dropbox and OneDrive too",
        accounts="Where it goes: accounts and sets, with commas between them",
        when=f"When it goes out: {EXAMPLES}",
        from_template="What it begins with",
        timing="Who keeps its time; left out: as this server has it",
        service="Offer the accounts of one connection only",
    )
    @app_commands.choices(timing=forms.TIMINGS)
    async def new(
        self,
        interaction: discord.Interaction,
        text: str | None = None,
        media: discord.Attachment | None = None,
        link: str = "",
        accounts: str = "",
        when: str | None = None,
        from_template: str | None = None,
        timing: str | None = None,
        service: int | None = None,
    ) -> None:
        """Write a post and ask for its approval"""
        if text is None and media is None and not link and from_template is None:
            chosen = await named.read(self.bot.desk, answers.guild(interaction).id, accounts)
            await self._ask(interaction, chosen, when, timing, service)
            return
        await answers.defer(interaction)
        by = begin.author(interaction)
        chosen, lost = await self._named(by, accounts)
        given = Instead(caption=text, account_ids=chosen, when_text=when)
        draft, gone = await self._begin(by, given, from_template, timing)
        draft, refused = await self._with_files(draft, media, link)
        await drafts.show(self.bot.desk, interaction, draft, [*lost, *refused, *gone])

    async def _begin(
        self, by: Author, given: Instead, template: str | None, timing: str | None
    ) -> tuple[Post, list[Problem]]:
        """A draft with what was given; and what could not be, since nothing typed is lost."""
        lost: list[Problem] = []
        if template is not None:
            try:
                return await reuse.from_template(self.bot.desk, by, template, given)
            except NotFoundError as error:
                lost.append(Problem(field="Template", message=error.message, remedy=error.remedy))
        typed = Typed(
            caption=given.caption or "",
            title="",
            account_ids=given.account_ids,
            when_text="now" if given.when_text is None else given.when_text,
            media=(),
            timing=Timing(timing) if timing else None,
        )
        draft = await compose.write(
            self.bot.desk,
            server_id=by.server_id,
            channel_id=by.channel_id,
            author_id=by.user_id,
            typed=typed,
        )
        return draft, lost

    async def _named(self, by: Author, accounts: str) -> tuple[tuple[int, ...], list[Problem]]:
        """The accounts that are named, or what is wrong with their names."""
        try:
            return await named.read(self.bot.desk, by.server_id, accounts), []
        except InputError as error:
            return (), list(error.problems)

    async def _ask(
        self,
        interaction: discord.Interaction,
        chosen: tuple[int, ...],
        when: str | None,
        timing: str | None,
        service: int | None,
    ) -> None:
        """Open the form, filled with what was given already."""
        server_id = answers.guild(interaction).id
        known = await connect.accounts(self.bot.desk, server_id)
        accounts = [item for item in known if service in (None, item.connection_id)]
        missing = [] if accounts else [NO_ACCOUNT]
        await begin.check_channels(self.bot.desk, interaction, missing)
        custom_id = f"post:new:{timing}" if timing else "post:new"
        filled: Revision | None = None
        if chosen or when is not None:
            given = [account for account in accounts if account.id in chosen]
            filled = forms.begun(given, "now" if when is None else when)
        known_sets = await sets.find(self.bot.desk, server_id)
        await forms.show(interaction, forms.post_form(custom_id, accounts, filled, known_sets))

    async def _with_files(
        self, draft: Post, sent: discord.Attachment | None, link: str
    ) -> tuple[Post, Sequence[Problem]]:
        """The draft with the file that was sent and those behind links, which have spaces between
        them, in the place of a template's. Its text is kept by now: fetching takes a while.
        """
        uploads = [self.bot.upload(sent)] if sent else []
        files, refused = await intake.take_files(self.bot.desk, draft.server_id, uploads)
        linked, wrong = await intake.take_links(self.bot.desk, draft.server_id, link.split())
        if given := (*files, *linked):
            had_cover = draft.content.cover is not None
            draft = await redraft.change(
                self.bot.desk,
                redraft.hand_of(draft),
                lambda content: editing.with_media(content, given),
            )
            refused += [COVER_GONE] * had_cover
        return draft, [*refused, *wrong]

    @app_commands.command()
    @app_commands.describe(post="Which post")
    async def duplicate(self, interaction: discord.Interaction, post: int) -> None:
        """Write a new post with what an earlier one holds"""
        await answers.defer(interaction)
        await begin.check_channels(self.bot.desk, interaction)
        draft, lost = await reuse.duplicate(self.bot.desk, begin.author(interaction), post)
        await drafts.show(self.bot.desk, interaction, draft, lost)

    @new.autocomplete("accounts")
    async def account_names(
        self, interaction: discord.Interaction, current: str
    ) -> list[app_commands.Choice[str]]:
        """Accounts and sets, behind those that stand there already."""
        lines = await named.suggest(self.bot.desk, answers.guild(interaction).id, current)
        return [app_commands.Choice(name=line, value=line) for line in lines[: forms.MOST_OPTIONS]]

    @new.autocomplete("from_template")
    async def template_names(
        self, interaction: discord.Interaction, current: str
    ) -> list[app_commands.Choice[str]]:
        """The templates of this server."""
        return await choices.templates(self.bot.desk, answers.guild(interaction).id, current)

    @new.autocomplete("service")
    async def services(
        self, interaction: discord.Interaction, current: str
    ) -> list[app_commands.Choice[int]]:
        """The connections of this server."""
        found = await connect.connections(self.bot.desk, answers.guild(interaction).id)
        return choices.connections(self.bot.desk, found, current)

    @duplicate.autocomplete("post")
    async def earlier(
        self, interaction: discord.Interaction, current: str
    ) -> list[app_commands.Choice[int]]:
        """Posts by number or text, newest first."""
        server_id = answers.guild(interaction).id
        return await choices.posts(self.bot.desk, server_id, interaction.user.id, current)
