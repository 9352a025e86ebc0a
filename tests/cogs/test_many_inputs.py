"""500 generated inputs through the forms: every one is answered, none is lost, nothing breaks."""

from collections.abc import AsyncIterator, Mapping
from types import SimpleNamespace
from typing import Any

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from bot.domain.editing import clean
from bot.domain.platform import Platform
from bot.domain.post import Post
from bot.workflow import redraft
from bot.workflow.desk import Desk
from bot.workflow.intake import Upload
from cogs.draft import DraftCog
from cogs.draft_form import DraftFormCog
from cogs.ui.sent_form import SentFile
from tests.cogs.heard import Heard
from tests.factories import AUTHOR, SERVER, a_media
from tests.life import Life
from tests.pictures import JPEG

COUNT = 500
ODD = (
    "\x00", " \n ", "☕" * 300, "x" * 4000, "🙂" * 1500, "`" * 4000, "[a](b) [c](http://d)", "@everyone <@1>",
    "\u202e\u200b", "' OR 1=1; --", "{0} %s {}", "\\", "#" * 60, "<b>", "A\u0301" * 400, "1", "-1", "true",
)  # fmt: skip
TIMES = ("", "now", "soonish", "every full moon", "next slot", "2025-01-01 00:00", "99:99", "in -1 h",
         "tomorrow 9:00", "1.2. 9:00", "in 99999999 years", "every tue 9:00", "٣:٠٠")  # fmt: skip
ACCOUNTS = ("0", "99", "-1", "abc", "", "set:1", "set:x", "9" * 40, "1")
FORMS = (
    "post:new",
    "post:new:service",
    "text",
    "when",
    "own",
    "options",
    "order",
    "add",
    "moment",
    "picture",
)
WITH_TEXT = ("post:new", "post:new:service", "text", "own")

texts = st.one_of(
    st.sampled_from(ODD),
    st.text(st.characters(exclude_categories=["Cs"]), max_size=40),
    st.lists(st.sampled_from(ODD), max_size=3).map(" ".join),
).map(lambda text: text[:4000])
inputs = st.fixed_dictionaries(
    {
        "form": st.sampled_from(FORMS),
        "caption": texts,
        "title": texts.map(lambda text: text[:300]),
        "when": st.one_of(st.sampled_from(TIMES), texts.map(lambda text: text[:100])),
        "order": st.one_of(st.sampled_from(["1", "2 1", "1 1", "0"]), texts),
        "links": st.sampled_from(["", "x", "https://127.0.0.1/a.jpg", "ftp://a", "http://[::1"]),
        "accounts": st.lists(st.sampled_from(ACCOUNTS), max_size=3, unique=True),
        "timing": st.lists(st.sampled_from(["here", "service", "never"]), max_size=1),
        "file": st.sampled_from([None, JPEG, b"GIF89a", b"", b"\xff\xd8\xff"]),
        "about": st.sampled_from(["right", "0", "99"]),
        "is_late": st.booleans(),
        "missing": st.sampled_from(["", "caption", "when", "accounts", "order"]),
    }
)


def generated() -> list[dict[str, Any]]:
    """The same 500 inputs each time."""
    found: list[dict[str, Any]] = []

    @settings(
        max_examples=COUNT,
        database=None,
        derandomize=True,
        phases=[Phase.generate],
        suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
    )
    @given(inputs)
    def collect(one: dict[str, Any]) -> None:
        found.append(one)

    collect()
    return found


def components(given: Mapping[str, Any]) -> list[Any]:
    """What a client sends of a form, right or wrong."""
    fields = [
        {"type": 4, "custom_id": "caption", "value": given["caption"]},
        {"type": 4, "custom_id": "title", "value": given["title"]},
        {"type": 4, "custom_id": "when", "value": given["when"]},
        {"type": 4, "custom_id": "order", "value": given["order"]},
        {"type": 4, "custom_id": "links", "value": given["links"]},
        {"type": 4, "custom_id": "moment", "value": given["order"]},
        {"type": 3, "custom_id": "visibility", "values": given["timing"]},
        {"type": 3, "custom_id": "accounts", "values": given["accounts"]},
        {"type": 3, "custom_id": "timing", "values": given["timing"]},
        {"type": 19, "custom_id": "media", "values": ["0"]},
        {"type": 19, "custom_id": "picture", "values": ["0"]},
    ]
    kept = [field for field in fields if field["custom_id"] != given["missing"]]
    return [{"type": 18, "component": field} for field in kept]


@pytest.fixture
def engine() -> str:
    """Run the test on SQLite."""
    return "sqlite"


class Forms:
    """The cogs that take forms, on a real desk."""

    def __init__(self, life: Life, account_id: int) -> None:
        self.life = life
        self.account_id = account_id
        bot: Any = SimpleNamespace(desk=life.desk, upload=self._upload)
        self.cogs = DraftCog(bot), DraftFormCog(bot)
        self.file = b""

    def _upload(self, file: SentFile) -> Upload:
        async def content() -> AsyncIterator[bytes]:
            yield self.file

        return Upload(filename=file.filename, content=content)

    async def send(self, one: Mapping[str, Any], draft: Post) -> list[str]:
        """Send a form about a draft, or that of a new one; everything that was answered."""
        self.file = one["file"] or b""
        about = str(self.account_id) if one["about"] == "right" else one["about"]
        edits = max(0, draft.edits - one["is_late"])
        name = one["form"]
        if not name.startswith("post:"):
            name = f"draft-form:{name}:{draft.id}:{edits}:{about}:0"
        file = {"filename": "a.jpg", "size": len(self.file), "url": "https://cdn.example/a.jpg"}
        attachments = {} if one["file"] is None else {"0": file}
        data = {
            "custom_id": name,
            "components": components(one),
            "resolved": {"attachments": attachments},
        }
        heard: Any = Heard(data)
        for cog in self.cogs:
            await cog.on_interaction(heard)
        return heard.said

    async def now(self, draft: Post, one: Mapping[str, Any]) -> Post:
        """The draft after a form: that of a new one, or the same."""
        if one["form"].startswith("post:"):
            return (await redraft.mine(self.life.desk, server_id=SERVER, user_id=AUTHOR))[0]
        of = {"server_id": SERVER, "post_id": draft.id, "user_id": AUTHOR}
        return await redraft.get(self.life.desk, **of)


async def test_500_inputs(desk: Desk) -> None:
    """Whatever is sent is kept in a draft, or given back to whoever typed it; no answer is missing."""
    life = Life(desk)
    accounts = await life.connect()
    draft = await life.write(Platform.THREADS, caption="Start", media=[a_media()])
    forms = Forms(life, accounts[Platform.THREADS])
    inputs = generated()
    assert len(inputs) == COUNT
    for number, one in enumerate(inputs):
        said = "\n".join(await forms.send(one, draft))
        draft = await forms.now(draft, one)
        assert said, (number, one)
        assert "Copydesk failed here" not in said, (number, one, said)
        if one["form"] in WITH_TEXT and one["missing"] != "caption":
            assert is_kept(one, draft, said), (number, one, said)


def is_kept(one: Mapping[str, Any], draft: Post, said: str) -> bool:
    """Whether a caption stands in the draft, or was given back."""
    typed = clean(one["caption"])
    own = [target.caption for target in draft.content.targets]
    return typed in {draft.content.caption, *own} or "What you typed" in said or not typed
