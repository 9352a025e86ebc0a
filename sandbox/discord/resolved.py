"""What an interaction's ids stand for: the `resolved` part of its data."""

from collections.abc import Mapping

from sandbox.discord import files, permissions, shapes
from sandbox.discord.errors import invalid
from sandbox.discord.files import Upload
from sandbox.discord.message_shape import shape
from sandbox.discord.values import Json
from sandbox.discord.world import Viewer, World

USER, CHANNEL, ROLE, MENTIONABLE = 5, 8, 6, 7  # the entity selects


class Resolved:
    """Collects what a person's input names; refuses with 50035 what does not exist."""

    def __init__(
        self, world: World, who: Viewer, channel: Json, uploads: Mapping[str, Upload]
    ) -> None:
        self._world = world
        self._who = who
        self._channel = channel
        self._uploads = uploads
        self.body: Json = {}

    def add(self, kind: int, value: str, path: list[str | int]) -> None:
        """Resolve a user, role, channel or either, named by an entity select's type."""
        finders = {
            USER: [self._user],
            ROLE: [self._role],
            CHANNEL: [self._a_channel],
            MENTIONABLE: [self._user, self._role],
        }
        if not any(find(value) for find in finders[kind]):
            raise invalid(path, "BASE_TYPE_CHOICES", f"{value} is not among what may be chosen.")

    def add_target(self, kind: int, value: str) -> None:
        """Resolve the target of a user menu (2) or a message menu (3)."""
        if kind == 2:
            self.add(USER, value, ["data", "target_id"])
            return
        message = self._world.message(self._channel["id"], value)
        bot = Viewer(self._world.bot_id, self._who.origin)
        seen = shape(self._world, bot, {**message, "mentions": [*message["mentions"], bot.uid]})
        # the target's content is readable whatever the intents; the mention above was for that
        seen["mentions"] = [each for each in seen["mentions"] if each["id"] in message["mentions"]]
        self._put("messages", value, seen)

    def add_file(self, index: str, path: list[str | int]) -> str:
        """Take an uploaded file and return the id of its attachment."""
        upload = self._uploads.get(str(index))
        if upload is None:
            raise invalid(path, "ATTACHMENT_NOT_FOUND", f"Attachment data for `{index}` not found")
        if upload.size > files.PERSON_LIMIT:
            raise invalid(path, "FILE_TOO_LARGE", f"Must be at most {files.PERSON_LIMIT} bytes.")
        file = files.keep(self._world, upload, self._channel["id"], {}, ephemeral=True)
        origin = self._who.origin
        self._put("attachments", file["id"], files.shape(self._world, origin, file["id"]))
        return file["id"]

    def _user(self, value: str) -> bool:
        record = self._world.store.users.get(value)
        if record:
            self._put("users", value, shapes.user(record))
            allowed = permissions.in_channel(self._world.store, value, self._channel)
            member = shapes.member(record, with_user=False)
            self._put("members", value, member | {"permissions": str(allowed)})
        return record is not None

    def _role(self, value: str) -> bool:
        record = self._world.store.roles.get(value)
        if record:
            self._put("roles", value, record)
        return record is not None

    def _a_channel(self, value: str) -> bool:
        record, store = self._world.store.channels.get(value), self._world.store
        if not record or not permissions.may(
            store, self._who.uid, record, permissions.P.VIEW_CHANNEL
        ):
            return False
        allowed = permissions.in_channel(store, self._who.uid, record)
        self._put("channels", value, shapes.channel(record) | {"permissions": str(allowed)})
        return True

    def _put(self, kind: str, key: str, value: Json) -> None:
        self.body.setdefault(kind, {})[key] = value
