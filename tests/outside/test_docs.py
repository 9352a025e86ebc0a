"""What the documents say is so: links lead somewhere, drawings are the tables, tests exist."""

import re
from collections.abc import Iterator, Mapping
from enum import StrEnum
from pathlib import Path
from typing import Any

import pytest

from bot.domain.delivery import DELIVERY_MOVES, DeliveryState
from bot.domain.limits import MediaLimit, TextLimit
from bot.domain.media import EXTENSIONS
from bot.domain.post import POST_MOVES, PostState
from providers.catalogue import PROVIDERS
from providers.wahdx_limits import LIMITS
from tests.outside.checkout import ROOT, blocks, finished, rows, text_of

DOCUMENTS = sorted(
    str(path.relative_to(ROOT)) for path in [*ROOT.glob("*.md"), *ROOT.glob("docs/**/*.md")]
)
STATES_OF_ELEMENTS = {"done", "exempt", "not yet"}


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


def test_every_service_has_its_table() -> None:
    """A service stands in docs/providers.md as soon as it is in the catalogue."""
    told = re.findall(r"^## (.+)$", text_of("docs/providers.md"), re.MULTILINE)
    assert told == [kind.capabilities.label for kind in PROVIDERS.values()]


def test_limits_are_as_told() -> None:
    """The table of limits shows what the code checks posts against."""
    told = rows(text_of("docs/providers.md"), "Platform")
    assert told == [
        [
            platform.label,
            text_limit(limits.text),
            files_limit(limits.photos),
            text_limit(limits.photos and limits.photos.caption),
            files_limit(limits.video),
            text_limit(limits.video and limits.video.caption),
        ]
        for platform, limits in LIMITS.items()
    ]


def text_limit(limit: TextLimit | None) -> str:
    """Write a limit of a text as the table does."""
    return f"{limit.maximum:,} {limit.unit}" if limit else "–"


def files_limit(limit: MediaLimit | None) -> str:
    """Write a limit of files as the table does: how many, how large, which."""
    if limit is None:
        return "–"
    types = sorted(EXTENSIONS[content_type] for content_type in limit.types)
    title = f", title {text_limit(limit.title)}" if limit.title else ""
    return f"{limit.count} of {limit.size // 1_000_000} MB: {', '.join(types)}{title}"


def elements() -> Iterator[tuple[str, str, str, str]]:
    """The rows of the services' tables."""
    for cells in rows(text_of("docs/providers.md"), "Element"):
        element, state, where, test = cells if len(cells) == 4 else [*cells, ""]
        yield element, state, where, test.strip(" |")


def test_what_is_done_is_tested() -> None:
    """Every element is done, with files and tests that exist, or it says why not."""
    assert len(list(elements())) > 30
    for element, state, where, test in elements():
        assert state in STATES_OF_ELEMENTS, element
        assert where.strip("` "), element
        named = re.findall(r"`([^`]+)`", test)
        assert bool(named) == (state == "done"), element
        if state == "done":
            (file, *_) = re.findall(r"`([^`]+)`", where)
            assert (ROOT / file).is_file(), where
        for name in named:
            file, _, function = name.partition("::")
            assert re.search(rf"^(async )?def {function}\(", text_of(file), re.MULTILINE), name


def test_commands_of_the_documents_run() -> None:
    """The blocks marked `sh` in the documents do what they say, here."""
    for document in DOCUMENTS:
        for block in blocks(text_of(document), "sh"):
            if document != "README.md" and (ROOT / ".venv").exists():
                code, words = finished(block, cwd=ROOT, env={})
                assert code == 0, words
