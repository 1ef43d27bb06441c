"""Boards that are drawn live, and the links that open them."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"


def upgrade() -> None:
    op.add_column("board_revisions", sa.Column("scene", sa.Integer(), nullable=True))
    op.create_table(
        "strokes",
        sa.Column("interview_id", sa.String(), nullable=False),
        sa.Column("seq", sa.Integer(), nullable=False),
        sa.Column("epoch", sa.Integer(), nullable=False),
        sa.Column("element_id", sa.String(), nullable=False),
        sa.Column("version", sa.BigInteger(), nullable=False),
        sa.Column("nonce", sa.BigInteger(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("person", sa.String(), nullable=False),
        sa.Column("element", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["interview_id"], ["interviews.id"], name=op.f("fk_strokes_interview_id_interviews")
        ),
        sa.PrimaryKeyConstraint("interview_id", "seq", name=op.f("pk_strokes")),
    )
    op.create_table(
        "web_links",
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("interview_id", sa.String(), nullable=True),
        sa.Column("role", sa.String(), nullable=False),
        sa.Column("person", sa.String(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("revoked_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["interview_id"], ["interviews.id"], name=op.f("fk_web_links_interview_id_interviews")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_web_links")),
    )
    op.create_index(op.f("ix_web_links_interview_id"), "web_links", ["interview_id"])
    op.create_index(op.f("ix_web_links_person"), "web_links", ["person"])
