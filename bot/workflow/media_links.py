"""Addresses under which services fetch the files of a post: signed, expiring, ending in the right
extension (WAHDX tells photo from video by it: seed 002).
"""

from datetime import datetime, timedelta

from bot.domain.media import Media
from bot.vault import Vault

LIFETIME = timedelta(hours=24)


class MediaLinks:
    """Makes and checks links below `public_url`; with an empty one there are none."""

    def __init__(self, public_url: str, vault: Vault) -> None:
        self._public_url = public_url.rstrip("/")
        self._vault = vault

    @property
    def are_possible(self) -> bool:
        """Whether services can reach this installation."""
        return bool(self._public_url)

    def make(self, server_id: int, media: Media, now: datetime) -> str:
        """A link to one file."""
        expires = int((now + LIFETIME).timestamp())
        signature = self._vault.sign(f"{server_id}/{media.sha256}/{expires}")
        name = f"{media.sha256}.{media.extension}"
        return f"{self._public_url}/media/{server_id}/{expires}/{signature}/{name}"

    def is_valid(
        self, *, server_id: int, expires: int, signature: str, sha256: str, now: datetime
    ) -> bool:
        """Whether a link is ours and still good."""
        signed = self._vault.is_signed(f"{server_id}/{sha256}/{expires}", signature)
        return signed and now.timestamp() < expires
