"""The routes whose address holds an interaction's token: its answer and what follows."""

from sandbox.discord import callbacks, messages
from sandbox.discord.call import Call
from sandbox.discord.drafts import EPHEMERAL, LOADING
from sandbox.discord.edge import Action
from sandbox.discord.errors import Refusal
from sandbox.discord.interactions import Interaction, Interactions
from sandbox.discord.values import Json


class Webhooks:
    """Answers the bot gives to interactions."""

    def __init__(self, interactions: Interactions) -> None:
        self._interactions = interactions

    def routes(self) -> list[tuple[str, str, Action]]:
        """Return the routes with what each does."""
        hook = "/webhooks/{application_id}/{token}"
        one = hook + "/messages/{message_id}"
        return [
            ("POST", "/interactions/{interaction_id}/{token}/callback", self._respond),
            ("POST", hook, self._follow_up),
            ("GET", one, self._get),
            ("PATCH", one, self._edit),
            ("DELETE", one, self._delete),
        ]

    def _respond(self, call: Call) -> Json | None:
        interaction = self._interactions.awaiting(call["interaction_id"], call["token"])
        record = callbacks.respond(call, interaction)
        if call.query.get("with_response", "").lower() not in ("1", "true"):
            return None
        about: Json = {"id": interaction.id, "type": interaction.kind}
        resource: Json = {"type": interaction.callback_type}
        if record:
            about |= {
                "response_message_id": record["id"],
                "response_message_loading": bool(record["flags"] & LOADING),
                "response_message_ephemeral": bool(record["flags"] & EPHEMERAL),
            }
            resource["message"] = call.shown(record)
        return {"interaction": about, "resource": resource}

    def _answered(self, call: Call) -> Interaction:
        if call["application_id"] != call.world.bot_id:
            raise Refusal(10015)
        return self._interactions.answered(call["token"])

    def _follow_up(self, call: Call) -> Json:
        interaction, parcel = self._answered(call), call.parcel()
        return call.shown(callbacks.follow_up(call.world, interaction, parcel))

    def _found(self, call: Call) -> Json:
        return callbacks.find(call.world, self._answered(call), call["message_id"])

    def _get(self, call: Call) -> Json:
        return call.shown(self._found(call))

    def _edit(self, call: Call) -> Json:
        return call.shown(messages.change(call.world, self._found(call), call.parcel()))

    def _delete(self, call: Call) -> None:
        messages.remove(call.world, self._found(call))
