"""What a service tells about the plan behind a key."""

from dataclasses import dataclass


@dataclass(frozen=True, kw_only=True, slots=True)
class Plan:
    """The plan's name, empty where it was not told, and what is used or left of it, one sentence
    each.
    """

    name: str = ""
    left: tuple[str, ...] = ()
