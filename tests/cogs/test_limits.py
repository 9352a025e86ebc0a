"""Whatever people write and services answer, Discord takes the messages made of it."""

from dataclasses import replace
from datetime import UTC, datetime

import discord
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from bot.domain.delivery import Delivery, DeliveryState
from bot.domain.event import SPOKEN, Event, EventKind
from bot.domain.post import Post, PostState
from bot.domain.server import Account, Server
from bot.errors import Problem
from cogs.ui import announcement, answers, cards, forms, lists, words
from tests.cogs.discord_limits import assert_embed_fits, assert_form_fits
from tests.factories import SERVER, a_delivery, a_media, a_post, a_revision, a_target

# A post with all its accounts takes long to make up, longer on a busy machine.
FEW = settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])
SNOWFLAKE = 2**63
NOON = datetime(2026, 11, 20, 12, tzinfo=UTC)
HERE = Server(
    server_id=SNOWFLAKE, approvals_channel_id=SNOWFLAKE, approver_role_id=SNOWFLAKE, zone="UTC"
)

PIECES = ["x", "*", "word ", "😀", "[a](b) ", "> \n", "`_~|", "é\u0301", "@everyone "]


def a_line(most: int, least: int = 0) -> st.SearchStrategy[str]:
    """Text of `least` to `most` characters, made of one piece of what people write."""
    count = st.integers(least, most)
    return st.builds(lambda piece, times: (piece * times)[:most], st.sampled_from(PIECES), count)


targets = st.lists(
    st.builds(
        a_target,
        st.just(1),
        name=a_line(300, least=1),
        options=st.sampled_from([{}, {"visibility": "SELF_ONLY"}]),
    ),
    min_size=1,
    max_size=25,
)
media = st.lists(
    st.builds(
        lambda name, size: a_media(name, size=size), a_line(255, least=1), st.integers(1, 1 << 29)
    ),
    max_size=10,
)
contents = st.builds(
    a_revision,
    caption=a_line(4000).map(str.strip),
    title=a_line(300).map(str.strip),
    targets=targets.map(tuple),
    media=media.map(tuple),
    due_at=st.sampled_from([None, NOON]),
    number=st.integers(1, 999),
)
posts = st.builds(
    lambda state, content: a_post(
        state,
        content=content,
        id=10**9,
        author_id=SNOWFLAKE,
        decided_by=SNOWFLAKE,
        server_id=SNOWFLAKE,
        card_channel_id=SNOWFLAKE,
        card_message_id=SNOWFLAKE,
    ),
    st.sampled_from(PostState),
    contents,
)


@st.composite
def delivered(draw: st.DrawFn) -> tuple[Post, list[Delivery]]:
    """A post with a delivery for each of its accounts, as services may leave them."""
    post = draw(posts)
    deliveries = [
        a_delivery(
            draw(st.sampled_from(DeliveryState)),
            target=target,
            link=draw(st.sampled_from(["", f"https://social.example/{'p' * 80}"])),
            reason=draw(a_line(600)),
            remedy=draw(a_line(200)),
        )
        for target in post.content.targets
    ]
    return post, deliveries


def the_largest(state: PostState) -> Post:
    """The largest post that the form takes."""
    content = a_revision(
        caption="x" * 4000,
        title="y" * 300,
        targets=tuple(a_target(number, name="n" * 50) for number in range(25)),
        media=tuple(a_media("f" * 200 + ".jpg") for _ in range(10)),
        due_at=NOON,
        number=99,
    )
    return a_post(
        state,
        content=content,
        id=10**9,
        author_id=SNOWFLAKE,
        decided_by=SNOWFLAKE,
        card_channel_id=SNOWFLAKE,
        card_message_id=SNOWFLAKE,
    )


def its_deliveries(post: Post, reason: str) -> list[Delivery]:
    """A delivery for each account, all with a link and a reason."""
    return [
        a_delivery(
            DeliveryState.FAILED,
            target=target,
            link=f"https://social.example/{number}/{'p' * 60}",
            reason=reason,
        )
        for number, target in enumerate(post.content.targets)
    ]


@FEW
@given(delivered())
@example((the_largest(PostState.IN_REVIEW), []))
@example(
    (the_largest(PostState.APPROVED), its_deliveries(the_largest(PostState.APPROVED), "r" * 900))
)
def test_every_card_fits(case: tuple[Post, list[Delivery]]) -> None:
    """A card that Discord refuses would keep a post from ever being decided on."""
    post, deliveries = case
    for shown in (deliveries, []):
        card = cards.card(post, shown, HERE)
        assert_embed_fits(card)
        assert card.description
        assert {"Where it stands", "Accounts", "When", "Author"} <= {
            field.name for field in card.fields
        }


@FEW
@given(delivered(), st.sampled_from(sorted(SPOKEN)))
def test_every_announcement_fits(case: tuple[Post, list[Delivery]], kind: EventKind) -> None:
    """A result that Discord refuses would never be told."""
    post, deliveries = case
    event = Event(id=1, server_id=SERVER, kind=kind, at=NOON, post_id=post.id, actor_id=SNOWFLAKE)
    assert_embed_fits(announcement.embed(event, post, deliveries))


@FEW
@given(st.integers(1, 150), st.integers(0, 10), st.integers(3900, 4000))
def test_every_full_card_fits(name: int, files: int, caption: int) -> None:
    """However little room a long caption leaves, what is added to the card keeps within it."""
    content = replace(
        the_largest(PostState.IN_REVIEW).content,
        caption="x" * caption,
        targets=tuple(a_target(number, name="n" * name) for number in range(25)),
        media=tuple(a_media("f" * name) for _ in range(files)),
    )
    card = cards.card(replace(the_largest(PostState.IN_REVIEW), content=content), [], HERE)
    assert_embed_fits(card)
    assert ("Files" in [field.name for field in card.fields]) == bool(files)


def test_the_largest_result_names_every_account() -> None:
    """25 accounts that failed with long reasons: each is named, with its link."""
    post = the_largest(PostState.APPROVED)
    deliveries = its_deliveries(post, "because " * 60)
    event = Event(id=1, server_id=SERVER, kind=EventKind.SETTLED, at=NOON, post_id=post.id)
    told = announcement.embed(event, post, deliveries)
    assert_embed_fits(told)
    lines = "\n".join(field.value or "" for field in told.fields)
    for delivery in deliveries:
        assert f"[open]({delivery.link})" in lines


@FEW
@given(st.integers(1, 600), st.integers(1, 25))
def test_every_full_announcement_fits(reason: int, accounts: int) -> None:
    """However long the reasons of however many accounts are, the result can be told."""
    post = the_largest(PostState.APPROVED)
    deliveries = its_deliveries(post, "r" * reason)[:accounts]
    event = Event(id=10**9, server_id=SERVER, kind=EventKind.SETTLED, at=NOON, post_id=post.id)
    told = announcement.embed(event, post, deliveries)
    assert_embed_fits(told)
    assert sum((field.value or "").count("[open]") for field in told.fields) == accounts


def test_the_largest_card_keeps_its_whole_text() -> None:
    """What is approved is read in full: the caption is never cut."""
    assert (cards.card(the_largest(PostState.IN_REVIEW), [], HERE).description) == "x" * 4000


def a_list(lines: list[str]) -> discord.Embed:
    """An answer that is a list."""
    embed = discord.Embed(title="Posts")
    words.add_lines(embed, "Newest first", lines)
    return embed


@FEW
@given(delivered())
@example((the_largest(PostState.IN_REVIEW), []))
def test_every_list_fits(case: tuple[Post, list[Delivery]]) -> None:
    """`/post list` shows 25 posts in one message."""
    embed = a_list([lists.list_line(*case)] * 25)
    assert_embed_fits(embed)
    assert "more" not in (embed.fields[-1].value or "").rpartition("\n")[2]


problems = st.lists(
    st.builds(Problem, field=a_line(40, least=1), message=a_line(900, least=1), remedy=a_line(300)),
    min_size=1,
    max_size=40,
)


@FEW
@given(problems)
@example([Problem(field="Media", message="m" * 900, remedy="r" * 300)] * 40)
def test_every_answer_about_problems_fits(found: list[Problem]) -> None:
    """40 problems are answered in one message; what is not shown is counted."""
    embed = answers.problem_list(found)
    embed.description = "What you typed is kept as draft 1000000000."
    assert_embed_fits(embed)
    shown = len(embed.fields)
    hidden = len(found) - shown
    assert hidden == 0 or f"and {hidden} more" in (embed.footer.text or "")


def test_a_long_problem_keeps_its_remedy() -> None:
    """Where a message must be cut, what to do stays."""
    problem = Problem(field="Media", message="m" * 900, remedy="Give a smaller file.")
    assert "Give a smaller file." in (answers.problem_list([problem]).fields[0].value or "")


accounts = st.lists(
    st.builds(
        lambda name, username, usable: (name, username, usable),
        a_line(300, least=1),
        a_line(100),
        st.booleans(),
    ),
    min_size=1,
    max_size=40,
).map(
    lambda found: [
        Account(
            id=number,
            server_id=SERVER,
            connection_id=1,
            provider="wahdx",
            remote_id=str(number),
            platform=a_target().platform,
            name=name,
            username=username,
            usable=usable,
        )
        for number, (name, username, usable) in enumerate(found, 1)
    ]
)


@FEW
@given(accounts, contents)
def test_every_form_fits(known: list[Account], content: object) -> None:
    """The form of a post opens, empty or filled, however many accounts there are."""
    assert_form_fits(forms.post_form("post:new", known))
    assert_form_fits(forms.post_form("post:new:service", known, content))  # pyright: ignore[reportArgumentType]


@FEW
@given(accounts)
def test_every_list_of_accounts_fits(known: list[Account]) -> None:
    """The answer of `/account check` fits."""
    assert_embed_fits(a_list([words.account(account) for account in known]))
