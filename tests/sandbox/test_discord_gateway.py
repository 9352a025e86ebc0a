"""The gateway: who gets in, what they hear, and how a lost socket goes on."""

from datetime import timedelta

import pytest
from aiohttp import WSMsgType


async def closing_code(socket) -> int:
    """Receive until the socket closes, and return its code."""
    while (await socket.receive(timeout=10)).type is WSMsgType.TEXT:
        pass
    return socket.close_code


@pytest.mark.parametrize(
    ("frame", "code"),
    [
        ({"op": 2, "d": {"token": "wrong", "intents": 1}}, 4004),
        ({"op": 2, "d": {"token": "bot-token", "intents": 1 << 30}}, 4013),
        ({"op": 2, "d": {"token": "bot-token"}}, 4013),
        ({"op": 2, "d": {"token": "bot-token", "intents": 1 << 15}}, 4014),
        ({"op": 2, "d": {"token": "bot-token", "intents": 1, "shard": [2, 2]}}, 4010),
        ({"op": 3, "d": {}}, 4003),
        ({"op": 6, "d": {"token": "wrong"}}, 4004),
        ([], 4002),
    ],
)
async def test_who_is_turned_away(served, connect_raw, frame, code) -> None:
    """Wrong tokens, intents, shards and frames close the socket with Discord's codes."""
    async with connect_raw(served) as raw:
        await raw.socket.send_json(frame)
        assert await closing_code(raw.socket) == code


async def test_identifying_twice(bot) -> None:
    """A second IDENTIFY closes with 4005, an unknown operation with 4001."""
    await bot.send(2, {"token": "bot-token", "intents": 1})
    assert await closing_code(bot.socket) == 4005


async def test_unknown_operation(bot) -> None:
    """An operation that does not exist closes with 4001."""
    await bot.send(99, {})
    assert await closing_code(bot.socket) == 4001


async def test_ready_and_guild(served, bot) -> None:
    """READY names the sandbox's own address for a resume; GUILD_CREATE brings what a bot needs."""
    ready = next(frame["d"] for frame in bot.seen if frame["t"] == "READY")
    guild = next(frame["d"] for frame in bot.seen if frame["t"] == "GUILD_CREATE")
    assert ready["resume_gateway_url"] == served.base.replace("http", "ws") + "/gateway"
    assert ready["guilds"] == [{"id": guild["id"], "unavailable": True}]
    assert {each["name"] for each in guild["channels"]} == {"social", "secret"}
    assert [each["user"]["id"] for each in guild["members"]] == [served.discord.world.bot_id]


async def test_intents_choose_events(served, connect_raw) -> None:
    """Events arrive for the intents asked for; what only interactions need always does."""
    async with connect_raw(served) as raw:
        await raw.identify(intents=1 << 10)
        said = await served.say("ann", "quiet")
        path = f"/channels/{said['channel_id']}/messages/{said['id']}/reactions/✅"
        await served.act("ann", "PUT", path)
        await served.act("ann", "DELETE", path)
        names = await raw.names_so_far()
        assert names == ["READY", "MESSAGE_REACTION_ADD", "MESSAGE_REACTION_REMOVE"]
        added, removed = (frame["d"] for frame in raw.seen if "REACTION" in (frame["t"] or ""))
        assert added["member"]["user"]["username"] == "ann"
        assert added["message_author_id"] == served.person("ann")
        assert "member" not in removed


async def test_content_is_blank_without_its_intent(served, bot) -> None:
    """Others' messages arrive blank; those that mention the bot, and its own, with content."""
    await served.say("ann", "secret")
    assert (await bot.event("MESSAGE_CREATE"))["content"] == ""
    await served.say("ann", f"<@{served.discord.world.bot_id}> hi")
    assert "hi" in (await bot.event("MESSAGE_CREATE"))["content"]
    path = f"/channels/{served.channel('social')}/messages"
    await served.call("POST", path, {"content": "mine"})
    assert (await bot.event("MESSAGE_CREATE"))["content"] == "mine"


async def test_privileged_intents(tmp_path, serve_in, connect_raw) -> None:
    """With the intents granted, a bot reads everything and knows all members."""
    async with serve_in(tmp_path) as first:
        first.discord.world.store.settings["guild"]["privileged_intents"] = True
        async with connect_raw(first) as raw:
            await raw.identify(intents=1 | 1 << 1 | 1 << 9 | 1 << 15)
            assert len((await raw.event("GUILD_CREATE"))["members"]) == 5
            await first.say("ann", "open")
            assert (await raw.event("MESSAGE_CREATE"))["content"] == "open"
            await raw.send(8, {"guild_id": first.discord.world.guild_id, "query": "a", "limit": 0})
            chunk = await raw.event("GUILD_MEMBERS_CHUNK")
            assert {each["user"]["username"] for each in chunk["members"]} == {"adam", "ann"}


async def test_shards(served, connect_raw) -> None:
    """A server's events go to shard (guild_id >> 22) % count alone."""
    mine = (int(served.discord.world.guild_id) >> 22) % 2
    async with connect_raw(served) as here, connect_raw(served) as there:
        await here.identify(shard=[mine, 2])
        await there.identify(shard=[1 - mine, 2])
        await served.say("ann", "x")
        assert await here.names_so_far() == ["READY", "GUILD_CREATE", "MESSAGE_CREATE"]
        assert await there.names_so_far() == ["READY"]


async def test_resume_replays_what_was_missed(served, bot, connect_raw) -> None:
    """A dropped session that resumes gets every event it missed, once, in order."""
    await served.say("ann", "before")
    await bot.event("MESSAGE_CREATE")
    await served.discord.drop_gateways(resumable=True)
    missed = [(await served.say("ann", str(n)))["id"] for n in range(3)]
    async with connect_raw(served) as again:
        await again.resume(bot.session, bot.sequence)
        assert await again.names_so_far() == ["MESSAGE_CREATE"] * 3 + ["RESUMED"]
        assert [
            frame["d"]["id"] for frame in again.seen if frame["t"] == "MESSAGE_CREATE"
        ] == missed


async def test_sessions_that_cannot_resume(served, bot, connect_raw) -> None:
    """Unknown, forgotten and expired sessions get INVALID_SESSION, and identify anew."""
    await served.discord.drop_gateways(resumable=True)
    for session, sequence in (("unknown", 1), (bot.session, 99)):
        async with connect_raw(served) as again:
            await again.resume(session, sequence)
            assert await again.frame() == {"op": 9, "s": None, "t": None, "d": False}
    served.ahead = timedelta(minutes=6)
    await served.say("ann", "missed")
    async with connect_raw(served) as again:
        await again.resume(bot.session, bot.sequence)
        assert (await again.frame())["op"] == 9
        await again.identify()
        assert await again.names_so_far() == ["READY", "GUILD_CREATE"]  # and nothing is replayed


async def test_too_much_missed_to_resume(served, bot, connect_raw, monkeypatch) -> None:
    """The buffer of a dropped session has its end; beyond it there is no resume."""
    await served.discord.drop_gateways(resumable=True)
    session = served.discord.gateway.sessions[bot.session]
    session.buffer = type(session.buffer)(session.buffer, maxlen=3)
    for n in range(4):
        await served.say("ann", str(n))
    async with connect_raw(served) as again:
        await again.resume(bot.session, bot.sequence)
        assert (await again.frame())["op"] == 9


async def test_reconnect_and_invalid_session(served, bot) -> None:
    """The knobs send RECONNECT, and INVALID_SESSION that forgets the sessions."""
    assert served.discord.bot_connected
    await served.discord.ask_to_reconnect()
    assert (await bot.frame())["op"] == 7
    await served.discord.invalidate_sessions()
    assert await bot.frame() == {"op": 9, "s": None, "t": None, "d": False}
    assert not served.discord.bot_connected


async def test_repeated_event(served, bot) -> None:
    """The newest event of a name can be delivered twice, as Discord sometimes does."""
    said = await served.say("ann", "once")
    assert served.discord.repeat_event("MESSAGE_CREATE")
    assert not served.discord.repeat_event("GUILD_BAN_ADD")
    twice = [(await bot.event("MESSAGE_CREATE"))["id"] for _ in range(2)]
    assert twice == [said["id"]] * 2


async def test_people_hear_what_they_may_see(served, bot) -> None:
    """Live sockets carry what each person may see, and what the page broadcasts."""
    live = {}
    for name in ("ann", "paul"):
        url = f"{served.base}/people/{served.person(name)}/live"
        live[name] = await served.http.ws_connect(url)
    await served.say("ann", "hidden", "secret")
    await served.say("ann", "open")
    path = f"/channels/{served.channel('social')}/permissions/{served.role('@everyone')}"
    await served.act("adam", "PUT", path, {"type": 0, "deny": str(1 << 10)})
    served.discord.broadcast("BOT", {"state": "running"})

    async def heard(name: str) -> list[str]:
        names: list[str] = []
        while not names or names[-1] != "BOT":
            frame = await live[name].receive_json(timeout=10)
            names.append(frame["t"])
        return names

    assert await heard("ann") == ["MESSAGE_CREATE", "MESSAGE_CREATE", "CHANNEL_DELETE", "BOT"]
    assert await heard("paul") == ["MESSAGE_CREATE", "CHANNEL_DELETE", "BOT"]
    assert "BOT" not in await bot.names_so_far()
    for socket in live.values():
        await socket.close()


async def test_silence_closes(served, connect_raw, monkeypatch) -> None:
    """A client that sends no heartbeat is closed with 4009."""
    monkeypatch.setattr("sandbox.discord.connection.HEARTBEAT_MS", 20)
    async with connect_raw(served) as raw:
        assert await closing_code(raw.socket) == 4009
