"""Settings, read once at the start and passed down; the one place that looks at the environment.

Every setting is an environment variable `HOTSEAT_...` or a line of `.env` in the working folder.
"""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Literal

from platformdirs import user_data_path
from pydantic import AfterValidator, AliasChoices, Field, SecretStr
from pydantic_settings import BaseSettings, SettingsConfigDict

from bot.doors import UsageError

LONGEST_RETENTION_DAYS = 36_500

ANTHROPIC = "anthropic"
"""The provider that the key of `ANTHROPIC_API_KEY` was made for."""

NO_JUDGE = "none"
"""The judge's model that leaves the verdicts to the offline finder."""


def _expand(path: Path) -> Path:
    try:
        return path.expanduser()
    except RuntimeError as err:
        raise ValueError(f"{err}; write the folder out") from err


UserPath = Annotated[Path, AfterValidator(_expand)]
"""A path in which `~` is the home folder, also where no shell has seen to it."""


def _usual_home() -> Path:
    try:
        return user_data_path("hotseat", appauthor=False)
    except RuntimeError as err:
        raise UsageError(
            "this user has no home folder: set HOTSEAT_HOME to the folder to use"
        ) from err


Effort = Literal["low", "medium", "high", "xhigh", "max"]
Dollars = Annotated[float, Field(ge=0)]


class Settings(BaseSettings):
    """Where things are kept, how patient the interviewer is, and who words and judges."""

    model_config = SettingsConfigDict(
        env_prefix="HOTSEAT_",
        env_file=".env",
        env_file_encoding="utf-8",
        env_ignore_empty=True,
        extra="ignore",
        populate_by_name=True,
    )

    home: Annotated[UserPath, Field(description="folder for the database and your own packs")] = (
        Field(default_factory=_usual_home)
    )
    database: Annotated[UserPath | None, Field(description="database file, if not in the home")] = (
        None
    )
    packs: Annotated[UserPath | None, Field(description="your own packs, if not in the home")] = (
        None
    )
    retention_days: Annotated[
        int, Field(ge=1, le=LONGEST_RETENTION_DAYS, description="transcripts are deleted after")
    ] = 90

    patience_s: Annotated[
        float, Field(ge=10, description="seconds of silence after which the interviewer asks")
    ] = 120

    engine: Annotated[
        Literal["auto", "offline", "model"],
        Field(description="who words and judges; auto takes the model where there is a key"),
    ] = "auto"
    provider: Annotated[
        str, Field(description="whose Messages API it is: anthropic, vllm, llama.cpp or ollama")
    ] = ANTHROPIC
    anthropic_api_key: Annotated[
        SecretStr | None, Field(description="key of the provider's Messages API")
    ] = None
    shared_api_key: Annotated[
        SecretStr | None,
        Field(
            validation_alias="ANTHROPIC_API_KEY",
            description="the same where other programs have one, for Anthropic only",
        ),
    ] = None
    anthropic_base_url: Annotated[
        str | None,
        Field(
            pattern=r"^https?://",
            validation_alias=AliasChoices("HOTSEAT_ANTHROPIC_BASE_URL", "ANTHROPIC_BASE_URL"),
            description="another server's address",
        ),
    ] = None
    interview_model: Annotated[str, Field(description="words the follow-ups")] = "claude-haiku-5-5"
    interview_effort: Annotated[Effort, Field(description="how long it may think")] = "low"
    first_text_s: Annotated[
        float, Field(gt=0, description="seconds a question may take to begin")
    ] = 8.0
    turn_deadline_s: Annotated[
        float, Field(gt=0, description="seconds a whole answer of the model may take")
    ] = 20.0
    judge_model: Annotated[
        str, Field(description="judges the answers; `none` leaves that to the offline finder")
    ] = "claude-sonnet-5-5"
    judge_effort: Annotated[Effort, Field(description="how long it may think")] = "medium"
    judge_deadline_s: Annotated[
        float, Field(gt=0, description="seconds a call of the judge may take")
    ] = 60.0
    budget_interview_usd: Annotated[Dollars, Field(description="most for one interview")] = 2.0
    budget_user_day_usd: Annotated[Dollars, Field(description="most for one person a day")] = 5.0
    budget_server_day_usd: Annotated[
        Dollars, Field(description="most for one Discord server a day")
    ] = 10.0
    budget_day_usd: Annotated[Dollars, Field(description="most a day in all")] = 20.0
    prices: Annotated[
        UserPath | None, Field(description="your own price list, beside the built-in one")
    ] = None
    traces: Annotated[
        str | None,
        Field(pattern=r"^https?://", description="OTLP/HTTP address for OpenTelemetry spans"),
    ] = None

    models: Annotated[UserPath | None, Field(description="speech models, if not in the home")] = (
        None
    )
    speech_model: Annotated[
        str, Field(description="what hears: auto, a name from `hotseat models list`, or a folder")
    ] = "auto"
    speech_device: Annotated[
        Literal["auto", "cpu", "cuda"], Field(description="where speech models run")
    ] = "auto"
    speech_compute_type: Annotated[
        str | None, Field(description="number format of the speech model, if not the usual one")
    ] = None
    speech_threads: Annotated[
        int | None, Field(ge=1, le=256, description="threads of the speech model")
    ] = None
    voice: Annotated[
        str, Field(description="who speaks: auto, a name from `hotseat models list`, or an .onnx")
    ] = "auto"
    voice_speaker: Annotated[
        int | None, Field(ge=0, description="speaker of a voice that has several")
    ] = None
    voice_pace: Annotated[
        float, Field(ge=0.5, le=2, description="how fast it speaks: 1 is usual, 2 twice as fast")
    ] = 1.0
    voice_patience: Annotated[
        float,
        Field(ge=0.5, le=4, description="multiplies how long a pause may be before it answers"),
    ] = 1.0
    pronunciations: Annotated[
        UserPath | None, Field(description="your own pronunciations, beside the built-in ones")
    ] = None
    end_of_turn_model: Annotated[
        UserPath | None, Field(description="a Smart Turn model that hears whether a turn is over")
    ] = None

    discord_token: Annotated[
        SecretStr | None, Field(description="token of your Discord application's bot")
    ] = None
    discord_message_content: Annotated[
        bool, Field(description="whether the message-content intent is on for the application")
    ] = False
    discord_api: Annotated[
        str | None, Field(pattern=r"^https?://", description="another server's REST address")
    ] = None
    discord_gateway: Annotated[
        str | None, Field(pattern=r"^wss?://", description="another server's gateway address")
    ] = None
    discord_ca: Annotated[
        UserPath | None, Field(description="certificates to trust beside the system's, as PEM")
    ] = None

    web_host: Annotated[
        str, Field(min_length=1, description="address at which the browser page is served")
    ] = "127.0.0.1"
    web_port: Annotated[
        int, Field(ge=0, le=65535, description="its port; 0 takes one that is free")
    ] = 8484
    web_address: Annotated[
        str | None,
        Field(
            pattern=r"^https?://[^/?#\s]+/?$", description="where browsers find it, behind a proxy"
        ),
    ] = None
    web_link_hours: Annotated[
        float, Field(gt=0, le=8784, description="how long a link to the page can be used")
    ] = 24

    @property
    def uses_model(self) -> bool:
        """Whether a language model words and judges: where one is asked for, or there is a key."""
        if self.engine == "auto":
            return self.api_key is not None
        return self.engine == "model"

    @property
    def api_key(self) -> SecretStr | None:
        """The provider's key; the one that other programs share goes to nobody but Anthropic."""
        if self.anthropic_api_key is None and self.provider == ANTHROPIC:
            return self.shared_api_key
        return self.anthropic_api_key

    @property
    def judge(self) -> str | None:
        """The model that judges where a model is used, None where the offline finder does."""
        return None if self.judge_model.strip().casefold() == NO_JUDGE else self.judge_model

    @property
    def database_path(self) -> Path:
        """The database file."""
        return self.database or self.home / "hotseat.sqlite"

    @property
    def models_path(self) -> Path:
        """The folder of downloaded speech models; need not exist."""
        return self.models or self.home / "models"

    @property
    def packs_path(self) -> Path:
        """The folder of the user's own packs, beside the built-in ones; need not exist."""
        return self.packs or self.home / "packs"


def load_settings(database: Path | None = None) -> Settings:
    """The settings of this process; `database` from the command line wins.

    Raises `UsageError` for a `.env` that cannot be read and where there is no home folder, and
    pydantic's `ValidationError` for a wrong value.
    """
    try:
        settings = Settings()
    except (OSError, UnicodeDecodeError) as err:
        raise UsageError(
            f"{Path('.env').absolute()} cannot be read ({err}): save it as UTF-8 text, or move it "
            "away"
        ) from err
    return settings if database is None else settings.model_copy(update={"database": database})
