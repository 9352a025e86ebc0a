"""Deliveries that failed, were missed or are unknown: what people decide about them."""

import discord
from discord.ext import commands

from bot.client import Copydesk
from bot.domain.delivery import Delivery, DeliveryState
from bot.domain.when import NEXT_SLOT
from bot.errors import ConflictError
from bot.workflow import browse, configure, queue, recover
from bot.workflow.recover import Answerer
from cogs.ui import answers, forms, sent_form, trouble, words
from providers.submission import Receipt


async def setup(bot: Copydesk) -> None:
    """Load this cog."""
    bot.add_dynamic_items(trouble.WhatToDo, trouble.ChooseDelivery, trouble.Act)
    await bot.add_cog(TroubleCog(bot))


class TroubleCog(commands.Cog):
    """Takes the buttons under cards and announcements, and the forms they open."""

    def __init__(self, bot: Copydesk) -> None:
        self.desk = bot.desk

    @commands.Cog.listener()
    async def on_trouble(self, interaction: discord.Interaction, action: str, item_id: int) -> None:
        """Do what a button says: show, open a form, or act."""
        try:
            await self._pressed(interaction, action, item_id)
        except Exception as error:
            await answers.refuse(interaction, error)

    @commands.Cog.listener()
    async def on_interaction(self, interaction: discord.Interaction) -> None:
        """Take a form that was sent, whichever process opened it."""
        answered = sent_form.answers(interaction)
        if answered is None or not answered.custom_id.startswith("trouble:"):
            return
        _, action, item_id = answered.custom_id.split(":")
        try:
            await answers.defer(interaction)
            done = await self._act(interaction, action, int(item_id), answered.texts["answer"])
            await answers.reply(interaction, done)
        except Exception as error:
            await answers.refuse(interaction, error)

    async def _pressed(self, interaction: discord.Interaction, action: str, item_id: int) -> None:
        server_id = answers.guild(interaction).id
        if action == "open":
            shown = await browse.show(self.desk, server_id=server_id, post_id=item_id)
            await self._show(interaction, trouble.troubled(shown.deliveries))
        elif action in trouble.FORMS:
            _, delivery = await recover.find(self.desk, server_id=server_id, delivery_id=item_id)
            await forms.show(interaction, trouble.form(action, delivery))
        elif action == "pick":
            post, _ = await recover.find(self.desk, server_id=server_id, delivery_id=item_id)
            shown = await browse.show(self.desk, server_id=server_id, post_id=post.id)
            await self._show(interaction, trouble.troubled(shown.deliveries), item_id)
        else:
            await answers.defer(interaction)
            await answers.reply(interaction, await self._act(interaction, action, item_id))

    async def _show(
        self, interaction: discord.Interaction, waiting: list[Delivery], chosen: int | None = None
    ) -> None:
        if not waiting:
            raise ConflictError("Nothing waits for anyone here.", remedy="Look at the card.")
        embed, view = trouble.panel(waiting, chosen)
        await answers.reply(interaction, embed=embed, view=view)

    async def _act(
        self, interaction: discord.Interaction, action: str, item_id: int, text: str = ""
    ) -> str:
        """Carry out an action; what became of it, in one sentence."""
        server = await configure.get(self.desk, answers.guild(interaction).id)
        by = Answerer(
            server_id=server.server_id,
            user_id=interaction.user.id,
            may_decide=answers.is_approver(interaction, server),
        )
        match action:
            case "live":
                await recover.say_live(self.desk, by, item_id, text)
                return "Noted: it is live."
            case "drop":
                await recover.drop(self.desk, by, item_id)
                return "Dropped: it does not go out."
            case "check":
                return _told(await recover.check_again(self.desk, by, item_id))
            case _:
                return await self._again(by, action, item_id, text)

    async def _again(self, by: Answerer, action: str, item_id: int, text: str) -> str:
        ids, at = [item_id], None
        if action == "all":
            shown = await browse.show(self.desk, server_id=by.server_id, post_id=item_id)
            ids = [item.id for item in shown.deliveries if item.state is DeliveryState.FAILED]
        elif action == "slot":
            at = await queue.new_time(self.desk, by.server_id, NEXT_SLOT)
        elif action == "time":
            at = await queue.new_time(self.desk, by.server_id, text)
        await recover.publish_again(self.desk, by, ids, at=at)
        return f"It goes out {words.moment(at)}." if at else "It goes out now."


def _told(receipt: Receipt) -> str:
    """What the service's records say, in one sentence."""
    if receipt.state is DeliveryState.UNKNOWN:
        return "The service's records do not show it, which proves nothing: look at the account."
    return f"The service says: {receipt.state.words}."
