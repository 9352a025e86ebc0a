"""What happens to a post the simulated WAHDX accepts: TikTok takes its time, the others do not."""

import asyncio
import secrets
import time
from collections.abc import Callable
from datetime import UTC, datetime

from sandbox.services.base import Pace
from sandbox.services.faults import Switch
from sandbox.services.fetching import UnreachableError, WrongFormatError, fetch
from sandbox.services.shelf import Post, Shelf
from sandbox.services.wahdx.accounts import PUBLIC, Account, Accounts
from sandbox.services.wahdx.fields import RefusedError
from sandbox.services.wahdx.rules import Order

_PROCESSING = ("PROCESSING_DOWNLOAD", "PROCESSING_UPLOAD")
_AGAIN = 0.2  # seconds until a file that could not be reached is asked for again


class Platforms:
    """The four platforms behind the service; what they hold outlives the process."""

    def __init__(
        self,
        shelf: Shelf,
        accounts: Accounts,
        pace: Pace,
        switch: Switch,
        on_change: Callable[[], None],
    ) -> None:
        self._shelf = shelf
        self._accounts = accounts
        self._pace = pace
        self._switch = switch
        self._on_change = on_change
        self._tasks: set[asyncio.Task[None]] = set()

    async def accept(self, order: Order) -> Post:
        """Take a post; on TikTok it is only begun when this returns."""
        post = Post(
            id=f"v_pub_file~v2.{_digits(19)}",
            at=datetime.now(UTC).isoformat(timespec="seconds"),
            account_id=order.account.id,
            kind=order.kind,
            text=order.text,
            title=order.title,
            urls=order.urls,
            visibility=order.visibility,
            draft=order.draft,
            cover="" if order.cover_ms is None else f"{order.cover_ms} ms",
            status="PROCESSING_DOWNLOAD",
        )
        if order.account.platform == "tiktok":
            self._store(post)
            self._start(post)
        else:
            await self._publish(post, order.account)
        return post

    def resume(self) -> None:
        """Go on with what the last process left unfinished."""
        for post in self._shelf.posts():
            if not post.public_id:
                self._start(post)

    async def rest(self) -> None:
        """Stop working; `resume` goes on."""
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)

    async def _publish(self, post: Post, account: Account) -> None:
        try:
            post.files = [await fetch(url, self._shelf.media) for url in post.urls]
        except UnreachableError as error:
            raise RefusedError(400, f"Failed to fetch media: {error}") from error
        except WrongFormatError as error:
            raise RefusedError(400, f"Invalid media: {error}") from error
        post.id = post.public_id = _digits(17)
        post.link, post.status = _link(post, account), "PUBLISH_COMPLETE"
        self._store(post)

    async def _work(self, post: Post) -> None:
        """Take a TikTok post from where it stands to its end."""
        if post.status in _PROCESSING and await self._download(post):
            await asyncio.sleep(self._pace.processing)
            await self._switch.until_not("never_finishes")
            post.status = "SEND_TO_USER_INBOX" if post.draft else "PUBLISH_COMPLETE"
            self._store(post)
        # The public id comes later, and never for what is not public.
        if post.status == "PUBLISH_COMPLETE" and post.visibility == PUBLIC:
            await asyncio.sleep(self._pace.public)
            post.public_id = _digits(19)
            post.link = _link(post, self._accounts.find(post.account_id))
            self._store(post)

    async def _download(self, post: Post) -> bool:
        try:
            post.files = [await self._pull(url) for url in post.urls]
            post.status = "PROCESSING_UPLOAD"
        except UnreachableError:
            post.status, post.fail_reason = "FAILED", f"{post.kind}_pull_failed"
        except WrongFormatError:
            post.status, post.fail_reason = "FAILED", "file_format_check_failed"
        self._store(post)
        return post.status != "FAILED"

    async def _pull(self, url: str) -> tuple[str, str]:
        until = time.monotonic() + self._pace.pulling
        while True:
            try:
                return await fetch(url, self._shelf.media)
            except UnreachableError:
                if time.monotonic() >= until:
                    raise
                await asyncio.sleep(_AGAIN)

    def _store(self, post: Post) -> None:
        self._shelf.put(post)
        self._on_change()

    def _start(self, post: Post) -> None:
        task = asyncio.create_task(self._work(post))
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)


def _link(post: Post, account: Account) -> str:
    number, user = post.public_id, account.username
    return {
        "tiktok": f"https://www.tiktok.com/@{user}/{post.kind}/{number}",
        "instagram": f"https://www.instagram.com/p/{number}/",
        "threads": f"https://www.threads.net/@{user}/post/{number}",
        "facebook": f"https://www.facebook.com/{user}/posts/{number}",
    }[account.platform]


def _digits(count: int) -> str:
    return str(10 ** (count - 1) + secrets.randbelow(9 * 10 ** (count - 1)))
