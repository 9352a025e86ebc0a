"""Writing a post: kept first, checked second."""

from dataclasses import replace
from datetime import timedelta

import pytest

from bot.domain.limits import AccountLimits
from bot.domain.media import Media
from bot.domain.platform import Platform
from bot.domain.post import Post, PostState
from bot.errors import ConflictError, InputError, Problem, TryLaterError
from bot.workflow import accounts, browse, compose, configure, connect, redraft
from bot.workflow.compose import Typed
from bot.workflow.desk import Desk
from bot.workflow.media_links import MediaLinks
from tests.factories import AUTHOR, SERVER, a_media, a_video
from tests.life import Life
from tests.scripted import ACCOUNTS, Clock, ScriptedService

TIKTOK, INSTAGRAM, THREADS = Platform.TIKTOK, Platform.INSTAGRAM, Platform.THREADS


def photos(count: int) -> list[Media]:
    """Make photos."""
    return [a_media(sha256=f"{n:064x}") for n in range(count)]


async def refused(desk: Desk, post: Post, problems: tuple[Problem, ...] = ()) -> list[str]:
    """Put a post before the team in vain; every problem as a line."""
    with pytest.raises(InputError) as caught:
        await compose.ask_review(desk, post, problems=problems)
    return [str(problem) for problem in caught.value.problems]


BAD_INPUT = [
    pytest.param(
        {"caption": " \n "},
        ["Caption: the post is empty: no text and no file. Write a caption or add a file."],
        id="empty",
    ),
    pytest.param(
        {"caption": "👍" * 126},
        [
            "Caption: Threads · Talk takes 500 characters, an emoji counting as its bytes; "
            "this has 504. Shorten it by 4, or give this account its own text."
        ],
        id="caption over the limit in its own unit",
    ),
    pytest.param(
        {"media": photos(11)},
        ["Media: a post takes 10 files; 11 were given. Take 1 away."],
        id="11 files",
    ),
    pytest.param(
        {"media": [a_media(), a_video()]},
        [
            "Media: a post takes photos or one video; 1 photo and 1 video were given. "
            "Keep the photos or one video."
        ],
        id="a photo and a video",
    ),
    pytest.param(
        {"media": [a_media("p.webp", "image/webp")]},
        [
            "Media: Threads · Talk takes jpeg, png; p.webp is image/webp. "
            "Convert it, or leave this account out."
        ],
        id="a type this platform does not take",
    ),
    pytest.param(
        {"when": "yesterday 9:00"},
        ["When: “yesterday 9:00” is in the past. Give a later time, or write now."],
        id="in the past",
    ),
    pytest.param(
        {"when": "2027-03-28 02:30"},
        [
            "When: “2027-03-28 02:30” does not exist in Europe/Berlin: the clocks go forward then."
            " Give a time before or after the change."
        ],
        id="in the spring gap",
    ),
    pytest.param(
        {"when": "soonish"},
        [
            "When: “soonish” is not understood as a time. Write it like now · tomorrow 9:00 · "
            "fri 18:30 · in 2 minutes · 2026-12-24 18:00."
        ],
        id="not understood",
    ),
    pytest.param(
        {"when": "soonish", "caption": ""},
        ["When: “soonish” is", "Caption: the post is empty"],
        id="everything at once",
    ),
]


@pytest.mark.parametrize(("typed", "problems"), BAD_INPUT)
async def test_bad_input(life: Life, desk: Desk, typed: dict, problems: list[str]) -> None:
    """What is wrong is told with field, limit, find and remedy, and what was typed is kept."""
    await configure.change(desk, server_id=SERVER, user_id=AUTHOR, zone="Europe/Berlin")
    post = await life.write(THREADS, **typed)
    lines = await refused(desk, post)
    assert len(lines) == len(problems)
    assert all(line.startswith(problem) for line, problem in zip(lines, problems, strict=True))
    kept = await redraft.get(desk, server_id=SERVER, post_id=post.id, user_id=AUTHOR)
    assert kept == post
    assert kept.content.caption == typed.get("caption", "Hello").strip()
    assert kept.content.when_text == typed.get("when", "now")
    assert len(kept.content.media) == len(typed.get("media", ()))


async def test_no_account(life: Life, desk: Desk) -> None:
    """A post for no account is kept, and the answer says so."""
    lines = await refused(desk, await life.write())
    assert lines == ["Accounts: no account was chosen. Choose at least one."]


async def test_text_where_media_is_needed(life: Life, desk: Desk) -> None:
    """An account that takes no bare text names what it takes."""
    lines = await refused(desk, await life.write(INSTAGRAM, THREADS))
    assert lines == [
        "Media: Instagram · Pictures takes photos or video; no file was given. "
        "Add photos or video, or leave this account out."
    ]


async def test_each_account_speaks(life: Life, desk: Desk) -> None:
    """Each account that refuses is named with its own limit."""
    post = await life.write(TIKTOK, INSTAGRAM, caption="x" * 2201, media=[a_video()])
    lines = await refused(desk, post)
    assert [line.split(" takes ")[0] for line in lines] == [
        "Caption: TikTok · Clips",
        "Caption: Instagram · Pictures",
    ]


async def test_account_that_must_be_reconnected(
    life: Life, desk: Desk, service: ScriptedService
) -> None:
    """A post for an account that is broken now is refused before anyone is asked."""
    post = await life.write(THREADS)
    service.listed = [replace(account, usable=False) for account in ACCOUNTS]
    await accounts.refresh(desk, SERVER)
    [line] = await refused(desk, post)
    assert line.startswith("Accounts: Threads · Talk must be reconnected at its service.")


async def test_no_public_address(life: Life, desk: Desk) -> None:
    """Where services cannot fetch files, a post with files says what the operator must set."""
    desk = replace(desk, links=MediaLinks("", desk.services.vault))
    [line] = await refused(desk, await life.write(THREADS, media=[a_media()]))
    assert "PUBLIC_URL is not set" in line
    await compose.ask_review(desk, await life.write(THREADS))


async def test_problems_of_the_caller(life: Life, desk: Desk) -> None:
    """Problems that the caller found are told together with ours, and stop the post too."""
    wrong = Problem(field="Media", message="it is wrong.", remedy="Mend it.")
    assert await refused(desk, await life.write(THREADS), (wrong,)) == [str(wrong)]


@pytest.mark.parametrize("engine", ["sqlite", "postgresql"])
async def test_text_is_kept_without_nul(life: Life, desk: Desk) -> None:
    """A NUL among what was typed loses nothing else, whatever the database."""
    post = await life.write(caption="\x00 Hello\x00, harbour ")
    assert post.content.caption == "Hello, harbour"


async def test_review_freezes(life: Life, desk: Desk, clock: Clock) -> None:
    """What the team decides on has its time and options fixed, and is read back the same."""
    await configure.change(desk, server_id=SERVER, user_id=AUTHOR, zone="Asia/Tokyo")
    written = await life.write(THREADS, when="in 1 hour")
    clock.forward(timedelta(minutes=10))
    post = await compose.ask_review(desk, written)
    assert post.content.due_at == clock() + timedelta(hours=1)
    assert post.content.zone == "Asia/Tokyo"
    found = (await browse.show(desk, server_id=SERVER, post_id=post.id)).post
    assert found == post
    assert found.content.digest() == post.content.digest()


@pytest.mark.parametrize("engine", ["sqlite", "postgresql"])
async def test_asked_once(life: Life, desk: Desk) -> None:
    """A form that is sent twice puts one post before the team once."""
    post = await life.write(THREADS)
    await compose.ask_review(desk, post)
    with pytest.raises(ConflictError, match="changed meanwhile"):
        await compose.ask_review(desk, post)
    assert len(await life.events(post)) == 1


@pytest.mark.parametrize(
    ("allowed", "chosen"),
    [
        (None, "PUBLIC_TO_EVERYONE"),
        (AccountLimits(visibilities=()), "PUBLIC_TO_EVERYONE"),
        (AccountLimits(visibilities=("FOLLOWER_OF_CREATOR", "SELF_ONLY")), "FOLLOWER_OF_CREATOR"),
    ],
)
async def test_visibility_is_named(
    life: Life, service: ScriptedService, allowed: AccountLimits | None, chosen: str
) -> None:
    """TikTok is always told the most public visibility the account allows, never left to default."""
    service.allowed = allowed
    post = await life.approved(TIKTOK, THREADS, media=[a_video()])
    options = [dict(target.options) for target in post.content.targets]
    assert options == [{"visibility": chosen}, {}]
    await life.publish()
    assert [dict(call.recipients[0].options) for call in service.submissions] == options


async def test_limits_that_cannot_be_read(
    life: Life, service: ScriptedService, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A service that does not tell its limits now does not hold up the writing."""

    async def busy(_remote_id: str) -> AccountLimits | None:
        raise TryLaterError("Busy.")

    monkeypatch.setattr(service, "account_limits", busy)
    post = await life.in_review(TIKTOK, media=[a_video()])
    assert post.content.targets[0].options == {"visibility": "PUBLIC_TO_EVERYONE"}


async def test_accounts_of_other_servers(life: Life, desk: Desk) -> None:
    """Accounts of another server cannot be chosen, whatever ids a form sends."""
    [account, *_] = await connect.connect(
        desk, server_id=1, provider="wahdx", credentials={"key": "k"}, user_id=AUTHOR
    )
    typed = Typed(caption="a", title="", account_ids=(account.id,), when_text="", media=())
    post = await compose.write(desk, server_id=SERVER, channel_id=1, author_id=AUTHOR, typed=typed)
    assert post.content.targets == ()


async def test_nothing_is_refused_at_the_limit(life: Life, desk: Desk) -> None:
    """A post exactly at every limit is put before the team."""
    post = await life.write(THREADS, caption="👍" * 125, media=photos(10))
    assert (await compose.ask_review(desk, post)).state is PostState.IN_REVIEW
