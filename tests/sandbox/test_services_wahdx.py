"""The simulated WAHDX over real sockets: it behaves as documented, and misbehaves as chosen."""

import asyncio
import socket
import sys
import time
from collections.abc import AsyncIterator, Callable
from pathlib import Path
from typing import Any

import aiohttp
import pytest
from aiohttp import web

from bot.domain.delivery import DeliveryState
from bot.domain.platform import Kind, Platform
from bot.errors import AccountBrokenError, OutcomeUnknownError, ProtocolBrokenError, TryLaterError
from providers.base import MediaLink, Recipient, Submission, Submitted
from providers.wahdx import Wahdx as Provider
from sandbox.services.base import Simulator
from sandbox.services.wahdx import FAULTS, Wahdx
from sandbox.services.wahdx_platforms import Pace
from sandbox.services.wahdx_rules import ACCOUNTS

KEY = "sk_test"
QUICK = Pace(processing=0.05, public=0.05, slow=0.2)
JPEG = b"\xff\xd8\xff\xe0" + b"j" * 100
MP4 = b"\x00\x00\x00\x18ftypmp42" + b"v" * 200_000
FILES = {
    "a.jpg": (JPEG, "image/jpeg"),
    "b.jpg": (JPEG + b"b", "image/jpeg"),
    "v.mp4": (MP4, "video/mp4"),
    "disguised.mp4": (JPEG, "video/mp4"),
    "mislabelled.jpg": (JPEG, "text/plain"),
}
TIKTOK, TIKTOK_2, INSTAGRAM, THREADS, FACEBOOK, EXPIRED = (account.id for account in ACCOUNTS)
PUBLIC = {"privacy_level": "PUBLIC_TO_EVERYONE"}


async def serve(app: web.Application) -> tuple[web.AppRunner, str]:
    runner = web.AppRunner(app, shutdown_timeout=0.1)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    return runner, f"http://127.0.0.1:{runner.addresses[0][1]}"


@pytest.fixture
async def files() -> AsyncIterator[str]:
    """An address where the media are."""

    async def give(request: web.Request) -> web.Response:
        if request.match_info["name"] not in FILES:
            raise web.HTTPNotFound
        body, content_type = FILES[request.match_info["name"]]
        return web.Response(body=body, content_type=content_type)

    app = web.Application()
    app.router.add_get("/{name}", give)
    runner, address = await serve(app)
    yield address
    await runner.cleanup()


class Service:
    """A running simulator and calls to it."""

    def __init__(self, folder: Path, files: str) -> None:
        self.folder, self.files = folder, files
        self.changes = 0

    async def start(self, pace: Pace = QUICK) -> None:
        self.simulator = Wahdx(self.folder, KEY, pace=pace)
        self.simulator.on_change = self._changed
        self._runner, self.address = await serve(self.simulator.app())
        self._session = aiohttp.ClientSession(headers={"X-API-Key": KEY})

    async def stop(self) -> None:
        await self._session.close()
        await self._runner.cleanup()

    def _changed(self) -> None:
        self.changes += 1

    async def call(self, method: str, path: str, **parts: Any) -> tuple[int, Any]:
        url = f"{self.address}/api/content/{path}"
        async with self._session.request(method, url, **parts) as response:
            return response.status, await response.json()

    async def post(self, account_id: str, *names: str, **fields: Any) -> tuple[int, Any]:
        account = next(account for account in ACCOUNTS if account.id == account_id)
        items = [{"url": f"{self.files}/{name}"} for name in names]
        body = {"platform": account.platform, "accountId": account_id, "content": "Hello"}
        return await self.call("POST", "post", json=body | {"mediaItems": items} | fields)

    async def status(self, account_id: str, publish_id: str, query: str = "") -> dict[str, Any]:
        code, body = await self.call("GET", f"status/{account_id}/{publish_id}{query}")
        assert code == 200, body
        return body["data"]

    async def until(
        self, account_id: str, publish_id: str, wanted: Callable[[dict[str, Any]], Any]
    ) -> dict[str, Any]:
        deadline = time.monotonic() + 5
        while not wanted(data := await self.status(account_id, publish_id, "?mediaType=video")):
            assert time.monotonic() < deadline, data
            await asyncio.sleep(0.01)
        return data

    def posts(self, account_id: str) -> list[Any]:
        return list(next(item.posts for item in self.simulator.feed() if item.id == account_id))


@pytest.fixture
async def service(tmp_path: Path, files: str) -> AsyncIterator[Service]:
    """A simulator on a free port."""
    running = Service(tmp_path / "wahdx", files)
    await running.start()
    yield running
    await running.stop()


def test_it_is_a_simulator(tmp_path: Path):
    """It has what the sandbox's page asks of every simulator; no fault comes first."""
    simulator: Simulator = Wahdx(tmp_path, KEY)
    assert simulator.faults[0].key == simulator.fault == "none"
    with pytest.raises(ValueError, match="nonsense"):
        simulator.fault = "nonsense"


async def test_tiktok_takes_its_time(service: Service):
    """A video is begun, processed, complete, and has its public id only later."""
    seen: list[tuple[str, bool]] = []

    def note() -> None:
        (post,) = service.posts(TIKTOK)
        seen.append((post.status, bool(post.link)))

    service.simulator.on_change = note
    code, reply = await service.post(TIKTOK, "v.mp4", tiktokSettings=PUBLIC)
    assert (code, reply["status"], reply["mediaType"]) == (200, "PUBLISH_INITIATED", "video")
    publish_id = reply["data"]["publish_id"]
    public = await service.until(TIKTOK, publish_id, lambda data: data["public_post_url"])
    assert seen == [
        ("PROCESSING_DOWNLOAD", False),
        ("PROCESSING_UPLOAD", False),
        ("PUBLISH_COMPLETE", False),
        ("PUBLISH_COMPLETE", True),
    ]
    (number,) = public["data"]["publicaly_available_post_id"]
    assert public["public_post_url"].endswith(f"/video/{number}")
    legacy = await service.status(TIKTOK, publish_id)
    assert legacy["public_post_url"] is None
    assert legacy["public_post_url_candidates"] == {
        "video": public["public_post_url"],
        "photo": public["public_post_url"].replace("/video/", "/photo/"),
    }


async def test_a_draft_ends_in_the_inbox(service: Service):
    """A TikTok draft is never published."""
    _, reply = await service.post(TIKTOK, "v.mp4", tiktokSettings=PUBLIC | {"draft": True})
    await service.until(
        TIKTOK, reply["data"]["publish_id"], lambda data: data["status"] == "SEND_TO_USER_INBOX"
    )


async def test_privacy_left_out_means_nobody_else(service: Service):
    """Without a privacy level a TikTok post is for its creator alone and gets no address."""
    _, reply = await service.post(TIKTOK, "v.mp4")
    await service.until(
        TIKTOK, reply["data"]["publish_id"], lambda data: data["status"] == "PUBLISH_COMPLETE"
    )
    await asyncio.sleep(2 * QUICK.public)
    (post,) = service.posts(TIKTOK)
    assert (post.visibility, post.link) == ("SELF_ONLY", "")


@pytest.mark.parametrize("account", [INSTAGRAM, THREADS, FACEBOOK])
async def test_the_others_answer_when_it_is_live(service: Service, account: str):
    """Instagram, Threads and Facebook answer with the address; the file was fetched."""
    code, reply = await service.post(account, "a.jpg", "b.jpg")
    assert (code, reply["status"], reply["mediaType"]) == (200, "PUBLISH_COMPLETE", "photo")
    assert reply["data"]["id"] == reply["data"]["publish_id"]
    (post,) = service.posts(account)
    assert post.link == reply["public_post_url"] == reply["data"]["public_post_url"]
    kept = [service.simulator.media(item.url.rsplit("/", 1)[1]) for item in post.media]
    assert [path.read_bytes() for path in kept if path] == [JPEG, JPEG + b"b"]
    assert service.simulator.media("../service.db") is None


async def test_text_alone(service: Service):
    """Threads and Facebook take a text alone, Instagram and TikTok do not."""
    for account, code in ((THREADS, 200), (FACEBOOK, 200), (INSTAGRAM, 400), (TIKTOK, 400)):
        assert (await service.post(account))[0] == code


@pytest.mark.parametrize(
    ("account", "names", "fields", "words"),
    [
        (INSTAGRAM, ["a.jpg", "v.mp4"], {}, "Cannot mix media types"),
        (INSTAGRAM, ["a.jpg"] * 11, {}, "Up to 10"),
        (TIKTOK, ["a.jpg"] * 36, {"tiktokSettings": PUBLIC}, "Up to 35"),
        (INSTAGRAM, ["v.mp4", "v.mp4"], {}, "Up to 1"),
        (INSTAGRAM, ["a.gif"], {}, "Unsupported media type"),
        (INSTAGRAM, ["a"], {}, "Unsupported media type"),
        (TIKTOK, ["v.avi"], {}, "does not take .avi"),
        (EXPIRED, ["a.jpg"], {}, "expired"),
        (INSTAGRAM, ["a.jpg"], {"platform": "tiktok"}, "not a tiktok account"),
        (INSTAGRAM, ["a.jpg"], {"platform": "myspace"}, "Unsupported platform"),
        (TIKTOK, ["v.mp4"], {"tiktokSettings": {"privacy_level": "ALL"}}, "Invalid privacy_level"),
        (
            TIKTOK,
            ["v.mp4"],
            {"tiktokSettings": {"privacy_level": "FOLLOWER_OF_CREATOR"}},
            "Invalid privacy_level",
        ),
        (THREADS, [], {"content": "x" * 501}, "limited to 500"),
        (TIKTOK, ["v.mp4"], {"content": "😀" * 1101}, "limited to 2200"),
        (INSTAGRAM, ["a.jpg"], {"accountId": "nobody"}, "Account not found"),
        (INSTAGRAM, [], {"mediaItems": [{}]}, "public url"),
        (INSTAGRAM, ["missing.jpg"], {}, "Failed to fetch media"),
        (INSTAGRAM, ["disguised.mp4"], {}, "Invalid media"),
        (INSTAGRAM, ["mislabelled.jpg"], {}, "Invalid media"),
    ],
)
async def test_what_it_refuses(
    service: Service, account: str, names: list[str], fields: Any, words: str
):
    """A refusal is 4xx with `success: false` and the reason, and nothing is published."""
    code, reply = await service.post(account, *names, **fields)
    assert code in (400, 404)
    assert reply["success"] is False
    assert words in reply["error"]
    assert not [post for item in service.simulator.feed() for post in item.posts]


@pytest.mark.parametrize(
    ("name", "reason"),
    [("missing.mp4", "video_pull_failed"), ("disguised.mp4", "file_format_check_failed")],
)
async def test_tiktok_fails_later(service: Service, name: str, reason: str):
    """TikTok accepts first and fails when it has tried to fetch."""
    code, reply = await service.post(TIKTOK, name, tiktokSettings=PUBLIC)
    assert code == 200
    data = await service.until(
        TIKTOK, reply["data"]["publish_id"], lambda data: data["status"] == "FAILED"
    )
    assert data["fail_reason"] == reason


async def test_older_forms_of_media(service: Service):
    """`mediaUrls`, `media_urls` and plain strings are taken as well."""
    url = f"{service.files}/a.jpg"
    for fields in ({"mediaUrls": [url]}, {"media_urls": [url]}, {"mediaItems": [url]}):
        body = {"platform": "threads", "accountId": THREADS, "content": "Hello"} | fields
        assert (await service.call("POST", "post", json=body))[0] == 200


async def test_the_batch_answers_each_question_by_itself(service: Service):
    """An unknown account or post is a failure inside a success."""
    _, reply = await service.post(THREADS, "a.jpg")
    checks = [
        {"accountId": "nobody", "publishId": "1"},
        {"accountId": THREADS, "publishId": reply["data"]["id"]},
        {"accountId": FACEBOOK, "publishId": reply["data"]["id"]},
    ]
    code, body = await service.call("POST", "status/batch", json={"checks": checks})
    assert code == 200
    first, second, third = body["data"]["results"]
    assert (first["success"], first["error"]) == (False, "Account not found")
    assert second["public_post_url"] == reply["public_post_url"]
    assert third["success"] is False
    assert body["data"]["byAccountId"] == {THREADS: [second]}
    assert (await service.call("POST", "status/batch", json={}))[0] == 400


async def test_accounts_and_creator_info(service: Service):
    """Two TikTok accounts and one of each other platform are active, one account is expired."""
    code, body = await service.call("GET", "accounts")
    assert (code, body["subscription"]) == (200, "maximum")
    active = [item["platform"] for item in body["data"] if item["status"] == "active"]
    assert active == ["tiktok", "tiktok", "instagram", "threads", "facebook"]
    assert [item["accountId"] for item in body["data"] if item["status"] == "expired"] == [EXPIRED]
    code, body = await service.call("GET", f"creator-info/{TIKTOK}")
    assert body["data"]["privacy_level_options"][0] == "PUBLIC_TO_EVERYONE"
    assert (await service.call("GET", f"creator-info/{INSTAGRAM}"))[0] == 400


async def test_a_bad_key_and_a_bad_body(service: Service):
    """A wrong key is 401, what is no JSON is 400, both with an error."""
    code, body = await service.call("GET", "accounts", headers={"X-API-Key": "sk_other"})
    assert (code, body) == (401, {"error": "Invalid API key"})
    assert (await service.call("POST", "post", data=b"{"))[0] == 400
    assert (await service.call("POST", "post", json=[1]))[0] == 400


async def test_the_same_call_twice_publishes_twice(service: Service):
    """It has no idempotency: the feed shows two posts and says so; another text is another post."""
    for _ in range(2):
        await service.post(INSTAGRAM, "a.jpg")
    await service.post(INSTAGRAM, "a.jpg", content="Other")
    assert [post.times for post in service.posts(INSTAGRAM)] == [1, 2, 2]
    assert service.simulator.calls == 3


async def test_a_restart_goes_on_where_it_stopped(service: Service):
    """Posts, files and counts outlive the process; TikTok's work is taken up again."""
    await service.post(INSTAGRAM, "a.jpg")
    before = service.posts(INSTAGRAM)
    service.simulator.fault = "never_finishes"
    _, reply = await service.post(TIKTOK, "v.mp4", tiktokSettings=PUBLIC)
    await service.stop()
    await service.start()
    assert service.posts(INSTAGRAM) == before
    assert service.simulator.calls == 2
    await service.until(TIKTOK, reply["data"]["publish_id"], lambda data: data["public_post_url"])


async def test_changes_are_told(service: Service):
    """Whoever shows the feed hears of a post, of its progress and of a fault."""
    await service.post(INSTAGRAM, "a.jpg")
    assert service.changes == 1
    service.simulator.fault = "slow"
    assert service.changes == 2


@pytest.mark.parametrize(
    ("fault", "code", "accepted"),
    [
        ("rate_limited", 429, 0),
        ("error_before", 500, 0),
        ("error_after", 500, 1),
        ("wrong_json", 200, 1),
        ("slow", 200, 1),
        ("none", 200, 1),
    ],
)
async def test_faults_that_answer(service: Service, fault: str, code: int, accepted: int):
    """Each fault answers as it says, and accepts the post or not."""
    service.simulator.fault = fault
    begun = time.monotonic()
    answer, reply = await service.post(THREADS, "a.jpg")
    assert answer == code
    assert ("publish_id" in str(reply)) == (fault in ("slow", "none"))
    assert len(service.posts(THREADS)) == accepted
    assert (time.monotonic() - begun >= QUICK.slow) == (fault == "slow")


@pytest.mark.parametrize(("fault", "accepted"), [("drop_before", 0), ("drop_after", 1)])
async def test_faults_that_cut_the_connection(service: Service, fault: str, accepted: int):
    """The connection breaks without an answer, before or after accepting."""
    service.simulator.fault = fault
    with pytest.raises(aiohttp.ClientConnectionError):
        await service.post(THREADS, "a.jpg")
    assert len(service.posts(THREADS)) == accepted


async def test_rate_limits_hold_for_reading_too(service: Service):
    """While it is overloaded every call is told to wait."""
    service.simulator.fault = "rate_limited"
    code, _ = await service.call("GET", "accounts")
    assert code == 429


async def test_never_finishing_ends_when_it_is_switched_off(service: Service):
    """TikTok's work stands still while the fault is chosen, and goes on afterwards."""
    service.simulator.fault = "never_finishes"
    _, reply = await service.post(TIKTOK_2, "v.mp4", tiktokSettings=PUBLIC)
    publish_id = reply["data"]["publish_id"]
    await asyncio.sleep(3 * QUICK.processing)
    assert (await service.status(TIKTOK_2, publish_id))["status"].startswith("PROCESSING_")
    service.simulator.fault = "none"
    await service.until(TIKTOK_2, publish_id, lambda data: data["status"] == "PUBLISH_COMPLETE")


def a_submission(account_id: str, url: str) -> Submission:
    platform = next(Platform(item.platform) for item in ACCOUNTS if item.id == account_id)
    return Submission(
        key="k",
        caption="Hello",
        title="",
        kind=Kind.PHOTOS,
        media=(MediaLink(url=url, content_type="image/jpeg", size=len(JPEG)),),
        recipients=(Recipient(remote_id=account_id, platform=platform),),
    )


MEANING = {
    "none": DeliveryState.PUBLISHED,
    "slow": DeliveryState.PUBLISHED,
    "never_finishes": DeliveryState.PUBLISHED,  # not TikTok
    "rate_limited": TryLaterError,
    "error_before": OutcomeUnknownError,
    "error_after": OutcomeUnknownError,
    "drop_before": OutcomeUnknownError,
    "drop_after": OutcomeUnknownError,
    "wrong_json": ProtocolBrokenError,
}


@pytest.mark.parametrize("fault", [fault.key for fault in FAULTS])
async def test_what_a_fault_means_to_the_provider(service: Service, fault: str):
    """Over real sockets each fault is what the law of retries says, after one call."""
    service.simulator.fault = fault
    meaning = MEANING[fault]
    provider = Provider({"key": KEY}, base_url=service.address)
    submission = a_submission(THREADS, f"{service.files}/a.jpg")
    if isinstance(meaning, DeliveryState):
        assert [receipt.state for receipt in await provider.publish(submission)] == [meaning]
    else:
        with pytest.raises(meaning) as caught:
            await provider.publish(submission)
        assert type(caught.value) is meaning
        assert getattr(caught.value, "retry_after", 5) == 5
    await provider.close()
    assert service.simulator.calls == 1


async def test_the_provider_follows_posts_to_their_ends(service: Service):
    """Accounts, limits, publishing and the batch of questions fit together."""
    provider = Provider({"key": KEY}, base_url=service.address)
    accounts = await provider.accounts()
    assert [account.usable for account in accounts] == [True] * 5 + [False]
    limits = [await provider.account_limits(account.remote_id) for account in accounts]
    assert [found is not None for found in limits] == [True, True, False, False, False, False]
    questions = []
    for account in accounts[:-1]:
        submission = a_submission(account.remote_id, f"{service.files}/a.jpg")
        (receipt,) = await provider.publish(submission)
        questions.append(
            Submitted(
                account_remote_id=account.remote_id,
                remote_id=receipt.remote_id,
                platform=account.platform,
                kind=Kind.PHOTOS,
            )
        )
    with pytest.raises(AccountBrokenError):
        await provider.publish(a_submission(EXPIRED, f"{service.files}/a.jpg"))
    deadline = time.monotonic() + 5
    while not all(receipt.link for receipt in await provider.status(questions)):
        assert time.monotonic() < deadline
        await asyncio.sleep(0.01)
    links = [receipt.link for receipt in await provider.status(questions)]
    assert links == [post.link for item in service.simulator.feed() for post in item.posts]
    await provider.close()


async def test_a_wrong_key_breaks_the_account(service: Service):
    """A key the service does not know must be given anew."""
    provider = Provider({"key": "sk_other"}, base_url=service.address)
    with pytest.raises(AccountBrokenError, match="Invalid API key"):
        await provider.accounts()
    await provider.close()


async def test_it_runs_alone(tmp_path: Path):
    """`python -m sandbox.services` serves one service until it is stopped."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    command = ["-m", "sandbox.services", "wahdx", "--port", str(port), "--key", KEY]
    process = await asyncio.create_subprocess_exec(
        sys.executable, *command, "--state", str(tmp_path), stdout=asyncio.subprocess.DEVNULL
    )
    try:
        deadline = time.monotonic() + 10
        url = f"http://127.0.0.1:{port}/api/content/accounts"
        async with aiohttp.ClientSession(headers={"X-API-Key": KEY}) as session:
            while True:
                try:
                    async with session.get(url) as response:
                        assert response.status == 200
                        break
                except aiohttp.ClientConnectionError:
                    assert time.monotonic() < deadline
                    await asyncio.sleep(0.02)
    finally:
        process.terminate()
        await process.wait()
