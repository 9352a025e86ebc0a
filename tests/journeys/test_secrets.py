"""A key stands nowhere but in its form and, encrypted, in the database."""

import logging
from pathlib import Path

import pytest
from sqlalchemy import select

from db.tables import events
from tests.journeys.team import KEY, THREADS, Team

WRONG = "sk_canary_of_a_key_that_is_wrong"
TROUBLE = ("none", "error_before", "error_after", "wrong_json", "drop_after", "rate_limited")


async def test_a_key_is_found_nowhere(
    newcomers: Team, database_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    """Connecting, publishing, replacing the key and every trouble leave no trace of it."""
    team = newcomers
    caplog.set_level(logging.DEBUG)
    await team.set_up()
    for key in (WRONG, KEY):
        form = await team.admin.slash(team.social, "provider connect", service="wahdx")
        await team.admin.submit_modal(form, {"key": key})
    for fault in TROUBLE:
        team.wahdx.fault = "none"
        card = await team.put_before_approvers(caption=fault.replace("_", " "), accounts=[THREADS])
        await team.approver.react(card, "✅")
        team.wahdx.fault = fault
        await team.tick()
        await team.author.slash(team.social, "account check")
        for key in (WRONG, KEY):
            form = await team.admin.slash(team.social, "provider replace-key", connection=1)
            await team.admin.submit_modal(form, {"key": key})
        await team.admin.slash(team.social, "provider test", connection=1)
    await team.admin.slash(team.social, "provider list")
    assert team.wahdx.calls == len(TROUBLE), "the key was really used"

    async with team.desk.database.reading() as reading:
        rows = (await reading.execute(select(events))).all()
    files = [*database_path.parent.glob("copydesk.db*")]
    files += [
        path for path in team.folder.rglob("*") if path.is_file() and "wahdx" not in path.parts
    ]
    messages = [
        [message.content, message.embeds, message.components]
        for channel in team.env.backend.messages.values()
        for message in channel.values()
    ]
    sent = [[request.path, request.json] for request in team.env.http_requests]
    places = {
        "the log": caplog.text + repr([record.__dict__ for record in caplog.records]),
        "the events": repr(rows),
        "the messages": repr(messages),
        "what was sent to Discord": repr(sent),
        "the files": repr([path.read_bytes() for path in files]),
    }
    assert len(rows) > len(TROUBLE)
    assert any(path.name == "copydesk.db" for path in files)
    # What may be read is found by this search: calls in the log, captions everywhere else.
    assert "/api/content/post" in places["the log"]
    for place in places.keys() - {"the events", "the log"}:
        assert "drop after" in places[place], place
    for place, text in places.items():
        for key in (KEY, WRONG):
            assert key not in text, f"{key} stands in {place}"
