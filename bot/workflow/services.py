"""The services behind connections: one living provider per connection."""

from collections.abc import Mapping, Sequence

import db.connections
from bot.errors import NotFoundError, RefusedError
from bot.vault import Vault
from db.database import Database
from providers.base import Provider
from providers.capabilities import Capabilities
from providers.catalogue import PROVIDERS


class Services:
    """Opens providers with their decrypted credentials, and keeps them open.

    `urls` are the addresses the operator gave, by variable; `private_hosts` what may be called
    in private networks where a connection brings its own address.
    """

    def __init__(
        self,
        database: Database,
        vault: Vault,
        urls: Mapping[str, str],
        private_hosts: Sequence[str] = (),
    ) -> None:
        self._database = database
        self._vault = vault
        self._urls = urls
        self._private_hosts = private_hosts
        self._open: dict[tuple[int, int], Provider] = {}
        self._forgotten: list[Provider | None] = []

    @property
    def vault(self) -> Vault:
        """What encrypts the credentials."""
        return self._vault

    def capabilities(self, provider: str) -> Capabilities:
        """What a service can do; raises RefusedError for a name that is none."""
        if provider not in PROVIDERS:
            raise RefusedError(
                f"“{provider}” is no service.", remedy=f"Choose one of {', '.join(PROVIDERS)}."
            )
        return PROVIDERS[provider].capabilities

    @staticmethod
    def calls_at_once() -> dict[str, int]:
        """How many publish calls one connection of each service makes together."""
        return {name: kind.capabilities.calls_at_once for name, kind in PROVIDERS.items()}

    @staticmethod
    def sharing_calls() -> list[str]:
        """The services that take several accounts of a post in one call."""
        found = ((name, kind.capabilities) for name, kind in PROVIDERS.items())
        return [name for name, item in found if item.accounts_per_submission > 1]

    def build(self, provider: str, credentials: Mapping[str, str]) -> Provider:
        """A provider that belongs to no connection yet; the caller closes it."""
        kind = PROVIDERS[provider]
        return kind(
            credentials,
            base_url=self._urls.get(kind.URL_VARIABLE) or kind.DEFAULT_URL,
            private_hosts=self._private_hosts,
        )

    async def of(self, server_id: int, connection_id: int) -> Provider:
        """The provider of a server's connection; raises NotFoundError."""
        key = server_id, connection_id
        while key not in self._open:
            forgotten = len(self._forgotten)
            async with self._database.reading() as reading:
                found = await db.connections.get(
                    reading, server_id=server_id, connection_id=connection_id
                )
            if found is None or found.closed_at:
                raise NotFoundError("The connection is gone.", remedy="Connect the service again.")
            # Another task may have opened it while this one read, or replaced what it read.
            if key not in self._open and forgotten == len(self._forgotten):
                self._open[key] = self.build(found.provider, self._vault.unlock(found.secret))
        return self._open[key]

    def forget(self, server_id: int, connection_id: int) -> None:
        """Open a connection anew the next time: its credentials are others now, or none.

        Calls that are under way end as they are, so what they use is closed in the end only.
        """
        key = server_id, connection_id
        self._forgotten.append(self._open.pop(key, None))

    async def close(self) -> None:
        """Close every provider."""
        forgotten = (provider for provider in self._forgotten if provider)
        for provider in (*self._open.values(), *forgotten):
            await provider.close()
        self._open.clear()
