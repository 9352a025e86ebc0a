"""The contract with the environment, read once; every variable stands in `.env.example` too."""

from datetime import timedelta
from pathlib import Path

from pydantic import Field, HttpUrl, SecretStr, field_validator
from pydantic_settings import BaseSettings, SettingsConfigDict

_SQLITE = "sqlite+aiosqlite"
_ADDRESSES = ("wayinvideo_url", "wahdx_url", "genviral_url", "upload_post_url")


class Settings(BaseSettings):
    """What the operator decides, from the environment or a `.env` file; empty means default."""

    model_config = SettingsConfigDict(
        env_file=".env", env_ignore_empty=True, extra="ignore", frozen=True
    )

    discord_token: SecretStr = SecretStr("")
    discord_api_url: str = ""
    discord_gateway_url: str = ""
    database_url: str = "sqlite+aiosqlite:///data/copydesk.db"
    copydesk_secret_keys: SecretStr = SecretStr("")
    wayinvideo_url: str = ""
    wahdx_url: str = ""
    genviral_url: str = ""
    upload_post_url: str = ""
    allowed_private_hosts: str = ""
    public_url: HttpUrl | None = None
    http_port: int = Field(default=8080, ge=0, le=65535)
    media_url: str = "file:data/media"
    media_retention_days: int = Field(default=30, ge=1, le=3650)

    @field_validator("database_url")
    @classmethod
    def _is_known_database(cls, value: str) -> str:
        if not value.startswith((f"{_SQLITE}:///", "postgresql+psycopg://")):
            raise ValueError("it begins with sqlite+aiosqlite:/// or postgresql+psycopg://")
        return value

    @field_validator("media_url")
    @classmethod
    def _is_known_storage(cls, value: str) -> str:
        if not value.startswith(("file:", "s3://")):
            raise ValueError("it begins with file: or s3://")
        return value

    @property
    def service_urls(self) -> dict[str, str]:
        """The addresses that were given, each by its variable."""
        return {name.upper(): str(value) for name, value in self if name in _ADDRESSES and value}

    @property
    def private_hosts(self) -> list[str]:
        """The hosts in private networks that may be called where people choose the address."""
        return self.allowed_private_hosts.replace(",", " ").split()

    @property
    def media_retention(self) -> timedelta:
        """How long files are kept after something last needed them."""
        return timedelta(days=self.media_retention_days)

    @property
    def state_folder(self) -> Path:
        """Where the key file and the lock live: beside the SQLite file, else `data`."""
        kind, _, place = self.database_url.partition(":///")
        file = place.partition("?")[0]
        return Path(file).parent if kind == _SQLITE and file else Path("data")
