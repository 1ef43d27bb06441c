"""The built page: its files from memory, compressed, and kept by browsers for as long as may be."""

from __future__ import annotations

import asyncio
import gzip
import mimetypes
from dataclasses import dataclass
from functools import cached_property
from hashlib import sha256
from pathlib import Path

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Route

from bot.web.context import Web
from bot.web.entry import grant_for
from bot.web.security import BOARD_POLICY

STATIC = Path(__file__).parent / "static"

HASHED = ("assets/", "fonts/")
"""Under these paths a file's name holds the hash of what is in it, so it never changes."""

_TEXTS = (".css", ".html", ".js", ".json", ".svg", ".txt", ".webmanifest")
_TYPES = {".js": "text/javascript", ".woff2": "font/woff2", ".webmanifest": "text/plain"}


@dataclass(frozen=True)
class BuiltFile:
    """One file of the page."""

    path: Path
    immutable: bool

    @cached_property
    def content(self) -> bytes:
        """What is in it."""
        return self.path.read_bytes()

    @cached_property
    def zipped(self) -> bytes | None:
        """The same compressed, where that is worth it."""
        if self.path.suffix not in _TEXTS:
            return None
        return gzip.compress(self.content, 6, mtime=0)

    @cached_property
    def etag(self) -> str:
        """Names what is in it."""
        return f'"{sha256(self.content).hexdigest()[:32]}"'

    @property
    def media_type(self) -> str:
        """As browsers call it."""
        known = _TYPES.get(self.path.suffix) or mimetypes.guess_type(self.path.name)[0]
        return known or "application/octet-stream"

    def answer(self, request: Request) -> Response:
        """The file as this browser takes it, or that its copy is good."""
        headers = {"etag": self.etag, "vary": "accept-encoding", "cache-control": self._caching}
        if request.headers.get("if-none-match") == self.etag:
            return Response(status_code=304, headers=headers)
        content = self.content
        if self.zipped is not None and "gzip" in request.headers.get("accept-encoding", ""):
            content = self.zipped
            headers["content-encoding"] = "gzip"
        return Response(content, headers=headers, media_type=self.media_type)

    @property
    def _caching(self) -> str:
        return "public, max-age=31536000, immutable" if self.immutable else "no-cache"


class Bundle:
    """The files under a folder, which do not change while the process runs."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    @cached_property
    def files(self) -> dict[str, BuiltFile]:
        """By their path in the folder; nothing else can be asked for."""
        found = {
            path.relative_to(self._folder).as_posix(): path
            for path in sorted(self._folder.rglob("*"))
            if path.is_file()
        }
        return {name: BuiltFile(path, name.startswith(HASHED)) for name, path in found.items()}

    async def answer(self, request: Request, name: str) -> Response:
        """The named file; HTTPException where there is none."""
        return await asyncio.to_thread(self._answer, request, name)

    def _answer(self, request: Request, name: str) -> Response:
        file = self.files.get(name)
        if file is None:
            raise HTTPException(404)
        return file.answer(request)


def static_routes(web: Web, folder: Path) -> list[BaseRoute]:
    """The files of the page, and the page itself for whoever may see the board."""
    bundle = Bundle(folder)

    async def static(request: Request) -> Response:
        return await bundle.answer(request, request.path_params["path"])

    async def page(request: Request) -> Response:
        await grant_for(request, request.path_params["interview"], lambda one: one.may_see_board)
        if "index.html" not in bundle.files:
            raise HTTPException(503, "The page is not built here; see CONTRIBUTING.md.")
        answer = await bundle.answer(request, "index.html")
        answer.headers["content-security-policy"] = BOARD_POLICY
        return answer

    return [
        Route("/static/{path:path}", static, methods=["GET"]),
        Route("/i/{interview}/", page, methods=["GET"]),
    ]
