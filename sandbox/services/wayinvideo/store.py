"""What the simulated WayinVideo keeps beside its posts: things by kind and id."""

from pathlib import Path
from typing import Any

from sandbox.services.drawer import Drawer


class Store:
    """Accounts, authorisations, projects, uploads and tasks; on disk when a call returns."""

    def __init__(self, folder: Path) -> None:
        self._drawer = Drawer(folder)

    def put(self, kind: str, thing: dict[str, Any]) -> None:
        """Add a thing, or store its new state, under its `id`."""
        self._drawer.put(kind, thing["id"], thing)

    def get(self, kind: str, thing_id: str) -> dict[str, Any] | None:
        """A thing by its id."""
        return self._drawer.get(kind, thing_id)

    def all(self, kind: str) -> list[dict[str, Any]]:
        """All things of a kind, oldest first."""
        return list(self._drawer.all(kind).values())
