"""Files of a revision are read back as they were kept, and as older versions kept them."""

import pytest
from sqlalchemy.ext.asyncio import AsyncConnection

import db.posts
from bot.domain.media import Media
from bot.domain.post import Post
from db.database import Database
from db.tables import revisions
from tests.db.conftest import Rows
from tests.factories import AUTHOR, CHANNEL, SERVER, a_media, a_revision, a_video
from tests.scripted import START

OLD = {"sha256": "ab" * 32, "content_type": "image/jpeg", "size": 1000, "filename": "photo.jpg"}
FILES = (a_video(frame_rate=29.97), a_media(width=3, height=2))


async def insert(transaction: AsyncConnection) -> Post:
    """Keep a post with files."""
    return await db.posts.insert(
        transaction,
        server_id=SERVER,
        channel_id=CHANNEL,
        author_id=AUTHOR,
        content=a_revision(media=FILES),
        now=START,
    )


async def files_of(transaction: AsyncConnection, post: Post) -> tuple[Media, ...]:
    """Read a post's files back."""
    found = await db.posts.get(transaction, server_id=SERVER, post_id=post.id)
    assert found
    return found.content.media


@pytest.mark.parametrize("engine", ["sqlite", "postgresql"])
async def test_measures_are_kept(database: Database, rows: Rows) -> None:
    """What was measured of a file is read back with the post."""
    await rows.connection()
    async with database.transaction() as transaction:
        assert await files_of(transaction, await insert(transaction)) == FILES


@pytest.mark.parametrize("engine", ["sqlite", "postgresql"])
async def test_files_of_older_versions(database: Database, rows: Rows) -> None:
    """A file that was kept before files were measured is read as not measured."""
    await rows.connection()
    async with database.transaction() as transaction:
        post = await insert(transaction)
        await transaction.execute(revisions.update().values(media=[OLD]))
        assert await files_of(transaction, post) == (a_media(),)
