"""The services Copydesk can publish through: one line each."""

from collections.abc import Iterable, Mapping
from typing import Protocol

from providers.base import Provider
from providers.capabilities import Capabilities
from providers.genviral.service import Genviral
from providers.http import Transport
from providers.openshorts.service import OpenShorts
from providers.upload_post.service import UploadPost
from providers.wahdx.service import Wahdx
from providers.wayinvideo.service import WayinVideo


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

    @property
    def URL_VARIABLE(self) -> str:  # noqa: N802 - a class constant of the service
        """The variable of the environment that sets another address."""
        ...

    def __call__(
        self,
        credentials: Mapping[str, str],
        *,
        base_url: str,
        private_hosts: Iterable[str] = (),
        transport: Transport | None = None,
    ) -> Provider:
        """Make the connection these credentials stand for.

        `private_hosts` may be reached although they are in a private network, where an address is
        part of the credentials; a transport takes the network's place.
        """
        ...


PROVIDERS: Mapping[str, ProviderClass] = {
    "wahdx": Wahdx,
    "wayinvideo": WayinVideo,
    "genviral": Genviral,
    "openshorts": OpenShorts,
    "upload_post": UploadPost,
}
