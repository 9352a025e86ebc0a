"""Permissions, reactions, threads and roles: what the bot and people may do."""

import pytest

VIEW, SEND, HISTORY = 1 << 10, 1 << 11, 1 << 16
REACT, FILES, EMBEDS, MANAGE = 1 << 6, 1 << 15, 1 << 14, 1 << 13
THREADS, IN_THREADS = 1 << 35, 1 << 38


@pytest.fixture
def deny(served):
    """Return how to deny everyone (and so the bot) something in #social, by Adam's hand."""

    async def change(bits: int, allow: int = 0) -> None:
        path = f"/channels/{served.channel('social')}/permissions/{served.discord.world.guild_id}"
        body = {"type": 0, "deny": str(bits), "allow": str(allow)}
        assert (await served.act("adam", "PUT", path, body))[0] == 204

    return change


@pytest.mark.parametrize(
    ("denied", "method", "path", "code"),
    [
        (VIEW, "GET", "", 50001),
        (VIEW, "GET", "/messages", 50001),
        (VIEW, "POST", "/messages", 50001),
        (VIEW, "POST", "/typing", 50001),
        (SEND, "POST", "/messages", 50013),
        (SEND, "POST", "/typing", 50013),
        (HISTORY, "GET", "/messages/M", 50013),
        (HISTORY, "PUT", "/messages/M/reactions/✅/@me", 50013),
        (REACT, "PUT", "/messages/M/reactions/✅/@me", 50013),
        (MANAGE, "DELETE", "/messages/M", 50013),
        (MANAGE, "DELETE", "/messages/M/reactions", 50013),
        (MANAGE, "DELETE", "/messages/M/reactions/🎉", 50013),
        (MANAGE, "DELETE", "/messages/M/reactions/🎉/U", 50013),
        (THREADS, "POST", "/messages/M/threads", 50013),
        (1 << 4, "PATCH", "", 50013),
        (1 << 4, "DELETE", "", 50013),
        (1 << 28, "PUT", "/permissions/1", 50013),
    ],
)
async def test_the_bot_needs_permissions(served, deny, denied, method, path, code) -> None:
    """Without VIEW_CHANNEL the bot has no access (50001); without more, no permission (50013)."""
    said = await served.say("ann", "x")
    social = f"/channels/{served.channel('social')}"
    await served.act("ann", "PUT", f"{social}/messages/{said['id']}/reactions/🎉")
    await deny(denied)
    path = path.replace("M", said["id"]).replace("U", served.person("ann"))
    body = {"content": "x", "name": "n"} if method != "GET" else None
    assert (await served.call(method, social + path, body))[1]["code"] == code


async def test_files_embeds_and_replies_need_permissions(served, deny) -> None:
    """Files need ATTACH_FILES, replies history; without EMBED_LINKS embeds go without a word."""
    said = await served.say("ann", "x")
    path = f"/channels/{served.channel('social')}/messages"
    await deny(FILES | EMBEDS | HISTORY)
    assert (await served.call("POST", path, {}, files={"a.txt": b"a"}))[1]["code"] == 50013
    reply = {"content": "x", "message_reference": {"message_id": said["id"]}}
    assert (await served.call("POST", path, reply))[1]["code"] == 160002
    sent = (await served.call("POST", path, {"content": "x", "embeds": [{"title": "t"}]}))[1]
    assert sent["embeds"] == []
    assert (await served.call("POST", path, {"embeds": [{"title": "t"}]}))[1]["code"] == 50006
    assert (await served.call("GET", path))[1] == []


async def test_people_obey_too(served, deny) -> None:
    """People without a permission are refused alike; administrators and the owner are not."""
    secret = f"/channels/{served.channel('secret')}"
    for name, status in (("paul", 403), ("ann", 200), ("adam", 200), ("olga", 200)):
        assert (await served.act(name, "GET", secret + "/messages"))[0] == status
    assert [c["name"] for c in (await served.act("paul", "GET", "/channels"))[1]] == ["social"]
    await deny(SEND)
    path = f"/channels/{served.channel('social')}/messages"
    assert (await served.act("ann", "POST", path, {"content": "x"}))[1]["code"] == 50013
    assert (await served.act("adam", "POST", path, {"content": "x"}))[0] == 200
    assert (await served.act("ann", "DELETE", secret))[1]["code"] == 50013
    card = {"embeds": [{"title": "people send no embeds"}]}
    assert (await served.act("adam", "POST", path, card))[1]["code"] == 50013


async def test_overwrites_are_layered(served) -> None:
    """A role's allow beats another role's deny; a member's own overwrite beats both."""
    path = f"/channels/{served.channel('secret')}"
    ann = served.person("ann")
    assert (await served.act("ann", "GET", path + "/messages"))[0] == 200
    own = {"type": 1, "deny": str(VIEW)}
    assert (await served.act("adam", "PUT", f"{path}/permissions/{ann}", own))[0] == 204
    assert (await served.act("ann", "GET", path + "/messages"))[1]["code"] == 50001


async def test_reactions(served) -> None:
    """Reactions count once for each person, list in pages, and end with the last one."""
    said = await served.say("ann", "x")
    path = f"/channels/{said['channel_id']}/messages/{said['id']}"
    for _ in range(2):
        assert (await served.call("PUT", f"{path}/reactions/✅/@me"))[0] == 204
    await served.act("ann", "PUT", f"{path}/reactions/✅")
    shown = (await served.act("ann", "GET", f"/channels/{said['channel_id']}/messages"))[1][0]
    assert [(r["emoji"]["name"], r["count"], r["me"]) for r in shown["reactions"]] == [
        ("✅", 2, True)
    ]
    everyone = (await served.call("GET", f"{path}/reactions/✅?limit=1"))[1]
    rest = (await served.call("GET", f"{path}/reactions/✅?after={everyone[0]['id']}"))[1]
    assert {each["username"] for each in everyone + rest} == {"ann", "Copydesk"}
    ann = served.person("ann")
    assert (await served.act("paul", "DELETE", f"{path}/reactions/❌"))[1]["code"] == 10014
    assert (await served.call("DELETE", f"{path}/reactions/✅/{ann}"))[0] == 204
    assert (await served.call("DELETE", f"{path}/reactions/✅"))[0] == 204
    assert "reactions" not in (await served.call("GET", path))[1]


@pytest.mark.parametrize("emoji", ["x", "hello", "name:123", "1"])
async def test_what_is_no_emoji(served, emoji) -> None:
    """What is no Unicode emoji is unknown: 10014."""
    said = await served.say("ann", "x")
    path = f"/channels/{said['channel_id']}/messages/{said['id']}/reactions/{emoji}/@me"
    assert (await served.call("PUT", path))[1]["code"] == 10014


@pytest.mark.parametrize("emoji", ["✅", "❌", "1️⃣", "👍🏽", "🏳️‍🌈", "👩‍👩‍👧", "🇩🇪", "❤️", "⏰", "™️"])
async def test_what_is_an_emoji(served, emoji) -> None:
    """Emoji of all makes are taken: joined, toned, keycaps, flags."""
    said = await served.say("ann", "x")
    path = f"/channels/{said['channel_id']}/messages/{said['id']}/reactions/{emoji}/@me"
    assert (await served.call("PUT", path))[0] == 204


async def test_twenty_emoji(served) -> None:
    """A message takes 20 different emoji; the 21st is refused, those there may be joined."""
    said = await served.say("ann", "x")
    path = f"/channels/{said['channel_id']}/messages/{said['id']}/reactions"
    for number in range(20):
        assert (await served.call("PUT", f"{path}/{chr(0x1F600 + number)}/@me"))[0] == 204
    assert (await served.call("PUT", f"{path}/✅/@me"))[1]["code"] == 30010
    assert (await served.act("ann", "PUT", f"{path}/{chr(0x1F600)}"))[0] == 204


async def test_threads(served, bot) -> None:
    """A thread from a message shares its id; one message starts one thread."""
    said = await served.say("ann", "x")
    social = f"/channels/{said['channel_id']}"
    start = f"{social}/messages/{said['id']}/threads"
    thread = (await served.call("POST", start, {"name": "talk"}))[1]
    assert (thread["id"], thread["type"], thread["parent_id"]) == (
        said["id"],
        11,
        said["channel_id"],
    )
    assert (await bot.event("THREAD_CREATE"))["newly_created"]
    assert (await served.call("POST", start, {"name": "talk"}))[1]["code"] == 160004
    assert (await served.call("POST", start.replace(said["id"], "1"), {"name": "t"}))[1][
        "code"
    ] == 10008
    assert (await served.call("POST", f"{social}/threads", {"name": ""}))[1]["code"] == 50035
    assert (await served.call("POST", f"{social}/threads", {"name": "x" * 101}))[1]["code"] == 50035
    assert (await served.call("POST", f"/channels/{thread['id']}/threads", {"name": "t"}))[1][
        "code"
    ] == 50024
    starter = (await served.call("GET", f"{social}/messages/{said['id']}"))[1]
    assert starter["flags"] & 32
    assert starter["thread"]["name"] == "talk"
    here = f"/channels/{thread['id']}"
    sent = (await served.act("paul", "POST", f"{here}/messages", {"content": "in"}))[1]
    assert {m["user_id"] for m in (await served.call("GET", f"{here}/thread-members"))[1]} == {
        served.person("paul"),
        served.discord.world.bot_id,
    }
    active = f"/guilds/{served.discord.world.guild_id}/threads/active"
    assert len((await served.call("GET", active))[1]["threads"]) == 1
    assert (await served.call("PATCH", here, {"archived": True, "locked": True}))[0] == 200
    assert (await served.call("GET", active))[1]["threads"] == []
    react = f"{here}/messages/{sent['id']}/reactions/✅"
    assert (await served.act("ann", "PUT", react))[1]["code"] == 50083
    assert (await served.act("paul", "POST", f"{here}/messages", {"content": "x"}))[1][
        "code"
    ] == 50083
    archived = f"/channels/{said['channel_id']}/threads/archived/public"
    assert len((await served.call("GET", archived))[1]["threads"]) == 1
    await served.call("PATCH", here, {"locked": False})
    assert (await served.act("paul", "POST", f"{here}/messages", {"content": "x"}))[0] == 200
    assert len((await served.call("GET", active))[1]["threads"]) == 1  # writing opens it again


async def test_private_threads_and_speaking_in_threads(served, deny) -> None:
    """A private thread is seen by its members; SEND_MESSAGES_IN_THREADS rules inside threads."""
    social = f"/channels/{served.channel('social')}"
    private = (await served.call("POST", f"{social}/threads", {"name": "p", "type": 12}))[1]
    here = f"/channels/{private['id']}"
    assert (await served.act("paul", "GET", f"{here}/messages"))[1]["code"] == 50001
    assert (await served.call("PUT", f"{here}/thread-members/{served.person('paul')}"))[0] == 204
    assert (await served.act("paul", "GET", f"{here}/messages"))[0] == 200
    public = (await served.act("ann", "POST", f"{social}/threads", {"name": "o"}))[1]
    there = f"/channels/{public['id']}/messages"
    await deny(IN_THREADS)
    assert (await served.call("POST", there, {"content": "x"}))[1]["code"] == 50013
    await deny(SEND, allow=IN_THREADS)
    assert (await served.call("POST", there, {"content": "x"}))[0] == 200


async def test_channels_come_change_and_go(served, bot) -> None:
    """Channels are made, changed and deleted with what is in them, and everyone is told."""
    guild = f"/guilds/{served.discord.world.guild_id}"
    made = (await served.call("POST", f"{guild}/channels", {"name": "new"}))[1]
    assert (await bot.event("CHANNEL_CREATE"))["id"] == made["id"]
    await served.call("PATCH", f"/channels/{made['id']}", {"topic": "about"})
    assert (await bot.event("CHANNEL_UPDATE"))["topic"] == "about"
    sent = await served.say("ann", "x", "new")
    assert (await served.act("adam", "DELETE", f"/channels/{made['id']}"))[0] == 200
    await bot.event("CHANNEL_DELETE")
    assert (await served.call("GET", f"/channels/{made['id']}"))[1]["code"] == 10003
    assert served.discord.world.store.messages.get(sent["id"]) is None


async def test_roles_and_members(served) -> None:
    """Roles are given below one's own highest; members and roles can be read."""
    guild = f"/guilds/{served.discord.world.guild_id}"
    ann, role = served.person("ann"), served.role("Approver")
    member = (await served.call("GET", f"{guild}/members/{ann}"))[1]
    assert member["roles"] == [role]
    assert (await served.call("GET", f"{guild}/members/1"))[1]["code"] == 10007
    assert (await served.act("adam", "DELETE", f"/members/{ann}/roles/{role}"))[0] == 204
    assert (await served.call("GET", f"{guild}/members/{ann}"))[1]["roles"] == []
    assert (await served.call("PUT", f"{guild}/members/{ann}/roles/{role}"))[0] == 204
    above = served.role("Admin")
    assert (await served.act("adam", "PUT", f"/members/{ann}/roles/{above}"))[1]["code"] == 50013
    assert (await served.act("ann", "PUT", f"/members/{ann}/roles/{role}"))[1]["code"] == 50013
    assert (await served.call("PUT", f"{guild}/members/{ann}/roles/1"))[1]["code"] == 10011
    assert (await served.call("GET", f"{guild}/members"))[1]["code"] == 50001
    assert len((await served.call("GET", f"{guild}/roles"))[1]) == 4
    assert (await served.call("GET", "/guilds/1"))[1]["code"] == 10004
    assert (await served.call("GET", "/users/1"))[1]["code"] == 10013


async def test_direct_messages_are_closed(served) -> None:
    """People of the sandbox take no direct messages: 50007, as from many people on Discord."""
    body = {"recipient_id": served.person("ann")}
    status, answer = await served.call("POST", "/users/@me/channels", body)
    assert (status, answer["code"]) == (403, 50007)


async def test_people_and_their_pictures(served) -> None:
    """People are listed with their colours; an avatar is drawn from their initials."""
    async with served.http.get(f"{served.base}/people") as response:
        body = await response.json()
    colours = {each["username"]: each["color"] for each in body["people"]}
    assert (colours["adam"], colours["ann"], colours["paul"]) == (0xAA0000, 0x00AA00, 0)
    olga = next(each for each in body["people"] if each["username"] == "olga")
    async with served.http.get(olga["avatar"]) as response:
        assert ">OO<" in await response.text()
