"""How the bot spoke in an interview, and what candidates put right of what it heard."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"


def upgrade() -> None:
    op.add_column(
        "interviews", sa.Column("grading_since", sa.DateTime(timezone=True), nullable=True)
    )
    op.create_table(
        "hearings",
        sa.Column("interview_id", sa.String(), nullable=False),
        sa.Column("seq", sa.Integer(), nullable=False),
        sa.Column("corrected", sa.Text(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["interview_id"], ["interviews.id"], name=op.f("fk_hearings_interview_id_interviews")
        ),
        sa.PrimaryKeyConstraint("interview_id", "seq", name=op.f("pk_hearings")),
    )
    op.create_table(
        "spoken",
        sa.Column("interview_id", sa.String(), nullable=False),
        sa.Column("key", sa.String(), nullable=False),
        sa.Column("waited_s", sa.Float(), nullable=True),
        sa.Column("cut_in", sa.Boolean(), nullable=False),
        sa.Column("stopped", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(
            ["interview_id"], ["interviews.id"], name=op.f("fk_spoken_interview_id_interviews")
        ),
        sa.PrimaryKeyConstraint("interview_id", "key", name=op.f("pk_spoken")),
    )
