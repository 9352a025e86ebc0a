"""The sample server, and its set-up acted out once by its admin."""

import asyncio
from collections.abc import AsyncGenerator, Callable, Mapping, Sequence
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

import aiohttp

from sandbox.discord.permissions import P
from sandbox.discord.plan import ChannelPlan, PersonPlan, RolePlan, ServerPlan

Json = dict[str, Any]

CONNECTED = ("wahdx", "wayinvideo")
"""The services the admin connects; the others are left to the visitor, since a form offers 25
accounts at a time, and five services have more.
"""
SOCIAL, APPROVALS = "social", "approvals"
ADMIN, GUIDE = "mara", "guide"
READY_SECONDS = 60  # how long the set-up waits for the bot and its commands
SUBCOMMAND, CHANNEL, ROLE, STRING = 1, 7, 8, 3

PLAN = ServerPlan(
    name="Harbour Coffee",
    owner=ADMIN,
    roles=[
        RolePlan(name="Admin", permissions=P.ADMINISTRATOR, color=0xB4552D),
        RolePlan(name="Approver", color=0x2E7D4F),
        RolePlan(name="Author", color=0x2F6DA8),
    ],
    channels=[
        ChannelPlan(name=SOCIAL, topic="Write posts here: /post new"),
        ChannelPlan(name=APPROVALS, topic="Every post waits here for its ✅"),
        ChannelPlan(name="announcements", topic="News for the whole team"),
    ],
    people=[
        PersonPlan(username="ann", global_name="Ann", roles=["Author"]),
        PersonPlan(username="ben", global_name="Ben", roles=["Author"]),
        PersonPlan(username="paul", global_name="Paul", roles=["Approver"]),
        PersonPlan(username=ADMIN, global_name="Mara", roles=["Admin"]),
        PersonPlan(username="tom", global_name="Tom"),
        PersonPlan(username=GUIDE, global_name="Guide"),
    ],
)

WELCOME = """\
## Welcome to Harbour Coffee
This is a small stand-in for Discord, with the real bot in it. You can be anyone: choose at the top. Try this:
1. **Be Ann** (Author), type `/post new` here, write a caption, add a picture, choose accounts, say when: `now`. Its draft is shown to you alone: **Send for approval**.
2. **Be Paul** (Approver), open #approvals and react with ✅ to the card.
3. Look at **Out there**: the post appears in the accounts' feeds, and the bot reports back here.
4. Write another one for `in 1 minute`. **Kill** the bot, be Paul and vote while it is dead, then **start** it again: \
nothing is lost.
5. **Be Ann** again and type `/post clip`: choose WayinVideo and the project `prj06harbour`, and make a post of a clip \
the service has cut.
6. Choose a **fault**, for example one that cuts the connection, and write a post: see what the bot makes of it, \
and that nothing is published twice.
7. **Be Mara** (Admin) and connect another service with `/provider connect`; what to type stands beside it in Out there.
-# Be Tom (no role) to see what someone without a role may do. Nothing here leaves your computer."""


class SetUpError(Exception):
    """The set-up could not be acted out."""


class Actor:
    """One person at the sandbox's own people API."""

    def __init__(self, http: aiohttp.ClientSession, uid: str) -> None:
        self._http = http
        self._path = f"/people/{uid}"

    async def get(self, what: str) -> list[Json]:
        """Read one of the person's lists."""
        async with self._http.get(f"{self._path}/{what}") as answer:
            return await answer.json()

    async def post(self, what: str, body: Json) -> Json:
        """Do something; SetUpError if it is refused or the bot stays silent."""
        async with self._http.post(f"{self._path}/{what}", json=body) as answer:
            found: Json = await answer.json()
        if answer.status >= 400 or found.get("outcome") == "failed":
            raise SetUpError(found.get("message") or found.get("reason"))
        return found

    async def run(self, channel_id: str, path: str, options: Sequence[Json]) -> Json:
        """Run a subcommand ("desk settings") with its options."""
        name, sub = path.split()
        found = next((each for each in await self.get("commands") if each["name"] == name), None)
        if found is None:
            raise SetUpError(f"the bot has no command /{path}")
        nested = [{"type": SUBCOMMAND, "name": sub, "options": list(options)}]
        data: Json = {"id": found["id"], "name": name, "type": 1, "options": nested}
        return await self.post("interactions", {"type": 2, "channel_id": channel_id, "data": data})


@asynccontextmanager
async def acting(address: str, username: str) -> AsyncGenerator[Actor]:
    """Be one of the people of the sandbox at an address."""
    async with aiohttp.ClientSession(address) as http:
        async with http.get("/people") as answer:
            people = (await answer.json())["people"]
        yield Actor(http, next(each["id"] for each in people if each["username"] == username))


async def welcome(address: str) -> None:
    """Post the welcome in #social."""
    async with acting(address, GUIDE) as guide:
        channels = {each["name"]: each["id"] for each in await guide.get("channels")}
        text = WELCOME.replace("#approvals", f"<#{channels[APPROVALS]}>")
        await guide.post(f"channels/{channels[SOCIAL]}/messages", {"content": text})


def credentials(
    service: str, keys: Mapping[str, str], address_of: Callable[[str], str]
) -> dict[str, str]:
    """What the admin types to connect a service, by the names of the form's fields."""
    if service == "openshorts":  # it passes posts on to Upload-Post, with a key of that one
        return {
            "url": address_of(service),
            "key": keys["upload_post"],
            "profile": "harbour",
            "gemini_key": keys[service],  # it takes any: what clips cost is Google's to say
        }
    return {"key": keys[service]}


async def set_up(address: str, services: Mapping[str, Mapping[str, str]]) -> None:
    """Act out the admin's set-up: settings, then a connection to each service with what is typed
    into its form.
    """
    async with acting(address, ADMIN) as admin, aiohttp.ClientSession(address) as http:
        async with http.get("/people") as answer:
            roles = {role["name"]: role["id"] for role in (await answer.json())["roles"]}
        channels = {each["name"]: each["id"] for each in await admin.get("channels")}
        await _until_commands(admin)
        settings: list[Json] = [
            {"name": "approvals", "type": CHANNEL, "value": channels[APPROVALS]},
            {"name": "approver", "type": ROLE, "value": roles["Approver"]},
            {"name": "zone", "type": STRING, "value": machine_zone()},
        ]
        await admin.run(channels[SOCIAL], "desk settings", settings)
        for service, typed in services.items():
            await _connect(admin, channels[SOCIAL], service, typed)


async def _until_commands(admin: Actor) -> None:
    for _ in range(READY_SECONDS * 10):
        if {"desk", "provider"} <= {each["name"] for each in await admin.get("commands")}:
            return
        await asyncio.sleep(0.1)
    raise SetUpError(f"the bot had no commands after {READY_SECONDS} s")


async def _connect(admin: Actor, channel_id: str, service: str, typed: Mapping[str, str]) -> None:
    option = {"name": "service", "type": STRING, "value": service}
    opened = await admin.run(channel_id, "provider connect", [option])
    if opened["outcome"] != "modal":
        raise SetUpError(f"/provider connect answered with {opened['outcome']}, not with a form")
    modal = opened["modal"]
    data = {
        "custom_id": modal["custom_id"],
        "components": [_filled(part, typed) for part in modal["components"]],
    }
    await admin.post(
        "interactions",
        {
            "type": 5,
            "channel_id": channel_id,
            "modal_interaction_id": opened["id"],
            "data": data,
        },
    )


def _filled(part: Json, typed: Mapping[str, str]) -> Json:
    """Return a part of the modal as it is submitted, with what is typed in its place."""
    if "component" in part:
        return {"type": part["type"], "component": _filled(part["component"], typed)}
    if "components" in part:
        inner = [_filled(each, typed) for each in part["components"]]
        return {"type": part["type"], "components": inner}
    if "custom_id" not in part:
        return {"type": part["type"]}
    value = typed.get(part["custom_id"], part.get("value", ""))
    return {"type": part["type"], "custom_id": part["custom_id"], "value": value}


def machine_zone() -> str:
    """Return the IANA name of the machine's zone; Berlin's where that cannot be told."""
    _, _, name = str(Path("/etc/localtime").resolve()).partition("zoneinfo/")
    try:
        return ZoneInfo(name).key
    except (ValueError, ZoneInfoNotFoundError):
        return "Europe/Berlin"
