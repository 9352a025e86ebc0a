"""What docs/providers.md says of each service is so: its elements, its limits, its addresses."""

import ast
import re
from collections.abc import Iterator
from functools import cache

import pytest

from bot.domain.limits import ContentLimit, FileLimit, Limits, Range
from bot.domain.media import EXTENSIONS
from bot.domain.platform import Kind
from providers.catalogue import PROVIDERS
from tests.outside.checkout import ROOT, rows, text_of

STATES = {"done", "exempt"}
LIMITS = "| Platform | Text alone | Photos | Caption with photos | Video | Caption with a video |"
METHOD = "(?:GET|POST|PUT|PATCH|DELETE)"


def sections() -> list[tuple[str, str]]:
    """Each service's label and what is written under it."""
    parts = re.split(r"^## (.+)\n", text_of("docs/providers.md"), flags=re.MULTILINE)
    return list(zip(parts[1::2], parts[2::2], strict=True))


def section_of(name: str) -> str:
    return dict(sections())[PROVIDERS[name].capabilities.label]


def test_every_service_has_its_section() -> None:
    """A service stands in docs/providers.md, once, as soon as it is in the catalogue."""
    told = [label for label, _ in sections()]
    assert sorted(told) == sorted(kind.capabilities.label for kind in PROVIDERS.values())


def elements(name: str) -> Iterator[tuple[str, str, str, str]]:
    """The rows of a service's tables of elements."""
    for cells in rows(section_of(name), "Element"):
        assert len(cells) == 4, cells
        element, state, where, test = cells
        yield element, state, where, test.strip(" |")


@pytest.mark.parametrize("name", PROVIDERS)
def test_every_element_is_done_or_exempt(name: str) -> None:
    """Every element is done, with a file and tests that exist, or exempt for a reason."""
    assert len(list(elements(name))) >= 10
    for element, state, where, test in elements(name):
        assert state in STATES, element
        if state == "exempt":
            assert len(where.split()) >= 3, element
            assert not test, element
        else:
            (file, *_) = named(where)
            assert (ROOT / file).is_file(), where
            tests = named(test)
            assert tests, element
            for found in tests:
                path, _, function = found.partition("::")
                assert path.startswith("tests/"), found
                assert function in names_in(path), found


def named(cell: str) -> list[str]:
    return re.findall(r"`([^`]+)`", cell)


@cache
def names_in(path: str) -> frozenset[str]:
    """The names of the tests of a file; none where there is no such file."""
    if not (ROOT / path).is_file():
        return frozenset()
    found = ast.parse(text_of(path)).body
    functions = [item for item in found if isinstance(item, ast.FunctionDef | ast.AsyncFunctionDef)]
    return frozenset(item.name for item in functions if item.name.startswith("test_"))


def test_every_address_of_the_code_is_told() -> None:
    """What the services are called at stands in the document, with its method."""
    told = [
        path.partition("?")[0].split("/")
        for path in re.findall(rf"{METHOD} (/[^\s`|,)]+)", text_of("docs/providers.md"))
    ]
    called = sorted(
        {
            path
            for file in (ROOT / "providers").rglob("*.py")
            for path in addresses(file.read_text())
        }
    )
    assert called
    assert [path for path in called if not any(is_told(path.split("/"), one) for one in told)] == []


def addresses(source: str) -> Iterator[str]:
    """The paths in a module's code, with `*` for what is put in."""
    tree = ast.parse(source)
    parts = {
        value for node in ast.walk(tree) if isinstance(node, ast.JoinedStr) for value in node.values
    }
    for node in ast.walk(tree):
        if isinstance(node, ast.JoinedStr):
            pieces = [
                str(item.value) if isinstance(item, ast.Constant) else "*" for item in node.values
            ]
            text = "".join(pieces)
        elif isinstance(node, ast.Constant) and isinstance(node.value, str) and node not in parts:
            text = node.value
        else:
            continue
        if re.fullmatch(r"(/[\w.*-]+)+", text):
            yield text


def is_told(called: list[str], told: list[str]) -> bool:
    """Whether two paths are one; the document may begin with more of the address."""
    called = called[1:]
    return len(called) < len(told) and all(
        one in ("*", other) for one, other in zip(called, told[-len(called) :], strict=True)
    )


TAKES_FILES = [
    name
    for name, service in PROVIDERS.items()
    if service.capabilities.kinds & {Kind.PHOTOS, Kind.VIDEO}
]
"""The services whose limits stand in a table; for clips there is only text to limit."""


@pytest.mark.parametrize("name", TAKES_FILES)
def test_limits_are_as_told(name: str) -> None:
    """A table of limits shows what the code checks posts against."""
    _, found, after = section_of(name).partition(LIMITS)
    assert found, f"{name} has no table of limits"
    told = rows(found + after.partition("\n\n")[0], "Platform")
    platforms = PROVIDERS[name].capabilities.platforms
    assert told == [[platform.label, *written(limits)] for platform, limits in platforms.items()]


def written(limits: Limits) -> list[str]:
    """The cells of a platform as the table has them."""
    photos, video = limits.of.get(Kind.PHOTOS), limits.of.get(Kind.VIDEO)
    return [
        texts(limits.of.get(Kind.TEXT)),
        files(photos and photos.files),
        texts(photos),
        files(video and video.files),
        texts(video),
    ]


def texts(limit: ContentLimit | None) -> str:
    """Write what the texts may be: the caption, then the title and what a caption may hold."""
    if limit is None:
        return "–"
    told = [f"{limit.caption.maximum:,} {limit.caption.unit}"]
    told += [f"title {limit.title.maximum:,} {limit.title.unit}"] if limit.title else []
    told += [f"{limit.hashtags} hashtags"] if limit.hashtags else []
    told += [f"{limit.mentions} mentions"] if limit.mentions else []
    return ", ".join(told)


def files(limit: FileLimit | None) -> str:
    """Write what files are taken: how many, how large, which, how long, of what form."""
    if limit is None:
        return "–"
    types = sorted(EXTENSIONS[content_type] for content_type in limit.types)
    told = [f"{limit.count} of {limit.size // 1_000_000} MB: {', '.join(types)}"]
    told += [f"{span(limit.seconds)} seconds"] if limit.seconds else []
    told += [f"{span(limit.frame_rate)} frames a second"] if limit.frame_rate else []
    told += [f"{span(limit.aspect)} times as wide as high"] if limit.aspect else []
    return "; ".join(told)


def span(both: Range) -> str:
    least, most = both
    return f"{least:g} to {most:g}"
