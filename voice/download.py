"""Fetching a speech model: goes on where it was broken off, and keeps nothing that is not right.

A connection is opened to nobody but the hub (or the mirror that was named), without any token, and
only by `download`. Every file is held against the catalogue's size and SHA-256 before it gets its
name, so a mirror, a proxy or a bad disk can make a download fail and nothing else.
"""

from __future__ import annotations

import errno
import re
import shutil
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, NoReturn

from voice.models import ModelFile, Progress, SpeechModel, lock, megabytes, sha256
from voice.speech import VoiceError

if TYPE_CHECKING:
    import httpx2

HUB = "https://huggingface.co"

TIMEOUT_S = 30.0
"""Seconds without a byte after which a connection counts as broken."""

PAUSES_S = (1.0, 2.0, 4.0, 8.0)
"""Before each further try of a transfer that broke off; one that brings anything starts anew."""

SPARE = 50_000_000
"""Bytes that stay free on the disk."""

_USER = re.compile(r"(?<=//)[^/?#\s]*@")
_PART = ".part"
_BUSY = frozenset((408, 429, 500, 502, 503, 504))
_FULL = frozenset((errno.ENOSPC, errno.EDQUOT, errno.EFBIG))


class _WrongBytesError(Exception):
    """A whole file that is not the one that was asked for."""


class _BrokenOffError(Exception):
    """A transfer that ended early, or that could not begin; it may be tried again."""


def download(
    model: SpeechModel,
    folder: Path,
    *,
    hub: str = HUB,
    progress: Progress = lambda _: None,
    wait: Callable[[float], None] = time.sleep,
) -> Path:
    """Fetch what is missing of a model into its folder of the models folder, and return that.

    Blocks. `progress` is told of bytes that were there before as well, and of a negative number
    where some turned out wrong. Broken off (also by Ctrl+C), the same call goes on from there.

    Raises `VoiceError`: no network, no such file, not enough room, wrong bytes twice.
    """
    import httpx2

    home = folder / model.name
    try:
        home.mkdir(parents=True, exist_ok=True)
        _check_room(model, home)
        with httpx2.Client(follow_redirects=True, timeout=TIMEOUT_S) as client:
            for file in model.files:
                url = f"{hub.rstrip('/')}/{model.repository}/resolve/{model.revision}/{file.path}"
                _fetch(_Transfer(client, url, file, home / file.name, progress, wait))
        lock(folder, model)
    except OSError as err:
        raise VoiceError(_disk_fault(home, err)) from err
    return home


def shown_address(address: str) -> str:
    """An address as it may be shown: without the user and password that a mirror may ask for."""
    return _USER.sub("", address)


@dataclass(frozen=True)
class _Transfer:
    """One file on its way: from where, to where, who is told, and how one waits for a retry."""

    client: httpx2.Client
    url: str
    file: ModelFile
    path: Path
    progress: Progress
    wait: Callable[[float], None]

    @property
    def source(self) -> str:
        """Where it comes from, as it may be shown."""
        return shown_address(self.url)

    @property
    def part(self) -> Path:
        """The file while it is not whole."""
        return self.path.with_name(f"{self.path.name}{_PART}")

    @property
    def done(self) -> int:
        """Bytes that have arrived."""
        return self.part.stat().st_size if self.part.exists() else 0


def _fetch(transfer: _Transfer) -> None:
    """The file in its place, whole; wrong bytes are thrown away and fetched a second time."""
    if _is_there(transfer):
        transfer.progress(transfer.file.size)
        return
    try:
        _fetch_once(transfer)
    except _WrongBytesError:
        try:
            _fetch_once(transfer)
        except _WrongBytesError as err:
            raise VoiceError(
                f"{transfer.source} brought a file with another SHA-256, twice; it was thrown "
                "away. If you use a mirror or a proxy, try without it"
            ) from err


def _is_there(transfer: _Transfer) -> bool:
    path, file = transfer.path, transfer.file
    return path.is_file() and path.stat().st_size == file.size and sha256(path) == file.sha256


def _fetch_once(transfer: _Transfer) -> None:
    if transfer.done > transfer.file.size:
        transfer.part.unlink()
    transfer.progress(transfer.done)
    _receive_all(transfer)
    if sha256(transfer.part) != transfer.file.sha256:
        _throw_away(transfer)
    transfer.part.replace(transfer.path)


def _receive_all(transfer: _Transfer) -> None:
    """Go on until the part has its full size; give up where try after try brings nothing."""
    pauses, most = iter(PAUSES_S), transfer.done
    while transfer.done < transfer.file.size:
        try:
            _receive(transfer)
            if transfer.done < transfer.file.size:
                raise _BrokenOffError("the server ended early")
        except _BrokenOffError as err:
            if transfer.done > most:
                pauses, most = iter(PAUSES_S), transfer.done
            pause = next(pauses, None)
            if pause is None:
                raise VoiceError(_given_up(transfer, err)) from err
            transfer.wait(pause)


def _receive(transfer: _Transfer) -> None:
    """Append what one request brings."""
    import httpx2

    start = transfer.done
    headers = {"Accept-Encoding": "identity"} | ({"Range": f"bytes={start}-"} if start else {})
    try:
        with transfer.client.stream("GET", transfer.url, headers=headers) as response:
            if response.status_code in (200, 206):
                _append(transfer, response)
            else:
                _refuse(transfer, response.status_code, response.reason_phrase)
    except httpx2.HTTPError as err:
        raise _BrokenOffError(shown_address(str(err)) or type(err).__name__) from err


def _refuse(transfer: _Transfer, status: int, reason: str) -> NoReturn:
    if status in _BUSY:
        raise _BrokenOffError(f"the server answers {status}")
    if status == 416:
        _throw_away(transfer)
    raise VoiceError(f"{transfer.source} cannot be fetched: the server answers {status} {reason}")


def _throw_away(transfer: _Transfer) -> NoReturn:
    transfer.progress(-transfer.done)
    transfer.part.unlink(missing_ok=True)
    raise _WrongBytesError


def _append(transfer: _Transfer, response: httpx2.Response) -> None:
    """Write the body behind what is there, or in its place where the server sends all of it."""
    anew = response.status_code == 200
    if anew:
        transfer.progress(-transfer.done)
    room = transfer.file.size - (0 if anew else transfer.done)
    with transfer.part.open("wb" if anew else "ab") as part:
        for chunk in response.iter_raw():
            part.write(chunk[:room])
            transfer.progress(len(chunk[:room]))
            if len(chunk) > room:
                break
            room -= len(chunk)


def _check_room(model: SpeechModel, home: Path) -> None:
    here = sum(path.stat().st_size for path in home.iterdir() if path.is_file())
    needed = max(0, model.size - here) + SPARE
    free = shutil.disk_usage(home).free
    if free < needed:
        raise VoiceError(
            f"{model.name} needs {megabytes(needed)} in {home.parent}, and {megabytes(free)} are "
            "free: make room, or set HOTSEAT_MODELS to another folder"
        )


def _given_up(transfer: _Transfer, err: _BrokenOffError) -> str:
    if not transfer.done:
        return f"{transfer.source} cannot be reached ({err}): look at your connection and try again"
    return (
        f"{transfer.path.name} broke off after {megabytes(transfer.done)} of "
        f"{megabytes(transfer.file.size)} ({err}). What has arrived is kept: "
        "the same command goes on from there"
    )


def _disk_fault(home: Path, err: OSError) -> str:
    if err.errno in _FULL:
        return f"the disk of {home} is full. Make room; the same command goes on from there"
    return f"{err.filename or home} cannot be written: {err.strerror or err}"
