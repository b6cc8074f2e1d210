"""The migrations lead to the tables as the code knows them, on both engines."""

import json
from collections.abc import Iterator
from contextlib import closing
from dataclasses import replace

import pytest
from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.migration import MigrationContext
from sqlalchemy import Connection, column, insert, inspect, table, text

from luthier.records.state_change import JobKind, StateChange
from luthier.store import StoreError
from luthier.store.columns import to_text
from luthier.store.creation import create
from luthier.store.database import Database, connect
from luthier.store.engine import Store
from luthier.store.migrations import migrate
from luthier.store.state_changes import StateChanges, Waiting
from luthier.store.tables import metadata
from luthier.store.training_jobs import TrainingJobs
from luthier.store.tuning_jobs import TuningJobs
from luthier.store.version import is_behind
from things import SCOPE, a_specification, a_training_job, a_tuning_job

pytest_plugins = ["store.databases"]


@pytest.fixture
def database(database_url: str) -> Iterator[Database]:
    connected = connect(database_url)
    yield connected
    connected.close()


def test_a_migrated_database_has_the_tables_of_the_code(database: Database) -> None:
    migrate(database)

    with database.reading() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True, "compare_server_default": True})
        assert compare_metadata(context, metadata) == []


def test_a_migrated_database_equals_a_created_one(database: Database) -> None:
    """To the last collation and key, which Alembic's comparison does not look at."""
    create(database)
    with database.writing() as connection:
        created = _described(connection)
        metadata.drop_all(connection)
        connection.execute(text("DROP TABLE alembic_version"))

    migrate(database)

    with database.reading() as connection:
        assert _described(connection) == created


def test_a_created_database_is_of_the_newest_version(database: Database) -> None:
    create(database)

    assert not is_behind(database)


def test_nothing_is_created_where_there_are_tables(database: Database) -> None:
    with database.writing() as connection:
        connection.execute(text("CREATE TABLE somebody_elses (word INTEGER)"))

    create(database)

    with database.reading() as connection:
        assert inspect(connection).get_table_names() == ["somebody_elses"]


def test_old_tables_are_brought_up_to_date_when_a_store_is_opened(database: Database, database_url: str) -> None:
    with database.writing() as connection:
        _migrate_to(connection, "0001")

    with closing(Store.open(database_url)) as store:
        assert store.is_current()


def test_migrating_twice_is_migrating_once(database: Database) -> None:
    migrate(database)
    with database.writing() as connection:
        connection.execute(text("INSERT INTO leases (item, owner, expires_at) VALUES ('item', 'me', 1.0)"))

    migrate(database)

    with database.reading() as connection:
        assert connection.execute(text("SELECT count(*) FROM leases")).scalar_one() == 1


def test_the_tables_of_a_newer_luthier_are_left_alone(database: Database) -> None:
    migrate(database)
    with database.writing() as connection:
        connection.execute(text("UPDATE alembic_version SET version_num = '9999'"))

    with pytest.raises(StoreError, match="newer Luthier"):
        migrate(database)


def test_a_migration_that_fails_leaves_nothing_behind(database: Database) -> None:
    with database.writing() as connection:
        connection.execute(text("CREATE TABLE metric_points (in_the_way INTEGER)"))

    with pytest.raises(Exception, match="metric_points"):
        migrate(database)

    with database.reading() as connection:
        assert inspect(connection).get_table_names() == ["metric_points"]


def test_a_tuning_job_of_the_first_version_is_one_of_one_definition(database: Database) -> None:
    """Its training jobs, which did not name their definition then, are of it."""
    with database.writing() as connection:
        _migrate_to(connection, "0001")
        connection.execute(insert(_FIRST_TUNING_JOBS), [_FIRST_TUNING_JOB])
        connection.execute(insert(_FIRST_TRAINING_JOBS), [_FIRST_TRAINING_JOB])

    migrate(database)

    job = TuningJobs(database).get(a_tuning_job().arn)
    (child,) = TrainingJobs(database).of_tuning_job(a_tuning_job().arn)
    assert job is not None
    assert job == replace(a_tuning_job(), specification=a_specification(name="deep"), request=job.request)
    assert (child.definition_name, job.specification.definition_of(child).name) == ("deep", "deep")


def test_changes_that_waited_for_the_only_webhook_wait_for_it_still(database: Database) -> None:
    change = StateChange(
        id="7f1c", kind=JobKind.TUNING, arn="a", name="a", scope=SCOPE, created_at=1.0, at=2.0, status="Completed"
    )
    old = table("state_changes", *map(column, ("sequence", "job", "line", "change")))
    with database.writing() as connection:
        _migrate_to(connection, "0006")
        row = {"sequence": 7, "job": "a", "line": 1, "change": to_text(change, StateChange)}
        connection.execute(insert(old), [row])

    migrate(database)

    assert StateChanges(database).waiting(1, 10) == [Waiting(sequence=7, change=change)]


def test_changes_are_numbered_on_after_a_migration(database: Database) -> None:
    old = table("state_changes", *map(column, ("job", "line", "change")))
    with database.writing() as connection:
        _migrate_to(connection, "0006")
        connection.execute(insert(old), [{"job": "a", "line": 1, "change": "{}"}] * 3)

    migrate(database)

    with database.writing() as connection:
        row = {"job": "a", "line": 1, "change": "{}", "destination": "webhook"}
        connection.execute(insert(table("state_changes", *map(column, row))), [row])
        found = connection.execute(text("SELECT max(sequence) FROM state_changes")).scalar_one()
    assert found == 4


def _migrate_to(connection: Connection, version: str) -> None:
    config = Config()
    config.set_main_option("script_location", "luthier.store:migrations")
    config.attributes["connection"] = connection
    command.upgrade(config, version)


_FIRST_TUNING_JOBS = table(
    "tuning_jobs",
    *map(column, ("arn", "account", "region", "name", "specification", "request")),
    *map(column, ("created_at", "modified_at", "status", "version")),
)
_FIRST_TRAINING_JOBS = table(
    "training_jobs",
    *map(column, ("arn", "account", "region", "name", "tuning_job", "ordinal", "hyperparameters", "tuned")),
    *map(column, ("definition", "request", "created_at", "modified_at", "status", "transitions")),
    *map(column, ("is_retryable", "is_released", "journal_read", "version")),
)

_FIRST_DEFINITION = {
    "image": "123456789012.dkr.ecr.us-east-1.amazonaws.com/trainer:1",
    "metrics": [{"name": "loss", "regex": "loss=([0-9.]+)"}],
    "role": "arn:aws:iam::000000000000:role/luthier-execution",
    "channels": [
        {
            "name": "train",
            "uri": "s3://data/train/",
            "data_type": "S3Prefix",
            "distribution": "FullyReplicated",
            "input_mode": "File",
            "content_type": None,
        }
    ],
    "output_path": "s3://data/output",
    "instance_type": "ml.m5.large",
    "instance_count": 1,
    "volume_gb": 1,
    "max_runtime_s": 3600,
    "environment": {},
}

_FIRST_SPECIFICATION = {
    "strategy": "Bayesian",
    "objective": {"type": "Minimize", "metric": "loss"},
    "space": {
        "ranges": [
            {"name": "eta", "low": 0.001, "high": 1.0, "scaling": "Logarithmic", "range": "ContinuousRange"},
            {"name": "max_depth", "low": 1, "high": 10, "scaling": "Auto", "range": "IntegerRange"},
            {"name": "booster", "choices": ["gbtree", "dart"], "range": "CategoricalRange"},
        ]
    },
    "static_hyperparameters": {"num_round": "10", "_tuning_objective_metric": "loss"},
    "definition": _FIRST_DEFINITION,
    "max_jobs": 10,
    "max_parallel": 2,
    "seed": 7,
}

_FIRST_TUNING_JOB = {
    "arn": a_tuning_job().arn,
    "account": SCOPE.account,
    "region": SCOPE.region,
    "name": "tune",
    "specification": json.dumps(_FIRST_SPECIFICATION),
    "request": json.dumps({"HyperParameterTuningJobName": "tune", "TrainingJobDefinition": {"DefinitionName": "deep"}}),
    "created_at": 1000.0,
    "modified_at": 1000.0,
    "status": "InProgress",
    "version": 1,
}

_FIRST_TRAINING_JOB = {
    "arn": a_training_job().arn,
    "account": SCOPE.account,
    "region": SCOPE.region,
    "name": "tune-001-00000001",
    "tuning_job": a_tuning_job().arn,
    "ordinal": 1,
    "hyperparameters": "{}",
    "tuned": '{"eta":"0.5"}',
    "definition": json.dumps(_FIRST_DEFINITION),
    "request": '{"DefinitionName":"deep"}',
    "created_at": 1001.0,
    "modified_at": 1001.0,
    "status": "InProgress",
    "transitions": "[]",
    "is_retryable": False,
    "is_released": False,
    "journal_read": 0,
    "version": 1,
}


def _described(connection: Connection) -> dict[str, object]:
    seen = inspect(connection)
    return {
        name: {
            "columns": [(each["name"], repr(each["type"]), each["nullable"]) for each in seen.get_columns(name)],
            "comments": [each.get("comment") for each in seen.get_columns(name)],
            "key": seen.get_pk_constraint(name),
            "unique": seen.get_unique_constraints(name),
            "checks": seen.get_check_constraints(name),
            "foreign": seen.get_foreign_keys(name),
            "indexes": sorted(map(repr, seen.get_indexes(name))),
        }
        for name in seen.get_table_names()
    }
