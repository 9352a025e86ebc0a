"""The container image: its steps carried out, and what it starts."""

import re
import signal
import socket
import stat
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager

import pytest

from tests.outside.checkout import finished
from tests.outside.image import Build, instructions

pytestmark = pytest.mark.xdist_group("image")


@pytest.fixture(scope="module")
def image(tmp_path_factory: pytest.TempPathFactory) -> Build:
    """Carry out the Dockerfile once."""
    return Build(tmp_path_factory.mktemp("image"))


def run(image: Build, *command: str, **more: str) -> tuple[int, str]:
    """Run a command in the final stage."""
    return finished(command, cwd=image.final.here, env=image.final.environ(**more))


@contextmanager
def started(image: Build, **more: str) -> Iterator[subprocess.Popen[bytes]]:
    """Start what the image starts when nothing else is asked of it."""
    process = subprocess.Popen(  # noqa: S603 - from our own Dockerfile
        image.json_of("ENTRYPOINT") + image.json_of("CMD"),
        cwd=image.final.here,
        env=image.final.environ(**more),
        stderr=subprocess.DEVNULL,
    )
    try:
        yield process
    finally:
        if process.poll() is None:
            process.kill()
            process.wait()


def free_port() -> int:
    """Find a port where nobody listens."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def test_its_python_has_all_it_needs(image: Build) -> None:
    """With the pinned packages alone, all is imported, also what a start leaves for later; `doctor` and
    `migrate` do their work.
    """
    imported = [
        ".".join(path.relative_to(image.final.here).with_suffix("").parts)
        for folder in ("bot", "cogs", "db", "providers")
        for path in (image.final.here / folder).rglob("[!_]*.py")
        if "migrations" not in path.parts
    ]
    assert "bot.probe" in imported
    code, words = run(image, "python", "-c", f"import {', '.join(imported)}")
    assert code == 0, words
    _, report = run(image, "python", "-m", "bot", "doctor")
    assert "database: answers" in report
    code, words = run(image, "python", "-m", "bot", "migrate")
    assert code == 0, words


def test_the_sandbox_is_in_it(image: Build) -> None:
    """`docker run … copydesk sandbox` has something to start."""
    _, words = run(image, *image.json_of("ENTRYPOINT"), "sandbox", "--help")
    assert "--host" in words


def test_all_of_it_is_compiled(image: Build) -> None:
    """No start compiles what nobody may write down there."""
    sources = [path for path in image.final.here.rglob("*.py") if "migrations" not in path.parts]
    assert len(sources) > 300
    assert all(list(path.parent.glob(f"__pycache__/{path.stem}.*.pyc")) for path in sources)


def test_it_runs_as_nobody_special(image: Build) -> None:
    """It runs as the user that was made for it, to whom only the data belongs."""
    user = image.final.last["USER"]
    noted = image.noted.read_text().splitlines()
    assert noted[0].startswith("useradd ")
    assert noted[0].endswith(f" {user}")
    assert noted[1:] == [f"chown {user} {image.final.root}/app/data"]
    assert image.final.last["VOLUME"] == "/app/data"


def test_it_starts_is_healthy_and_stops(image: Build) -> None:
    """The health check succeeds while the bot runs, and fails before; the stop signal ends it."""
    nobody = f"127.0.0.1:{free_port()}"
    environ = {
        "HTTP_PORT": str(free_port()),
        "DISCORD_TOKEN": "a.b.c",
        "DISCORD_API_URL": f"http://{nobody}/api/v10",
        "DISCORD_GATEWAY_URL": f"ws://{nobody}",
    }
    health = image.json_of("HEALTHCHECK")
    assert run(image, *health, **environ)[0] != 0
    with started(image, **environ) as process:
        deadline = time.monotonic() + 30
        while run(image, *health, **environ)[0] != 0:
            assert process.poll() is None
            assert time.monotonic() < deadline
        began = time.monotonic()
        process.send_signal(signal.Signals[image.final.last["STOPSIGNAL"]])
        assert process.wait(timeout=10) == 0
        assert time.monotonic() - began < 3
    data = image.final.here / "data"
    assert stat.S_IMODE((data / "secret.key").stat().st_mode) == 0o600
    assert (data / "copydesk.db").exists()


def test_the_base_is_pinned() -> None:
    """Every stage begins with a version, never with `latest`."""
    bases = [
        rest.partition(" AS ")[0] for word, rest in instructions("Dockerfile") if word == "FROM"
    ]
    assert len(bases) == 2
    assert all(
        re.fullmatch(r"python:3\.\d+-slim-[a-z]+(@sha256:[0-9a-f]{64})?", base) for base in bases
    )


def test_packages_are_checked_by_their_hashes() -> None:
    """pip installs nothing whose bytes are not those of the pinned file."""
    installs = [rest for word, rest in instructions("Dockerfile") if "pip install" in rest]
    assert len(installs) == 1
    assert "--require-hashes -r requirements.txt" in installs[0]
