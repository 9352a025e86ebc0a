"""The hash that approval binds to."""

from dataclasses import replace
from datetime import UTC, datetime

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.domain.post import Revision
from tests.factories import a_media, a_revision, a_target

ORIGINAL = a_revision(
    caption="Hello",
    title="Title",
    media=(a_media(sha256="aa" * 32), a_media(sha256="bb" * 32)),
    targets=(a_target(1, options={"visibility": "SELF_ONLY"}), a_target(2)),
    due_at=datetime(2026, 12, 24, 18, tzinfo=UTC),
)
first, second = ORIGINAL.targets
texts = st.text(max_size=20)
revisions = st.builds(
    a_revision,
    caption=texts,
    title=texts,
    media=st.lists(st.sampled_from("abc").map(lambda c: a_media(sha256=c * 64)), max_size=3).map(
        tuple
    ),
    targets=st.dictionaries(
        st.integers(1, 4), st.dictionaries(texts, texts, max_size=2), max_size=3
    ).map(lambda chosen: tuple(a_target(key, options=value) for key, value in chosen.items())),
    due_at=st.none() | st.datetimes(timezones=st.just(UTC)),
)


@pytest.mark.parametrize(
    "change",
    [
        {"caption": "Hello "},
        {"title": ""},
        {"caption": "HelloTitle", "title": ""},
        {"media": ORIGINAL.media[::-1]},
        {"media": ORIGINAL.media[:1]},
        {"media": (a_media(sha256="cc" * 32), ORIGINAL.media[1])},
        {"targets": (first,)},
        {"targets": (replace(first, options={}), second)},
        {"targets": (replace(first, options={"visibility": "PUBLIC_TO_EVERYONE"}), second)},
        {"targets": (replace(first, remote_id="another"), second)},
        {"targets": (replace(first, connection_id=2), second)},
        {"due_at": datetime(2026, 12, 24, 18, 0, 1, tzinfo=UTC)},
        {"due_at": None},
    ],
)
def test_change_changes_digest(change: dict) -> None:
    """Any change of text, options, media, targets or time is another content."""
    assert replace(ORIGINAL, **change).digest() != ORIGINAL.digest()


@pytest.mark.parametrize(
    "change",
    [
        {"targets": ORIGINAL.targets[::-1]},
        {"targets": (replace(first, name="Renamed"), second)},
        {"number": 2},
        {"when_text": "in an hour", "zone": "Europe/Berlin"},
        {"media": tuple(replace(media, filename="b.jpg") for media in ORIGINAL.media)},
        {"media": tuple(replace(media, width=9, seconds=1.5) for media in ORIGINAL.media)},
    ],
)
def test_digest_of_same_content(change: dict) -> None:
    """The order of targets, names and how the time was typed do not change what goes out."""
    assert replace(ORIGINAL, **change).digest() == ORIGINAL.digest()


def content(revision: Revision) -> tuple:
    """List what goes out."""
    media = [item.sha256 for item in revision.media]
    targets = {item.account_id: dict(item.options) for item in revision.targets}
    return revision.caption, revision.title, media, targets, revision.due_at


@settings(max_examples=50)
@given(revisions, revisions)
def test_equal_digests_mean_equal_contents(one: Revision, other: Revision) -> None:
    """Two revisions have one digest exactly when the same would go out."""
    assert (one.digest() == other.digest()) == (content(one) == content(other))


def test_own_text_is_bound() -> None:
    """A text that one account alone goes out with is approved too; that nobody chose an option is
    no content.
    """
    plain = a_revision(targets=(a_target(1), a_target(2)))
    own = a_revision(targets=(a_target(1), a_target(2, caption="Other")))
    titled = a_revision(targets=(a_target(1), a_target(2, title="Other")))
    assumed = a_revision(targets=(a_target(1), a_target(2, assumed=("visibility",))))
    digests = {plain.digest(), own.digest(), titled.digest()}
    assert len(digests) == 3
    assert assumed.digest() == plain.digest()
