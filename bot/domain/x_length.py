"""How long X takes a text to be, after its published rules (twitter-text, configuration 3).

An address counts 23 however long it is, an emoji 2 however many code points it is made of, a
character of most alphabets 1 and any other 2. Linear in the text's length whatever it holds: a
form may send 4,000 characters, and they are counted in the event loop.
"""

import unicodedata

import regex

from bot.domain.emoji import EMOJI
from bot.domain.top_level_domains import TOP_LEVEL_DOMAINS

LINK_LENGTH = 23
EMOJI_LENGTH = 2

# twitter-text's configuration: these ranges weigh 1, all else 2.
_HEAVY = regex.compile(r"[^\u0000-\u10FF\u2000-\u200D\u2010-\u201F\u2032-\u2037]")

# Possessive throughout (`++`): what was once read is never read again.
_LATIN = "a-z0-9\u00c0-\u00d6\u00d8-\u00f6\u00f8-\u024f"
_NAME, _BARE = r"\w++(?:-++\w++)*+", rf"[{_LATIN}]++(?:-++[{_LATIN}]++)*+"
_IN_PATH = rf"{_LATIN}\u0400-\u04FF!*';:=+,.$/%#\[\]\-\u2013_~@|&"
_IN_QUERY = r"a-z0-9!?*'@();:&=+$/%#\[\]\-_.,~|"
_CANDIDATE = regex.compile(
    rf"""
    (?<![a-z0-9@\uFF20$#\uFF03])
    (?: (?P<scheme>https?://) (?P<host> {_NAME} (?:\.{_NAME})++ )
      | (?<![-_./]) (?P<bare> {_BARE} (?:\.{_BARE})++ ) )
    (?P<port> :\d++ )?+
    (?P<path> / (?: [{_IN_PATH}]++ | \([{_IN_PATH}]*+ (?:\([{_IN_PATH}]*+\)[{_IN_PATH}]*+)*+ \) )*+ )?+
    (?P<query> \? [{_IN_QUERY}]++ )?+
    """,
    regex.IGNORECASE | regex.VERBOSE,
)
_NOT_ASCII = regex.compile(r"[^\x00-\x7F].*")
_PATH_END = regex.compile(rf"[^{_LATIN}\u0400-\u04FF=_#/+\-)]+$", regex.IGNORECASE)
_QUERY_END = regex.compile(r"[^a-z0-9_&=#/\-]+$", regex.IGNORECASE)


def x_length(text: str) -> int:
    """The length X counts, of which a post may have 280."""
    text = unicodedata.normalize("NFC", text).replace("\r\n", "\n")
    text, links = _without_links(text)
    text, emoji = EMOJI.subn("", text)
    plain = len(text) + len(_HEAVY.findall(text))
    return plain + LINK_LENGTH * links + EMOJI_LENGTH * emoji


def _without_links(text: str) -> tuple[str, int]:
    """The text without its addresses, and how many there were."""
    kept: list[str] = []
    links = end = 0
    for found in _CANDIDATE.finditer(text):
        stop = _link_end(found)
        if stop is not None:
            kept.append(text[end : found.start()])
            end = stop
            links += 1
    return "".join([*kept, text[end:]]), links


def _link_end(found: "regex.Match[str]") -> int | None:
    """Where the address ends that begins with a candidate; None where it is none."""
    name = "host" if found["scheme"] else "bare"
    stop = _domain_end(found, name)
    if stop is None or stop < found.end(name):
        return stop
    if name == "bare" and not found["path"]:
        return stop  # X takes a port or a question only where it sees http or a path
    stop = max(stop, found.end("port"))
    if path := found["path"]:
        stop += len(_PATH_END.sub("", path))
        if stop < found.end("path"):
            return stop
    return stop + len(_QUERY_END.sub("", found["query"] or ""))


def _domain_end(found: "regex.Match[str]", name: str) -> int | None:
    """Where the longest domain ends whose last name the internet knows."""
    stop = found.end(name)
    labels = found[name].split(".")
    for label in reversed(labels[1:]):
        if length := _top_level_length(label):
            stop += length - len(label)
            return None if found.string[stop : stop + 1] in {"@", "+", "-"} else stop
        stop -= len(label) + 1
    return None


def _top_level_length(label: str) -> int:
    """How many characters of a label are a top-level domain; 0 where none are."""
    known = _NOT_ASCII.sub("", label)
    if not known:  # a name of another script
        return len(label)
    is_known = known.lower() in TOP_LEVEL_DOMAINS or known.lower().startswith("xn--")
    return len(known) if is_known else 0
