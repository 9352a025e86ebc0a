"""The projects of the simulated WayinVideo: how far each is follows from the time alone, so that
nothing is lost at a restart.
"""

import re
import secrets
from pathlib import Path
from typing import Any

from sandbox.services.base import Pace
from sandbox.services.faults import Switch
from sandbox.services.wayinvideo.orders import Order
from sandbox.services.wayinvideo.refusals import RefusedError
from sandbox.services.wayinvideo.store import Store

AT_ONCE = 5
LIFE = 7 * 86_400  # seconds until the results are gone
LINK_LIFE = 86_400

_STAGES = ("CREATED", "QUEUED", "ONGOING", "SUCCEEDED", "SUCCEEDED")  # only the last with all links
_ONGOING, _SUCCEEDED, _COMPLETE = 2, 3, 4
_FILES = Path(__file__).parent / "clips"
_CLIPS = (
    ("The perfect flat white", "How we steam milk", ["coffee", "flatwhite"], 15_000, 52_000, 92),
    ("Roasting by ear", "Listen for the first crack", ["roasting"], 75_500, 118_000, 87),
    ("Five in the morning", "The harbour wakes up", ["harbour", "morning"], 240_000, 281_500, 80),
    ("One bean, three cups", "Why water matters", ["brewing"], 402_000, 448_000, 74),
)
FIRST = (("prj06harbour", "clips", 4, ""), ("prj06moments", "moments", 2, "latte art"))
"""The projects that exist from the start: id, kind, clips, query."""


class Projects:
    """Projects and the files of their clips."""

    def __init__(self, store: Store, pace: Pace, switch: Switch) -> None:
        self._store = store
        self._pace = pace
        self._switch = switch
        for project_id, kind, count, query in FIRST:
            project = _project(project_id, kind, "Harbour Coffee, the film", query, count)
            if store.get("project", project_id) is None:
                store.put("project", project)

    @property
    def made(self) -> int:
        """How many were ordered; those of the start are not counted."""
        return sum(project["created"] > 0 for project in self._store.all("project"))

    def make(self, order: Order, kind: str, now: float) -> dict[str, Any]:
        """Begin a project; refuses a sixth at a time."""
        stages = [self._stage(item, now) for item in self._store.all("project")]
        if sum(stage <= _ONGOING for stage in stages) >= AT_ONCE:
            raise RefusedError(429)
        count = min(order.limit or len(_CLIPS), len(_CLIPS))
        project = _project(f"prj06{secrets.token_hex(6)}", kind, order.name, order.query, count) | {
            "created": now,
            "exported": order.exported,
            "resolution": order.resolution,
            "error": order.error,
        }
        self._store.put("project", project)
        return {"id": project["id"], "name": project["name"], "status": _STAGES[0]}

    def results(self, project_id: str, kind: str, origin: str, now: float) -> dict[str, Any]:
        """How far a project of a kind is, with its clips."""
        project = self._found(project_id, now)
        if project["kind"] != kind:
            raise RefusedError(404)
        stage = self._stage(project, now)
        expires = (project["created"] or now) + LIFE
        told = {
            "id": project_id,
            "name": project["name"],
            "status": "FAILED" if stage > _COMPLETE else _STAGES[stage],
            "expire_at": int(expires * 1000),
            "cost_usage": 120.0,
        }
        if stage > _COMPLETE:
            return told | {"error_message": project["error"], "clips": []}
        clips = [self._clip(project, idx, stage, origin, now) for idx in _shown(project, stage)]
        return told | {"clips": clips}

    def exported(self, project_id: str, idx: int, resolution: str | None, now: float) -> str:
        """The file of a clip that can be published; refuses one that cannot."""
        project = self._found(project_id, now)
        stage = self._stage(project, now)
        if not _has_link(project, idx, stage):
            raise RefusedError(400, "The clip has no exported video (enable_export)")
        if resolution not in (None, "", project["resolution"]):
            raise RefusedError(400, f"The clip was not exported in {resolution}")
        return f"{project_id}-{idx}.mp4"

    def file(self, name: str) -> Path | None:
        """A clip (.mp4) or its picture (.png), by the name its address has."""
        match = re.fullmatch(r"(\w+)-(\d+)\.(mp4|png)", name)
        project = self._store.get("project", match[1]) if match else None
        if match is None or project is None or int(match[2]) >= project["count"]:
            return None
        return _FILES / f"{match[2]}.{match[3]}"

    def _found(self, project_id: str, now: float) -> dict[str, Any]:
        project = self._store.get("project", project_id)
        if project is None or (project["created"] and now > project["created"] + LIFE):
            raise RefusedError(404)
        return project

    def _stage(self, project: dict[str, Any], now: float) -> int:
        """Its place in the stages; beyond them when it failed."""
        a_while = max(self._pace.processing, 0.001)
        stage = min(int((now - project["created"]) / a_while), _COMPLETE)
        if project["error"]:
            return _COMPLETE + 1 if stage >= _ONGOING else stage
        # The projects of the start stay: there must be something to publish under every fault.
        most = {"stuck": _ONGOING, "no_links": _SUCCEEDED}.get(self._switch.key, stage)
        return min(stage, most) if project["created"] else stage

    def _clip(
        self, project: dict[str, Any], idx: int, stage: int, origin: str, now: float
    ) -> dict[str, Any]:
        title, desc, tags, begin, end, score = _CLIPS[idx]
        file = f"{origin}/cdn/{project['id']}-{idx}"
        clip = {
            "idx": idx,
            "title": f"{project['query']}: {title}" if project["query"] else title,
            "desc": desc,
            "tags": tags,
            "begin_ms": begin,
            "end_ms": end,
            "thumbnail": f"{file}.png",
            "score": score,
        }
        if not _has_link(project, idx, stage):
            return clip
        return clip | {"export_link": f"{file}.mp4?until={int(now) + LINK_LIFE}"}


def _project(project_id: str, kind: str, name: str, query: str, count: int) -> dict[str, Any]:
    return {
        "id": project_id,
        "kind": kind,
        "name": name,
        "query": query,
        "count": count,
        "created": 0,
        "exported": True,
        "resolution": "1080p",
        "error": "",
    }


def _shown(project: dict[str, Any], stage: int) -> range:
    """The places of the clips that are told: none, the first half, or all."""
    if stage < _ONGOING:
        return range(0)
    return range(project["count"] if stage > _ONGOING else (project["count"] + 1) // 2)


def _has_link(project: dict[str, Any], idx: int, stage: int) -> bool:
    """Whether a clip is rendered: the first with the success, the others after it."""
    if not project["exported"] or not 0 <= idx < project["count"]:
        return False
    return stage == _COMPLETE or (stage == _SUCCEEDED and idx == 0 and project["count"] > 1)
