"""The first run of a server: one message for an admin alone that leads through all steps.

It keeps nothing of itself: where it stands is in its buttons, how far the server is in its settings.
"""

import discord
from discord.ext import commands

from bot.client import Copydesk
from bot.domain.first_run import Step, after
from bot.domain.rights import Right
from bot.workflow import accounts, configure, first_run
from cogs.ui import answers, first_run_items, forms, rehearsal, rights, sent_form
from cogs.ui import first_run as shown
from cogs.ui import joining as joining_ui

_FORMS = frozenset({"setup:zone", "setup:rehearse"})


async def setup(bot: Copydesk) -> None:
    """Load this cog."""
    bot.add_dynamic_items(
        first_run_items.StepButton,
        first_run_items.Pick,
        first_run_items.ChannelPick,
        first_run_items.RolePick,
    )
    await bot.add_cog(FirstRunCog(bot))


class FirstRunCog(commands.Cog):
    """Takes the buttons, selects and forms of the first run."""

    def __init__(self, bot: Copydesk) -> None:
        self.desk = bot.desk

    @commands.Cog.listener()
    async def on_first_run(
        self, interaction: discord.Interaction, what: str, values: list[str]
    ) -> None:
        """Set what was chosen, and show the step that follows."""
        try:
            await rights.check(interaction, self.desk, Right.MANAGE)
            await self._take(interaction, what, values)
        except Exception as error:
            await answers.refuse(interaction, error)

    @commands.Cog.listener()
    async def on_interaction(self, interaction: discord.Interaction) -> None:
        """Take a form that was sent, whichever process opened it."""
        answered = sent_form.answers(interaction)
        if answered is None or answered.custom_id not in _FORMS:
            return
        try:
            await rights.check(interaction, self.desk, Right.MANAGE)
            if answered.custom_id == "setup:zone":
                await self._set_zone(interaction, answered.texts["answer"])
            else:
                await self._rehearse(interaction, answered.texts["answer"])
        except Exception as error:
            await answers.refuse(interaction, error)

    async def _take(self, interaction: discord.Interaction, what: str, values: list[str]) -> None:
        match what:
            case "show":
                await self._show(interaction, Step(values[0]))
            case "approvals" | "fallback":
                await self._set_channel(interaction, what, int(values[0]))
            case "approver" | "authors":
                await self._set_roles(interaction, what, [int(value) for value in values])
            case "zone":
                await self._choose_zone(interaction, values[0])
            case "rule":
                await self._set_rule(interaction, values[0])
            case "service":
                capabilities = self.desk.services.capabilities(values[0])
                form = forms.connect_form(f"provider:connect:{values[0]}", capabilities)
                await forms.show(interaction, form)
            case _:
                await self._act(interaction, what)

    async def _act(self, interaction: discord.Interaction, what: str) -> None:
        server_id = answers.guild(interaction).id
        match what:
            case "account":
                embed, view = await joining_ui.begin(self.desk, server_id, None, None)
                await answers.reply(interaction, embed=embed, view=view or discord.utils.MISSING)
            case "read":
                await interaction.response.defer()
                await accounts.refresh(self.desk, server_id)
                await self._show(interaction, Step.ACCOUNT)
            case "rehearse":
                await forms.show(interaction, rehearsal.form())
            case _:
                await self._approve(interaction)

    async def _show(self, interaction: discord.Interaction, step: Step) -> None:
        """Show a step in the place of the one before."""
        guild = answers.guild(interaction)
        state = await first_run.progress(self.desk, guild.id)
        embed, view = shown.panel(step, state, guild, self.desk.services)
        if interaction.response.is_done():
            await interaction.edit_original_response(embed=embed, view=view)
        else:
            await interaction.response.edit_message(embed=embed, view=view)

    async def _set_channel(
        self, interaction: discord.Interaction, what: str, channel_id: int
    ) -> None:
        is_approvals = what == "approvals"
        await configure.change(
            self.desk,
            server_id=answers.guild(interaction).id,
            user_id=interaction.user.id,
            approvals_channel_id=channel_id if is_approvals else None,
            fallback_channel_id=None if is_approvals else channel_id,
        )
        await self._show(interaction, Step.CHANNELS)

    async def _set_roles(
        self, interaction: discord.Interaction, what: str, role_ids: list[int]
    ) -> None:
        is_approver = what == "approver"
        await configure.change(
            self.desk,
            server_id=answers.guild(interaction).id,
            user_id=interaction.user.id,
            approver_role_id=role_ids[0] if is_approver else None,
            author_roles=None if is_approver else role_ids,
        )
        await self._show(interaction, Step.ROLES)

    async def _choose_zone(self, interaction: discord.Interaction, value: str) -> None:
        if value == Step.ZONE:  # the button, not the list
            await forms.show(interaction, shown.zone_form())
        else:
            await self._set_zone(interaction, value)

    async def _set_zone(self, interaction: discord.Interaction, zone: str) -> None:
        await configure.change(
            self.desk,
            server_id=answers.guild(interaction).id,
            user_id=interaction.user.id,
            zone=zone,
        )
        await self._show(interaction, after(Step.ZONE) or Step.ZONE)

    async def _set_rule(self, interaction: discord.Interaction, name: str) -> None:
        _, rules = shown.RULES[name]
        await configure.change(
            self.desk,
            server_id=answers.guild(interaction).id,
            user_id=interaction.user.id,
            approval=rules,
        )
        await self._show(interaction, after(Step.RULE) or Step.RULE)

    async def _rehearse(self, interaction: discord.Interaction, caption: str) -> None:
        await answers.defer(interaction)
        server_id = answers.guild(interaction).id
        post = await first_run.rehearse(
            self.desk,
            server_id=server_id,
            channel_id=interaction.channel_id or 0,
            author_id=interaction.user.id,
            caption=caption,
        )
        server = await configure.get(self.desk, server_id)
        embed, view = rehearsal.asked(post, server)
        await answers.reply(interaction, embed=embed, view=view)

    async def _approve(self, interaction: discord.Interaction) -> None:
        if interaction.message is None or not interaction.message.embeds:
            return
        server = await configure.get(self.desk, answers.guild(interaction).id)
        embed = rehearsal.approved(interaction.message.embeds[0], server)
        await interaction.response.edit_message(embed=embed, view=None)
