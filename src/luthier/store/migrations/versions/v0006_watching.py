"""Training jobs counted by status without a look at their rows, and changes that a webhook is to be told of."""

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"

KEY = sa.Text().with_variant(sa.Text(collation="C"), "postgresql")


def upgrade() -> None:
    """Go to this version of the tables."""
    op.create_index("ix_training_jobs_status_stop_reason", "training_jobs", ["status", "stop_reason"])
    op.create_table(
        "state_changes",
        sa.Column(
            "sequence", sa.Integer(), primary_key=True, comment="Its place in the order in which changes were made."
        ),
        sa.Column("job", KEY, nullable=False, comment="The ARN of the job, which may have been deleted."),
        sa.Column(
            "line", sa.Integer(), nullable=False, comment="The queue that it waits in; all of a job wait in the same."
        ),
        sa.Column("change", sa.Text(), nullable=False, comment="What there is to tell."),
        comment="Changes of jobs' states that a webhook is still to be told of.",
        sqlite_autoincrement=True,
    )
    op.create_index("ix_state_changes_line_sequence", "state_changes", ["line", "sequence"])
