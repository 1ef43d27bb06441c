"""Alembic's entry point: runs the migrations on the connection that the caller opened.

To add a migration: change `storage/tables.py`, then

    alembic -c storage/migrations/alembic.ini -x database=/tmp/dev.sqlite3 upgrade head
    alembic -c storage/migrations/alembic.ini -x database=/tmp/dev.sqlite3 \\
        revision --autogenerate --rev-id 0002 -m "what changes"

and read what it wrote. Migrations never import `storage.tables`: it shows today's tables, they
need those of their own day.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, Literal

from alembic import context
from sqlalchemy import Connection, TypeDecorator, create_engine

from storage.tables import METADATA


def render_item(kind: str, item: Any, autogen: object) -> str | Literal[False]:
    """Write our column types as the plain types that they are stored as."""
    if kind == "type" and isinstance(item, TypeDecorator):
        return f"sa.{item.impl_instance!r}"
    return False


@contextmanager
def connection() -> Iterator[Connection]:
    """The caller's connection, or one to `-x database=FILE` from the command line."""
    given = context.config.attributes.get("connection")
    if given is not None:
        yield given
        return
    path = context.get_x_argument(as_dictionary=True)["database"]
    with create_engine(f"sqlite:///{path}").connect() as own:
        yield own
        own.commit()


with connection() as bound:
    context.configure(
        connection=bound,
        target_metadata=METADATA,
        render_as_batch=True,
        render_item=render_item,
    )
    context.run_migrations()
