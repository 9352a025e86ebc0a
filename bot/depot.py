"""Where files lie, by its address: a folder, or a bucket with the usual AWS variables."""

import os
import tempfile
from dataclasses import dataclass
from datetime import timedelta
from ipaddress import ip_address
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from obstore.exceptions import BaseError
from obstore.store import LocalStore, ObjectStore, from_url

from bot.errors import SetupError

if TYPE_CHECKING:
    from obstore.store import ClientConfig, RetryConfig

_ENDPOINTS = ("AWS_ENDPOINT_URL_S3", "AWS_ENDPOINT_URL", "AWS_ENDPOINT")
# Unless it is told, the library tries what fails for 3 minutes.
_RETRIES: "RetryConfig" = {"max_retries": 3, "retry_timeout": timedelta(seconds=30)}
_ARRIVING = "arriving"  # no server's folder: those have numbers


@dataclass(frozen=True, kw_only=True, slots=True)
class Depot:
    """An open store; `folder` where it is one of this machine, None for a bucket.

    Files arrive in `arriving`: in the folder itself, or for a bucket in the system's folder for
    such things (`TMPDIR`).
    """

    store: ObjectStore
    folder: Path | None
    arriving: Path


def open_depot(url: str) -> Depot:
    """Open `file:` and a folder, or `s3://bucket/prefix`. Raises SetupError."""
    try:
        if url.startswith("file:"):
            folder = Path(url.removeprefix("file:")).resolve()
            store, arriving = LocalStore(folder, mkdir=True), folder / _ARRIVING
        else:
            folder, arriving = None, Path(tempfile.gettempdir()) / "copydesk-arriving"
            store = from_url(url, client_options=_client(), retry_config=_RETRIES)
        arriving.mkdir(mode=0o700, parents=True, exist_ok=True)
    except (BaseError, OSError) as error:
        raise SetupError(
            f"Files cannot be kept at {url} ({type(error).__name__}).",
            remedy="Check MEDIA_URL, and for a bucket the AWS variables.",
        ) from None
    return Depot(store=store, folder=folder, arriving=arriving)


def is_bucket_public() -> bool:
    """Whether the address of the bucket is none of a private network, as far as it shows: read
    where the library reads it too.
    """
    endpoint = next((os.environ[name] for name in _ENDPOINTS if os.environ.get(name)), "")
    host = urlsplit(endpoint).hostname
    if host is None:
        return True  # Amazon's own
    try:
        return ip_address(host).is_global
    except ValueError:
        return "." in host


def _client() -> "ClientConfig":
    """How the bucket is called. Unless it is told, the library gives a whole answer 30 s."""
    return {
        "timeout": timedelta(hours=2),
        "read_timeout": timedelta(seconds=60),
        # What is given here stands in the place of what the environment says of the client.
        "allow_http": os.environ.get("AWS_ALLOW_HTTP", "").lower() in ("1", "true"),
    }
