"""Odd bodies: whatever is sent, the answer is Discord's refusal, never a crash."""

import random
from typing import Any

import pytest

KEYS = [
    "content",
    "embeds",
    "components",
    "attachments",
    "type",
    "data",
    "options",
    "name",
    "value",
    "values",
    "custom_id",
    "flags",
    "component",
    "message_reference",
    "message_id",
    "allowed_mentions",
    "nonce",
    "id",
    "title",
    "fields",
    "description",
    "channel_id",
    "modal_interaction_id",
    "component_type",
    "media",
    "accessory",
    "label",
    "style",
    "choices",
    "focused",
]


def odd(chance: random.Random, known: list[str], depth: int = 4) -> Any:
    """Return some JSON of Discord's words in no order."""
    kind = chance.random()
    if depth == 0 or kind < 0.45:
        plain = [
            None,
            True,
            0,
            1,
            2,
            5,
            9,
            18,
            -1,
            1.5,
            10**30,
            "",
            "x",
            "attachment://x",
            "x" * 5000,
        ]
        return chance.choice([*plain, *known])
    if kind < 0.6:
        return [odd(chance, known, depth - 1) for _ in range(chance.randint(0, 3))]
    return {chance.choice(KEYS): odd(chance, known, depth - 1) for _ in range(5)}


@pytest.mark.parametrize("seed", range(3))
async def test_odd_bodies_are_refused(served, seed) -> None:
    """Random bodies on every route that takes one end in a status below 500."""
    served.discord.interactions.patience = 0.001
    said = await served.say("ann", "x")
    social, bot = said["channel_id"], served.discord.world.bot_id
    commands = f"/applications/{bot}/commands"
    option = {"type": 3, "name": "value", "description": "d"}
    body = [{"name": "x", "description": "d", "options": [option]}]
    made = (await served.call("PUT", commands, body))[1][0]
    chance, known = random.Random(seed), [social, said["id"], made["id"]]  # noqa: S311
    for _ in range(60):
        for method, path in (
            ("POST", f"/channels/{social}/messages"),
            ("PATCH", f"/channels/{social}/messages/{said['id']}"),
            ("POST", f"/channels/{social}/threads"),
            ("POST", commands),
            ("PUT", f"{commands}"),
            ("PUT", f"/channels/{social}/permissions/1"),
        ):
            status, answer = await served.call(method, path, odd(chance, known))
            assert status < 500, answer
        start = {"type": chance.randint(2, 5), "channel_id": social, "data": odd(chance, known)}
        for more in ({}, {"data": {"id": made["id"], "name": "x", "options": odd(chance, known)}}):
            status, answer = await served.act("ann", "POST", "/interactions", start | more)
            assert status < 500, answer
