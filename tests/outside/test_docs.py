"""What the documents say is so: links lead somewhere, drawings are the tables of moves."""

import re
from collections.abc import Mapping
from enum import StrEnum
from pathlib import Path
from typing import Any

import pytest

from bot.domain.delivery import DELIVERY_MOVES, DeliveryState
from bot.domain.post import POST_MOVES, PostState
from tests.outside.checkout import ROOT, blocks, finished, rows, text_of

DOCUMENTS = sorted(
    str(path.relative_to(ROOT)) for path in [*ROOT.glob("*.md"), *ROOT.glob("docs/**/*.md")]
)


def edges(moves: Mapping[Any, frozenset[Any]], first: StrEnum) -> set[tuple[str, str]]:
    """A table of moves as edges, with where it begins and where it ends."""
    found = {(str(state), str(to)) for state, allowed in moves.items() for to in allowed}
    ends = {(str(state), "[*]") for state, allowed in moves.items() if not allowed}
    return found | ends | {("[*]", str(first))}


def test_the_drawings_are_the_tables_of_moves() -> None:
    """Each machine is drawn with all its moves and no other."""
    drawn = [
        re.findall(r"(\S+) --> (\S+)", block)
        for block in blocks(text_of("docs/architecture.md"), "mermaid")
    ]
    assert [len(set(drawing)) for drawing in drawn] == [len(drawing) for drawing in drawn]
    assert [set(drawing) for drawing in drawn] == [
        edges(POST_MOVES, PostState.DRAFT),
        edges(DELIVERY_MOVES, DeliveryState.WAITING),
    ]


def test_every_stage_is_told() -> None:
    """The table of stages names every module of the workflow, once."""
    cells = [row[1] for row in rows(text_of("docs/architecture.md"), "Stage")]
    told = [name for cell in cells for name in re.findall(r"`(\w+)`", cell)]
    modules = [path.stem for path in (ROOT / "bot/workflow").glob("*.py")]
    assert sorted(told) == sorted(set(modules) - {"__init__"})


@pytest.mark.parametrize("document", DOCUMENTS)
def test_links_lead_somewhere(document: str) -> None:
    """A link to a file or folder of the project finds it, and a link to a heading too."""
    for target in re.findall(r"\]\(([^)\s]+)\)", text_of(document)):
        if target.startswith("https://"):
            continue
        path, _, heading = target.partition("#")
        found = (ROOT / document).parent / path if path else ROOT / document
        assert found.exists(), target
        assert not heading or heading in headings(found), target


def headings(path: Path) -> set[str]:
    """The anchors of a document's headings, as forges make them."""
    found = re.findall(r"^#+ (.+)$", path.read_text(encoding="utf-8"), re.MULTILINE)
    return {re.sub(r"[^\w -]", "", heading).strip().lower().replace(" ", "-") for heading in found}


def test_every_decision_is_listed() -> None:
    """The decisions are numbered without a gap, listed once, and one paragraph each."""
    files = sorted((ROOT / "docs/adr").glob("*.md"))
    assert [file.name[:4] for file in files] == [f"{at:04}" for at in range(1, len(files) + 1)]
    listed = re.findall(r"\[(.+)\]\(adr/(.+)\)", text_of("docs/architecture.md"))
    assert listed == [(title_of(file), file.name) for file in files]
    for file in files:
        heading, paragraph = file.read_text(encoding="utf-8").strip().split("\n\n")
        assert heading.startswith(f"# {file.name[:4]} ")
        assert "The price: " in paragraph


def title_of(path: Path) -> str:
    return path.read_text(encoding="utf-8").partition("\n")[0].removeprefix("# ")


def test_commands_of_the_documents_run() -> None:
    """The blocks marked `sh` in the documents do what they say, here."""
    for document in DOCUMENTS:
        for block in blocks(text_of(document), "sh"):
            if document != "README.md" and (ROOT / ".venv").exists():
                code, words = finished(block, cwd=ROOT, env={})
                assert code == 0, words
