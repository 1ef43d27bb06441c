"""Where an interview is spoken."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"


def upgrade() -> None:
    op.add_column("places", sa.Column("voice", sa.String(), nullable=True))
    op.add_column("places", sa.Column("captions", sa.String(), nullable=True))
