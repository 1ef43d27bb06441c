"""What an installation keeps to itself."""

from __future__ import annotations

import secrets

from sqlalchemy import Connection, select
from sqlalchemy.dialects.sqlite import insert as sqlite_insert

from storage.database import Database
from storage.tables import MARKS

_NAME = "installation secret"
_BYTES = 32
_OFFER = sqlite_insert(MARKS).on_conflict_do_nothing()
_SECRET = select(MARKS.c.value).where(MARKS.c.name == _NAME)


async def installation_secret(database: Database) -> bytes:
    """32 random bytes, made when first asked for and the same for as long as the file exists."""
    offer = {"name": _NAME, "value": secrets.token_hex(_BYTES)}

    def keep(connection: Connection) -> str:
        connection.execute(_OFFER, offer)
        return connection.execute(_SECRET).scalar_one()

    return bytes.fromhex(await database.run(keep))
