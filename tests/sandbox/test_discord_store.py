"""The store and the faults: what survives a restart, and what can be made to fail."""

import asyncio
import sys

import aiohttp
import pytest


async def test_a_restart_continues(tmp_path, serve_in) -> None:
    """After a restart all is there: people, messages, files, reactions, threads, commands."""
    async with serve_in(tmp_path) as first:
        application = first.discord.world.bot_id
        commands = f"/applications/{application}/commands"
        await first.call("PUT", commands, [{"name": "post", "description": "d"}])
        path = f"/channels/{first.channel('social')}/messages"
        sent = (await first.call("POST", path, {"content": "x"}, files={"a.txt": b"a"}))[1]
        await first.act("ann", "PUT", f"{path}/{sent['id']}/reactions/✅")
        await first.act("ann", "POST", path.replace("messages", "threads"), {"name": "t"})
        before = (await first.act("ann", "GET", path))[1]
        people = [user["id"] for user in first.discord.world.store.users]
    async with serve_in(tmp_path) as second:
        after = (await second.act("ann", "GET", path))[1]
        url = after[0]["attachments"][0]["url"]
        async with second.http.get(url) as response:
            assert await response.read() == b"a"
        for shown in (before, after):  # the links alone are new
            for file in shown[0]["attachments"]:
                file["url"] = file["proxy_url"] = ""
            for each in shown:
                each["author"] = each["author"]["id"]
        assert after == before
        assert [user["id"] for user in second.discord.world.store.users] == people
        assert len((await second.call("GET", commands))[1]) == 1
        assert (
            len([c for c in (await second.act("ann", "GET", "/channels"))[1] if c["type"] == 11])
            == 1
        )
        later = await second.say("ann", "later")
        assert int(later["id"]) > int(sent["id"])


async def test_rate_limit(served, bot) -> None:
    """Beyond the limit: 429 with Via, Retry-After and JSON; interactions are exempt."""
    served.discord.faults._clock = lambda: 100.25  # all within one second
    served.discord.limit_requests(2)
    found = [await served.call("GET", "/users/@me") for _ in range(5)]
    assert [status for status, _ in found] == [200, 200, 429, 429, 429]
    headers = {"Authorization": "Bot bot-token"}
    async with served.http.get(served.base + "/api/v10/users/@me", headers=headers) as response:
        body = await response.json()
        assert response.status == 429
        assert response.headers["Via"]
        assert response.headers["X-RateLimit-Global"] == "true"
        assert int(response.headers["Retry-After"]) >= 1
        assert 0 < body["retry_after"] <= 1
        assert body["global"] is True
    unknown = {"id": "1", "token": "x"}
    assert (await bot.answer(unknown, {"type": 5}))[1]["code"] == 10062
    served.discord.limit_requests(None)
    assert (await served.call("GET", "/users/@me"))[0] == 200


async def test_chosen_failures(served) -> None:
    """A chosen request fails as often as asked: before or after it was done, or by a reset."""
    path = f"/channels/{served.channel('social')}/messages"
    served.discord.fail_next("POST", r"/messages$", 503, times=2)
    served.discord.fail_next("POST", r"/messages$", 500, after=True)
    statuses = [(await served.call("POST", path, {"content": str(n)}))[0] for n in range(4)]
    assert statuses == [503, 503, 500, 200]
    assert len((await served.call("GET", path))[1]) == 2
    served.discord.fail_next("POST", r"/messages$", "reset")
    with pytest.raises(aiohttp.ClientError):
        await served.call("POST", path, {"content": "x"})
    assert (await served.call("POST", path, {"content": "x"}))[0] == 200


async def test_a_killed_sandbox_loses_nothing(tmp_path) -> None:
    """`python -m sandbox.discord`, killed without warning, has all it answered for."""

    async def start() -> tuple[asyncio.subprocess.Process, str]:
        command = ["-m", "sandbox.discord", "--port", "0", "--state", str(tmp_path)]
        process = await asyncio.create_subprocess_exec(
            sys.executable, *command, stdout=asyncio.subprocess.PIPE
        )
        assert process.stdout
        line = ""
        while "http://" not in line:
            line = (await asyncio.wait_for(process.stdout.readline(), 30)).decode()
        return process, line.split()[-1]

    async with aiohttp.ClientSession() as http:
        process, base = await start()
        async with http.get(base + "/people") as response:
            people = {each["username"]: each["id"] for each in (await response.json())["people"]}
        async with http.get(f"{base}/people/{people['author']}/channels") as response:
            channel = (await response.json())[0]["id"]
        path = f"/people/{people['author']}/channels/{channel}/messages"
        for number in range(20):
            async with http.post(base + path, json={"content": str(number)}) as response:
                assert response.status == 200
        process.kill()
        await process.wait()
        process, base = await start()
        async with http.get(base + path) as response:
            said = [each["content"] for each in await response.json()]
        process.terminate()
        await process.wait()
        assert said == [str(number) for number in range(20)]
