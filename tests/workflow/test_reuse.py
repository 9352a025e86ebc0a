"""Beginning a post with what another holds, or with a template."""

from collections.abc import AsyncIterator

import pytest

from bot.domain.media import Media
from bot.domain.platform import Platform
from bot.domain.post import Post, PostState
from bot.errors import InputError, NotFoundError
from bot.storage import name_of
from bot.workflow import browse, intake, named, reuse, sets, templates
from bot.workflow.desk import Desk
from bot.workflow.reuse import Author, Instead
from tests import pictures
from tests.factories import AUTHOR, CHANNEL, SERVER
from tests.life import Life
from tests.workflow.test_life import on_both_engines

ME = Author(server_id=SERVER, channel_id=CHANNEL, user_id=AUTHOR + 1)


async def a_photo(desk: Desk) -> Media:
    """Keep a photo."""

    async def pieces() -> AsyncIterator[bytes]:
        yield pictures.JPEG

    return await intake.keep(desk, SERVER, "beans.jpg", pieces())


async def template_of(life: Life, post: Post, name: str = "Monday") -> str:
    """Keep a post as a template."""
    return await templates.save(
        life.desk, server_id=SERVER, user_id=AUTHOR, post_id=post.id, name=name
    )


@on_both_engines
async def test_a_duplicate_is_a_draft_of_ones_own(life: Life, desk: Desk) -> None:
    """Text, files and accounts are taken over, the time and the rule are not; the card is linked."""
    post = await life.in_review(
        Platform.TIKTOK, caption="Beans", media=[await a_photo(desk)], when="every tue 9:00"
    )
    draft, lost = await reuse.duplicate(desk, ME, post.id)
    assert lost == []
    assert (draft.state, draft.author_id, draft.id > post.id) == (
        PostState.DRAFT,
        ME.user_id,
        True,
    )
    content = draft.content
    assert (content.caption, content.when_text, content.repeats, content.number) == (
        "Beans",
        "",
        "",
        1,
    )
    assert [item.filename for item in content.media] == ["beans.jpg"]
    assert [target.platform for target in content.targets] == [Platform.TIKTOK]
    kept = (await browse.show(desk, server_id=SERVER, post_id=draft.id)).post
    assert kept.source is not None
    assert str(post.card_message_id) in kept.source.link


async def test_what_is_gone_is_told(life: Life, desk: Desk) -> None:
    """A file that is not kept any more is left out, and said so."""
    photo = await a_photo(desk)
    post = await life.in_review(Platform.THREADS, media=[photo])
    await desk.storage.remove([name_of(SERVER, photo)])
    draft, [lost] = await reuse.duplicate(desk, ME, post.id)
    assert draft.content.media == ()
    assert "beans.jpg is not kept" in str(lost)


async def test_drafts_of_others_are_private(life: Life, desk: Desk) -> None:
    """A draft that nobody was asked about is nobody else's to copy, and no other server's."""
    draft = await life.write(Platform.THREADS)
    with pytest.raises(NotFoundError):
        await reuse.duplicate(desk, ME, draft.id)
    with pytest.raises(NotFoundError):
        await templates.save(
            desk, server_id=SERVER, user_id=ME.user_id, post_id=draft.id, name="Mine"
        )
    elsewhere = Author(server_id=SERVER + 1, channel_id=CHANNEL, user_id=AUTHOR)
    with pytest.raises(NotFoundError):
        await reuse.duplicate(desk, elsewhere, draft.id)


@on_both_engines
async def test_a_template_begins_posts(life: Life, desk: Desk) -> None:
    """What a template holds is what a post begins with, but for what is given instead."""
    post = await life.write(Platform.THREADS, caption="Every Monday", title="Beans")
    assert await template_of(life, post, "  Monday   beans ") == "Monday beans"
    draft, _ = await reuse.from_template(desk, ME, "Monday beans", Instead())
    assert (draft.content.caption, draft.content.title) == ("Every Monday", "Beans")
    tiktok = (await life.connect())[Platform.TIKTOK]
    given = Instead(caption="Today", account_ids=(tiktok,), when_text="tomorrow 9:00")
    draft, _ = await reuse.from_template(desk, ME, "Monday beans", given)
    assert (draft.content.caption, draft.content.when_text) == ("Today", "tomorrow 9:00")
    assert [target.account_id for target in draft.content.targets] == [tiktok]


@on_both_engines
async def test_templates_are_named(life: Life, desk: Desk) -> None:
    """One name, one template: saving again replaces it, deleting forgets it."""
    await template_of(life, await life.write(Platform.THREADS, caption="Old"))
    await template_of(life, await life.write(Platform.THREADS, caption="New"))
    [kept] = await templates.find(desk, SERVER)
    assert (kept.name, kept.content.caption) == ("Monday", "New")
    assert await templates.find(desk, SERVER + 1) == []
    await templates.remove(desk, server_id=SERVER, user_id=AUTHOR, name="Monday")
    with pytest.raises(NotFoundError):
        await templates.get(desk, server_id=SERVER, name="Monday")
    with pytest.raises(NotFoundError):
        await templates.remove(desk, server_id=SERVER, user_id=AUTHOR, name="Monday")


@pytest.mark.parametrize("name", ["  ", "x" * 65, "\x00"])
async def test_bad_names(life: Life, name: str) -> None:
    """A name that is none is told with what it takes."""
    with pytest.raises(InputError, match="1 to 64 characters"):
        await template_of(life, await life.write(Platform.THREADS), name)


async def test_not_too_many(life: Life, monkeypatch: pytest.MonkeyPatch) -> None:
    """A server keeps so many; the same name is replaced all the same."""
    monkeypatch.setattr(templates, "MOST", 1)
    post = await life.write(Platform.THREADS)
    await template_of(life, post, "One")
    await template_of(life, post, "One")
    with pytest.raises(InputError, match="Delete one"):
        await template_of(life, post, "Two")


async def test_accounts_by_name(life: Life, desk: Desk) -> None:
    """Accounts and sets are named in one line, each account once; a wrong name is told."""
    ids = await life.connect()
    both = ids[Platform.THREADS], ids[Platform.TIKTOK]
    await sets.save(desk, server_id=SERVER, user_id=AUTHOR, name="Brand", account_ids=both)
    assert set(await named.read(desk, SERVER, "brand, threads")) == set(both)
    assert await named.read(desk, SERVER, " , ") == ()
    with pytest.raises(InputError, match="“Orkut” is no account"):
        await named.read(desk, SERVER, "threads, Orkut")
    assert "Brand" in await named.suggest(desk, SERVER, "bra")
