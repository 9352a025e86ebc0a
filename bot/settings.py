"""The contract with the environment, read once; every variable stands in `.env.example` too."""

from pathlib import Path

from pydantic import Field, HttpUrl, SecretStr
from pydantic_settings import BaseSettings, SettingsConfigDict
from sqlalchemy import make_url


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
    wahdx_url: str = ""
    public_url: HttpUrl | None = None
    http_port: int = Field(default=8080, ge=0, le=65535)
    media_url: str = "file:data/media"

    @property
    def service_urls(self) -> dict[str, str]:
        """The address of each service whose address was given, by the service's name."""
        return {"wahdx": self.wahdx_url}

    @property
    def state_folder(self) -> Path:
        """Where the key file and the lock live: beside the SQLite file, else `data`."""
        url = make_url(self.database_url)
        if url.get_backend_name() == "sqlite" and url.database:
            return Path(url.database).parent
        return Path("data")
