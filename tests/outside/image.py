"""A Dockerfile carried out in plain folders, one for each stage, where no container engine is."""

import json
import os
import re
import shutil
import sys
from dataclasses import dataclass, field
from importlib.metadata import PackageNotFoundError, distribution
from pathlib import Path

from tests.outside.checkout import ROOT, finished, text_of

# What needs root is noted, not done; the user that was made is compared with USER.
NEEDS_ROOT = ("useradd", "chown")


def instructions(path: str) -> list[tuple[str, str]]:
    """Read a Dockerfile: each instruction's word and the rest, continued lines joined."""
    text = re.sub(r"\\\n\s*", "", re.sub(r"^#.*\n", "", text_of(path), flags=re.MULTILINE))
    return [(word, rest) for word, _, rest in (line.partition(" ") for line in text.splitlines())]


@dataclass
class Stage:
    """One stage: its folder stands for `/`."""

    root: Path
    workdir: str = "/"
    environment: dict[str, str] = field(default_factory=dict[str, str])
    last: dict[str, str] = field(default_factory=dict[str, str])
    """The instructions that only say something, such as CMD; the last one counts."""

    def inside(self, text: str) -> str:
        """The text with every absolute path of the image below this folder."""
        return re.sub(r"(?<![\w/.}])/(?=(?:app|build|opt)\b)", f"{self.root}/", text)

    @property
    def here(self) -> Path:
        """The working directory."""
        return Path(self.inside(self.workdir))

    def environ(self, **more: str) -> dict[str, str]:
        """The environment of a process in this stage, and nothing of the one outside."""
        base = {"PATH": f"{Path(sys.executable).parent}:/usr/bin:/bin", "HOME": str(self.root)}
        own = {
            name: self.inside(value).replace("$PATH", base["PATH"])
            for name, value in self.environment.items()
        }
        return base | own | more


class Build:
    """All stages of a Dockerfile; `final` is the last."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.stages: dict[str, Stage] = {}
        self.noted = folder / "needs-root"
        self.shims = folder / "shims"
        self.shims.mkdir(parents=True)
        for name in NEEDS_ROOT:
            (self.shims / name).write_text(f'#!/bin/sh\necho "{name} $*" >> "{self.noted}"\n')
            (self.shims / name).chmod(0o755)
        for word, rest in instructions("Dockerfile"):
            self._carry_out(word, rest)

    def _carry_out(self, word: str, rest: str) -> None:
        match word:
            case "":
                pass
            case "FROM":
                self._from(rest)
            case "WORKDIR":
                self.final.workdir = rest
                self.final.here.mkdir(parents=True)
            case "RUN":
                self._run(rest)
            case "COPY":
                self._copy(rest)
            case "ENV":
                self.final.environment |= dict(re.findall(r"(\S+?)=(\S+)", rest))
            case _:
                self.final.last[word] = rest

    def _from(self, rest: str) -> None:
        name = rest.partition(" AS ")[2] or "final"
        self.stages[name] = self.final = Stage(self.folder / name)
        self.final.root.mkdir()

    def _run(self, command: str) -> None:
        if " -m pip install " in command:
            lay_in_packages(self.final.root / "opt/venv")
        environ = self.final.environ(PIP_NO_INDEX="1", PIP_CONFIG_FILE=os.devnull)
        environ["PATH"] = f"{self.shims}:{environ['PATH']}"
        # pip is laid in like the other packages: unpacking it takes longer than all the rest.
        line = self.final.inside(command).replace(" -m venv ", " -m venv --without-pip ")
        code, words = finished(line, cwd=self.final.here, env=environ)
        assert code == 0, f"RUN {command}\n{words}"

    def _copy(self, rest: str) -> None:
        *options, source, target = rest.split()
        if options:
            other = self.stages[options[0].removeprefix("--from=")]
            origin = Path(other.inside(source))
        else:
            assert f"!{source}\n" in text_of(".dockerignore"), f"{source} stays outside the build"
            origin = ROOT / source
        goal = self.final.here / self.final.inside(target)
        if origin.is_dir():
            ignored = shutil.ignore_patterns("__pycache__")
            shutil.copytree(origin, goal, symlinks=True, ignore=ignored)
        else:
            shutil.copy(origin, goal / origin.name if goal.is_dir() else goal)

    def json_of(self, word: str) -> list[str]:
        """The exec form of an instruction, without its options."""
        rest = self.final.last[word]
        return json.loads(rest[rest.index("[") :])


def lay_in_packages(venv: Path) -> None:
    """Put the pinned packages into a virtual environment, from the one that runs the tests.

    It takes the place of the download: pip then finds what it was asked for, or fails. Packages
    that are not pinned are not there, so one that is used and not pinned is noticed.
    """
    (site,) = venv.glob("lib/python3*/site-packages")
    pinned = re.findall(r"^([\w.-]+)(?=[=\[])", text_of("requirements.txt"), re.MULTILINE)
    for name in ("pip", *pinned):
        try:
            found = distribution(name)
        except PackageNotFoundError:
            continue  # pinned for other machines; pip says whether that is so
        for part in {file.parts[0] for file in found.files or () if file.parts[0] != ".."}:
            goal = site / part
            if part != "__pycache__" and not goal.exists():
                goal.symlink_to(Path(str(found.locate_file(part))))
