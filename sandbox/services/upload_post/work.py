"""What happens to an accepted upload: it waits for its time, then each platform takes its own."""

import asyncio
import secrets
from collections.abc import Callable
from datetime import UTC, datetime

from sandbox.services.base import Pace
from sandbox.services.faults import Switch
from sandbox.services.fetching import UnreachableError, WrongFormatError, fetch
from sandbox.services.shelf import Post, Shelf
from sandbox.services.upload_post.covers import cover_of, take
from sandbox.services.upload_post.links import link
from sandbox.services.upload_post.rules import CAPS, used_today
from sandbox.services.upload_post.store import Store, Upload
from sandbox.services.upload_post.texts import is_draft, shown, visibility


class Work:
    """The background work; what it has done outlives the process."""

    def __init__(
        self, shelf: Shelf, store: Store, pace: Pace, switch: Switch, on_change: Callable[[], None]
    ) -> None:
        self._shelf = shelf
        self._store = store
        self._pace = pace
        self._switch = switch
        self._on_change = on_change
        self._tasks: dict[str, asyncio.Task[None]] = {}

    def begin(self, upload: Upload) -> None:
        """Work on an upload from now on, or from its time on."""
        self.drop(upload.request_id)
        if not upload.at:
            self._enter(upload)
        task = asyncio.create_task(self._in_time(upload))
        self._tasks[upload.request_id] = task

    async def finish(self, upload: Upload) -> None:
        """Work on an upload until it is done."""
        await self._publish(upload)

    def drop(self, request_id: str) -> None:
        """Stop working on an upload."""
        if task := self._tasks.pop(request_id, None):
            task.cancel()

    def resume(self) -> None:
        """Go on with what the last process left unfinished."""
        for upload in self._store.uploads():
            if not upload.done:
                self.begin(upload)

    async def rest(self) -> None:
        """Stop working; `resume` goes on."""
        tasks = list(self._tasks.values())
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)

    def posts_of(self, upload: Upload) -> list[Post]:
        """The publications of an upload, as far as they were begun."""
        found = (self._shelf.get(_name(upload, platform)) for platform in upload.platforms)
        return [post for post in found if post]

    def retry(self, upload: Upload) -> bool:
        """Begin again what failed; False when nothing did."""
        failed = [post for post in self.posts_of(upload) if post.status == "failed"]
        for post in failed:
            post.status, post.fail_reason = "queued", ""
            self._keep(post)
        if failed:
            upload.done = False
            self._store.keep(upload)
            self.begin(upload)
        return bool(failed)

    async def _in_time(self, upload: Upload) -> None:
        await asyncio.sleep(max((upload.due - datetime.now(UTC)).total_seconds(), 0))
        await self._publish(upload)

    async def _publish(self, upload: Upload) -> None:
        self._enter(upload)
        trouble = await self._fetch(upload)
        for post in self.posts_of(upload):
            if post.status not in ("completed", "failed", "in_inbox"):
                await self._post_there(upload, post, trouble)
        upload.done = True
        self._store.keep(upload)

    def _enter(self, upload: Upload) -> None:
        """Note its publications, so that they show from the beginning."""
        for platform in upload.platforms:
            if self._shelf.get(_name(upload, platform)) is None:
                self._keep(self._post(upload, platform))

    async def _fetch(self, upload: Upload) -> str:
        """Fetch what was given as addresses; what went wrong, or nothing."""
        try:
            if upload.sources and not upload.files:
                upload.files = [await fetch(url, self._shelf.media) for url in upload.sources]
                self._store.keep(upload)
            await take(upload, self._shelf.media)
        except (UnreachableError, WrongFormatError) as error:
            return f"Could not download the media: {error}"
        return ""

    async def _post_there(self, upload: Upload, post: Post, trouble: str) -> None:
        post.status, post.files = "processing", upload.files
        post.cover = cover_of(upload, post.account_id.rpartition("/")[2])
        self._keep(post)
        await asyncio.sleep(self._pace.processing)
        await self._switch.until_not("never_finishes")
        platform = post.account_id.rpartition("/")[2]
        post.at = _now()
        post.fail_reason = trouble or self._refusal(upload, platform)
        if post.fail_reason:
            post.status = "failed"
        elif post.draft:
            post.status = "in_inbox"
        else:
            post.public_id = str(secrets.randbelow(10**18))
            post.status, post.link = "completed", link(platform, upload, post.public_id)
        self._keep(post)

    def _refusal(self, upload: Upload, platform: str) -> str:
        if self._switch.key == "fails_there":
            return f"{platform} did not take the post"
        profile = self._store.get("profile", upload.profile)
        if not profile or not profile["social_accounts"].get(platform):
            return f"Profile {upload.profile} has no {platform} account configured"
        used = used_today(upload.profile, platform, self._shelf.posts(), datetime.now(UTC))
        cap = CAPS[platform]
        return f"Daily cap reached for {platform}: {used}/{cap}" if used >= cap else ""

    def _post(self, upload: Upload, platform: str) -> Post:
        title, text = shown(upload, platform)
        return Post(
            id=_name(upload, platform),
            at=_now(),
            account_id=f"{upload.profile}/{platform}",
            kind=upload.kind,
            text=text,
            title=title,
            urls=upload.sources,
            visibility=visibility(upload, platform, self._able(upload.profile, platform)),
            draft=is_draft(upload, platform),
            status="queued",
        )

    def _able(self, profile: str, platform: str) -> list[str]:
        found = self._store.get("profile", profile)
        account = found["social_accounts"].get(platform) if found else None
        return account["capabilities"] if account else []

    def _keep(self, post: Post) -> None:
        self._shelf.put(post)
        self._on_change()


def _name(upload: Upload, platform: str) -> str:
    return f"{upload.request_id}:{platform}"


def _now() -> str:
    return datetime.now(UTC).isoformat(timespec="milliseconds")
