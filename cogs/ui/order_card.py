"""What a person sees before clips are ordered: what is cut, what it costs, what can be chosen."""

import re
from collections.abc import Mapping, Sequence
from typing import Any, Self

import discord
from discord import ui

from bot.client import Admitted
from bot.domain.options import Option
from bot.domain.project import Project
from bot.workflow import order
from bot.workflow.desk import Desk
from cogs.ui import answers, forms, option_forms, sent_form, words
from providers.capabilities import Capabilities, ClipMaking

FORM = "clips:options:"


def card(project: Project, capabilities: Capabilities, how: ClipMaking) -> discord.Embed:
    """What would be ordered; nothing is yet."""
    embed = discord.Embed(
        title=words.clip(f"Clips of {words.escape(project.label)}", 256),
        description=f"{capabilities.label} cuts clips from it once you order them.",
        colour=0x2F7FD1,
    )
    if project.query:
        embed.add_field(name="Moments", value=words.clip(words.escape(project.query), 1000))
    chosen = _chosen(how.options, project.options)
    words.add_lines(embed, "Chosen", chosen or ["Nothing: all is as the service has it."])
    if how.cost:
        embed.add_field(name="What it costs", value=how.cost, inline=False)
    if how.retention:
        hours = int(how.retention.total_seconds() // 3600)
        told = f"{capabilities.label} keeps them for {hours} hours."
        embed.add_field(name="How long the clips last", value=told, inline=False)
    if how.consent:
        embed.add_field(name="By ordering you agree", value=how.consent, inline=False)
    return embed


def buttons(project: Project, how: ClipMaking) -> ui.View:
    """What can be done with an order that was not given yet."""
    view = ui.View(timeout=None)
    if how.options:
        view.add_item(OrderOptions(project.id, how.options))
    agree = "I agree: order the clips" if how.consent else "Order the clips"
    view.add_item(OrderButton("start", project.id, agree, discord.ButtonStyle.success))
    view.add_item(OrderButton("drop", project.id, "Leave it"))
    return view


async def show(desk: Desk, interaction: discord.Interaction[Any], project: Project) -> None:
    """Show the order to whoever gives it."""
    service = await order.provider(desk, project.server_id, project.connection_id)
    capabilities, how = order.making(desk, service)
    embed = card(project, capabilities, how)
    await answers.update(interaction, embed=embed, view=buttons(project, how))


def _chosen(options: Sequence[Option], given: Mapping[str, str]) -> list[str]:
    labels = {option.name: option for option in options}
    return [
        f"{words.escape(labels[name].label)}: {words.escape(option_forms.shown(labels[name], text))}"
        for name, text in given.items()
        if name in labels
    ]


class OrderButton(
    Admitted,
    ui.DynamicItem[ui.Button[ui.View]],
    template=r"clips:(?P<what>start|drop):(?P<project>\d+)",
):
    """Order what was chosen, or leave it."""

    def __init__(
        self,
        what: str,
        project_id: int,
        label: str = "Order",
        style: discord.ButtonStyle = discord.ButtonStyle.secondary,
    ) -> None:
        custom_id = f"clips:{what}:{project_id}"
        super().__init__(ui.Button(label=label, style=style, custom_id=custom_id))
        self.what = what
        self.project_id = project_id

    @classmethod
    async def from_custom_id(
        cls, _interaction: discord.Interaction[Any], _item: ui.Item[Any], match: re.Match[str]
    ) -> Self:
        """Make the button of a message sent earlier, perhaps by an earlier process."""
        return cls(match["what"], int(match["project"]))

    async def callback(self, interaction: discord.Interaction[Any]) -> None:
        """Do it."""
        desk: Desk = interaction.client.desk
        try:
            project = await draft(desk, interaction, self.project_id)
            if self.what == "start":
                await order.start(desk, project)
                said = "Ordered: a message in this channel tells how far it is."
            else:
                await order.drop(desk, project)
                said = "Nothing was ordered."
            await answers.update(interaction, said)
        except Exception as error:
            await answers.refuse(interaction, error)


class OrderOptions(
    Admitted, ui.DynamicItem[ui.Select[ui.View]], template=r"clips:option:(?P<project>\d+)"
):
    """Open the form of some options."""

    def __init__(self, project_id: int, options: Sequence[Option] = ()) -> None:
        super().__init__(
            ui.Select(
                custom_id=f"clips:option:{project_id}",
                placeholder="Choose how they are cut…",
                options=option_forms.page_options(options),
            )
        )
        self.project_id = project_id

    @classmethod
    async def from_custom_id(
        cls, _interaction: discord.Interaction[Any], _item: ui.Item[Any], match: re.Match[str]
    ) -> Self:
        """Make the select of a message sent earlier, perhaps by an earlier process."""
        return cls(int(match["project"]))

    async def callback(self, interaction: discord.Interaction[Any]) -> None:
        """Open the form."""
        desk: Desk = interaction.client.desk
        try:
            project = await draft(desk, interaction, self.project_id)
            service = await order.provider(desk, project.server_id, project.connection_id)
            _, how = order.making(desk, service)
            number = int(self.item.values[0])
            form = option_forms.entries(
                f"{FORM}{project.id}:{number}",
                "How clips are cut",
                option_forms.page(how.options, number),
                project.options,
            )
            await forms.show(interaction, form)
        except Exception as error:
            await answers.refuse(interaction, error)


async def draft(desk: Desk, interaction: discord.Interaction[Any], project_id: int) -> Project:
    """What someone is about to order, as long as it is theirs and not ordered."""
    return await order.get_draft(
        desk,
        server_id=interaction.guild_id or 0,
        project_id=project_id,
        user_id=interaction.user.id,
    )


async def take_options(
    desk: Desk, interaction: discord.Interaction[Any], answered: sent_form.Answers
) -> None:
    """Keep what was filled into the form of some options."""
    project_id, number = (int(part) for part in answered.custom_id.removeprefix(FORM).split(":"))
    project = await draft(desk, interaction, project_id)
    service = await order.provider(desk, project.server_id, project.connection_id)
    _, how = order.making(desk, service)
    options = option_forms.page(how.options, number)
    project = await order.choose(desk, project, option_forms.given(options, answered))
    await show(desk, interaction, project)
