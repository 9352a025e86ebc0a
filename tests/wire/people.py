"""People in Discord: what they do and what they see, over the sandbox's people API."""

import asyncio
import inspect
import io
import json
from collections.abc import Callable, Sequence
from typing import Any

import aiohttp
from PIL import Image

Json = dict[str, Any]

TIKTOK, INSTAGRAM, THREADS = (
    f"{platform} · Harbour Coffee" for platform in ("TikTok", "Instagram", "Threads")
)
THREE = (TIKTOK, INSTAGRAM, THREADS)
TEXT_INPUT = 4
LOOK = 0.05  # seconds between looks


async def until(condition: Callable[[], Any], seconds: float = 30) -> Any:
    """Wait until a condition, awaited if need be, is true; its answer."""
    async with asyncio.timeout(seconds):
        while True:
            found = condition()
            if inspect.isawaitable(found):
                found = await found
            if found:
                return found
            await asyncio.sleep(LOOK)


class People:
    """The people of the sample server at an address."""

    def __init__(self, address: str) -> None:
        self.http = aiohttp.ClientSession(address)
        self._ids: dict[str, str] = {}
        self._channels: dict[str, str] = {}
        self.roles: dict[str, str] = {}

    async def meet(self) -> None:
        """Learn who and what is there."""
        async with self.http.get("/people") as answer:
            world = await answer.json()
        self._ids = {person["username"]: person["id"] for person in world["people"]}
        self.roles = {role["name"]: role["id"] for role in world["roles"]}
        self._channels = {
            each["name"]: each["id"] for each in await self.act("mara", "GET", "channels")
        }

    def person(self, name: str) -> str:
        """Return a person's id."""
        return self._ids[name]

    def channel(self, name: str) -> str:
        """Return a channel's id."""
        return self._channels[name]

    async def wait_for(self, condition: Callable[[], Any], seconds: float = 30) -> Any:
        """Wait until a condition, awaited if need be, is true; its answer."""
        return await until(condition, seconds)

    async def act(self, name: str, method: str, path: str, body: Any = None, **more: Any) -> Any:
        """Do something as a person; what Discord answers."""
        if body is not None:
            more["json"] = body
        address = f"/people/{self._ids[name]}/{path}"
        async with self.http.request(method, address, **more) as answer:
            assert answer.status < 300, await answer.text()
            return await answer.json() if answer.status != 204 else None

    async def command(self, name: str, path: str, **options: Any) -> Json:
        """Give a command such as "post show" in #social; what became of it."""
        group, sub = path.split()
        known = await self.act(name, "GET", "commands")
        command = next(each for each in known if each["name"] == group)
        spec = next(each for each in command["options"] if each["name"] == sub)
        types = {each["name"]: each["type"] for each in spec.get("options", [])}
        given = [{"name": key, "type": types[key], "value": options[key]} for key in options]
        nested = [{"type": 1, "name": sub, "options": given}]
        data = {"id": command["id"], "name": group, "type": 1, "options": nested}
        body = {"type": 2, "channel_id": self.channel("social"), "data": data}
        return await self.act(name, "POST", "interactions", body)

    async def send_form(
        self, name: str, opened: Json, values: dict[str, Any], picture: bytes = b""
    ) -> Json:
        """Send an opened form filled with these values; what became of it."""
        data = {
            "custom_id": opened["modal"]["custom_id"],
            "components": [_filled(part, values) for part in opened["modal"]["components"]],
        }
        body = {
            "type": 5,
            "channel_id": self.channel("social"),
            "data": data,
            "modal_interaction_id": opened["id"],
        }
        if not picture:
            return await self.act(name, "POST", "interactions", body)
        form = aiohttp.FormData()
        form.add_field("payload_json", json.dumps(body))
        form.add_field("files[0]", picture, filename="cup.jpg", content_type="image/jpeg")
        return await self.act(name, "POST", "interactions", data=form)

    async def open_form(self, name: str) -> Json:
        """Open the form of a new post."""
        opened = await self.command(name, "post new")
        assert opened["outcome"] == "modal", opened
        return opened

    async def send_post(
        self,
        name: str,
        opened: Json,
        caption: str = "Fresh coffee",
        accounts: Sequence[str] = THREE,
        *,
        when: str = "now",
        has_picture: bool = True,
    ) -> Json:
        """Send the form of a post, which becomes a draft; what became of the form."""
        values = _post(opened, caption, accounts) | {"when": when}
        if not has_picture:
            del values["media"]
        return await self.send_form(name, opened, values, PICTURE if has_picture else b"")

    async def write_post(
        self, name: str, *, caption: str = "Fresh coffee", accounts: Sequence[str] = THREE
    ) -> Json:
        """Write a post with one picture, to go out now, and send it; what became of that."""
        await self.send_post(name, await self.open_form(name), caption, accounts)
        return await self.ask(name, caption)

    async def ask(self, name: str, caption: str = "Fresh coffee") -> Json:
        """Send a draft for approval once its card is there; what became of that."""

        async def shown() -> Json | None:
            for message in reversed(await self.messages("social", name)):
                if _is_draft(message, caption):
                    return message
            return None

        card = await self.wait_for(shown)
        return await self.press(name, card, "Send for approval")

    async def press(self, name: str, message: Json, label: str) -> Json:
        """Press a button under a message; what became of it."""
        items = [item for row in message["components"] for item in row["components"]]
        button = next(item for item in items if item.get("label") == label)
        body = {
            "type": 3,
            "channel_id": message["channel_id"],
            "message_id": message["id"],
            "data": {"custom_id": button["custom_id"], "component_type": button["type"]},
        }
        return await self.act(name, "POST", "interactions", body)

    async def react(self, name: str, card: Json, emoji: str) -> None:
        """React to a message."""
        place = f"channels/{card['channel_id']}/messages/{card['id']}"
        await self.act(name, "PUT", f"{place}/reactions/{emoji}")

    async def take_off(self, name: str, card: Json, emoji: str) -> None:
        """Take one's reaction off a message."""
        place = f"channels/{card['channel_id']}/messages/{card['id']}"
        await self.act(name, "DELETE", f"{place}/reactions/{emoji}")

    async def messages(self, channel: str, name: str = "mara") -> list[Json]:
        """Return a channel's messages as a person sees them, oldest first."""
        return await self.act(name, "GET", f"channels/{self.channel(channel)}/messages?limit=100")

    async def all_messages(self, channel: str) -> list[Json]:
        """Return a channel's messages, however many, newest first."""
        path = f"channels/{self.channel(channel)}/messages?limit=100"
        found = page = await self.act("mara", "GET", path)
        while len(page) == 100:
            oldest = min(int(each["id"]) for each in page)
            page = await self.act("mara", "GET", f"{path}&before={oldest}")
            found += page
        return found

    async def cards(self) -> list[Json]:
        """Return the cards, oldest first."""
        return [each for each in await self.messages("approvals") if each["embeds"]]

    async def card(self, caption: str = "Fresh coffee", reactions: int = 2) -> Json:
        """Wait for a post's card, with so many different reactions to choose from on it."""

        async def offered() -> Json | None:
            for card in await self.cards():
                ready = len(card.get("reactions", [])) >= reactions
                if card["embeds"][0]["description"] == caption and ready:
                    return card
            return None

        return await self.wait_for(offered)

    async def notes(self) -> list[Json]:
        """Return what was said of posts that wait for approval."""
        return [each for each in await self._spoken() if "waits for approval" in _text(each)]

    async def results(self) -> list[Json]:
        """Return the announced results."""
        return [each for each in await self._spoken() if each["embeds"][0].get("title")]

    async def _spoken(self) -> list[Json]:
        return [
            each
            for each in await self.messages("social")
            if each["author"].get("bot") and each["embeds"] and not each["flags"] & 64
        ]


def _is_draft(message: Json, caption: str) -> bool:
    """Whether a message is the card of a draft with this text, which waits to be sent."""
    items = [item for row in message["components"] for item in row["components"]]
    is_open = any(item.get("custom_id", "").startswith("draft:send:") for item in items)
    return is_open and message["embeds"][0]["description"] == caption


def shown(embed: Json) -> Json:
    """Return the parts of an embed that people read."""
    fields = [(field["name"], field["value"]) for field in embed["fields"]]
    return {name: embed[name] for name in ("title", "description", "footer")} | {"fields": fields}


def _text(message: Json) -> str:
    return message["embeds"][0].get("description", "")


def _filled(part: Json, values: dict[str, Any]) -> Json:
    inner = part["component"]
    found = {"type": inner["type"], "custom_id": inner["custom_id"]}
    given = values.get(inner["custom_id"])
    if inner["type"] == TEXT_INPUT:
        found["value"] = inner.get("value", "") if given is None else given
    else:
        found["values"] = given or []
    return {"type": part["type"], "component": found}


def _post(opened: Json, caption: str, accounts: Sequence[str]) -> dict[str, Any]:
    """Return what is filled into the form of a post, the accounts by their labels."""
    parts = [part["component"] for part in opened["modal"]["components"]]
    select = next(part for part in parts if part["custom_id"] == "accounts")
    ids = {option["label"]: option["value"] for option in select["options"]}
    return {
        "caption": caption,
        "title": "Cup",
        "media": ["0"],
        "accounts": [ids[label] for label in accounts],
        "when": "now",
    }


def _picture() -> bytes:
    buffer = io.BytesIO()
    Image.new("RGB", (320, 320), "teal").save(buffer, "JPEG")
    return buffer.getvalue()


PICTURE = _picture()
