"""The jobs of the simulated OpenShorts: on disk, at the stage the clock says."""

import json
import shutil
import time
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any
from uuid import uuid4

from sandbox.services.openshorts.footage import video

RETENTION = 86_400  # seconds, the default of a self-hosted server

_STAGES = (0.25, 0.5, 1.0)  # up to there queued, at work, with the first clips done
_RECOVERED = "♻️ Job recovered from disk after server restart."

Clips = list[dict[str, Any]]


@dataclass(frozen=True, kw_only=True, slots=True)
class Job:
    """One job; moments in seconds of the Unix clock. A clip's `video_url` ends in its file."""

    id: str
    began: float
    ready: float
    clips: Clips
    failure: str = ""


class Jobs:
    """All jobs and their files. `stands_still` says whether work goes on now; `now` gives the time in
    seconds of the Unix clock.

    As at the real server, a restart keeps what is finished and forgets what is not.
    """

    def __init__(self, folder: Path, now: Callable[[], float] = time.time) -> None:
        self.stands_still: Callable[[], bool] = lambda: False
        self.ordered = 0
        """How many were ordered from this process."""
        self._now = now
        self._folder = folder
        self._known: set[str] = set()  # of this process
        folder.mkdir(parents=True, exist_ok=True)
        for job in [self._read(path.name) for path in folder.iterdir()]:
            if job and job.ready > now():
                shutil.rmtree(folder / job.id)

    def order(self, clips: Clips, *, takes: float, failure: str = "") -> Job:
        """Begin a job that takes so many seconds; with a failure it ends in that line."""
        now = self._now()
        job_id = str(uuid4())
        self.ordered += 1
        files = [video(number) for number in range(len(clips))]
        return self.keep(job_id, clips, files, began=now, ready=now + takes, failure=failure)

    def keep(
        self,
        job_id: str,
        clips: Sequence[dict[str, Any]],
        files: Sequence[bytes],
        *,
        began: float | None = None,
        ready: float | None = None,
        failure: str = "",
    ) -> Job:
        """Store a job with its files, finished unless told otherwise."""
        now = self._now()
        stored: Clips = []
        (self._folder / job_id).mkdir(exist_ok=True)
        for number, (clip, content) in enumerate(zip(clips, files, strict=True), start=1):
            name = f"video_clip_{number}.mp4"
            (self._folder / job_id / name).write_bytes(content)
            stored.append({**clip, "video_url": f"/videos/{job_id}/{name}"})
        job = Job(
            id=job_id,
            began=now if began is None else began,
            ready=now if ready is None else ready,
            clips=stored,
            failure=failure,
        )
        (self._folder / job_id / "job.json").write_text(json.dumps(asdict(job)))
        self._known.add(job_id)
        return job

    def find(self, job_id: str) -> Job | None:
        """A job that has not been deleted for its age."""
        job = self._read(job_id)
        return job if job and self._now() < job.ready + RETENTION else None

    def file(self, job_id: str, name: str) -> Path:
        """Where a file of a job lies, or would."""
        return self._folder / Path(job_id).name / Path(name).name

    def status(self, job: Job) -> dict[str, Any]:
        """The answer about a job: while it works, `clips` holds only those that are done."""
        stage = self._stage(job)
        logs = [f"Job {job.id} queued."]
        if stage == 0:
            return {"status": "queued", "logs": logs, "result": None}
        logs.append("Job started by worker.")
        if stage < len(_STAGES):
            done = job.clips[1:] if stage == 2 and not job.failure else []
            return {"status": "processing", "logs": logs, "result": _result(done)}
        if job.failure:
            logs += [f"❌ {job.failure}", "Process failed with exit code 1"]
            return {"status": "failed", "logs": logs, "result": None}
        logs.append("Process finished successfully.")
        logs = logs if job.id in self._known else [_RECOVERED]
        return {"status": "completed", "logs": logs, "result": _result(job.clips)}

    def _stage(self, job: Job) -> int:
        takes = job.ready - job.began
        part = (self._now() - job.began) / takes if takes > 0 else 1.0
        stage = sum(part >= end for end in _STAGES)
        return min(stage, 2) if self.stands_still() and takes > 0 else stage

    def _read(self, job_id: str) -> Job | None:
        try:
            return Job(**json.loads(self.file(job_id, "job.json").read_text()))
        except (OSError, ValueError):
            return None


def _result(clips: Clips) -> dict[str, Any] | None:
    return {"clips": clips, "cost_analysis": {"total_cost": 0.01}} if clips else None
