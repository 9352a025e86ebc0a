"""Links of the usual drives: the address of the bytes, or what to do instead."""

from urllib.parse import urlsplit

import pytest
from hypothesis import given
from hypothesis.strategies import from_regex, text

from bot.domain.share_links import MOST_CHARACTERS, direct
from bot.errors import InputError

GOOGLE = "https://drive.usercontent.google.com/download?id=1aB-c_9&export=download&confirm=t"


@pytest.mark.parametrize(
    ("link", "url", "drive"),
    [
        ("https://drive.google.com/file/d/1aB-c_9/view?usp=sharing", GOOGLE, "Google Drive"),
        ("https://drive.google.com/file/u/0/d/1aB-c_9/edit", GOOGLE, "Google Drive"),
        ("https://drive.google.com/open?id=1aB-c_9&usp=drive_copy", GOOGLE, "Google Drive"),
        ("https://docs.google.com/file/d/1aB-c_9/preview", GOOGLE, "Google Drive"),
        (
            "https://drive.google.com/file/d/1aB-c_9/view?resourcekey=0-x",
            f"{GOOGLE}&resourcekey=0-x",
            "Google Drive",
        ),
        (
            "https://www.dropbox.com/scl/fi/abc/cup.mp4?rlkey=k&e=1&dl=0",
            "https://www.dropbox.com/scl/fi/abc/cup.mp4?rlkey=k&e=1&dl=1",
            "Dropbox",
        ),
        (
            "https://www.dropbox.com/s/abc/cup.mp4",
            "https://www.dropbox.com/s/abc/cup.mp4?dl=1",
            "Dropbox",
        ),
        (
            "https://harbour-my.sharepoint.com/:v:/g/personal/ann/Eabc?e=x",
            "https://harbour-my.sharepoint.com/:v:/g/personal/ann/Eabc?e=x&download=1",
            "OneDrive",
        ),
        ("https://example.com/cup.mp4?sig=a%2Bb", "https://example.com/cup.mp4?sig=a%2Bb", ""),
        (" <http://example.com/cup.mp4> ", "http://example.com/cup.mp4", ""),
        ("https://notdropbox.com/s/abc", "https://notdropbox.com/s/abc", ""),
    ],
)
def test_links_to_files(link: str, url: str, drive: str) -> None:
    """A link that a drive made leads to the bytes; any other is taken as it is."""
    found = direct(link)
    assert (found.url, found.drive) == (url, drive)


@pytest.mark.parametrize(
    ("link", "told"),
    [
        ("cup.mp4", "“cup.mp4” is no link to a file. Give an address that begins with https://."),
        ("", "is no link to a file"),
        ("ftp://example.com/cup.mp4", "is no link to a file"),
        ("file:///etc/passwd", "is no link to a file"),
        ("https://", "is no link to a file"),
        ("https://[bad]/", "is no link to a file"),
        ("https://host:port/", "is no link to a file"),
        (f"https://example.com/{'x' * MOST_CHARACTERS}", "is no link to a file"),
        ("https://ann:secret@example.com/cup.mp4", "holds a user name or a password"),
        ("https://drive.google.com/drive/folders/1aB", "leads to a folder or a document"),
        ("https://docs.google.com/document/d/1aB/edit", "leads to a folder or a document"),
        ("https://www.dropbox.com/scl/fo/abc/d?rlkey=k", "leads to a folder"),
        ("https://x.sharepoint.com/:f:/g/personal/ann/E", "leads to a folder"),
        ("https://1drv.ms/v/c/abc/Eabc", "OneDrive gives files only to people"),
        ("https://onedrive.live.com/?id=1", "OneDrive gives files only to people"),
        ("https://photos.app.goo.gl/abc", "Google Photos gives files only to people"),
        ("https://www.icloud.com/iclouddrive/abc", "iCloud gives files only to people"),
        ("https://we.tl/t-abc", "WeTransfer gives files only to people"),
        ("https://mega.nz/file/abc#k", "MEGA gives files only to people"),
    ],
)
def test_links_to_nothing_that_can_be_fetched(link: str, told: str) -> None:
    """What leads to no file is refused, with what to do; a password in it is not repeated."""
    with pytest.raises(InputError) as caught:
        direct(link)
    [problem] = caught.value.problems
    assert told in str(problem)
    assert problem.remedy
    assert "secret" not in str(problem)
    assert len(str(problem)) < 250


@given(text(max_size=300) | from_regex(r"https?://[^ ]{0,60}", fullmatch=True))
def test_whatever_is_typed(link: str) -> None:
    """Whatever is typed is a web address afterwards, or is refused in words."""
    said, url = "", ""
    try:
        url = direct(link).url
    except InputError as error:
        said = str(error)
    assert bool(said) != bool(url)
    assert len(said) < 300
    assert said or urlsplit(url).hostname
    assert said or url.lower().startswith(("http://", "https://"))
