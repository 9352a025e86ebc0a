"""What a service is asked for when clips are ordered, and how long that may take."""

from dataclasses import replace
from datetime import timedelta

from bot.domain import pace
from bot.domain.project import Project
from bot.errors import RefusedError
from bot.workflow import hand_over
from bot.workflow.desk import Desk
from providers.base import MakesClips, Provider, Uploads
from providers.call import SLOWEST
from providers.clips import ClipOrder


async def of(desk: Desk, project: Project, provider: Provider) -> ClipOrder:
    """The order of a project. A file is handed over first where the service has storage; that may
    be repeated. Raises ProviderError, and RefusedError where the service cuts no clips.
    """
    maker(provider)
    asked = ClipOrder(
        link=project.link,
        name=project.name,
        query=project.query,
        options=project.options,
        agreed=project.agreed,
    )
    if project.file is None:
        return asked
    file = hand_over.own_file(desk, project.server_id, project.file)
    storage = provider.capabilities.upload
    if storage and storage.for_clips and isinstance(provider, Uploads):
        return replace(asked, upload=await provider.upload(file))
    return replace(asked, file=file)


def maker(provider: Provider) -> MakesClips:
    """The same, as one that cuts clips; raises RefusedError."""
    if isinstance(provider, MakesClips):
        return provider
    raise RefusedError(f"{provider.capabilities.label} cuts no clips.")


def poll(provider: Provider) -> timedelta:
    """How long to wait between questions."""
    making = provider.capabilities.clip_making
    return making.poll if making else pace.READ_LEASE


def lease(project: Project) -> timedelta:
    """How long handing over and ordering may take."""
    size = project.file.size if project.file else 0
    return pace.LEASE + timedelta(seconds=size / SLOWEST)
