"""Why training jobs were stopped early."""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"

KEY = sa.Text().with_variant(sa.Text(collation="C"), "postgresql")


def upgrade() -> None:
    """Go to this version of the tables."""
    comment = "Why its tuning job stopped it early, with JSON's escapes."
    with op.batch_alter_table("training_jobs") as table:
        table.add_column(sa.Column("stop_reason", KEY, nullable=True, comment=comment))
