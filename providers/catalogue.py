"""The services Copydesk can publish through: one line each."""

from collections.abc import Mapping
from typing import Protocol

from providers.base import Capabilities, Provider
from providers.http import Transport
from providers.wahdx import Wahdx


class ProviderClass(Protocol):
    """A service before anyone's credentials."""

    @property
    def capabilities(self) -> Capabilities:
        """What the service can do."""
        ...

    @property
    def DEFAULT_URL(self) -> str:  # noqa: N802 - a class constant of the service
        """The documented address."""
        ...

    def __call__(
        self,
        credentials: Mapping[str, str],
        *,
        base_url: str,
        transport: Transport | None = None,
    ) -> Provider:
        """Make the connection these credentials stand for; a transport takes the network's place."""
        ...


PROVIDERS: Mapping[str, ProviderClass] = {
    "wahdx": Wahdx,
}
