"""What hosts of training jobs have used of their machine."""

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"

KEY = sa.Text().with_variant(sa.Text(collation="C"), "postgresql")
Kind = sa.Text | sa.Integer | sa.BigInteger | sa.Double[float]


def upgrade() -> None:
    """Go to this version of the tables."""
    op.create_table(
        "usage_samples",
        _column("training_job", KEY, "The ARN of the training job whose host it is."),
        sa.Column(
            "sequence", sa.Integer(), nullable=False, autoincrement=False, comment="The journal line it came from."
        ),
        _column("host", KEY, "The host: algo-1 and so on."),
        _column("at", sa.Double(), "When the stretch of time ended."),
        _column("span_s", sa.Double(), "How many seconds it was long."),
        _column("cpus", sa.Double(), "How many processors the host may use."),
        _column("memory_limit_bytes", sa.BigInteger(), "How much memory it may use."),
        _column("gpus", sa.Integer(), "How many GPUs it may use."),
        _column("disk_limit_bytes", sa.BigInteger(), "How much its volume holds."),
        _maybe("processor_s", sa.Double(), "Seconds of processors that were used."),
        _maybe("peak_cpu_percent", sa.Double(), "The highest use of processors in it, in percent of one core."),
        _maybe("memory_bytes", sa.BigInteger(), "The most memory that was seen in use."),
        _maybe("gpu_percent", sa.Double(), "The mean use of GPUs, in percent of one."),
        _maybe("peak_gpu_percent", sa.Double(), "The highest use of GPUs that was seen, in percent of one."),
        _maybe("gpu_memory_percent", sa.Double(), "The most GPU memory that was seen in use, in percent of one GPU's."),
        _maybe("disk_bytes", sa.BigInteger(), "The most room that was seen in use on the volume."),
        sa.ForeignKeyConstraint(["training_job"], ["training_jobs.arn"], name="fk_usage_samples_training_job"),
        sa.PrimaryKeyConstraint("training_job", "sequence", name="pk_usage_samples"),
        comment="What hosts of training jobs have used, a stretch of time a row; only ever added to.",
    )


def _column(name: str, kind: Kind, comment: str) -> sa.Column[object]:
    return sa.Column(name, kind, nullable=False, comment=comment)


def _maybe(name: str, kind: Kind, comment: str) -> sa.Column[object]:
    return sa.Column(name, kind, nullable=True, comment=comment)
