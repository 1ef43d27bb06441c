"""`hotseat models`: which speech models there are, fetching them, and checking what was fetched."""

from __future__ import annotations

import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from importlib.util import find_spec
from typing import TYPE_CHECKING, Annotated

import typer

from bot.console.runtime import new_console, read_settings
from bot.doors import StoppedError, UsageError

if TYPE_CHECKING:
    from rich.console import Console
    from rich.table import Table

    from bot.settings import Settings
    from voice.devices import Device, DeviceWish
    from voice.models import Progress, SpeechModel

LIBRARIES = ("numpy", "ctranslate2", "faster_whisper", "onnxruntime", "piper", "soxr")
"""What the extra `voice` brings and speech cannot do without."""

INSTALL = "`make voice` installs them"

speech_models = typer.Typer(
    help="Speech models for voice: list, download, verify.", no_args_is_help=True
)

Names = Annotated[list[str] | None, typer.Argument(help="Names from `hotseat models list`.")]


@speech_models.command("list")
def list_models() -> None:
    """List what can be fetched, with sizes and licences, and what is here."""
    with _explained():
        show_models(read_settings(None), new_console())


@speech_models.command("download")
def download_models(
    names: Names = None,
    yes: Annotated[bool, typer.Option("--yes", help="Do not ask.")] = False,
    mirror: Annotated[
        str | None, typer.Option("--mirror", help="Another address than https://huggingface.co.")
    ] = None,
) -> None:
    """Fetch models; without names, those that suit this machine and your settings."""
    with _explained():
        fetch_models(read_settings(None), new_console(), names or (), yes=yes, mirror=mirror)


@speech_models.command("verify")
def verify_models(names: Names = None) -> None:
    """Read models that were fetched and hold them against their SHA-256; all if left out."""
    with _explained():
        if not check_models(read_settings(None), new_console(), names or ()):
            raise typer.Exit(1)


def show_models(settings: Settings, console: Console) -> None:
    """Print every model of the catalogue, what this machine should have, and what it has."""
    from rich.text import Text

    from voice.devices import choose_device
    from voice.models import catalogue, installed

    device = choose_device(device_wish(settings))
    suitable, here = suitable_models(settings, device), installed(settings.models_path)
    table = _table("name", "for", "size", "", "licence", "about")
    for model in catalogue().models:
        state = "here" if model in here else "recommended" if model in suitable else ""
        table.add_row(*_cells(model), state, model.licence, model.about)
    console.print(table)
    console.print(Text(f"\n{device.why}"))
    console.print(
        Text(f"Models lie in {settings.models_path}; the list is of {catalogue().read}."),
        style="bright_black",
    )


def fetch_models(
    settings: Settings,
    console: Console,
    names: Sequence[str],
    *,
    yes: bool = False,
    mirror: str | None = None,
) -> None:
    """Show sizes and licences, ask, and fetch what is not here yet.

    Raises `UsageError` where nobody can be asked, and `voice.speech.VoiceError`.
    """
    from rich.text import Text

    from voice.download import HUB, download
    from voice.models import damage, is_installed

    if mirror is not None and not mirror.startswith(("https://", "http://")):
        raise UsageError("--mirror is no address: it begins with https://")
    folder = settings.models_path
    wanted = [
        model
        for model in _chosen(settings, names)
        if not is_installed(folder, model) or damage(folder, model)
    ]
    if not wanted:
        console.print(Text(f"Everything is here already, in {folder}."))
        return
    if not _agreed(console, wanted, mirror or HUB, yes=yes):
        console.print(Text("Nothing was fetched."))
        return
    for model in wanted:
        with _bar(console, model.name, model.size) as progress:
            download(model, folder, hub=mirror or HUB, progress=progress)
    console.print(Text(f"Fetched into {folder}. From now on no network is needed."))


def check_models(settings: Settings, console: Console, names: Sequence[str]) -> bool:
    """Print for each model whether it is whole; returns whether all are."""
    from rich.text import Text

    from voice.models import catalogue, damage, known

    folder = settings.models_path
    models = [known(name) for name in names] or [
        model for model in catalogue().models if (folder / model.name).is_dir()
    ]
    if not models:
        raise UsageError(f"there is no model in {folder}: `hotseat models download` fetches some")
    broken = 0
    for model in models:
        with _bar(console, model.name, model.size) as progress:
            faults = damage(folder, model, progress)
        broken += bool(faults)
        console.print(Text("\n".join(faults) or f"{model.name} is whole"), soft_wrap=True)
        if faults:
            console.print(Text(f"`hotseat models download {model.name}` mends it", "bold red"))
    return not broken


def device_wish(settings: Settings) -> DeviceWish:
    """What the settings ask of the machine; a model by path leaves the size to the machine."""
    from voice.devices import DeviceWish
    from voice.models import AUTO, is_path

    named = settings.speech_model
    return DeviceWish(
        kind=settings.speech_device,
        compute_type=settings.speech_compute_type,
        threads=settings.speech_threads,
        model_name=None if named == AUTO or is_path(named) else named,
    )


def suitable_models(settings: Settings, device: Device) -> Sequence[SpeechModel]:
    """What hears and what speaks, as the settings say, else as suits the machine.

    What the settings name by a path is the person's own and not among them.
    """
    from voice.models import AUTO, is_path, known, recommended

    hearing, speaking = recommended(device)
    if settings.voice != AUTO and not is_path(settings.voice):
        speaking = known(settings.voice)
    pairs = ((settings.speech_model, hearing), (settings.voice, speaking))
    return [model for named, model in pairs if not is_path(named)]


def missing_libraries() -> list[str]:
    """Those that speech needs and that are not installed."""
    return [name for name in LIBRARIES if find_spec(name) is None]


@contextmanager
def _explained() -> Iterator[None]:
    """Tells the person what stands in the way, in one sentence."""
    missing = missing_libraries()
    if missing:
        raise UsageError(f"the voice parts are not installed ({missing[0]} is missing): {INSTALL}")
    from voice.speech import VoiceError

    try:
        yield
    except VoiceError as err:
        raise UsageError(str(err)) from err
    except KeyboardInterrupt as err:
        reason = "stopped; what has arrived is kept, and the same command goes on from there"
        raise StoppedError.by(err, reason, 130) from err


def _chosen(settings: Settings, names: Sequence[str]) -> Sequence[SpeechModel]:
    from voice.devices import choose_device
    from voice.models import known

    if names:
        return [known(name) for name in dict.fromkeys(names)]
    return suitable_models(settings, choose_device(device_wish(settings)))


def _agreed(console: Console, models: Sequence[SpeechModel], hub: str, *, yes: bool) -> bool:
    """Show what would be fetched, and ask unless told not to."""
    from rich.prompt import Confirm
    from rich.text import Text

    from voice.download import shown_address
    from voice.models import megabytes, total

    table = _table("name", "for", "size", "licence")
    for model in models:
        table.add_row(*_cells(model), model.licence)
    console.print(table)
    for model in models:
        console.print(Text(f"{model.name}: {model.card}", "bright_black"), soft_wrap=True)
    console.print(Text(f"\n{megabytes(total(models))} from {shown_address(hub)}"))
    if yes:
        return True
    if not (console.is_interactive and sys.stdin.isatty()):
        raise UsageError("nobody can be asked here: agree to sizes and licences with --yes")
    try:
        return Confirm.ask(Text("Fetch them?"), console=console, default=True)
    except EOFError:
        return False


@contextmanager
def _bar(console: Console, name: str, size: int) -> Iterator[Progress]:
    """A line that fills at a terminal; nothing elsewhere."""
    from rich.progress import BarColumn, DownloadColumn, Progress, TextColumn, TimeRemainingColumn

    columns = (TextColumn("{task.description}"), BarColumn(), DownloadColumn())
    with Progress(
        *columns,
        TimeRemainingColumn(),
        console=console,
        transient=True,
        disable=not console.is_terminal,
    ) as bars:
        task = bars.add_task(name, total=size)
        yield lambda count: bars.advance(task, count)


def _table(*names: str) -> Table:
    from rich.table import Table

    table = Table(box=None, pad_edge=False)
    for name in names:
        table.add_column(
            name,
            overflow="fold",
            no_wrap=name in ("name", "size", ""),
            justify="right" if name == "size" else "left",
        )
    return table


def _cells(model: SpeechModel) -> tuple[str, str, str]:
    from voice.models import Kind, megabytes

    return (
        model.name,
        "hearing" if model.kind is Kind.RECOGNISER else "speaking",
        megabytes(model.size),
    )
