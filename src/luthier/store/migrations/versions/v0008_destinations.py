"""Changes that wait, a row for each destination that is to be told; those that wait already are the webhook's."""

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"

KEY = sa.Text().with_variant(sa.Text(collation="C"), "postgresql")
KEPT = {"sqlite_autoincrement": True}


def upgrade() -> None:
    """Go to this version of the tables."""
    op.drop_index("ix_state_changes_line_sequence", "state_changes")
    with op.batch_alter_table("state_changes", recreate="auto", table_kwargs=KEPT) as table:
        table.add_column(
            sa.Column(
                "destination",
                KEY,
                nullable=False,
                server_default="webhook",
                comment="The destination that it waits for.",
            )
        )
    with op.batch_alter_table("state_changes", table_kwargs=KEPT) as table:
        table.alter_column("destination", existing_type=KEY, existing_nullable=False, server_default=None)
    op.create_index("ix_state_changes_destination_line_sequence", "state_changes", ["destination", "line", "sequence"])
