"""The first tables."""

from collections.abc import Iterator

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None

KEY = sa.Text().with_variant(sa.Text(collation="C"), "postgresql")
Kind = sa.Text | sa.Integer | sa.Double[float] | sa.Boolean
VERSION = "How many times it was written; a writer names the one it read."


def upgrade() -> None:
    """Go to this version of the tables."""
    op.create_table(
        "tuning_jobs",
        *_tuning_job_columns(),
        sa.PrimaryKeyConstraint("arn", name="pk_tuning_jobs"),
        comment="Tuning jobs, one a row.",
    )
    _index("tuning_jobs", "account", "region", "name")
    _index("tuning_jobs", "account", "region", "created_at")
    _index("tuning_jobs", "status", "created_at")
    op.create_table(
        "training_jobs",
        *_training_job_columns(),
        *_training_job_state_columns(),
        sa.PrimaryKeyConstraint("arn", name="pk_training_jobs"),
        sa.ForeignKeyConstraint(["tuning_job"], ["tuning_jobs.arn"], name="fk_training_jobs_tuning_job"),
        sa.UniqueConstraint("tuning_job", "ordinal", name="uq_training_jobs_tuning_job_ordinal"),
        comment="Training jobs, one a row.",
    )
    _index("training_jobs", "account", "region", "name")
    _index("training_jobs", "account", "region", "created_at")
    _index("training_jobs", "is_released", "created_at")
    _create_metric_points()
    _create_leases()


def _tuning_job_columns() -> Iterator[sa.Column[object]]:
    yield _column("arn", KEY, "The job's ARN, its name in lower case.")
    yield _column("account", KEY, "The account it belongs to.")
    yield _column("region", KEY, "The region it belongs to.")
    yield _column("name", KEY, "Its name, as the caller wrote it.")
    yield _column("specification", sa.Text(), "What it was asked to do; never changes.")
    yield _column("request", sa.Text(), "The create request in the wire's shape; never changes.")
    yield _column("created_at", sa.Double(), "When it was created.")
    yield _column("modified_at", sa.Double(), "When it last changed.")
    yield _column("status", KEY, "Where it stands, in SageMaker's words.")
    yield _column("stop_requested_at", sa.Double(), "When it was first asked to stop.", nullable=True)
    yield _column("ended_at", sa.Double(), "When it was over.", nullable=True)
    yield _column("failure_reason", KEY, "Why it failed, with JSON's escapes.", nullable=True)
    yield _column("version", sa.Integer(), VERSION)


def _training_job_columns() -> Iterator[sa.Column[object]]:
    yield _column("arn", KEY, "The job's ARN, its name in lower case.")
    yield _column("account", KEY, "The account it belongs to.")
    yield _column("region", KEY, "The region it belongs to.")
    yield _column("name", KEY, "Its name, as it was first written.")
    yield _column("tuning_job", KEY, "The ARN of the tuning job it is part of.", nullable=True)
    yield _column("ordinal", sa.Integer(), "Its place in its tuning job, from 1.", nullable=True)
    yield _column("hyperparameters", sa.Text(), "All that the algorithm gets; never changes.")
    yield _column("tuned", sa.Text(), "The hyperparameters that the search chose; never changes.")
    yield _column("definition", sa.Text(), "Everything else that was settled before it started; never changes.")
    yield _column("request", sa.Text(), "The definition in the wire's shape; never changes.")
    yield _column("created_at", sa.Double(), "When its row was written.")


def _training_job_state_columns() -> Iterator[sa.Column[object]]:
    yield _column("modified_at", sa.Double(), "When it last changed.")
    yield _column("status", KEY, "Where it stands, in SageMaker's words.")
    yield _column("transitions", sa.Text(), "Its secondary statuses so far, oldest first.")
    yield _column("stop_requested_at", sa.Double(), "When it was first asked to stop.", nullable=True)
    yield _column("started_at", sa.Double(), "When training on its instances began.", nullable=True)
    yield _column("ended_at", sa.Double(), "When it was over.", nullable=True)
    yield _column("failure_reason", KEY, "Why it failed, with JSON's escapes.", nullable=True)
    yield _column("is_retryable", sa.Boolean(), "Whether it failed by a fault of the service.")
    yield _column("is_released", sa.Boolean(), "Whether it is over and nothing of it is left on a cluster.")
    yield _column("journal_read", sa.Integer(), "How many lines of its journal have been taken in.")
    yield _column("version", sa.Integer(), VERSION)


def _create_metric_points() -> None:
    op.create_table(
        "metric_points",
        _column("training_job", KEY, "The ARN of the training job that reported it."),
        _column("sequence", sa.Integer(), "The journal line it came from."),
        _column("name", KEY, "The metric's name, with JSON's escapes."),
        _column("value", sa.Double(), "Its value, a finite number."),
        _column("at", sa.Double(), "When it was reported."),
        sa.PrimaryKeyConstraint("training_job", "sequence", name="pk_metric_points"),
        sa.ForeignKeyConstraint(["training_job"], ["training_jobs.arn"], name="fk_metric_points_training_job"),
        comment="Values that training jobs reported; only ever added to.",
    )
    _index("metric_points", "training_job", "name", "sequence")


def _create_leases() -> None:
    op.create_table(
        "leases",
        _column("item", KEY, "What is being looked after: a job's ARN."),
        _column("owner", KEY, "The worker that looks after it."),
        _column("expires_at", sa.Double(), "From when on others may take it."),
        sa.PrimaryKeyConstraint("item", name="pk_leases"),
        comment="Who looks after which job just now; a lease saves work, versions guard truth.",
    )


def _column(name: str, kind: Kind, comment: str, *, nullable: bool = False) -> sa.Column[object]:
    return sa.Column(name, kind, nullable=nullable, comment=comment, autoincrement=False)


def _index(table: str, *columns: str) -> None:
    op.create_index("_".join(("ix", table, *columns)), table, list(columns))
