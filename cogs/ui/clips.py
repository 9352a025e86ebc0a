"""What a project looks like: how far it is, and its clips."""

from collections.abc import Sequence

import discord

from bot.domain.clip import Clip
from bot.domain.project import Project, ProjectState
from bot.workflow import connect
from bot.workflow.desk import Desk
from cogs.ui import words

ON_A_PAGE = 9
"""Clips shown together: a message holds ten embeds, and the first tells of the project."""

COLOURS = {
    ProjectState.READY: 0x2E9E5B,
    ProjectState.FAILED: 0xC0392B,
    ProjectState.UNKNOWN: 0xE0A526,
}
STANDS = {
    ProjectState.DRAFT: "Not ordered yet.",
    ProjectState.WAITING: "🕓 Waits to be ordered.",
    ProjectState.PREPARING: "📤 The video is handed over.",
    ProjectState.ORDERING: "📤 Being ordered.",
    ProjectState.WORKING: "✂️ The service cuts. This message tells when the clips are ready.",
    ProjectState.READY: "✅ Ready: choose a clip to write a post from.",
    ProjectState.FAILED: "❌ Failed.",
    ProjectState.UNKNOWN: "❓ Nobody knows whether the service took the order.",
}


def mark(project: Project) -> str:
    """What the message of a project is recognised by when it is looked for."""
    return f"Clips {project.id}"


def shown(project: Project, service: str, page: int = 0) -> list[discord.Embed]:
    """A project at a service, with one page of its clips."""
    return [_head(project, service), *map(_clip, on_page(project, page))]


def on_page(project: Project, page: int) -> Sequence[Clip]:
    """The clips of one page that a post can be made of; none before the project is ready."""
    if project.state is not ProjectState.READY:
        return ()
    return project.clips[page * ON_A_PAGE :][:ON_A_PAGE]


def choice_name(project: Project) -> str:
    """A project in a list to choose from, in at most 100 characters."""
    count = len(project.clips)
    named = f"{project.query} in {project.label}" if project.query else project.label
    how_far = f"{count} clip{'s' * (count != 1)}" if count else project.state.value
    return words.clip(f"{words.clip(named, 60)} · {how_far} · {project.remote_id}", 100)


def _head(project: Project, service: str) -> discord.Embed:
    embed = discord.Embed(
        title=words.clip(f"Clips of {words.escape(project.label)}", 256),
        description=STANDS[project.state],
        colour=COLOURS.get(project.state, 0x2F7FD1),
    ).set_footer(text=mark(project))
    if project.state not in (ProjectState.READY, ProjectState.FAILED) and project.progress:
        embed.add_field(name="How far", value=_text(project.progress), inline=False)
    if project.reason:
        told = f"{project.reason}\n→ {project.remedy}" if project.remedy else project.reason
        embed.add_field(name="Why", value=_text(told), inline=False)
    embed.add_field(name="Service", value=service)
    embed.add_field(name="Asked by", value=f"<@{project.user_id}>")
    if project.remote_id:
        embed.add_field(name="Project", value=words.code(words.clip(project.remote_id, 100)))
    if project.query:
        embed.add_field(name="Moments", value=_text(project.query), inline=False)
    if project.expires_at and project.clips:
        until = discord.utils.format_dt(project.expires_at, "f")
        embed.add_field(name="Can be published until", value=until)
    return embed


def _text(text: str) -> str:
    return words.clip(words.escape(words.clip(text, 700)), 1000)


def _clip(clip: Clip) -> discord.Embed:
    text = words.escape(words.clip(clip.caption.replace("\n", " "), 150))
    embed = discord.Embed(
        title=words.clip(f"{clip.index + 1} · {words.escape(clip.title)}", 150),
        description=f"{told(clip)}\n{text}".strip(),
        colour=0x2F7FD1,
    )
    return embed.set_thumbnail(url=clip.thumbnail_url) if clip.thumbnail_url else embed


def told(clip: Clip) -> str:
    """A clip's length and score."""
    minutes, seconds = divmod(round(clip.seconds), 60)
    score = f" · score {clip.score:.0f}" if clip.score is not None else ""
    return f"{minutes}:{seconds:02}{score}"


async def service_name(desk: Desk, project: Project) -> str:
    """The service of a project, as people tell it from others."""
    known = await connect.connections(desk, project.server_id)
    found = next((item for item in known if item.id == project.connection_id), None)
    return words.connection(desk.services, found) if found else "a service that is gone"
