"""
Algorithms, tags, access keys, roles and owners of buckets; training jobs that outlive their tuning job; tuning jobs of
several definitions.
"""

import json

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"

KEY = sa.Text().with_variant(sa.Text(collation="C"), "postgresql")
Kind = sa.Text | sa.Double[float]


def upgrade() -> None:
    """Go to this version of the tables."""
    with op.batch_alter_table("training_jobs") as table:
        table.drop_constraint("fk_training_jobs_tuning_job", type_="foreignkey")
        table.alter_column(
            "tuning_job",
            existing_type=KEY,
            comment="The ARN of the tuning job it was made for, which may have been deleted.",
        )
        table.alter_column(
            "ordinal",
            existing_type=sa.Integer(),
            comment="Its place in its tuning job, from 1; null once that is deleted.",
        )
        table.add_column(
            _column(
                "definition_name",
                KEY,
                "The name of the definition it is of, if that has one.",
                nullable=True,
            )
        )
    with op.batch_alter_table("tuning_jobs") as table:
        table.add_column(
            _column(
                "completing_at",
                sa.Double(),
                "When a completion criterion was met; nothing is launched afterwards.",
                nullable=True,
            )
        )
    _make_definitions()
    _create_algorithms()
    _create_tags()
    _create_identities()


def _make_definitions() -> None:
    """Turn every tuning job's one algorithm into the only one of its definitions, and name it in its training jobs."""
    tuning = sa.table("tuning_jobs", sa.column("arn"), sa.column("specification"), sa.column("request"))
    training = sa.table("training_jobs", sa.column("tuning_job"), sa.column("definition_name"))
    connection = op.get_bind()
    for arn, specification, request in connection.execute(sa.select(tuning)).all():
        name = json.loads(request)["TrainingJobDefinition"].get("DefinitionName")
        connection.execute(
            sa.update(tuning)
            .where(tuning.c.arn == arn)
            .values(specification=_with_definitions(json.loads(specification), name))
        )
        connection.execute(sa.update(training).where(training.c.tuning_job == arn).values(definition_name=name))


def _with_definitions(old: dict[str, object], name: str | None) -> str:
    definition = {
        "name": name,
        "objective": old.pop("objective"),
        "space": old.pop("space"),
        "static_hyperparameters": old.pop("static_hyperparameters"),
        "training": old.pop("definition"),
    }
    return json.dumps({**old, "definitions": [definition]}, separators=(",", ":"))


def _create_algorithms() -> None:
    op.create_table(
        "algorithms",
        _column("arn", KEY, "The algorithm's ARN, its name in lower case."),
        _column("account", KEY, "The account it belongs to."),
        _column("region", KEY, "The region it belongs to."),
        _column("name", KEY, "Its name, as the caller wrote it."),
        _column("request", sa.Text(), "The create request in the wire's shape; never changes."),
        _column("created_at", sa.Double(), "When it was created."),
        sa.PrimaryKeyConstraint("arn", name="pk_algorithms"),
        comment="Algorithm resources, one a row.",
    )
    op.create_index("ix_algorithms_account_region_name", "algorithms", ["account", "region", "name"])
    op.create_index("ix_algorithms_account_region_created_at", "algorithms", ["account", "region", "created_at"])


def _create_tags() -> None:
    op.create_table(
        "tags",
        _column("arn", KEY, "The ARN of what is tagged."),
        _column("key", KEY, "The tag's key, with JSON's escapes."),
        _column("value", KEY, "The tag's value, with JSON's escapes."),
        sa.PrimaryKeyConstraint("arn", "key", name="pk_tags"),
        comment="Tags, one a row.",
    )


def _create_identities() -> None:
    op.create_table(
        "access_keys",
        _column("access_key", KEY, "The access key ID. Its secret is derived, never stored."),
        _column("account", KEY, "The account it belongs to."),
        _column("user", KEY, "The IAM user that it stands for."),
        _column("created_at", sa.Double(), "When it was made."),
        sa.PrimaryKeyConstraint("access_key", name="pk_access_keys"),
        comment="Access keys beside the installation's own, one a row.",
    )
    op.create_table(
        "roles",
        _column("arn", KEY, "The role's ARN."),
        _column("role", sa.Text(), "What it may do."),
        _column("created_at", sa.Double(), "When it was declared."),
        sa.PrimaryKeyConstraint("arn", name="pk_roles"),
        comment="Roles whose permissions were declared; any other role of an account may do what its users may.",
    )
    op.create_table(
        "buckets",
        _column("name", KEY, "The bucket's name, unique among all accounts."),
        _column("account", KEY, "The account it belongs to."),
        _column("created_at", sa.Double(), "When it was claimed last."),
        sa.PrimaryKeyConstraint("name", name="pk_buckets"),
        comment="Whose each bucket is; the objects are the object store's.",
    )


def _column(name: str, kind: Kind, comment: str, *, nullable: bool = False) -> sa.Column[object]:
    return sa.Column(name, kind, nullable=nullable, comment=comment)
