"""What people typed into the form of a new post: kept first, then shown with what is in its way."""

import discord
from discord.ext import commands

from bot.client import Copydesk
from bot.domain.clip import ClipRef, PostClip
from bot.domain.post import Post
from bot.domain.times import Timing
from bot.errors import Problem
from bot.workflow import compose, intake, redraft, sets
from bot.workflow.compose import Typed
from cogs.ui import answers, drafts, sent_form


async def setup(bot: Copydesk) -> None:
    """Load this cog."""
    await bot.add_cog(DraftCog(bot))


class DraftCog(commands.Cog):
    """Takes the forms that /post opens, whichever process opened them."""

    def __init__(self, bot: Copydesk) -> None:
        self.bot = bot
        self.desk = bot.desk

    @commands.Cog.listener()
    async def on_interaction(self, interaction: discord.Interaction) -> None:
        """Take a form that was sent: keep what was typed, then its files, then show the draft."""
        answered = sent_form.answers(interaction)
        if answered is None or not answered.custom_id.startswith("post:"):
            return
        try:
            await answers.defer(interaction)
            server_id = answers.guild(interaction).id
            values = answered.choices.get("accounts", [])
            account_ids = await sets.expand(self.desk, server_id, values)
            draft = await compose.write(
                self.desk,
                server_id=server_id,
                channel_id=interaction.channel_id or 0,
                author_id=interaction.user.id,
                typed=_typed(answered, account_ids),
            )
            draft, lost = await self._keep_files(draft, answered)
            await drafts.show(self.desk, interaction, draft, lost)
        except Exception as error:
            await drafts.refuse_typed(interaction, error, answered)

    async def _keep_files(
        self, draft: Post, answered: sent_form.Answers
    ) -> tuple[Post, list[Problem]]:
        """Add the files, after the text is safe: fetching takes a while, and may fail half-way."""
        uploads = [self.bot.upload(file) for file in answered.files.get("media", [])]
        media, lost = await intake.take_files(self.desk, draft.server_id, uploads)
        if media:
            draft = await redraft.add_media(self.desk, redraft.hand_of(draft), media)
        return draft, lost


def _typed(answered: sent_form.Answers, account_ids: tuple[int, ...]) -> Typed:
    """What was typed into the form of a post."""
    return Typed(
        caption=answered.texts.get("caption", ""),
        title=answered.texts.get("title", ""),
        account_ids=account_ids,
        when_text=answered.texts.get("when", ""),
        media=(),
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
