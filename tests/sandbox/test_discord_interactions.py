"""Interactions: answers in time, answers once, modals by their rules, follow-ups."""

import asyncio
from datetime import timedelta
from typing import Any

import pytest


@pytest.fixture
async def start(served, bot):
    """Return how to start a command (or more) as Paul; gives the interaction and the outcome."""
    path = f"/applications/{served.discord.world.bot_id}/commands"
    option = {"type": 3, "name": "what", "description": "d", "autocomplete": True}
    body = [
        {"name": "go", "description": "d", "options": [option]},
        {"type": 3, "name": "Draft from this"},
    ]
    made = (await served.call("PUT", path, body))[1]

    async def begin(kind: int = 2, data: Any = None, who: str = "paul", **more: Any) -> Any:
        files = more.pop("files", {})
        data = data or {"id": made[0]["id"], "name": "go"}
        body = {"type": kind, "channel_id": served.channel("social"), "data": data, **more}
        outcome = asyncio.create_task(served.act(who, "POST", "/interactions", body, files=files))
        event = asyncio.create_task(bot.event("INTERACTION_CREATE"))
        await asyncio.wait([outcome, event], return_when=asyncio.FIRST_COMPLETED)
        if not event.done():
            event.cancel()
            pytest.fail(f"refused: {outcome.result()}")
        return event.result(), outcome

    return begin


@pytest.fixture
def commands(served, start) -> Any:
    """Return the registered commands."""
    return list(served.discord.world.store.commands)


async def result(outcome: Any) -> Any:
    status, body = await outcome
    assert status == 200, body
    return body


async def history(served, name: str = "paul") -> Any:
    path = f"/channels/{served.channel('social')}/messages"
    return (await served.act(name, "GET", path))[1]


async def test_message_answer(served, bot, start) -> None:
    """A message is answered once; an ephemeral one is seen by its person alone."""
    interaction, outcome = await start()
    body = {"type": 4, "data": {"content": "done", "flags": 64}}
    status, callback = await bot.answer(interaction, body)
    assert status == 200
    assert callback["interaction"]["response_message_ephemeral"]
    assert callback["resource"]["message"]["content"] == "done"
    assert (await result(outcome))["outcome"] == "message"
    assert (await bot.answer(interaction, body))[1]["code"] == 40060
    mine = await history(served)
    assert [(each["content"], each["flags"], each["type"]) for each in mine] == [("done", 64, 20)]
    assert mine[0]["interaction_metadata"]["name"] == "go"
    assert await history(served, "ann") == []
    path = f"/channels/{served.channel('social')}/messages/{mine[0]['id']}"
    assert (await served.call("GET", path))[1]["code"] == 10008
    assert "MESSAGE_CREATE" not in await bot.names_so_far()
    assert (await served.act("ann", "DELETE", path))[1]["code"] == 10008
    assert (await served.act("paul", "DELETE", path))[0] == 204


async def test_answers_later_than_three_seconds_are_unknown(served, bot, start) -> None:
    """After 3 s, as for a wrong token, an answer meets 10062, and the person saw it fail."""
    served.discord.interactions.patience = 0.05
    interaction, outcome = await start()
    failed = await result(outcome)
    assert failed["outcome"] == "failed"
    assert failed["reason"] == "The application did not respond"
    other = {**interaction, "token": "x"}
    assert (await bot.answer(other, {"type": 5}))[1]["code"] == 10062
    served.ahead = timedelta(seconds=3.1)
    assert (await bot.answer(interaction, {"type": 5}))[1]["code"] == 10062


async def test_tokens_live_fifteen_minutes(served, bot, start) -> None:
    """Follow-ups work for 15 minutes; then 50027; before an answer and with wrong tokens 10015."""
    interaction, outcome = await start()
    assert (await bot.hook("POST", interaction, body={"content": "early"}))[1]["code"] == 10015
    await bot.answer(interaction, {"type": 5})
    await result(outcome)
    served.ahead = timedelta(minutes=14)
    assert (await bot.hook("PATCH", interaction, "/messages/@original", {"content": "a"}))[0] == 200
    served.ahead = timedelta(minutes=16)
    assert await bot.hook("POST", interaction, body={"content": "late"}) == (
        401,
        {"message": "Invalid Webhook Token", "code": 50027},
    )
    wrong = {**interaction, "token": "x"}
    assert (await bot.hook("POST", wrong, body={"content": "late"}))[1]["code"] == 10015


async def test_deferring_keeps_only_ephemeral(served, bot, start) -> None:
    """A deferral keeps EPHEMERAL alone; the first follow-up takes the place of "thinking"."""
    interaction, outcome = await start()
    await bot.answer(interaction, {"type": 5, "data": {"flags": 64 | 32768, "content": "no"}})
    assert (await result(outcome))["outcome"] == "deferred"
    thinking = (await history(served))[0]
    assert (thinking["flags"], thinking["content"]) == (64 | 128, "")
    first = (await bot.hook("POST", interaction, body={"content": "first"}))[1]
    second = (await bot.hook("POST", interaction, body={"content": "second"}))[1]
    assert (first["id"], first["flags"]) == (thinking["id"], 64)
    assert second["flags"] == 0
    assert second["referenced_message"]["id"] == first["id"]
    edited = await bot.hook("PATCH", interaction, f"/messages/{second['id']}", {"content": "2"})
    assert edited[1]["content"] == "2"
    assert (await bot.hook("DELETE", interaction, f"/messages/{second['id']}"))[0] == 204
    assert (await bot.hook("GET", interaction, f"/messages/{second['id']}"))[1]["code"] == 10008
    assert (await bot.hook("GET", interaction, "/messages/@original"))[1]["content"] == "first"


async def test_autocomplete(bot, start, commands) -> None:
    """Only choices answer autocomplete, at most 25; what is typed need not be complete."""
    data = {**commands[0], "options": [{"name": "what", "value": "x", "focused": True}]}
    interaction, outcome = await start(4, data)
    assert interaction["data"]["options"][0] == {
        "name": "what", "type": 3, "value": "x", "focused": True,
    }  # fmt: skip
    choices = [{"name": f"n{n}", "value": f"v{n}"} for n in range(26)]
    assert (await bot.answer(interaction, {"type": 4, "data": {"content": "x"}}))[0] == 400
    assert (await bot.answer(interaction, {"type": 8, "data": {"choices": choices}}))[0] == 400
    assert (await bot.answer(interaction, {"type": 8, "data": {"choices": choices[:25]}}))[0] == 200
    assert (await result(outcome))["choices"] == choices[:25]


async def test_message_menu_reads_its_target(served, bot, start, commands) -> None:
    """A message menu brings its target with its content, whatever the intents."""
    said = await served.say("ann", "what a day")
    data = {**commands[1], "target_id": said["id"]}
    interaction, outcome = await start(2, data)
    target = interaction["data"]["resolved"]["messages"][said["id"]]
    assert (target["content"], target["mentions"]) == ("what a day", [])
    await bot.answer(interaction, {"type": 4, "data": {"content": "ok"}})
    await result(outcome)


BUTTON = {"type": 2, "style": 1, "label": "b", "custom_id": "press"}
SELECT = {
    "type": 3, "custom_id": "choose", "max_values": 2,
    "options": [{"label": v, "value": v} for v in "abc"],
}  # fmt: skip


async def test_components(served, bot, start) -> None:
    """Buttons and selects reach the bot; what is disabled, unknown or chosen wrongly does not."""
    rows = [
        {"type": 1, "components": [BUTTON, {**BUTTON, "custom_id": "off", "disabled": True}]},
        {"type": 1, "components": [SELECT]},
        {"type": 1, "components": [{"type": 5, "custom_id": "who"}]},
    ]
    path = f"/channels/{served.channel('social')}/messages"
    sent = (await served.call("POST", path, {"components": rows}))[1]

    async def refused(**data: Any) -> int:
        body = {"type": 3, "channel_id": sent["channel_id"], "message_id": sent["id"], "data": data}
        return (await served.act("paul", "POST", "/interactions", body))[1]["code"]

    assert await refused(custom_id="off", component_type=2) == 50035
    assert await refused(custom_id="none", component_type=2) == 50035
    assert await refused(custom_id="choose", component_type=3, values=["a", "b", "c"]) == 50035
    assert await refused(custom_id="choose", component_type=3, values=["z"]) == 50035
    assert await refused(custom_id="choose", component_type=3, values=[]) == 50035
    assert await refused(custom_id="who", component_type=5, values=["1"]) == 50035
    data = {"custom_id": "choose", "component_type": 3, "values": ["a", "c"]}
    interaction, outcome = await start(3, data, message_id=sent["id"])
    assert interaction["data"]["values"] == ["a", "c"]
    assert interaction["message"]["id"] == sent["id"]
    await bot.answer(interaction, {"type": 7, "data": {"content": "chosen", "components": []}})
    assert (await result(outcome))["outcome"] == "update"
    assert (await history(served))[-1]["content"] == "chosen"
    assert (await bot.hook("GET", interaction, "/messages/@original"))[1]["id"] == sent["id"]


def label(component: Any, **more: Any) -> dict[str, Any]:
    return {"type": 18, "label": "L", "component": component, **more}


def options(count: int) -> list[dict[str, str]]:
    return [{"label": f"l{n}", "value": f"v{n}"} for n in range(count)]


TYPED = {"type": 4, "custom_id": "typed", "style": 1}
GOOD = [label(TYPED)]
BAD_MODALS: list[tuple[dict[str, Any], str]] = [
    ({"title": "x" * 46}, "title"),
    ({"custom_id": "x" * 101}, "custom_id"),
    ({"components": []}, "components"),
    ({"components": GOOD * 6}, "components"),
    ({"components": [label(TYPED), label(TYPED)]}, "components"),
    ({"components": [label(TYPED, label="x" * 46)]}, "components.0.label"),
    ({"components": [label(TYPED, description="x" * 101)]}, "components.0.description"),
    ({"components": [label({**TYPED, "label": "own"})]}, "components.0"),
    ({"components": [label({**TYPED, "max_length": 4001})]}, "components.0.component.max_length"),
    ({"components": [label({**TYPED, "value": "x" * 4001})]}, "components.0.component.value"),
    ({"components": [label({**TYPED, "placeholder": "x" * 101})]}, "components.0.component.placeholder"),
    ({"components": [label({"type": 3, "custom_id": "s", "options": options(26)})]}, "components.0.component.options"),
    ({"components": [label({"type": 19, "custom_id": "f", "max_values": 11})]}, "components.0.component.max_values"),
    ({"components": [label({"type": 21, "custom_id": "r", "options": options(1)})]}, "components.0.component.options"),
    ({"components": [label({"type": 21, "custom_id": "r", "options": options(11)})]}, "components.0.component.options"),
    ({"components": [label({"type": 22, "custom_id": "c", "options": []})]}, "components.0.component.options"),
    ({"components": [label({"type": 22, "custom_id": "c", "options": options(11)})]}, "components.0.component.options"),
    ({"components": [label(BUTTON)]}, "components.0.component"),
    ({"components": [TYPED]}, "components.0"),
    ({"components": [{"type": 1, "components": [TYPED]}]}, "components.0"),
    ({"components": [{"type": 1, "components": [BUTTON]}]}, "components.0.components.0"),
]  # fmt: skip


async def test_modals_are_checked(bot, start) -> None:
    """A modal that breaks a rule is refused at the field, and the interaction stays open."""
    interaction, outcome = await start()
    whole = {"title": "T", "custom_id": "m", "components": GOOD}
    for parts, path in BAD_MODALS:
        status, answer = await bot.answer(interaction, {"type": 9, "data": whole | parts})
        assert (status, answer.get("code")) == (400, 50035), parts
        found = answer["errors"]["data"] if "data" in answer["errors"] else answer["errors"]
        for part in path.split("."):
            found = found[part]
        assert found["_errors"]
    assert (await bot.answer(interaction, {"type": 9, "data": whole}))[0] == 200
    assert (await result(outcome))["outcome"] == "modal"


async def test_modal_submit(served, bot, start) -> None:
    """A submit obeys each field's rules, may be repeated, and brings the files; no modal follows."""
    fields = [
        label({**TYPED, "min_length": 2, "max_length": 4}),
        label({"type": 3, "custom_id": "accounts", "options": options(3), "max_values": 2}),
        label({"type": 19, "custom_id": "files", "max_values": 2, "required": False}),
        label({"type": 21, "custom_id": "one", "options": options(2)}),
        label({"type": 23, "custom_id": "sure"}),
    ]
    interaction, outcome = await start()
    modal = {"title": "T", "custom_id": "m", "components": fields}
    await bot.answer(interaction, {"type": 9, "data": modal})
    opened = await result(outcome)
    assert opened["modal"]["custom_id"] == "m"
    good = {"typed": "abc", "accounts": ["v0", "v2"], "files": ["0"], "one": "v1", "sure": True}

    def submission(**changes: Any) -> dict[str, Any]:
        parts = [
            {"type": 18, "component": {"custom_id": key, "values" if isinstance(value, list) else "value": value}}
            for key, value in (good | changes).items()
        ]  # fmt: skip
        return {"custom_id": "m", "components": parts}

    for wrong in (
        {"typed": "a"},
        {"typed": "abcde"},
        {"typed": ""},
        {"accounts": []},
        {"accounts": ["v0", "v1", "v2"]},
        {"accounts": ["no"]},
        {"files": ["0", "1", "2"]},
        {"files": ["7"]},
        {"one": None},
        {"one": "no"},
    ):
        body = {
            "type": 5,
            "channel_id": served.channel("social"),
            "modal_interaction_id": opened["id"],
            "data": submission(**wrong),
        }
        status, answer = await served.act(
            "paul", "POST", "/interactions", body, files={"f.txt": b"f"}
        )
        assert (status, answer["code"]) == (400, 50035), wrong
        assert (await served.act("ann", "POST", "/interactions", body))[1]["code"] == 10062
    for _ in range(2):  # the client keeps a modal that failed, and may send it again
        submitted, outcome = await start(
            5, submission(), modal_interaction_id=opened["id"], files={"f.txt": b"f"}
        )
        parts = [part["component"] for part in submitted["data"]["components"]]
        assert [part.get("value", part.get("values")) for part in parts][:2] == [
            "abc",
            ["v0", "v2"],
        ]
        assert [part["id"] for part in parts] == [2, 4, 6, 8, 10]
        file = submitted["data"]["resolved"]["attachments"][parts[2]["values"][0]]
        assert file["filename"] == "f.txt"
        status, answer = await bot.answer(submitted, {"type": 9, "data": modal})
        assert (status, answer["code"]) == (400, 50035)
        assert (await bot.answer(submitted, {"type": 7, "data": {"content": "x"}}))[0] == 400
        await bot.answer(submitted, {"type": 4, "data": {"content": "thanks"}})
        assert (await result(outcome))["outcome"] == "message"


async def test_a_modal_from_a_component_may_update_its_message(served, bot, start) -> None:
    """A modal that a button opened comes with the button's message, which its answer may change."""
    row = {"type": 1, "components": [BUTTON]}
    path = f"/channels/{served.channel('social')}/messages"
    sent = (await served.call("POST", path, {"content": "card", "components": [row]}))[1]
    data = {"custom_id": "press", "component_type": 2}
    pressed, outcome = await start(3, data, message_id=sent["id"])
    modal = {"title": "T", "custom_id": "m", "components": [label({**TYPED, "required": False})]}
    await bot.answer(pressed, {"type": 9, "data": modal})
    opened = await result(outcome)
    submitted, outcome = await start(5, {"components": []}, modal_interaction_id=opened["id"])
    assert submitted["message"]["id"] == sent["id"]
    await bot.answer(submitted, {"type": 6})
    assert (await result(outcome))["outcome"] == "deferred"
    await bot.hook("PATCH", submitted, "/messages/@original", {"content": "changed"})
    assert (await history(served))[-1]["content"] == "changed"


async def test_an_update_starts_from_the_message_as_it_is(served, bot, start) -> None:
    """What changed between the press and its answer stays; a message that went is unknown."""
    row = {"type": 1, "components": [BUTTON]}
    path = f"/channels/{served.channel('social')}/messages"
    sent = (await served.call("POST", path, {"content": "one", "components": [row]}))[1]
    data = {"custom_id": "press", "component_type": 2}
    for gone, expected in ((False, 200), (True, 404)):
        pressed, outcome = await start(3, data, message_id=sent["id"])
        if gone:
            await served.call("DELETE", f"{path}/{sent['id']}")
            served.discord.interactions.patience = 0.01
        else:
            await served.call("PATCH", f"{path}/{sent['id']}", {"content": "two"})
        update = {"type": 7, "data": {"embeds": [{"title": "t"}]}}
        assert (await bot.answer(pressed, update))[0] == expected
        if not gone:
            await result(outcome)
            assert (await history(served))[-1]["content"] == "two"
    outcome.cancel()


async def test_a_channel_that_went_stays_gone(served, bot, start) -> None:
    """An answer in a channel that was deleted meanwhile is refused, and brings nothing back."""
    interaction, outcome = await start()
    await served.act("adam", "DELETE", f"/channels/{served.channel('social')}")
    assert (await bot.answer(interaction, {"type": 5}))[1]["code"] == 10003
    assert "social" not in {each["name"] for each in served.discord.world.store.channels}
    outcome.cancel()
