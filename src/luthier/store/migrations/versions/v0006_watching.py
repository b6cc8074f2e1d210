"""Training jobs counted by status without a look at their rows."""

from alembic import op

revision = "0006"
down_revision = "0005"


def upgrade() -> None:
    """Go to this version of the tables."""
    op.create_index("ix_training_jobs_status_stop_reason", "training_jobs", ["status", "stop_reason"])
