"""Many open cards are read after a restart, in little time, and within Discord's limit.

COPYDESK_CARDS says how many; the usual number takes some seconds.
"""

import os
import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest

import db.accounts
import db.cards
import db.post_moves
import db.posts
import db.votes
from bot.domain.approval import Verdict, Vote
from bot.domain.post import PostState, target_of
from cogs.ui import words
from db.database import Database
from tests.factories import a_revision
from tests.wire.people import Json, shown
from tests.wire.town import TOKEN, Town, cards_by_database

CARDS = int(os.environ.get("COPYDESK_CARDS", "12"))
LIMIT, WITHIN = 50, 30  # of Discord: requests a second; of ours: seconds for 200 cards
TAKEN_BACK = 4  # every so manieth card has a vote that is taken back


async def send_card(town: Town, number: int) -> Json:
    """Send what stands for a card, as the bot does, with a reaction for every verdict."""
    headers = {"Authorization": f"Bot {TOKEN}"}
    place = f"/api/v10/channels/{town.channel('approvals')}/messages"
    embed = {"title": f"Post {number}"}
    async with town.http.post(place, json={"embeds": [embed]}, headers=headers) as answer:
        card = await answer.json()
    for mark in words.MARKS.values():
        url = f"{place}/{card['id']}/reactions/{mark}/@me"
        async with town.http.put(url, headers=headers) as answer:
            assert answer.status == 204
    return card


async def put_before_the_team(town: Town, cards: list[Json]) -> list[int]:
    """Keep a post for each card, the first due last; every so manieth is held by Paul's reaction,
    which he takes off. The posts' ids.
    """
    database = Database(f"sqlite+aiosqlite:///{town.database}")
    server_id = int(town.rows("SELECT server_id FROM servers")[0])
    now = datetime.now(UTC)
    posts: list[int] = []
    async with database.transaction() as transaction:
        [account, *_] = await db.accounts.find(transaction, server_id=server_id)
        for number, card in enumerate(cards):
            draft = await db.posts.insert(
                transaction,
                server_id=server_id,
                channel_id=int(town.channel("social")),
                author_id=int(town.person("ann")),
                content=a_revision(
                    targets=(target_of(account),),
                    caption=f"Post {number}",
                    due_at=now + timedelta(hours=len(cards) - number),
                ),
                now=now,
            )
            await db.post_moves.move(transaction, draft, PostState.IN_REVIEW)
            message = {"channel_id": int(card["channel_id"]), "message_id": int(card["id"])}
            await db.cards.remember(transaction, draft.id, **message)
            if number % TAKEN_BACK == 0:
                held = Vote(
                    user_id=int(town.person("paul")),
                    verdict=Verdict.HOLD,
                    at=now,
                    roles=frozenset({int(town.roles["Approver"])}),
                    by_reaction=True,
                )
                await db.votes.put(transaction, draft, held)
            posts.append(draft.id)
    await database.close()
    return posts


@pytest.mark.timeout(300)
async def test_open_cards_after_a_restart(
    town: Town, record_property: Callable[[str, object], None]
) -> None:
    """What was added and taken off while the bot was dead counts, every card says so, and Discord,
    which takes 50 calls a second, refuses none.
    """
    cards = [await send_card(town, number) for number in range(CARDS)]
    posts = await put_before_the_team(town, cards)
    for number, card in enumerate(cards):
        if number % TAKEN_BACK:
            await town.react("paul", card, "✅")
    town.discord.limit_requests(LIMIT)
    began = time.monotonic()
    await town.start()
    left = "SELECT count(*) FROM posts WHERE state = 'in_review' UNION ALL SELECT count(*) FROM"
    undecided = [CARDS - len([n for n in range(CARDS) if n % TAKEN_BACK]), 0]
    await town.wait_for(
        lambda: (
            town.rows(f"{left} votes WHERE verdict = 'hold'") == undecided and town.has_told_all()
        ),
        seconds=120,
    )
    seconds = time.monotonic() - began
    by_database = await cards_by_database(town.database)
    now = {each["id"]: shown(each["embeds"][0]) for each in await town.all_messages("approvals")}
    for number, post_id in enumerate(posts):
        said = "Approved by" if number % TAKEN_BACK else "Waits for"
        assert said in str(by_database[post_id])
        assert now[cards[number]["id"]] == by_database[post_id]
    record_property("seconds", round(seconds, 1))
    assert town.discord.refused == 0
    assert seconds < WITHIN
