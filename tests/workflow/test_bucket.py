"""Files in a bucket instead of a folder, over real sockets."""

from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from bot.doctor import report
from bot.errors import InputError, SetupError
from bot.settings import Settings
from bot.storage import Storage, name_of
from bot.workflow import intake, preview
from bot.workflow.desk import Desk
from tests.bucket import Bucket, serving
from tests.factories import SERVER, a_media
from tests.pictures import PNG, in_pieces

LINK_LIFE = timedelta(hours=1)


@pytest.fixture
async def bucket() -> Bucket:
    """An empty bucket."""
    return Bucket()


@pytest.fixture
async def storage(
    bucket: Bucket, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> AsyncIterator[Storage]:
    """A storage in the bucket, below a prefix, as the environment names it."""
    async with serving(bucket) as endpoint:
        monkeypatch.setenv("AWS_ENDPOINT_URL", endpoint)
        monkeypatch.setenv("AWS_ALLOW_HTTP", "true")
        monkeypatch.setenv("AWS_ACCESS_KEY_ID", "canary-id")
        monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "canary-key")
        monkeypatch.setenv("AWS_REGION", "eu-central-1")
        monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
        yield Storage("s3://bucket/of/posts")


async def test_file_in_a_bucket(storage: Storage, bucket: Bucket, tmp_path: Path) -> None:
    """A file is kept in the bucket below its prefix, read back whole and in part, and removed."""
    data = PNG + bytes(range(250)) * 4_000
    async with storage.receive("a.png", in_pieces(data)) as arrived:
        await storage.put(SERVER, arrived)
    kept = name_of(SERVER, arrived.media)
    assert set(bucket.objects) == {f"of/posts/{kept.path}", f"of/posts/{kept.glimpse_path}"}
    assert list((tmp_path / "copydesk-arriving").iterdir()) == []
    assert await storage.has(SERVER, arrived.media)
    assert await storage.read(SERVER, arrived.media) == data
    part = [piece async for piece in storage.stream(kept, 5, 900_000)]
    assert b"".join(part) == data[5:900_000]
    await storage.remove([kept, name_of(SERVER, a_media())])
    assert bucket.objects == {}
    assert not await storage.has(SERVER, arrived.media)


async def test_large_file_goes_in_parts(storage: Storage, bucket: Bucket) -> None:
    """A large file goes up in parts, and the same bytes go up once."""
    data = PNG + bytes(20_000_000)
    names: list[str] = []
    for _ in range(2):
        async with storage.receive("a.png", in_pieces(data)) as arrived:
            await storage.put(SERVER, arrived)
            names.append(f"of/posts/{name_of(SERVER, arrived.media).path}")
    assert [bucket.objects[name] for name in names] == [data, data]
    assert sum("partNumber" in asked for asked in bucket.asked) == 4


async def test_bucket_that_is_away(storage: Storage, monkeypatch: pytest.MonkeyPatch) -> None:
    """A bucket that does not take a file is told, without its words."""
    monkeypatch.setenv("AWS_ENDPOINT_URL", "http://127.0.0.1:9")
    away = Storage("s3://bucket")
    async with storage.receive("a.png", in_pieces(PNG)) as arrived:
        with pytest.raises(InputError, match=r"a.png could not be stored") as caught:
            await away.put(SERVER, arrived)
    assert "canary" not in str(caught.value)


async def test_bucket_that_stays_away(
    desk: Desk, storage: Storage, monkeypatch: pytest.MonkeyPatch
) -> None:
    """While the bucket is away, drafts are shown without pictures, and what is in the way is told."""
    monkeypatch.setenv("AWS_ENDPOINT_URL", "http://127.0.0.1:9")
    desk = replace(desk, storage=Storage("s3://bucket"))
    assert await preview.picture(desk, SERVER, [a_media()]) is None
    [problem] = await intake.gone(desk, SERVER, [a_media()])
    assert problem.message == "the place where Copydesk keeps files does not answer."
    told = await desk.storage.state()
    assert told == (
        "a bucket. Where files are kept does not answer (GenericError). Check MEDIA_URL."
    )


@pytest.mark.parametrize(
    ("endpoint", "gives"),
    [
        ("", True),
        ("https://s3.example.com", True),
        ("http://127.0.0.1:9000", False),
        ("http://minio:9000", False),
    ],
)
async def test_links_of_a_bucket(
    storage: Storage, monkeypatch: pytest.MonkeyPatch, endpoint: str, gives: bool
) -> None:
    """A bucket that others can reach gives links of its own, which end and name the type."""
    monkeypatch.delenv("AWS_ENDPOINT_URL")
    if endpoint:
        monkeypatch.setenv("AWS_ENDPOINT_URL", endpoint)
    media = a_media()
    storage = Storage("s3://bucket/of/posts")
    assert storage.gives_links is gives
    if gives:
        link = await storage.link(name_of(SERVER, media), LINK_LIFE)
        path, _, query = link.partition("?")
        assert path.endswith(f"/of/posts/{SERVER}/{media.sha256}.jpg")
        assert "X-Amz-Expires=3600" in query
        assert "canary-key" not in link


@pytest.mark.parametrize("url", ["s3://", "s3:///prefix", "file:/proc/nowhere"])
def test_place_that_cannot_be(url: str) -> None:
    """Where no files can be kept, the process does not start, and says what to check."""
    with pytest.raises(SetupError, match=r"Files cannot be kept at .* Check MEDIA_URL"):
        Storage(url)


async def test_doctor_tells_of_files(storage: Storage, database_url: str) -> None:
    """The operator reads where files are kept and how services fetch them."""
    values = {"media_url": "s3://bucket/of/posts", "database_url": database_url}
    told = await report(Settings.model_validate(values))
    assert "files: a bucket, which answers\n" in told
    assert "services that fetch files do so from their cards in Discord, up to 10 MB" in told
    told = await report(Settings.model_validate({**values, "public_url": "https://desk.example"}))
    assert "services that fetch files do so at PUBLIC_URL" in told
    assert "canary" not in told
