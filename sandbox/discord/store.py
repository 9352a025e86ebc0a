"""The durable state of the sandbox's Discord, and its founding at the first start."""

from sandbox.discord.founding import found_server
from sandbox.discord.plan import ServerPlan
from sandbox.discord.tables import Tables


class Store(Tables):
    """What the sandbox's Discord remembers, in one folder."""

    def found(self, server: ServerPlan) -> None:
        """Create the planned server, unless there is one."""
        if not self.settings.get("guild"):
            found_server(self, server)
