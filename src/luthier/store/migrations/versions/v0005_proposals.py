"""What strategies were shown when they chose hyperparameters."""

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"

KEY = sa.Text().with_variant(sa.Text(collation="C"), "postgresql")
Kind = sa.Text | sa.Integer


def upgrade() -> None:
    """Go to this version of the tables."""
    op.create_table(
        "proposals",
        _column("tuning_job", KEY, "The ARN of the tuning job."),
        sa.Column(
            "version",
            sa.Integer(),
            nullable=False,
            autoincrement=False,
            comment="The version of the tuning job's row on which it was decided.",
        ),
        _column("ordinal", sa.Integer(), "The ordinal of its first training job."),
        _column("asked", sa.Integer(), "How many training jobs there were places for."),
        _column("running", sa.Text(), "The ordinals of the training jobs that were seen and not over."),
        _column("shown", KEY, "A digest of the trials that the strategy was given."),
        _column("made_by", KEY, "The Luthier, libraries and processor that computed it."),
        sa.PrimaryKeyConstraint("tuning_job", "version", name="pk_proposals"),
        comment="Proposals, one for each pass that wrote training jobs; only ever added to.",
    )


def _column(name: str, kind: Kind, comment: str) -> sa.Column[object]:
    return sa.Column(name, kind, nullable=False, comment=comment)
