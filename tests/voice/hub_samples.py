"""A hub on this machine that serves files as asked, breaks off, and lies, as told."""

import hashlib
import re
from collections import defaultdict
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from typing import NamedTuple

from voice.models import Kind, ModelFile, SpeechModel

REVISION = "0123456789abcdef0123456789abcdef01234567"
REPOSITORY = "someone/some-model"


class Deed(NamedTuple):
    """How one request is answered: a `status` only, `sent` bytes of the file, other `content`."""

    status: int | None = None
    sent: int | None = None
    content: bytes | None = None
    ranges: bool = True


class Hub:
    """Files by path in the repository, what to do with the next requests, and what was asked."""

    def __init__(self, files: dict[str, bytes]) -> None:
        self.files = files
        self.deeds: defaultdict[str, list[Deed]] = defaultdict(list)
        self.asked: list[tuple[str, str | None]] = []
        self.headers: list[dict[str, str]] = []
        self.url = ""


def some_model(files: dict[str, bytes], **changes: object) -> SpeechModel:
    """A model of the hub's repository with these files, described truthfully."""
    described = {
        "name": "some-model",
        "kind": Kind.RECOGNISER,
        "repository": REPOSITORY,
        "revision": REVISION,
        "licence": "MIT",
        "card": "https://example.com",
        "about": "a sample",
        "files": tuple(
            ModelFile(path=path, size=len(data), sha256=hashlib.sha256(data).hexdigest())
            for path, data in files.items()
        ),
    }
    return SpeechModel.model_validate(described | changes)


@contextmanager
def serving(files: dict[str, bytes]) -> Iterator[Hub]:
    """The hub while it serves, on a port of its own."""
    hub = Hub(files)

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_GET(self) -> None:
            _answer(self, hub)

        def log_message(self, format: str, *args: object) -> None:  # noqa: A002
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = Thread(target=server.serve_forever, args=(0.01,))
    thread.start()
    hub.url = f"http://127.0.0.1:{server.server_port}"
    try:
        yield hub
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


def _answer(request: BaseHTTPRequestHandler, hub: Hub) -> None:
    path = request.path.removeprefix(f"/{REPOSITORY}/resolve/{REVISION}/")
    hub.asked.append((path, request.headers["Range"]))
    hub.headers.append(dict(request.headers))
    deed = hub.deeds[path].pop(0) if hub.deeds[path] else Deed()
    content = hub.files.get(path) if deed.content is None else deed.content
    if deed.status is not None or content is None:
        _finish(request, deed.status or 404, b"", 0)
        return
    asked = re.fullmatch(r"bytes=(\d+)-", request.headers["Range"] or "")
    start = int(asked[1]) if asked and deed.ranges else 0
    if start >= len(content):
        _finish(request, 416, b"", 0)
        return
    rest = content[start:]
    _finish(request, 206 if start else 200, rest[: deed.sent], len(rest))


def _finish(request: BaseHTTPRequestHandler, status: int, body: bytes, promised: int) -> None:
    """Send a body that may be shorter than promised; then the connection is closed."""
    request.send_response(status)
    request.send_header("Content-Length", str(promised))
    # Else a client that is quicker than the close asks again on a connection that is going away.
    request.send_header("Connection", "close")
    request.end_headers()
    request.wfile.write(body)
