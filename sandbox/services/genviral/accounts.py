"""The accounts behind the simulated Genviral key: the team's own (`byo`) and hosted ones."""

from dataclasses import dataclass
from typing import Any

VIDEO, SLIDESHOW, TEXT = "video", "slideshow", "text_only"


@dataclass(frozen=True, kw_only=True, slots=True)
class Account:
    """An account; `kinds` are what it takes, `caption` how long a caption, in `unit`."""

    id: str
    platform: str
    name: str
    username: str
    kinds: tuple[str, ...]
    caption: int
    unit: str = "characters"
    type: str = "byo"
    status: str = "active"
    premium: bool = False

    @property
    def is_hosted(self) -> bool:
        """Whether Genviral runs it: short captions, short videos, no settings of TikTok."""
        return self.type == "hosted"

    def listed(self) -> dict[str, Any]:
        """The account as `GET /accounts` shows it."""
        return {
            "id": self.id,
            "platform": self.platform,
            "type": self.type,
            "username": self.username,
            "display_name": self.name,
            "status": self.status,
            "workspace_id": WORKSPACE,
            "capabilities": {
                "supported_content_kinds": list(self.kinds),
                "caption_limit": self.caption,
                "media_limits": {"video": {"max_size_mb": 100}, "slideshow": {"max_images": 35}},
                "unsupported_reasons": {
                    kind: f"{self.platform} accounts cannot publish {kind} posts"
                    for kind in (VIDEO, SLIDESHOW, TEXT)
                    if kind not in self.kinds
                },
                "settings_schema": {"type": "object"},
            },
        }


WORKSPACE = "4cb5d3fd-8c8f-4ed7-a17c-4ffb52c7e6ac"
OWNER = "7be83ba4-14e5-47ba-a662-0ad42d852111"
_NAME = "Harbour Coffee"
_ALL = (VIDEO, SLIDESHOW, TEXT)

ACCOUNTS = (
    Account(
        id="5a1d0001-7c1e-4a55-9a40-1f6f5b7d0001",
        platform="youtube",
        name=_NAME,
        username="harbourcoffee-example",
        kinds=(VIDEO,),
        caption=5_000,
        unit="bytes",
    ),
    Account(
        id="5a1d0002-7c1e-4a55-9a40-1f6f5b7d0002",
        platform="tiktok",
        name=_NAME,
        username="harbour.coffee.example",
        kinds=(VIDEO, SLIDESHOW),
        caption=2_200,
        unit="utf-16",
    ),
    Account(
        id="5a1d0003-7c1e-4a55-9a40-1f6f5b7d0003",
        platform="tiktok",
        name="Hosted Harbour",
        username="hosted.harbour.example",
        kinds=(VIDEO, SLIDESHOW),
        caption=500,
        type="hosted",
    ),
    Account(
        id="5a1d0004-7c1e-4a55-9a40-1f6f5b7d0004",
        platform="instagram",
        name=_NAME,
        username="harbour_coffee_example",
        kinds=(VIDEO, SLIDESHOW),
        caption=2_200,
    ),
    Account(
        id="5a1d0005-7c1e-4a55-9a40-1f6f5b7d0005",
        platform="pinterest",
        name=_NAME,
        username="harbourcoffeeexample",
        kinds=(SLIDESHOW,),
        caption=800,
    ),
    Account(
        id="5a1d0006-7c1e-4a55-9a40-1f6f5b7d0006",
        platform="x",
        name=_NAME,
        username="harbourexample",
        kinds=_ALL,
        caption=280,
    ),
    Account(
        id="5a1d0007-7c1e-4a55-9a40-1f6f5b7d0007",
        platform="x",
        name="Harbour Roastery",
        username="roasteryexample",
        kinds=_ALL,
        caption=4_000,
        premium=True,
    ),
    Account(
        id="5a1d0008-7c1e-4a55-9a40-1f6f5b7d0008",
        platform="linkedin",
        name=_NAME,
        username="harbour-coffee-example",
        kinds=_ALL,
        caption=3_000,
    ),
    Account(
        id="5a1d0009-7c1e-4a55-9a40-1f6f5b7d0009",
        platform="facebook",
        name=_NAME,
        username="harbourcoffee.example",
        kinds=_ALL,
        caption=63_206,
    ),
    Account(
        id="5a1d0010-7c1e-4a55-9a40-1f6f5b7d0010",
        platform="bluesky",
        name=_NAME,
        username="harbour-coffee.example",
        kinds=_ALL,
        caption=300,
    ),
    Account(
        id="5a1d0011-7c1e-4a55-9a40-1f6f5b7d0011",
        platform="instagram",
        name="Harbour Coffee (old)",
        username="harbour_old_example",
        kinds=(VIDEO, SLIDESHOW),
        caption=2_200,
        status="revoked",
    ),
)
BY_ID = {account.id: account for account in ACCOUNTS}
