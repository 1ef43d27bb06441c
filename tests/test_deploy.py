"""What self-hosters start from: the compose file, the systemd unit, the example settings."""

import configparser
import re
import shutil
import subprocess
from pathlib import Path

import pytest
import yaml

from bot.discord.interviews.room import STOP_S
from bot.settings import Settings

ROOT = Path(__file__).resolve().parent.parent
DOCKERFILE = (ROOT / "Dockerfile").read_text("utf-8")


def compose(service: str = "bot") -> dict:
    """A service of the compose file; there are the bot, and the bot on a GPU."""
    services = yaml.safe_load((ROOT / "compose.yaml").read_text("utf-8"))["services"]
    assert list(services) == ["bot", "bot-gpu"]
    return services[service]


def unit() -> configparser.ConfigParser:
    """The unit; of repeated keys the last counts."""
    parser = configparser.ConfigParser(strict=False, interpolation=None)
    parser.optionxform = str  # type: ignore[assignment]
    parser.read(ROOT / "deploy/hotseat.service", "utf-8")
    return parser


def test_the_image_holds_the_discord_and_voice_parts() -> None:
    """Every installing step names the extras; otherwise a later one would take them out again."""
    steps = re.findall(r"^RUN uv sync .*$", DOCKERFILE, re.MULTILINE)

    assert len(steps) == 3
    assert all("--extra discord --extra voice" in step for step in steps)


def test_only_the_gpu_s_image_holds_cublas() -> None:
    """Its 0.6 GB are in a stage that the usual image does not build on."""
    stages = re.split(r"^FROM ", DOCKERFILE, flags=re.MULTILINE)
    last = stages[-1].split()

    with_cublas = [stage.split()[2] for stage in stages if "--extra gpu" in stage]

    assert with_cublas == ["build-gpu"]
    assert [stage.split()[2] for stage in stages if "--from=build-gpu" in stage] == ["gpu"]
    assert last[:4] == ["run", "COPY", "--from=build", "/opt/hotseat"]


def test_the_bot_on_a_gpu_is_the_bot_otherwise() -> None:
    """Started by name only, with one GPU, and nothing else than the bot's own service allows."""
    service = compose("bot-gpu")

    assert service.keys() == {"extends", "profiles", "build", "image", "deploy"}
    assert service["extends"] == {"service": "bot"}
    assert service["profiles"] == ["gpu"]
    assert service["build"]["target"] in re.findall(r"^FROM \S+ AS (\S+)", DOCKERFILE, re.MULTILINE)
    assert service["image"] != compose()["image"]
    assert service["deploy"]["resources"]["reservations"]["devices"] == [
        {"driver": "nvidia", "count": 1, "capabilities": ["gpu"]}
    ]


def test_compose_runs_the_bot_on_the_image_s_own_volume() -> None:
    """The command is the bot's; its data lie in the volume that the image declares."""
    service = compose()

    assert service["command"] == ["bot"]
    assert service["build"] == "."
    home = service["environment"]["HOTSEAT_HOME"]
    assert f"VOLUME {home}" in DOCKERFILE
    assert [volume.partition(":")[2] for volume in service["volumes"]] == [home]
    assert service["restart"] == "unless-stopped"


def test_compose_gives_no_privileges() -> None:
    """Nothing but the volume and a temporary folder can be written, and nothing gained."""
    service = compose()

    assert service["read_only"] is True
    assert service["tmpfs"] == ["/tmp"]
    assert service["cap_drop"] == ["ALL"]
    assert "no-new-privileges:true" in service["security_opt"]
    assert not {"privileged", "cap_add", "network_mode", "user"} & set(service)
    assert service["environment"]["MPLCONFIGDIR"].startswith("/tmp/")


def test_the_page_is_reached_from_this_machine_alone() -> None:
    """Whatever port is set, one proxy here leads to the one in the container."""
    service = compose()
    settings = service["environment"]

    (mapped,) = service["ports"]
    default = Settings.model_fields["web_port"].default
    assert mapped == f"127.0.0.1:${{HOTSEAT_WEB_PORT:-{default}}}:{settings['HOTSEAT_WEB_PORT']}"
    assert settings["HOTSEAT_WEB_HOST"] == "0.0.0.0"  # noqa: S104


def test_a_stop_leaves_time_for_the_turn_in_hand() -> None:
    """Both ways to run it send SIGTERM and wait for longer than the bot may take."""
    service = unit()["Service"]

    assert compose()["stop_signal"] == service["KillSignal"] == "SIGTERM"
    assert int(compose()["stop_grace_period"].removesuffix("s")) > 2 * STOP_S
    assert int(service["TimeoutStopSec"]) > 2 * STOP_S


def test_the_unit_restarts_and_keeps_to_its_folders() -> None:
    """The token comes from a file, data go to the state folder, failures are tried again."""
    service = unit()["Service"]

    assert service["ExecStart"].endswith("/hotseat bot")
    assert service["EnvironmentFile"] == "/etc/hotseat.env"
    assert f"HOTSEAT_HOME=/var/lib/{service['StateDirectory']}" in service["Environment"]
    assert service["Restart"] == "on-failure"
    assert service["User"] == "hotseat"
    for hardened in ("NoNewPrivileges", "PrivateTmp", "PrivateDevices", "ProtectHome"):
        assert service[hardened] == "yes"
    assert service["ProtectSystem"] == "strict"


@pytest.mark.skipif(shutil.which("systemd-analyze") is None, reason="no systemd here")
def test_systemd_knows_every_line_of_the_unit(tmp_path: Path) -> None:
    """The program stands elsewhere on this machine, the rest is as it is."""
    text = (ROOT / "deploy/hotseat.service").read_text("utf-8")
    copy = tmp_path / "hotseat.service"
    copy.write_text(re.sub(r"^ExecStart=\S+", "ExecStart=/bin/true", text, flags=re.MULTILINE))

    done = subprocess.run(
        ["systemd-analyze", "verify", copy], capture_output=True, text=True, check=False
    )

    assert done.returncode == 0, done.stderr
    assert "hotseat.service" not in done.stderr


def test_the_example_settings_are_settings() -> None:
    """Every line names a setting, and the values are taken as they stand."""
    text = (ROOT / ".env.example").read_text("utf-8")
    names = re.findall(r"^HOTSEAT_([A-Z_]+)=", text, re.MULTILINE)

    settings = Settings(_env_file=ROOT / ".env.example")  # pyright: ignore[reportCallIssue]

    assert {name.lower() for name in names} <= set(Settings.model_fields)
    assert "DISCORD_TOKEN" in names
    assert settings.discord_token is None
    assert settings.retention_days == Settings.model_fields["retention_days"].default
    assert settings.patience_s == Settings.model_fields["patience_s"].default


def test_the_token_s_file_is_never_committed() -> None:
    """Git passes over `.env`, and no image takes it in."""
    ignored = (ROOT / ".gitignore").read_text("utf-8").splitlines()
    image = (ROOT / ".dockerignore").read_text("utf-8").splitlines()

    assert ".env" in ignored
    assert "*" in image
    assert "!.env" not in image
