"""What the README says is so: its commands run, its tables are complete, its link invites."""

import json
import os
import re
import shutil
import signal
import subprocess
import time
import urllib.request
from importlib import import_module
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from discord.app_commands import Command, Group
from discord.ext.commands import GroupCog

from bot.client import COGS, INTENTS
from bot.domain.platform import Kind
from bot.settings import Settings
from cogs import take_over
from cogs.ui.channels import CARD_PERMISSIONS, ORIGIN_PERMISSIONS
from providers.capabilities import Idempotency, Schedule, StatusReading
from providers.catalogue import PROVIDERS
from tests.absent import absent
from tests.outside.checkout import ROOT, blocks, copy_to, finished, rows, text_of

README = text_of("README.md")
VARIABLES = [name.upper() for name in Settings.model_fields]


def a_plain_environment() -> dict[str, str]:
    """Take the environment without anything that Copydesk reads."""
    return {name: value for name, value in os.environ.items() if name not in VARIABLES}


def test_every_command_of_the_readme_runs(tmp_path: Path) -> None:
    """In a fresh checkout the blocks marked `sh`, one after the other, do what they say."""
    if shutil.which("make") is None or not (ROOT / ".venv/run.stamp").exists():
        absent("No checkout set up by make", "run the tests with make test")
    folder = copy_to(tmp_path / "checkout")
    lines = [line for block in blocks(README, "sh") for line in block.splitlines()]
    assert {"make run", "make test", "make check"} < set(lines)
    for line in lines:
        if line == "make run":
            play_sandbox(folder)
        elif line.startswith("make "):
            carry_out(line.replace("make", "make --dry-run"), folder)  # it would run this test
        else:
            shown = carry_out(line, folder)
            assert "doctor" not in line or "database: answers" in shown


def carry_out(line: str, folder: Path) -> str:
    """Run a line as a shell does; what it wrote."""
    code, words = finished(line, cwd=folder, env=a_plain_environment())
    assert code == 0, f"{line}\n{words}"
    return words


def play_sandbox(folder: Path) -> None:
    """`make run` prints one address, its bot connects, and Ctrl-C ends both within 3 s."""
    process = subprocess.Popen(
        ["make", "run"],  # noqa: S607 - as people type it
        cwd=folder,
        env=a_plain_environment(),
        stdout=subprocess.PIPE,
        text=True,
        start_new_session=True,
    )
    assert process.stdout
    try:
        words = ""
        while "Open http" not in words:
            line = process.stdout.readline()
            assert line, words
            words += line
        found = re.search(r"Open (http://\S+/) ", words)
        assert found, words
        bot = until_connected(found[1])
        began = time.monotonic()
        os.killpg(process.pid, signal.SIGINT)
        process.wait(timeout=10)
        assert time.monotonic() - began < 3
        assert not Path(f"/proc/{bot}/cmdline").exists()
    finally:
        if process.poll() is None:
            os.killpg(process.pid, signal.SIGKILL)
            process.wait()
        process.stdout.close()


def until_connected(address: str) -> int:
    """Wait for the sandbox's bot; its process id."""
    state: dict[str, Any] = {}
    for _ in range(300):
        with urllib.request.urlopen(f"{address}bot", timeout=5) as answer:  # noqa: S310 - it is http
            state = json.load(answer)
        if state["state"] == "running":
            return state["pid"]
        time.sleep(0.1)
    raise AssertionError(state)


def test_every_variable_is_told_everywhere() -> None:
    """Settings, the README's table and `.env.example` name the same variables, none extra."""
    table = [cells[0].strip("`") for cells in rows(README, "Variable")]
    example = re.findall(r"^([A-Z_]+)=", text_of(".env.example"), re.MULTILINE)
    assert sorted(table) == sorted(VARIABLES)
    assert sorted(example) == sorted(VARIABLES)


def test_the_example_changes_nothing(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """A copied `.env.example` means the defaults."""
    for name in VARIABLES:
        monkeypatch.delenv(name, raising=False)
    monkeypatch.chdir(tmp_path)
    defaults = Settings()
    shutil.copy(ROOT / ".env.example", tmp_path / ".env")
    assert Settings() == defaults


def test_the_defaults_of_the_table() -> None:
    """A default that the table writes as code is the one of the settings or of the service."""
    told = {cells[0].strip("`"): cells[1].strip("`") for cells in rows(README, "Variable")}
    fields = Settings.model_fields
    for name in ("HTTP_PORT", "DATABASE_URL", "MEDIA_URL"):
        assert told[name] == str(fields[name.lower()].default)
    for kind in PROVIDERS.values():
        assert told[kind.URL_VARIABLE] == kind.DEFAULT_URL


def test_the_services_are_as_told() -> None:
    """The table of services says what each declares: content, platforms, times, and the end."""
    told = {cells[0]: cells[1:] for cells in rows(README, "Service")}
    declared = {kind.capabilities.label: kind.capabilities for kind in PROVIDERS.values()}
    assert told.keys() == declared.keys()
    for label, item in declared.items():
        takes, platforms, times, end, lost = told[label]
        assert takes.split(", ") == [KINDS[kind] for kind in Kind if kind in item.kinds]
        assert platforms.split(", ") == [platform.label for platform in item.platforms]
        assert times == (window(item.schedule) if item.schedule else "no")
        assert end.startswith("no" if item.status_reading is StatusReading.NONE else "yes")
        ways = ["same key again"] if item.idempotency is not Idempotency.NONE else []
        ways += ["its records"] if item.reconciles else []
        assert lost == (", ".join(ways) or "people look")


KINDS = {Kind.TEXT: "text", Kind.PHOTOS: "photos", Kind.VIDEO: "video", Kind.CLIP: "clips"}


def window(schedule: Schedule) -> str:
    """How far ahead a service takes a time, as the table has it."""
    minutes = round(schedule.lead.total_seconds()) // 60
    return f"{minutes} minute{'s' * (minutes != 1)} to {schedule.horizon.days} days ahead"


def test_what_connecting_asks_for() -> None:
    """Every field of a service's form is told, by its label."""
    told = {cells[0]: cells[1] for cells in rows(README, "To connect")}
    for kind in PROVIDERS.values():
        for field in kind.capabilities.credentials:
            assert f"*{field.label}*" in told[kind.capabilities.label]


def test_the_invite_link() -> None:
    """It asks for exactly the permissions that the code asks for, and for both scopes."""
    (link,) = re.findall(r"<(https://discord\.com/oauth2/authorize\?\S+)>", README)
    query = parse_qs(urlsplit(link).query)
    needed = CARD_PERMISSIONS | ORIGIN_PERMISSIONS
    assert query["permissions"] == [str(needed.value)]
    assert query["scope"] == ["bot applications.commands"]


def test_no_privileged_intent() -> None:
    """The README tells people to leave the privileged intents off, and so does the code."""
    assert "none of the three *Privileged Gateway Intents*" in README
    assert not INTENTS.members
    assert not INTENTS.presences
    assert not INTENTS.message_content


def test_every_command_of_the_bot_is_listed() -> None:
    """The README's table of commands is the bot's, with its descriptions; and the message menu."""
    listed = {cells[0].strip("`"): cells[1] for cells in rows(README, "Command")}
    assert listed.pop(take_over.MENU)
    groups = [
        cog
        for module in map(import_module, COGS)
        for cog in vars(module).values()
        if isinstance(cog, type) and issubclass(cog, GroupCog) and cog.__module__ == module.__name__
    ]
    known = {
        f"/{cog.__cog_group_name__} {name}": description
        for cog in groups
        for command in cog.__cog_app_commands__
        for name, description in leaves(command)
    }
    assert listed == known


def leaves(command: Command[Any, ..., Any] | Group, within: str = "") -> list[tuple[str, str]]:
    """The name below its group and the description of a command, or of each in a group."""
    if isinstance(command, Group):
        return [leaf for each in command.commands for leaf in leaves(each, f"{command.name} ")]
    return [(f"{within}{command.name}", command.description)]
