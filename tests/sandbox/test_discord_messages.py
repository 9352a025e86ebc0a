"""Messages: what is refused, and what becomes of those that are not."""

import io
from datetime import timedelta
from typing import Any

import pytest
from PIL import Image


def png() -> bytes:
    """Return a picture of 2 by 3 pixels."""
    picture = io.BytesIO()
    Image.new("RGB", (2, 3)).save(picture, "png")
    return picture.getvalue()


PNG = png()


def embeds(**parts: Any) -> dict[str, Any]:
    return {"embeds": [{"title": "t", **parts}]}


def row(*parts: Any) -> dict[str, Any]:
    return {"type": 1, "components": list(parts)}


def button(**parts: Any) -> dict[str, Any]:
    return {"type": 2, "style": 1, "label": "b", "custom_id": "c", **parts}


def select(count: int = 1, **parts: Any) -> dict[str, Any]:
    options = [{"label": f"l{n}", "value": f"v{n}"} for n in range(count)]
    return {"type": 3, "custom_id": "s", "options": options, **parts}


def layout(*parts: Any, **more: Any) -> dict[str, Any]:
    return {"flags": 32768, "components": list(parts), **more}


TEXT = {"type": 10, "content": "x"}
REFUSED: list[tuple[dict[str, Any], int, str]] = [
    ({"content": "x" * 2001}, 50035, "content"),
    ({}, 50006, ""),
    ({"content": "  \n"}, 50006, ""),
    ({"embeds": [{"title": "t"}] * 11}, 50035, "embeds"),
    ({"embeds": [{}]}, 50035, "embeds.0.description"),
    (embeds(title="x" * 257), 50035, "embeds.0.title"),
    (embeds(description="x" * 4097), 50035, "embeds.0.description"),
    (embeds(footer={"text": "x" * 2049}), 50035, "embeds.0.footer.text"),
    (embeds(author={"name": "x" * 257}), 50035, "embeds.0.author.name"),
    (embeds(fields=[{"name": "n", "value": "v"}] * 26), 50035, "embeds.0.fields"),
    (embeds(fields=[{"name": "", "value": "v"}]), 50035, "embeds.0.fields.0.name"),
    (embeds(fields=[{"name": "n", "value": "x" * 1025}]), 50035, "embeds.0.fields.0.value"),
    (embeds(image={"url": "ftp://x"}), 50035, "embeds.0.image.url"),
    (embeds(color=1 << 24), 50035, "embeds.0.color"),
    ({"embeds": [{"description": "x" * 3001}] * 2}, 50035, "embeds"),
    (embeds(image={"url": "attachment://none.png"}), 50035, "attachments"),
    ({"components": [row(button())] * 6}, 50035, "components"),
    ({"components": [button()]}, 50035, "components.0"),
    ({"components": [row()]}, 50035, "components.0.components"),
    ({"components": [row(*[button(custom_id=str(n)) for n in range(6)])]}, 50035, "components.0.components"),
    ({"components": [row(button(), button())]}, 50035, "components"),
    ({"components": [row(button(label="x" * 81))]}, 50035, "components.0.components.0.label"),
    ({"components": [row(button(custom_id="x" * 101))]}, 50035, "components.0.components.0.custom_id"),
    ({"components": [row({"type": 2, "style": 1, "label": "b"})]}, 50035, "components.0.components.0"),
    ({"components": [row(button(style=5))]}, 50035, "components.0.components.0"),
    ({"components": [row(button(label=None))]}, 50035, "components.0.components.0"),
    ({"components": [row(select(26))]}, 50035, "components.0.components.0.options"),
    ({"components": [row(select(0))]}, 50035, "components.0.components.0.options"),
    ({"components": [row(select(), button())]}, 50035, "components.0"),
    ({"components": [row(select(min_values=2))]}, 50035, "components.0.components.0"),
    ({"components": [row(select(placeholder="x" * 151))]}, 50035, "components.0.components.0.placeholder"),
    ({"components": [row({"type": 4, "custom_id": "i", "style": 1})]}, 50035, "components.0.components.0"),
    ({"components": [TEXT]}, 50035, "components.0"),  # without the flag
    (layout(TEXT, content="both"), 50035, "content"),
    (layout(TEXT, embeds=[{"title": "t"}]), 50035, "embeds"),
    (layout(*[TEXT] * 41), 50035, "components"),
    (layout({"type": 17, "components": [TEXT] * 40}), 50035, "components"),
    (layout({"type": 10, "content": "x" * 2001}, {"type": 10, "content": "x" * 2000}), 50035, "components"),
    (layout({"type": 12, "items": []}), 50035, "components.0.items"),
    (layout({"type": 9, "components": [TEXT] * 4, "accessory": button()}), 50035, "components.0.components"),
    (layout({"type": 9, "components": [TEXT]}), 50035, "components.0.accessory"),
    (layout({"type": 14, "spacing": 3}), 50035, "components.0.spacing"),
    (layout({"type": 13, "file": {"url": "https://x/y"}}), 50035, "components.0.file"),
    (layout({**TEXT, "id": 7}, {**TEXT, "id": 7}), 50035, "components"),
    ({"content": "r", "message_reference": {"message_id": "1"}}, 50035, "message_reference"),
    ({"content": "n", "nonce": "x" * 26}, 50035, "nonce"),
    ({"content": "a", "attachments": [{"id": "4"}]}, 50035, "attachments"),
]  # fmt: skip


@pytest.mark.parametrize(("body", "code", "path"), REFUSED)
async def test_refuses_what_discord_refuses(served, body, code, path) -> None:
    """A message that breaks a rule is refused with Discord's code, at the field that broke it."""
    status, answer = await served.call(
        "POST", f"/channels/{served.channel('social')}/messages", body
    )
    assert (status, answer["code"]) == (400, code)
    found = answer.get("errors", {})
    for part in path.split(".") if path else []:
        found = found[part]
    assert not path or found["_errors"]


async def test_a_whole_message(served) -> None:
    """What is allowed is kept, with the defaults Discord fills in."""
    body = {
        "components": [row(button()), row(select(25, max_values=25))],
        **embeds(url="https://a.b"),
    }
    path = f"/channels/{served.channel('social')}/messages"
    status, sent = await served.call("POST", path, body)
    assert status == 200
    assert sent["embeds"][0]["type"] == "rich"
    assert [part["id"] for part in sent["components"]] == [1, 3]
    assert (await served.call("GET", f"{path}/{sent['id']}"))[1] == sent


async def test_nonce_returns_the_first_message_for_some_minutes(served) -> None:
    """With enforce_nonce a repeat within minutes returns the first message, later it sends anew."""
    path, body = f"/channels/{served.channel('social')}/messages", {"content": "a", "nonce": "n1"}
    first = (await served.call("POST", path, body | {"enforce_nonce": True}))[1]
    again = (await served.call("POST", path, body | {"enforce_nonce": True}))[1]
    unforced = (await served.call("POST", path, body))[1]
    assert again["id"] == first["id"] != unforced["id"]
    served.ahead = timedelta(minutes=6)
    later = (await served.call("POST", path, body | {"enforce_nonce": True}))[1]
    assert later["id"] != first["id"]


async def test_replies(served) -> None:
    """A reply carries its message; an unknown one is let pass only when the sender says so."""
    asked = await served.say("ann", "question")
    path = f"/channels/{served.channel('social')}/messages"
    reply = {"content": "answer", "message_reference": {"message_id": asked["id"]}}
    sent = (await served.call("POST", path, reply))[1]
    assert sent["type"] == 19
    assert sent["referenced_message"]["id"] == asked["id"]
    assert [each["username"] for each in sent["mentions"]] == ["ann"]
    lost = {"message_id": "1", "fail_if_not_exists": False}
    assert (await served.call("POST", path, {"content": "x", "message_reference": lost}))[0] == 200


async def test_mentions_obey_allowed_mentions(served) -> None:
    """Only those named by allowed_mentions are mentioned."""
    text = f"<@{served.person('ann')}> <@{served.person('paul')}> <@&{served.role('Approver')}>"
    path = f"/channels/{served.channel('social')}/messages"
    allowed = {"parse": [], "users": [served.person("ann")]}
    sent = (await served.call("POST", path, {"content": text, "allowed_mentions": allowed}))[1]
    assert [each["username"] for each in sent["mentions"]] == ["ann"]
    assert sent["mention_roles"] == []


async def test_edits_keep_add_and_remove_files(served) -> None:
    """An edit keeps the files it names, takes new ones, and removes the rest."""
    path = f"/channels/{served.channel('social')}/messages"
    sent = (await served.call("POST", path, {}, files={"a.png": PNG, "b.txt": b"bee"}))[1]
    kept = sent["attachments"][0]
    assert (kept["width"], kept["height"], kept["content_type"]) == (2, 3, "image/png")
    note = {"attachments": [{"id": kept["id"]}, {"id": "0", "description": "new"}]}
    one = f"{path}/{sent['id']}"
    edited = (await served.call("PATCH", one, note, files={"c d.txt": b"cee"}))[1]
    assert [each["filename"] for each in edited["attachments"]] == ["a.png", "c_d.txt"]
    assert edited["attachments"][1]["description"] == "new"
    assert edited["edited_timestamp"]
    refused = await served.call("PATCH", one, {"attachments": [], "content": ""})
    assert (refused[0], refused[1]["code"]) == (400, 50006)
    assert len((await served.call("GET", one))[1]["attachments"]) == 2


async def test_a_file_an_embed_shows_is_not_listed(served) -> None:
    """`attachment://` in an embed becomes a signed link, and the file leaves the list."""
    path = f"/channels/{served.channel('social')}/messages"
    body = embeds(image={"url": "attachment://a.png"})
    sent = (await served.call("POST", path, body, files={"a.png": PNG}))[1]
    assert sent["attachments"] == []
    async with served.http.get(sent["embeds"][0]["image"]["url"]) as response:
        assert await response.read() == PNG


async def test_links_expire_and_are_fresh_in_each_fetch(served) -> None:
    """A link works for 24 hours; a message fetched again carries a new one; signatures matter."""
    path = f"/channels/{served.channel('social')}/messages"
    sent = (await served.call("POST", path, {}, files={"b.txt": b"bee"}))[1]
    url = sent["attachments"][0]["url"]

    async def status(address: str) -> int:
        async with served.http.get(address) as response:
            return response.status

    assert await status(url) == 200
    assert await status(url.replace("hm=", "hm=0")) == 404
    served.ahead = timedelta(hours=25)
    assert await status(url) == 404
    again = (await served.call("GET", f"{path}/{sent['id']}"))[1]
    assert await status(again["attachments"][0]["url"]) == 200


async def test_a_bot_uploads_at_most_ten_mebibytes(served) -> None:
    """A larger file is refused with 413 and 40005, and nothing is left of it."""
    path = f"/channels/{served.channel('social')}/messages"
    big = b"x" * (10 * 1024 * 1024 + 1)
    status, answer = await served.call("POST", path, {}, files={"big.bin": big})
    assert (status, answer["code"]) == (413, 40005)
    assert list(served.discord.world.store.files_folder.iterdir()) == []
    files = {f"{n}.txt": b"x" for n in range(11)}
    status, answer = await served.call("POST", path, {}, files=files)
    assert (status, answer["code"]) == (400, 50035)


async def test_history_pages(served) -> None:
    """Lists come newest first and obey before, after, around and limit."""
    sent = [(await served.say("ann", str(n)))["id"] for n in range(6)]
    path = f"/channels/{served.channel('social')}/messages"

    async def listed(query: str) -> list[int]:
        found = (await served.call("GET", f"{path}?{query}"))[1]
        return [sent.index(each["id"]) for each in found]

    assert await listed("limit=2") == [5, 4]
    assert await listed(f"limit=2&before={sent[3]}") == [2, 1]
    assert await listed(f"limit=2&after={sent[1]}") == [3, 2]
    assert await listed(f"limit=3&around={sent[2]}") == [3, 2, 1]
    assert (await served.call("GET", f"{path}?limit=101"))[1]["code"] == 50035
    assert (await served.call("GET", f"{path}?before=x"))[1]["code"] == 50035


async def test_whose_messages_may_be_changed(served) -> None:
    """Only the author edits; others delete with MANAGE_MESSAGES alone."""
    said = await served.say("ann", "mine")
    place = f"/channels/{served.channel('social')}/messages/{said['id']}"
    assert (await served.call("PATCH", place, {"content": "x"}))[1]["code"] == 50005
    assert (await served.act("paul", "DELETE", place))[1]["code"] == 50013
    assert (await served.act("ann", "PATCH", place, {"content": "edited"}))[1][
        "content"
    ] == "edited"
    assert (await served.call("DELETE", place))[0] == 204
    assert (await served.call("GET", place))[1]["code"] == 10008


async def test_content_of_others_is_blank_without_the_intent(served) -> None:
    """A bot without message content reads its own messages, and those that mention it."""
    said = await served.say("ann", "private talk")
    mention = await served.say("ann", f"hey <@{served.discord.world.bot_id}>")
    path = f"/channels/{served.channel('social')}/messages"
    assert (await served.call("GET", f"{path}/{said['id']}"))[1]["content"] == ""
    assert "hey" in (await served.call("GET", f"{path}/{mention['id']}"))[1]["content"]


async def test_layout_flag_stays(served) -> None:
    """A message once made of a layout stays so: content is refused in edits."""
    path = f"/channels/{served.channel('social')}/messages"
    sent = (await served.call("POST", path, layout({"type": 17, "components": [TEXT]})))[1]
    status, answer = await served.call(
        "PATCH", f"{path}/{sent['id']}", {"content": "x", "flags": 0}
    )
    assert (status, answer["code"]) == (400, 50035)


async def test_answers_are_plain_json_and_unknown_routes_are_refused(served, caplog) -> None:
    """Content-Type is exactly application/json; unknown routes and tokens answer with code 0."""
    headers = {"Authorization": "Bot bot-token"}
    async with served.http.get(served.base + "/api/v10/users/@me", headers=headers) as response:
        assert response.headers["Content-Type"] == "application/json"
    assert await served.call("GET", "/nowhere") == (404, {"message": "404: Not Found", "code": 0})
    assert "Unknown route" in caplog.text
    refused = await served.call("GET", "/users/@me", headers={"Authorization": "Bot x"})
    assert refused == (401, {"message": "401: Unauthorized", "code": 0})
    path = f"/channels/{served.channel('social')}/messages"
    assert (await served.call("POST", path, data=b"{nope"))[1]["code"] == 50109
    assert (await served.call("POST", path, []))[1]["code"] == 50035
