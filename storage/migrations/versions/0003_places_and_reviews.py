"""Where an interview takes place, which messages it took and sent, and how cards are reviewed."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"


def upgrade() -> None:
    op.create_table(
        "groups",
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("server", sa.String(), nullable=False),
        sa.Column("channel", sa.String(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_groups")),
    )
    op.create_index(op.f("ix_groups_server"), "groups", ["server"])
    op.create_table(
        "marks",
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("value", sa.String(), nullable=False),
        sa.PrimaryKeyConstraint("name", name=op.f("pk_marks")),
    )
    op.create_table(
        "people",
        sa.Column("person", sa.String(), nullable=False),
        sa.Column("retention_days", sa.Integer(), nullable=True),
        sa.PrimaryKeyConstraint("person", name=op.f("pk_people")),
    )
    op.create_table(
        "corrections",
        sa.Column("interview_id", sa.String(), nullable=False),
        sa.Column("turn_id", sa.String(), nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("correction", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["interview_id"], ["interviews.id"], name=op.f("fk_corrections_interview_id_interviews")
        ),
        sa.PrimaryKeyConstraint("interview_id", "turn_id", "revision", name=op.f("pk_corrections")),
    )
    op.create_table(
        "disputes",
        sa.Column("interview_id", sa.String(), nullable=False),
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("dispute", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["interview_id"], ["interviews.id"], name=op.f("fk_disputes_interview_id_interviews")
        ),
        sa.PrimaryKeyConstraint("interview_id", "id", name=op.f("pk_disputes")),
    )
    op.create_table(
        "invitations",
        sa.Column("code", sa.String(), nullable=False),
        sa.Column("group_id", sa.String(), nullable=False),
        sa.Column("invitation", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["group_id"], ["groups.id"], name=op.f("fk_invitations_group_id_groups")
        ),
        sa.PrimaryKeyConstraint("code", name=op.f("pk_invitations")),
    )
    op.create_table(
        "members",
        sa.Column("group_id", sa.String(), nullable=False),
        sa.Column("person", sa.String(), nullable=False),
        sa.Column("role", sa.String(), nullable=False),
        sa.Column("joined_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["group_id"], ["groups.id"], name=op.f("fk_members_group_id_groups")
        ),
        sa.PrimaryKeyConstraint("group_id", "person", name=op.f("pk_members")),
    )
    op.create_index(op.f("ix_members_person"), "members", ["person"])
    op.create_table(
        "origins",
        sa.Column("interview_id", sa.String(), nullable=False),
        sa.Column("origin", sa.String(), nullable=False),
        sa.Column("seq", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["interview_id"], ["interviews.id"], name=op.f("fk_origins_interview_id_interviews")
        ),
        sa.PrimaryKeyConstraint("interview_id", "origin", name=op.f("pk_origins")),
    )
    op.create_table(
        "overrides",
        sa.Column("interview_id", sa.String(), nullable=False),
        sa.Column("dispute_id", sa.String(), nullable=False),
        sa.Column("by_role", sa.String(), nullable=False),
        sa.Column("person", sa.String(), nullable=False),
        sa.Column("override", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["interview_id"], ["interviews.id"], name=op.f("fk_overrides_interview_id_interviews")
        ),
        sa.PrimaryKeyConstraint("interview_id", "dispute_id", "by_role", name=op.f("pk_overrides")),
    )
    op.create_table(
        "own_sheets",
        sa.Column("interview_id", sa.String(), nullable=False),
        sa.Column("card_opened_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("sheet", sa.Text(), nullable=True),
        sa.ForeignKeyConstraint(
            ["interview_id"], ["interviews.id"], name=op.f("fk_own_sheets_interview_id_interviews")
        ),
        sa.PrimaryKeyConstraint("interview_id", name=op.f("pk_own_sheets")),
    )
    op.create_table(
        "places",
        sa.Column("interview_id", sa.String(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("server", sa.String(), nullable=True),
        sa.Column("channel", sa.String(), nullable=False),
        sa.Column("status", sa.String(), nullable=True),
        sa.Column("heard", sa.String(), nullable=False),
        sa.Column("rate_first", sa.Boolean(), nullable=False),
        sa.Column("closed", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(
            ["interview_id"], ["interviews.id"], name=op.f("fk_places_interview_id_interviews")
        ),
        sa.PrimaryKeyConstraint("interview_id", name=op.f("pk_places")),
    )
    op.create_index(op.f("ix_places_channel"), "places", ["channel"])
    op.create_table(
        "posts",
        sa.Column("interview_id", sa.String(), nullable=False),
        sa.Column("key", sa.String(), nullable=False),
        sa.Column("part", sa.Integer(), nullable=False),
        sa.Column("message", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(
            ["interview_id"], ["interviews.id"], name=op.f("fk_posts_interview_id_interviews")
        ),
        sa.PrimaryKeyConstraint("interview_id", "key", "part", name=op.f("pk_posts")),
    )
    op.create_table(
        "shares",
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("interview_id", sa.String(), nullable=False),
        sa.Column("group_id", sa.String(), nullable=False),
        sa.Column("card", sa.Text(), nullable=False),
        sa.Column("stages", sa.Text(), nullable=False),
        sa.Column("anonymous", sa.Boolean(), nullable=False),
        sa.Column("channel", sa.String(), nullable=False),
        sa.Column("message", sa.String(), nullable=True),
        sa.Column("thread", sa.String(), nullable=True),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["interview_id"], ["interviews.id"], name=op.f("fk_shares_interview_id_interviews")
        ),
        sa.ForeignKeyConstraint(
            ["group_id"], ["groups.id"], name=op.f("fk_shares_group_id_groups")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_shares")),
        sa.UniqueConstraint(
            "group_id", "interview_id", name=op.f("uq_shares_group_id_interview_id")
        ),
    )
    op.create_table(
        "sheets",
        sa.Column("share_id", sa.String(), nullable=False),
        sa.Column("rater", sa.String(), nullable=False),
        sa.Column("interview_id", sa.String(), nullable=False),
        sa.Column("sheet", sa.Text(), nullable=False),
        sa.Column("submitted_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["interview_id"], ["interviews.id"], name=op.f("fk_sheets_interview_id_interviews")
        ),
        sa.ForeignKeyConstraint(
            ["share_id"], ["shares.id"], name=op.f("fk_sheets_share_id_shares")
        ),
        sa.PrimaryKeyConstraint("share_id", "rater", name=op.f("pk_sheets")),
    )
    op.create_index(op.f("ix_sheets_rater"), "sheets", ["rater"])
    op.create_table(
        "sights",
        sa.Column("interview_id", sa.String(), nullable=False),
        sa.Column("person", sa.String(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["interview_id"], ["interviews.id"], name=op.f("fk_sights_interview_id_interviews")
        ),
        sa.PrimaryKeyConstraint("interview_id", "person", name=op.f("pk_sights")),
    )
    op.create_index(op.f("ix_sights_person"), "sights", ["person"])
