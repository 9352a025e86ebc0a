"""Calls to Discord take their turns, so that its limit is never met."""

from itertools import accumulate

import yarl
from discord.http import Route
from hypothesis import given
from hypothesis import strategies as st

from bot import turns
from bot.turns import AT_ONCE, CALLS_A_SECOND, Turns

LIMIT = 50  # of Discord


@given(st.lists(st.sampled_from([0.0, 0.001, 0.03, 0.2, 3.0]), max_size=300))
def test_never_too_many_in_a_second(pauses: list[float]) -> None:
    """However calls come, at most 45 begin in any second, each in its order; 5 are to spare."""
    paced = Turns(CALLS_A_SECOND, at_once=AT_ONCE)
    begun = [now + paced.take(now) for now in accumulate(pauses, initial=100.0)]
    assert begun == sorted(begun)
    most = CALLS_A_SECOND + AT_ONCE
    for first, later in zip(begun, begun[most:], strict=False):
        assert later - first > 0.99
    assert most <= LIMIT - 5


def test_nobody_waits_alone() -> None:
    """After a rest the first calls go out at once."""
    paced = Turns(CALLS_A_SECOND, at_once=AT_ONCE)
    assert [paced.take(100.0) for _ in range(AT_ONCE)] == [0.0] * AT_ONCE
    assert paced.take(100.0) > 0


def test_what_counts() -> None:
    """Answers to people count to no limit, and addresses elsewhere are none of Discord's."""
    root = yarl.URL(Route.BASE)
    assert turns._counts(root, root / "channels/1/messages/2")
    for uncounted in (root / "interactions/1/token/callback", root / "webhooks/1/token"):
        assert not turns._counts(root, uncounted)
    assert not turns._counts(root, yarl.URL("https://cdn.discordapp.com/attachments/1"))
