"""Settings, read once at the start and passed down; the one place that looks at the environment.

Every setting is an environment variable `HOTSEAT_...` or a line of `.env` in the working folder.
"""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

from platformdirs import user_data_path
from pydantic import Field
from pydantic_settings import BaseSettings, SettingsConfigDict


class Settings(BaseSettings):
    """Where things are kept and how patient the interviewer is."""

    model_config = SettingsConfigDict(
        env_prefix="HOTSEAT_", env_file=".env", env_file_encoding="utf-8", extra="ignore"
    )

    home: Annotated[Path, Field(description="folder for the database and your own packs")] = Field(
        default_factory=lambda: user_data_path("hotseat", appauthor=False)
    )
    database: Annotated[Path | None, Field(description="database file, if not in the home")] = None
    packs: Annotated[Path | None, Field(description="your own packs, if not in the home")] = None
    retention_days: Annotated[int, Field(ge=1, description="transcripts are deleted after")] = 90

    @property
    def database_path(self) -> Path:
        """The database file."""
        return self.database or self.home / "hotseat.sqlite"

    @property
    def packs_path(self) -> Path:
        """The folder of the user's own packs, beside the built-in ones; need not exist."""
        return self.packs or self.home / "packs"


def load_settings(database: Path | None = None) -> Settings:
    """The settings of this process; `database` from the command line wins."""
    settings = Settings()
    return settings if database is None else settings.model_copy(update={"database": database})
