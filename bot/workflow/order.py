"""Ordering clips: what is to be cut is chosen as a draft, and ordered when a person says so."""

from collections.abc import Mapping
from datetime import timedelta
from urllib.parse import urlsplit

import db.connections
import db.events
import db.projects
from bot.domain import options
from bot.domain.event import EventKind
from bot.domain.media import Media
from bot.domain.platform import Kind
from bot.domain.project import Project, ProjectState
from bot.errors import ConflictError, InputError, NotFoundError, Problem, RefusedError
from bot.workflow.desk import Desk
from providers.capabilities import Capabilities, ClipMaking

KEPT = timedelta(days=1)
"""How long is kept what nobody has ordered."""

_LONGEST_LINK = 2_000
_LONGEST_QUERY = 500


def making(desk: Desk, service: str) -> tuple[Capabilities, ClipMaking]:
    """How a service cuts clips; raises RefusedError where it does not."""
    capabilities = desk.services.capabilities(service)
    if capabilities.clip_making is None:
        raise RefusedError(
            f"{capabilities.label} cuts no clips.", remedy="Choose another connection."
        )
    return capabilities, capabilities.clip_making


async def begin(
    desk: Desk,
    *,
    server_id: int,
    channel_id: int,
    user_id: int,
    connection_id: int,
    link: str = "",
    file: Media | None = None,
    query: str = "",
    name: str = "",
) -> Project:
    """Keep what is to be cut; nothing is asked of the service yet. Raises NotFoundError, and
    InputError with all that is wrong.
    """
    service = await provider(desk, server_id, connection_id)
    link, query = link.strip(), query.strip()
    if found := _problems(*making(desk, service), link, file, query):
        raise InputError(found)
    async with desk.database.transaction() as transaction:
        return await db.projects.insert(
            transaction,
            server_id=server_id,
            connection_id=connection_id,
            user_id=user_id,
            channel_id=channel_id,
            state=ProjectState.DRAFT,
            link=link,
            file=file,
            query=query,
            name=name.strip(),
            now=desk.now(),
            until=desk.now() + KEPT,
        )


async def again(desk: Desk, earlier: Project, *, channel_id: int, user_id: int) -> Project:
    """Keep a new draft of what was ordered and came to nothing, or perhaps did; nothing is asked of
    the service. Raises ConflictError while the order is under way or when it has its clips,
    NotFoundError, and InputError with all that is wrong, such as a file that is kept no more.
    """
    if earlier.state not in (ProjectState.FAILED, ProjectState.UNKNOWN):
        raise ConflictError("This order is not over.", remedy="Its message tells how far it is.")
    if earlier.file and not await desk.storage.has(earlier.server_id, earlier.file):
        message = f"{earlier.file.filename} is not kept any more."
        raise InputError([Problem(field="File", message=message, remedy="Give it to /clips make.")])
    draft = await begin(
        desk,
        server_id=earlier.server_id,
        channel_id=channel_id,
        user_id=user_id,
        connection_id=earlier.connection_id,
        link=earlier.link,
        file=earlier.file,
        query=earlier.query,
        name=earlier.name,
    )
    return await choose(desk, draft, earlier.options)


async def get_draft(desk: Desk, *, server_id: int, project_id: int, user_id: int) -> Project:
    """What a person is about to order. Raises NotFoundError, ConflictError when it was ordered."""
    async with desk.database.reading() as reading:
        found = await db.projects.get(reading, server_id=server_id, project_id=project_id)
    if found is None or found.user_id != user_id:
        raise NotFoundError("This order is gone.", remedy="Begin again with /clips make.")
    if found.state is not ProjectState.DRAFT:
        raise ConflictError("It is ordered already.", remedy="Its message tells how far it is.")
    return found


async def choose(desk: Desk, project: Project, chosen: Mapping[str, str]) -> Project:
    """Change options of a draft; an empty value takes the choice back. Raises InputError,
    ConflictError.
    """
    service = await provider(desk, project.server_id, project.connection_id)
    capabilities, how = making(desk, service)
    both = {name: text for name, text in {**project.options, **chosen}.items() if text.strip()}
    if found := options.problems(how.options, both, Kind.CLIP, capabilities.label):
        raise InputError(found)
    async with desk.database.transaction() as transaction:
        if not await db.projects.choose(transaction, project, options=both):
            raise _gone()
    return await get_draft(
        desk, server_id=project.server_id, project_id=project.id, user_id=project.user_id
    )


async def start(desk: Desk, project: Project) -> None:
    """Have a draft ordered. Whoever asks agrees to what the service must have a person's word on,
    and knows what it costs. Raises ConflictError.
    """
    now = desk.now()
    async with desk.database.transaction() as transaction:
        if not await db.projects.order(transaction, project, now=now):
            raise _gone()
        happened = moved(project, ProjectState.WAITING, by=project.user_id)
        await db.events.append(transaction, [happened], now=now)
    desk.nudge()


async def drop(desk: Desk, project: Project) -> None:
    """Forget a draft. Raises ConflictError."""
    async with desk.database.transaction() as transaction:
        if not await db.projects.discard(transaction, project):
            raise _gone()


def moved(project: Project, to: ProjectState, *, by: int | None = None) -> db.events.Happened:
    """The event of a move."""
    return db.events.Happened(
        server_id=project.server_id,
        kind=EventKind.CLIPS_MOVED,
        actor_id=by,
        data={"project": str(project.id), "from": project.state, "to": to},
    )


def _gone() -> ConflictError:
    return ConflictError("It is ordered, or gone.", remedy="Begin again with /clips make.")


async def provider(desk: Desk, server_id: int, connection_id: int) -> str:
    """The name of the service behind a connection; raises NotFoundError."""
    async with desk.database.reading() as reading:
        found = await db.connections.get(reading, server_id=server_id, connection_id=connection_id)
    if found is None:
        raise NotFoundError("The connection is gone.", remedy="Choose another.")
    return found.provider


def _problems(
    capabilities: Capabilities, how: ClipMaking, link: str, file: Media | None, query: str
) -> list[Problem]:
    label, found = capabilities.label, list[Problem]()
    if bool(link) == (file is not None):
        message = "both a link and a file were given." if link else "neither was given."
        remedy = "Give one of them: clips are cut from one video."
        found.append(Problem(field="Link or file", message=message, remedy=remedy))
    if link:
        found += _link_problems(how, label, link)
    if file is not None:
        found += _file_problems(capabilities, how, file)
    if query and not how.finds_moments:
        message = f"{label} looks for no moments."
        found.append(Problem(field="Find", message=message, remedy="Leave it out."))
    if len(query) > _LONGEST_QUERY:
        message = f"it takes {_LONGEST_QUERY} characters; this has {len(query):,}."
        remedy = f"Shorten it by {len(query) - _LONGEST_QUERY:,}."
        found.append(Problem(field="Find", message=message, remedy=remedy))
    return found


def _link_problems(how: ClipMaking, label: str, link: str) -> list[Problem]:
    parts = urlsplit(link) if len(link) <= _LONGEST_LINK else None
    if parts is None or parts.scheme not in ("http", "https") or not parts.hostname:
        message = f"“{link[:60]}” is no address of a video."
        remedy = "Give one that begins with https://."
        return [Problem(field="Link", message=message, remedy=remedy)]
    if not how.from_link:
        return [Problem(field="Link", message=f"{label} takes no links.", remedy="Give the file.")]
    return []


def _file_problems(capabilities: Capabilities, how: ClipMaking, file: Media) -> list[Problem]:
    label, upload = capabilities.label, capabilities.upload
    if not file.is_video:
        message = f"clips are cut from a video; {file.filename} is {file.content_type}."
        return [Problem(field="File", message=message, remedy="Give a video.")]
    if not how.from_file:
        message = f"{label} takes no files."
        return [Problem(field="File", message=message, remedy="Give a link.")]
    if upload is None or not upload.for_clips:
        return []
    if file.content_type not in upload.types:
        taken = ", ".join(sorted(upload.types))
        message = f"{label} takes {taken}; this is {file.content_type}."
        return [Problem(field="File", message=message, remedy="Export it as MP4.")]
    if file.size > upload.size:
        message = f"{label} takes {upload.size:,} bytes; this has {file.size:,}."
        return [Problem(field="File", message=message, remedy="Give a link, or a smaller file.")]
    return []
