"""The forms under the card of a draft: opened, and taken when they are sent."""

from collections.abc import Awaitable, Callable

import discord
from discord.ext import commands

from bot.client import Copydesk
from bot.domain import editing
from bot.errors import ConflictError, InputError
from bot.workflow import choose_cover, intake, offers, redraft
from cogs.ui import (
    answers,
    covers,
    draft_forms,
    draft_items,
    drafts,
    forms,
    option_forms,
    sent_form,
)
from cogs.ui.draft_items import Pressed

_Open = Callable[[discord.Interaction, Pressed], Awaitable[discord.ui.Modal]]
_Take = Callable[[discord.Interaction, Pressed, sent_form.Answers], Awaitable[None]]


async def setup(bot: Copydesk) -> None:
    """Load this cog."""
    await bot.add_cog(DraftFormCog(bot))


class DraftFormCog(commands.Cog):
    """Changes a draft as its forms say. What was typed is never lost: where it comes too late, it
    is shown to be copied.
    """

    def __init__(self, bot: Copydesk) -> None:
        self.bot = bot
        self.desk = bot.desk
        self._takes: dict[str, _Take] = {
            "text": self._text,
            "when": self._when,
            "own": self._own_text,
            "options": self._options,
            "add": self._add_files,
            "order": self._order,
            "moment": self._moment,
            "picture": self._picture,
        }

    @commands.Cog.listener()
    async def on_draft_form(self, interaction: discord.Interaction, pressed: Pressed) -> None:
        """Open a form."""
        try:
            await forms.show(interaction, await self._form(interaction, pressed))
        except ConflictError as error:
            await drafts.show_changed(self.desk, interaction, pressed, error)
        except Exception as error:
            await answers.refuse(interaction, error)

    @commands.Cog.listener()
    async def on_interaction(self, interaction: discord.Interaction) -> None:
        """Take a form that was sent, whichever process opened it."""
        answered = sent_form.answers(interaction)
        if answered is None or not answered.custom_id.startswith(draft_items.FORM):
            return
        pressed = draft_items.sent(answered.custom_id)
        try:
            await answers.defer_update(interaction)
            await self._takes[pressed.what](interaction, pressed, answered)
        except ConflictError as error:
            await drafts.show_changed(self.desk, interaction, pressed, error, answered)
        except Exception as error:
            await drafts.refuse_typed(interaction, error, answered)

    async def _form(self, interaction: discord.Interaction, pressed: Pressed) -> discord.ui.Modal:
        draft = await redraft.seen(self.desk, pressed.hand(interaction))
        match pressed.what:
            case "text":
                return draft_forms.text(pressed.form_id(), draft)
            case "when":
                return draft_forms.when(pressed.form_id(), draft)
            case "add":
                return draft_forms.files(pressed.form_id(), draft)
            case "order":
                return draft_forms.order(pressed.form_id(), draft)
            case "moment":
                return covers.moment_form(pressed.form_id(), draft)
            case "picture":
                return covers.picture_form(pressed.form_id(), draft)
            case _:
                pass
        target = redraft.target_for(draft, pressed.about)
        if pressed.what == "own":
            return draft_forms.own_text(pressed.form_id(), draft, target)
        page = int(pressed.values[0])
        options = option_forms.page(option_forms.declared(target, draft.content.kind), page)
        offer = await offers.of(self.desk, draft.server_id, pressed.about, options)
        return option_forms.form(pressed.form_id(page), target, options, offer)

    async def _text(
        self, interaction: discord.Interaction, pressed: Pressed, answered: sent_form.Answers
    ) -> None:
        draft = await redraft.change(
            self.desk,
            pressed.hand(interaction),
            lambda content: editing.with_text(content, *draft_forms.texts(answered)),
        )
        await drafts.show(self.desk, interaction, draft)

    async def _when(
        self, interaction: discord.Interaction, pressed: Pressed, answered: sent_form.Answers
    ) -> None:
        when_text, timing = answered.texts.get("when", ""), draft_forms.timing(answered)
        draft = await redraft.change(
            self.desk,
            pressed.hand(interaction),
            lambda content: editing.with_when(content, when_text, timing),
        )
        await drafts.show(self.desk, interaction, draft)

    async def _own_text(
        self, interaction: discord.Interaction, pressed: Pressed, answered: sent_form.Answers
    ) -> None:
        own = draft_forms.texts(answered)
        draft = await redraft.change(
            self.desk,
            pressed.hand(interaction),
            lambda content: editing.with_own_text(content, pressed.about, own),
        )
        await drafts.show_account(self.desk, interaction, draft, pressed.about)

    async def _options(
        self, interaction: discord.Interaction, pressed: Pressed, answered: sent_form.Answers
    ) -> None:
        hand = pressed.hand(interaction)
        draft = await redraft.seen(self.desk, hand)
        target = redraft.target_for(draft, pressed.about)
        declared = option_forms.declared(target, draft.content.kind)
        options = option_forms.page(declared, pressed.page)
        given = option_forms.given(options, answered)
        names = await offers.names(self.desk, hand.server_id, pressed.about, options, given)
        draft = await redraft.change(
            self.desk,
            hand,
            lambda content: editing.with_options(content, pressed.about, given, names),
        )
        await drafts.show_account(self.desk, interaction, draft, pressed.about)

    async def _add_files(
        self, interaction: discord.Interaction, pressed: Pressed, answered: sent_form.Answers
    ) -> None:
        hand = pressed.hand(interaction)
        before = await redraft.seen(self.desk, hand)
        uploads = [self.bot.upload(file) for file in answered.files.get("media", [])]
        media, lost = await intake.take_files(self.desk, hand.server_id, uploads)
        links = answered.texts.get("links", "").split()
        linked, wrong = await intake.take_links(self.desk, hand.server_id, links)
        draft = await redraft.add_media(self.desk, hand, (*media, *linked))
        await drafts.show_files(self.desk, interaction, draft, before)
        if found := [*lost, *wrong]:
            raise InputError(found)

    async def _order(
        self, interaction: discord.Interaction, pressed: Pressed, answered: sent_form.Answers
    ) -> None:
        hand = pressed.hand(interaction)
        before = await redraft.seen(self.desk, hand)
        draft = await redraft.order_media(self.desk, hand, answered.texts.get("order", ""))
        await drafts.show_files(self.desk, interaction, draft, before)

    async def _moment(
        self, interaction: discord.Interaction, pressed: Pressed, answered: sent_form.Answers
    ) -> None:
        hand = pressed.hand(interaction)
        draft = await choose_cover.moment(self.desk, hand, answered.texts.get("moment", ""))
        await drafts.show(self.desk, interaction, draft)

    async def _picture(
        self, interaction: discord.Interaction, pressed: Pressed, answered: sent_form.Answers
    ) -> None:
        hand = pressed.hand(interaction)
        draft = await redraft.seen(self.desk, hand)
        uploads = [self.bot.upload(file) for file in answered.files.get("picture", [])]
        kept, refused = await intake.take_files(self.desk, hand.server_id, uploads)
        for media in kept[:1]:
            draft = await choose_cover.picture(self.desk, hand, media)
        await drafts.show(self.desk, interaction, draft)
        if refused:
            raise InputError(refused)
