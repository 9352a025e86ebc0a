"""What a reader sees of a text before asking for more: where it is folded, what is linked in it."""

import re
from collections.abc import Collection
from dataclasses import dataclass

import regex

_GRAPHEME = regex.compile(r"\X")
_EAST = regex.compile(r"[\p{Han}\p{Hiragana}\p{Katakana}\p{Hangul}\u3000-\u303f\uff00-\uffef]")
_LINKED = re.compile(
    r"(?P<address>https?://\S+)|(?<!\w)(?P<hashtag>#)\w[\w.]*|(?<!\w)(?P<mention>@)\w[\w.]*"
)

ALL_LINKS = frozenset({"address", "hashtag", "mention"})


@dataclass(frozen=True, kw_only=True, slots=True)
class Texts:
    """How much is seen of texts. `fold` is how many characters and `lines` how many lines of the
    caption, None for all; `title` how many characters of the title, None where none is shown. A sign
    of Chinese, Japanese or Korean takes the place of `east` characters. `published` are those of
    `fold` and `lines` that the platform itself tells; the others were measured by guides. `links` is
    what it makes links of.
    """

    fold: int | None
    lines: int | None = None
    more: str = "… more"
    title: int | None = None
    east: float = 2
    published: Collection[str] = ()
    links: Collection[str] = ALL_LINKS


@dataclass(frozen=True, kw_only=True, slots=True)
class Folded:
    """What is seen of a text, and how many characters are not."""

    shown: str
    hidden: int = 0


def fold(text: str, most: int | None, lines: int | None = None, *, east: float = 1) -> Folded:
    """A text as it is seen before anyone asks for more: never cut within a character, nor within a
    word where it can be helped.
    """
    signs: list[str] = _GRAPHEME.findall(text)
    end = len(signs) if most is None else _end(signs, most, east)
    if lines is not None:
        breaks = [at for at, sign in enumerate(signs[:end]) if "\n" in sign]
        end = breaks[lines - 1] if len(breaks) >= lines else end
    if end == len(signs):
        return Folded(shown=text)
    shown = "".join(signs[:end])
    word = shown.rpartition(" ")[0] if not signs[end].isspace() else shown
    if len(word) > len(shown) * 0.7:
        shown = word
    return Folded(shown=shown.rstrip(), hidden=len(signs) - end)


def _end(signs: list[str], most: int, east: float) -> int:
    """How many signs fit."""
    taken = 0.0
    for at, sign in enumerate(signs):
        taken += east if _EAST.match(sign) else 1
        if taken > most:
            return at
    return len(signs)


def pieces(text: str, links: Collection[str] = ALL_LINKS) -> list[tuple[str, bool]]:
    """A text in pieces, each with whether the platform makes a link of it: addresses, hashtags and
    mentions.
    """
    found: list[tuple[str, bool]] = []
    at = 0
    for match in _LINKED.finditer(text):
        found += [(text[at : match.start()], False), (match.group(), match.lastgroup in links)]
        at = match.end()
    found.append((text[at:], False))
    return [piece for piece in found if piece[0]]


def first_address(text: str) -> str:
    """The first address in a text, or nothing."""
    found = re.search(r"https?://\S+", text)
    return found.group().rstrip(".,;:!?)") if found else ""


def notes(texts: Texts, name: str, caption: str, title: str) -> list[str]:
    """What of the texts is not seen at once, a sentence each; `name` is the platform's."""
    return [
        *_of_title(texts, name, title),
        *_of_caption(texts, caption),
        *_of_links(texts, caption),
    ]


def _of_title(texts: Texts, name: str, title: str) -> list[str]:
    if title and texts.title is None:
        return [f"{name} shows no title."]
    if texts.title is None or not (hidden := fold(title, texts.title, east=texts.east).hidden):
        return []
    return [f"The title is cut after about {texts.title} characters; {hidden} are not seen."]


def _of_caption(texts: Texts, caption: str) -> list[str]:
    if caption and texts.fold == 0:
        return ["The text is seen only by those who open it."]
    hidden = fold(caption, texts.fold, texts.lines, east=texts.east).hidden
    if not hidden:
        return []
    if _is_told(texts, caption):
        return [f"{hidden} characters of the text are behind “{texts.more}”."]
    return [f"The text is folded about here: some {hidden} characters are behind “{texts.more}”."]


def _is_told(texts: Texts, caption: str) -> bool:
    """Whether the platform itself tells where it folds this text; none tells it of Chinese, Japanese
    or Korean.
    """
    reasons = {
        "fold": fold(caption, texts.fold, east=texts.east),
        "lines": fold(caption, None, texts.lines),
    }
    causes = {name for name, folded in reasons.items() if folded.hidden}
    return causes <= set(texts.published) and not _EAST.search(caption)


def _of_links(texts: Texts, caption: str) -> list[str]:
    if "address" in texts.links or not first_address(caption):
        return []
    return ["Addresses in the text are no links there."]
