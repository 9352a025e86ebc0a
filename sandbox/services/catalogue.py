"""The simulated services: one line each."""

from collections.abc import Mapping
from pathlib import Path
from typing import Protocol

from sandbox.services.base import AddressOf, Pace, Simulator
from sandbox.services.genviral.service import Genviral
from sandbox.services.openshorts.service import OpenShorts
from sandbox.services.upload_post.service import UploadPost
from sandbox.services.wahdx.service import Wahdx
from sandbox.services.wayinvideo.service import WayinVideo


class SimulatorClass(Protocol):
    """A simulated service before it has a folder and a key."""

    def __call__(
        self,
        folder: Path,
        api_key: str,
        address_of: AddressOf | None = None,
        *,
        pace: Pace | None = None,
    ) -> Simulator:
        """Make it; nothing listens yet."""
        ...


SIMULATORS: Mapping[str, SimulatorClass] = {
    "wahdx": Wahdx,
    "wayinvideo": WayinVideo,
    "genviral": Genviral,
    "openshorts": OpenShorts,
    "upload_post": UploadPost,
}
