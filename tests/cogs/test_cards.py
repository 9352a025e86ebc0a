"""Cards and announcements as values: every state is drawn, and people's words stay words."""

import re
from dataclasses import replace
from datetime import UTC, datetime

import discord
import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.delivery import DeliveryState
from bot.domain.event import SPOKEN, Event, EventKind
from bot.domain.platform import Platform
from bot.domain.post import PostState
from bot.domain.server import Server
from bot.domain.times import Timing
from cogs.ui import announcement, cards, lists, option_forms, reminded, words
from tests.factories import (
    APPROVER,
    AUTHOR,
    SERVER,
    a_delivery,
    a_media,
    a_post,
    a_revision,
    a_target,
)

HERE = Server(server_id=SERVER, approvals_channel_id=21, approver_role_id=22)
NOON = datetime(2026, 11, 20, 12, tzinfo=UTC)


def text_of(embed: discord.Embed) -> str:
    """Everything that stands in an embed."""
    parts = [embed.title or "", embed.description or "", embed.footer.text or ""]
    return "\n".join(parts + [f"{field.name}: {field.value}" for field in embed.fields])


def an_event(kind: EventKind) -> Event:
    """Something that happened to post 1."""
    return Event(id=9, server_id=SERVER, kind=kind, at=NOON, post_id=1, actor_id=APPROVER)


@pytest.mark.parametrize("state", PostState)
def test_every_state_of_a_post_is_drawn(state: PostState) -> None:
    """A card has a colour of its own for each state, and says where the post stands."""
    post = a_post(state, decided_by=APPROVER)
    embed = cards.card(post, [], HERE)
    assert embed.colour == discord.Colour(words.POST_COLOURS[state])
    standing = next(field.value for field in embed.fields if field.name == "Where it stands")
    assert standing
    said = {PostState.IN_REVIEW: "waits for <@&22>"}.get(state, state.words)
    assert said.lower() in standing.lower()


def test_colours_tell_states_apart() -> None:
    """No two states share a colour."""
    assert set(words.POST_COLOURS) == set(PostState)
    assert len(set(words.POST_COLOURS.values())) == len(PostState)


@pytest.mark.parametrize("state", DeliveryState)
def test_every_state_of_a_delivery_is_drawn(state: DeliveryState) -> None:
    """A line begins with the state's mark and says it in words, beside the account."""
    line = cards.delivery_line(a_delivery(state))
    assert line.startswith(words.DELIVERY_MARKS[state])
    assert state.words in line
    assert "**Threads · Talk**" in line


def test_marks_tell_states_apart() -> None:
    """No two states of a delivery share a mark."""
    assert len(set(words.DELIVERY_MARKS.values())) == len(DeliveryState)


def test_a_delivery_shows_its_link_and_its_reason() -> None:
    """What is known is on the line: where to see it, why not, and what to do."""
    published = a_delivery(DeliveryState.PUBLISHED, link="https://t.example/1")
    assert "[open](https://t.example/1)" in cards.delivery_line(published)
    failed = a_delivery(DeliveryState.FAILED, reason="Too long.", remedy="Shorten it.")
    assert cards.delivery_line(failed).endswith("failed · Too long. Shorten it.")


@pytest.mark.parametrize(
    ("visibility", "told"),
    [
        ("PUBLIC_TO_EVERYONE", "visible to everyone"),
        ("SELF_ONLY", "visible to nobody but the account"),
        ("SOMETHING_NEW", "SOMETHING_NEW"),
    ],
)
def test_visibility_is_shown_before_approval(visibility: str, told: str) -> None:
    """Who will see a post is part of what is approved; an unknown level is shown as it is."""
    target = a_target(options={"visibility": visibility})
    card = cards.card(a_post(PostState.IN_REVIEW, content=a_revision(targets=(target,))), [], HERE)
    assert told in text_of(card)


def test_a_card_shows_all_that_is_approved() -> None:
    """Text, title, accounts, time, files and author stand on the card."""
    content = a_revision(
        caption="Fresh\nbeans",
        title="Beans",
        media=(a_media("beans.jpg", size=2_500_000),),
        targets=(a_target(1, name="One"), a_target(2, name="Two")),
        due_at=NOON,
    )
    shown = text_of(cards.card(a_post(PostState.IN_REVIEW, content=content), [], HERE))
    parts = ["Fresh\nbeans", "Post 1 · Beans", "beans.jpg", "2.4 MiB", "Threads · One"]
    parts += ["Threads · Two", discord.utils.format_dt(NOON, "F"), f"<@{AUTHOR}>"]
    for part in parts:
        assert part in shown


@pytest.mark.parametrize(
    ("size", "read"), [(1, "1 byte"), (84, "84 bytes"), (2048, "2 KiB"), (3 << 20, "3.0 MiB")]
)
def test_sizes_are_read_by_people(size: int, read: str) -> None:
    """A small file is not shown as nothing."""
    assert words.size(size) == read


def test_a_cancelled_post_that_had_left_in_part_says_so() -> None:
    """The card of such a post shows what went out."""
    deliveries = [
        a_delivery(DeliveryState.PUBLISHED, attempts=1),
        a_delivery(DeliveryState.CANCELLED),
    ]
    post = a_post(PostState.CANCELLED, decided_by=APPROVER)
    said = cards.standing(post, deliveries, HERE)
    assert f"Cancelled by <@{APPROVER}>, in part after it left · 1 of 2 published" in said


@pytest.mark.parametrize("kind", sorted(SPOKEN - reminded.KINDS))
def test_every_event_that_is_told_has_words(kind: EventKind) -> None:
    """An announcement names the post, quotes its text, and carries the mark it is found by."""
    post = a_post(PostState.APPROVED, card_channel_id=21, card_message_id=31)
    event = an_event(kind)
    told = announcement.embed(event, post, [a_delivery(DeliveryState.PUBLISHED)])
    assert "post 1" in text_of(told).lower()
    assert told.footer.text == announcement.mark(event)
    assert len(told.description or "") > len("> Hello") or kind is EventKind.SETTLED


@pytest.mark.parametrize(
    ("states", "colour"),
    [
        ([DeliveryState.PUBLISHED], 0x2E9E5B),
        ([DeliveryState.PUBLISHED, DeliveryState.UNKNOWN], 0xE0A526),
        ([DeliveryState.UNKNOWN, DeliveryState.FAILED], 0xC0392B),
        ([DeliveryState.PUBLISHED, DeliveryState.MISSED], 0xC0392B),
    ],
)
def test_the_colour_of_a_result_is_that_of_its_worst_part(
    states: list[DeliveryState], colour: int
) -> None:
    """Red where something failed, amber where people must look, else green."""
    deliveries = [a_delivery(state) for state in states]
    told = announcement.embed(an_event(EventKind.SETTLED), a_post(PostState.APPROVED), deliveries)
    assert told.colour == discord.Colour(colour)


def test_a_card_shows_the_text_as_it_will_go_out() -> None:
    """Stars, mentions and hidden links in a caption are shown as they are typed: so they go out."""
    caption = "*a* `b` ||c|| <@1>\n  # d\n- e\n[x](https://a_b.example) [y](https://c.example) #f"
    content = a_revision(caption=caption, title="*T*")
    card = cards.card(a_post(PostState.IN_REVIEW, content=content), [], HERE)
    assert card.description == (
        r"\*a\* \`b\` \|\|c\|\| \<@1>" + "\n"
        r"  \# d" + "\n" + r"\- e" + "\n"
        r"\[x](https://a_b.example) \[y](https://c.example) #f"
    )
    assert card.title == r"Post 1 · \*T\*"


def test_a_caption_with_more_markup_than_room_becomes_a_block_of_code() -> None:
    """4,000 stars do not fit escaped; they are still all there, and nothing is markup."""
    caption = "*" * 3990 + "[x](y)```\n"
    card = cards.card(a_post(content=a_revision(caption=caption)), [], HERE)
    assert card.description == "```\n" + "*" * 3990 + "[x](y)ˋˋˋ\n\n```"


@given(st.text(st.sampled_from("ab *_~`|[]()<>#-\\\n")))
def test_escaping_loses_nothing(text: str) -> None:
    """Every sign stands behind a backslash, and without the backslashes the text is the same."""
    escaped = words.escape(text)
    assert re.sub(r"\\(.)", r"\1", escaped) == text
    assert not re.search(r"(?<!\\)(?:\\\\)*[*_~`|\[<]", re.sub(r"\\.", "", escaped))
    assert not re.search(r"^\s*[>#-]", re.sub(r"\\.", "x", escaped), re.MULTILINE)


def test_words_of_people_do_not_break_lines_of_ours() -> None:
    """Names of accounts and files, reasons and captions cannot end our markup or start theirs."""
    target = a_target(name="**bold** [x](https://bad.example)")
    delivery = a_delivery(DeliveryState.FAILED, target=target, reason="*no* `way`")
    line = cards.delivery_line(delivery)
    assert r"\*\*bold\*\*" in line
    assert r"\[x](https://bad.example)" in line
    assert r"\*no\* \`way\`" in line
    content = a_revision(caption="a\n# b *c*", media=(a_media("x`y`z.jpg"),))
    post = a_post(PostState.IN_REVIEW, content=content)
    assert "\n" not in lists.list_line(post, [])
    assert r"\*c\*" in lists.list_line(post, [])
    files = next(field for field in cards.card(post, [], HERE).fields if field.name == "Files")
    assert (files.value or "").count("`") == 2


def test_nothing_people_write_reaches_the_text_that_can_ping() -> None:
    """Announcements carry captions in the embed only, where mentions are quiet."""
    content = a_revision(caption="@everyone <@&1> <@2>")
    told = announcement.embed(an_event(EventKind.REJECTED), a_post(content=content), [])
    assert isinstance(told, discord.Embed)
    assert "@everyone" in (told.description or "")


def test_an_announcement_links_to_the_card() -> None:
    """The first message in the channel of origin leads to where the decision is made."""
    post = a_post(PostState.IN_REVIEW, card_channel_id=21, card_message_id=31)
    told = announcement.embed(an_event(EventKind.REVIEW_ASKED), post, [])
    assert f"https://discord.com/channels/{SERVER}/21/31" in (told.description or "")


def test_a_caption_of_nothing_is_shown_as_such() -> None:
    """A post of files alone has a card that says so."""
    card = cards.card(a_post(content=a_revision(caption="", media=(a_media(),))), [], HERE)
    assert card.description == "*no text*"


def test_a_backup_is_shown_before_and_after_it_was_used() -> None:
    """Who takes over is read before a post is approved and while it waits; why it did, afterwards."""
    spare = a_target(2, provider="genviral", connection_id=2)
    target = a_target(backup=spare)
    backup = "backup: Threads · Talk via Genviral"
    content = a_revision(targets=(target,))
    assert backup in text_of(cards.card(a_post(content=content), [], HERE))
    for state in DeliveryState:
        line = cards.delivery_line(a_delivery(state, target=target))
        assert (backup in line) == (state is DeliveryState.WAITING)
    used = a_delivery(DeliveryState.PUBLISHED, target=spare, takeover="Too *rude*.")
    told = cards.delivery_line(used)
    assert told.endswith(r"moved to its backup via Genviral because: Too \*rude\*.")


def test_a_backup_says_who_will_see_it() -> None:
    """What is chosen for the backup is read with it: it is approved as well. What hides a post
    stands out where nobody chose it.
    """
    spare = a_target(2, options={"visibility": "SELF_ONLY"})
    line = cards.target_line(a_target(backup=spare), a_revision())
    assert line.endswith("via WAHDX · visible to nobody but the account")
    unmeant = replace(spare, assumed=("visibility",))
    line = cards.target_line(a_target(backup=unmeant), a_revision())
    assert line.endswith("via WAHDX · ⚠️ visible to nobody but the account")


@pytest.mark.parametrize(
    ("provider", "is_told"), [("wayinvideo", True), ("genviral", False), ("wahdx", False)]
)
def test_what_a_service_does_not_give_back_is_told_before(provider: str, is_told: bool) -> None:
    """Where a post that was handed over can be neither stopped nor moved, its card says so while
    people decide.
    """
    target = a_target(provider=provider, platform=Platform.TIKTOK)
    content = a_revision(due_at=NOON, timing=Timing.SERVICE, targets=(target,))
    card = cards.card(a_post(PostState.IN_REVIEW, content=content), (), HERE)
    told = "from then on it cannot be taken back or moved from here"
    assert (told in text_of(card)) is is_told


@pytest.mark.parametrize(
    ("named", "shown"), [({}, "1234"), ({"pinterest_board_id": "Ca*kes"}, r"Ca\*kes")]
)
def test_a_chosen_board_is_shown_by_its_name(named: dict[str, str], shown: str) -> None:
    """Before and after the approval a board stands by the name people know, or by its id where
    nobody knows one.
    """
    target = a_target(
        provider="upload_post",
        platform=Platform.PINTEREST,
        options={"pinterest_board_id": "1234", "pinterest_link": "https://a.example"},
        named=named,
    )
    post = a_post(PostState.APPROVED, content=a_revision(media=(a_media(),), targets=(target,)))
    line = f"**Pinterest · Talk** · Board: {shown}"
    assert line in text_of(cards.card(post, [], HERE))
    delivery = a_delivery(target=replace(target, named={}))
    assert f"{line} · waiting" in text_of(cards.card(post, [delivery], HERE))
    declared = option_forms.declared(target, post.content.kind)
    assert f"Board: {shown}" in option_forms.lines(declared, target)
