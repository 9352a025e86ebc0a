"""What simulators have in common: their pace, the fault in force, and who hears of a change."""

from collections.abc import Callable, Sequence
from typing import ClassVar

from sandbox.services.base import Fault, Pace
from sandbox.services.faults import Switch


class Simulated:
    """The part of a simulator that is the same for every service."""

    faults: ClassVar[Sequence[Fault]]

    def __init__(self, pace: Pace | None) -> None:
        self.on_change: Callable[[], None] = lambda: None
        self._pace = pace or Pace()
        self._switch = Switch(self.faults, self._changed)

    @property
    def fault(self) -> str:
        """The key of the fault in force."""
        return self._switch.key

    @fault.setter
    def fault(self, key: str) -> None:
        self._switch.turn(key)

    def _changed(self) -> None:
        self.on_change()
