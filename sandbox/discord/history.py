"""Reading messages: one, or a page of a channel's."""

from bisect import bisect_left, bisect_right
from collections.abc import Iterable
from itertools import islice

from sandbox.discord.call import Call
from sandbox.discord.errors import invalid
from sandbox.discord.permissions import P
from sandbox.discord.values import Json


def get(call: Call) -> Json:
    """Return one message."""
    call.channel(P.READ_MESSAGE_HISTORY)
    return call.shown(call.message())


def page(call: Call) -> list[Json]:
    """Return messages newest first; the query may hold limit and one of before, after, around."""
    channel, query = call.channel(), call.query
    if not call.allowed(P.READ_MESSAGE_HISTORY):
        return []
    limit = call.number("limit", 50)
    if not 1 <= limit <= 100:
        raise invalid(["limit"], "NUMBER_TYPE_BETWEEN", "int value should be between 1 and 100.")
    ids = call.world.store.message_ids(channel["id"])
    if "after" in query:
        found = _visible(call, ids[bisect_right(ids, call.number("after")) :], limit)[::-1]
    elif "around" in query:
        middle = bisect_right(ids, call.number("around"))
        newer = _visible(call, ids[middle:], limit // 2)[::-1]
        found = newer + _visible(call, reversed(ids[:middle]), limit - len(newer))
    else:
        end = bisect_left(ids, call.number("before")) if "before" in query else len(ids)
        found = _visible(call, reversed(ids[:end]), limit)
    return [call.shown(record) for record in found]


def _visible(call: Call, ids: Iterable[int], limit: int) -> list[Json]:
    """Return the first of these messages that the caller sees; ephemeral ones have one viewer."""
    records = (call.world.store.messages[str(each)] for each in ids)
    return list(islice((each for each in records if each["viewer"] in (None, call.uid)), limit))
