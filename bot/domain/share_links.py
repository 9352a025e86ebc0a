"""Links under which the usual drives share a file, as addresses of its bytes where the drive has a
public rule for that.

Google Drive: `drive.usercontent.google.com/download`, which the page of a shared file itself leads
to; `confirm=t` answers its question about files too large to be scanned. Dropbox: `dl=1` (its help
page "Force a file or folder to download"). SharePoint and OneDrive for work: `download=1`. Personal
OneDrive has had no such address since it asks for a login everywhere (2024).
"""

import re
from collections.abc import Callable
from dataclasses import dataclass
from urllib.parse import SplitResult, parse_qs, parse_qsl, urlencode, urlsplit

from bot.errors import InputError, Problem

MOST_CHARACTERS = 2000

_GOOGLE_FILE = re.compile(r"/file(?:/u/\d+)?/d/([\w-]+)")
_UPLOAD = "Download it, and upload it here."


@dataclass(frozen=True, kw_only=True, slots=True)
class Direct:
    """Where the bytes are; `drive` is the name of the drive that shares them, if it is one."""

    url: str
    drive: str = ""


def direct(link: str) -> Direct:
    """Where the bytes behind a link are. Raises InputError for what is no link to a file."""
    link = link.strip().removeprefix("<").removesuffix(">")
    parts = _parts(link)
    host = (parts.hostname or "").removeprefix("www.").lower()
    for domain, read in _DRIVES.items():
        if host == domain or host.endswith(f".{domain}"):
            return read(parts)
    return Direct(url=link)


def _parts(link: str) -> SplitResult:
    try:
        parts = urlsplit(link)
        host, _ = parts.hostname, parts.port
    except ValueError:
        host, parts = None, urlsplit("")
    if parts.scheme.lower() not in ("http", "https") or not host or len(link) > MOST_CHARACTERS:
        shown = link if len(link) < 80 else f"{link[:79]}…"
        raise _refused(
            f"“{shown}” is no link to a file.",
            "Give an address that begins with https://.",
        )
    if parts.username or parts.password:
        raise _refused(
            "the link holds a user name or a password.", f"Copydesk logs in nowhere. {_UPLOAD}"
        )
    return parts


def _google(parts: SplitResult) -> Direct:
    asked = parse_qs(parts.query)
    found = _GOOGLE_FILE.match(parts.path)
    name = found[1] if found else next(iter(asked.get("id", [])), "")
    if not name or "/folders/" in parts.path or (parts.hostname == "docs.google.com" and not found):
        raise _refused("the Google link leads to a folder or a document, not to a file.", _UPLOAD)
    query = {"id": name, "export": "download", "confirm": "t"}
    if key := asked.get("resourcekey"):
        query["resourcekey"] = key[0]
    url = f"https://drive.usercontent.google.com/download?{urlencode(query)}"
    return Direct(url=url, drive="Google Drive")


def _google_content(parts: SplitResult) -> Direct:
    return Direct(url=parts.geturl(), drive="Google Drive")


def _dropbox(parts: SplitResult) -> Direct:
    if parts.path.startswith(("/sh/", "/scl/fo/", "/home", "/request/")):
        raise _refused("the Dropbox link leads to a folder, not to a file.", "Share the file.")
    return Direct(url=_with(parts, "dl", "1"), drive="Dropbox")


def _sharepoint(parts: SplitResult) -> Direct:
    if parts.path.startswith("/:f:/"):
        raise _refused("the OneDrive link leads to a folder, not to a file.", "Share the file.")
    return Direct(url=_with(parts, "download", "1"), drive="OneDrive")


def _closed(drive: str) -> Callable[[SplitResult], Direct]:
    def refuse(_parts: SplitResult) -> Direct:
        raise _refused(
            f"{drive} gives files only to people who open its page.", f"Open it there. {_UPLOAD}"
        )

    return refuse


_DRIVES: dict[str, Callable[[SplitResult], Direct]] = {
    "drive.google.com": _google,
    "docs.google.com": _google,
    "drive.usercontent.google.com": _google_content,
    "photos.google.com": _closed("Google Photos"),
    "photos.app.goo.gl": _closed("Google Photos"),
    "dropbox.com": _dropbox,
    "sharepoint.com": _sharepoint,
    "1drv.ms": _closed("OneDrive"),
    "onedrive.live.com": _closed("OneDrive"),
    "icloud.com": _closed("iCloud"),
    "wetransfer.com": _closed("WeTransfer"),
    "we.tl": _closed("WeTransfer"),
    "mega.nz": _closed("MEGA"),
}


def _with(parts: SplitResult, name: str, value: str) -> str:
    """An address with one thing asked for differently."""
    query = [(key, old) for key, old in parse_qsl(parts.query) if key != name]
    return parts._replace(query=urlencode([*query, (name, value)])).geturl()


def _refused(message: str, remedy: str) -> InputError:
    return InputError([Problem(field="Media", message=message, remedy=remedy)])
