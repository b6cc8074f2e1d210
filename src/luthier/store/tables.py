"""
The tables, with a sentence for every table and column.

A job's table holds its record's fields under the same names, with the scope as two columns. Counters, best training
jobs and final metrics are never here: they are derived. Times are seconds since the epoch.
"""

from collections.abc import Mapping

from sqlalchemy import (
    BigInteger,
    Boolean,
    Column,
    Double,
    ForeignKey,
    Index,
    Integer,
    MetaData,
    Table,
    UniqueConstraint,
)

from luthier.records.identity import Role
from luthier.records.json_value import JsonObject
from luthier.records.sealed_object import SealedPart
from luthier.records.state_change import StateChange
from luthier.records.status import TrainingStatus, TuningStatus
from luthier.records.training_job import TrainingDefinition, Transition
from luthier.records.tuning_job import TuningSpecification
from luthier.store.columns import Escaped, Json, Name, SharedJson, Word

metadata = MetaData(
    naming_convention={
        "pk": "pk_%(table_name)s",
        "fk": "fk_%(table_name)s_%(column_0_N_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    }
)

_OBJECT = Json[JsonObject](JsonObject)  # type: ignore[type-abstract]  # only ever read and written, never made
_TEXTS = Json[Mapping[str, str]](Mapping[str, str])  # type: ignore[type-abstract]
_TRANSITIONS = Json(tuple[Transition, ...])
_ARNS = Json(tuple[str, ...])
_PARTS = Json(tuple[SealedPart, ...])
_ORDINALS = Json(tuple[int, ...])

tuning_jobs = Table(
    "tuning_jobs",
    metadata,
    Column("arn", Name(), primary_key=True, comment="The job's ARN, its name in lower case."),
    Column("account", Name(), nullable=False, comment="The account it belongs to."),
    Column("region", Name(), nullable=False, comment="The region it belongs to."),
    Column("name", Name(), nullable=False, comment="Its name, as the caller wrote it."),
    Column(
        "specification", Json(TuningSpecification), nullable=False, comment="What it was asked to do; never changes."
    ),
    Column("request", _OBJECT, nullable=False, comment="The create request in the wire's shape; never changes."),
    Column("created_at", Double(), nullable=False, comment="When it was created."),
    Column("modified_at", Double(), nullable=False, comment="When it last changed."),
    Column("status", Word(TuningStatus), nullable=False, comment="Where it stands, in SageMaker's words."),
    Column("stop_requested_at", Double(), comment="When it was first asked to stop."),
    Column("ended_at", Double(), comment="When it was over."),
    Column("failure_reason", Escaped(), comment="Why it failed, with JSON's escapes."),
    Column(
        "version", Integer(), nullable=False, comment="How many times it was written; a writer names the one it read."
    ),
    Column("completing_at", Double(), comment="When a completion criterion was met; nothing is launched afterwards."),
    Index(None, "account", "region", "name"),
    Index(None, "account", "region", "created_at"),
    Index(None, "status", "created_at"),
    comment="Tuning jobs, one a row.",
)

training_jobs = Table(
    "training_jobs",
    metadata,
    Column("arn", Name(), primary_key=True, comment="The job's ARN, its name in lower case."),
    Column("account", Name(), nullable=False, comment="The account it belongs to."),
    Column("region", Name(), nullable=False, comment="The region it belongs to."),
    Column("name", Name(), nullable=False, comment="Its name, as it was first written."),
    Column("tuning_job", Name(), comment="The ARN of the tuning job it was made for, which may have been deleted."),
    Column("ordinal", Integer(), comment="Its place in its tuning job, from 1; null once that is deleted."),
    Column("hyperparameters", _TEXTS, nullable=False, comment="All that the algorithm gets; never changes."),
    Column("tuned", _TEXTS, nullable=False, comment="The hyperparameters that the search chose; never changes."),
    Column(
        "definition",
        SharedJson(TrainingDefinition),
        nullable=False,
        comment="Everything else that was settled before it started; never changes.",
    ),
    Column("request", _OBJECT, nullable=False, comment="The definition in the wire's shape; never changes."),
    Column("created_at", Double(), nullable=False, comment="When its row was written."),
    Column("modified_at", Double(), nullable=False, comment="When it last changed."),
    Column("status", Word(TrainingStatus), nullable=False, comment="Where it stands, in SageMaker's words."),
    Column("transitions", _TRANSITIONS, nullable=False, comment="Its secondary statuses so far, oldest first."),
    Column("stop_requested_at", Double(), comment="When it was first asked to stop."),
    Column("started_at", Double(), comment="When training on its instances began."),
    Column("ended_at", Double(), comment="When it was over."),
    Column("failure_reason", Escaped(), comment="Why it failed, with JSON's escapes."),
    Column("is_retryable", Boolean(), nullable=False, comment="Whether it failed by a fault of the service."),
    Column(
        "is_released", Boolean(), nullable=False, comment="Whether it is over and nothing of it is left on a cluster."
    ),
    Column("journal_read", Integer(), nullable=False, comment="How many lines of its journal have been taken in."),
    Column(
        "version", Integer(), nullable=False, comment="How many times it was written; a writer names the one it read."
    ),
    Column("definition_name", Name(), comment="The name of the definition it is of, if that has one."),
    Column("stop_reason", Escaped(), comment="Why its tuning job stopped it early, with JSON's escapes."),
    UniqueConstraint("tuning_job", "ordinal"),
    Index(None, "account", "region", "name"),
    Index(None, "account", "region", "created_at"),
    Index(None, "is_released", "created_at"),
    Index(None, "status", "stop_reason"),
    comment="Training jobs, one a row.",
)

metric_points = Table(
    "metric_points",
    metadata,
    Column(
        "training_job",
        Name(),
        ForeignKey(training_jobs.c.arn),
        primary_key=True,
        comment="The ARN of the training job that reported it.",
    ),
    Column("sequence", Integer(), primary_key=True, autoincrement=False, comment="The journal line it came from."),
    Column("name", Escaped(), nullable=False, comment="The metric's name, with JSON's escapes."),
    Column("value", Double(), nullable=False, comment="Its value, a finite number."),
    Column("at", Double(), nullable=False, comment="When it was reported."),
    Index(None, "training_job", "name", "sequence"),
    comment="Values that training jobs reported; only ever added to.",
)

proposals = Table(
    "proposals",
    metadata,
    Column("tuning_job", Name(), primary_key=True, comment="The ARN of the tuning job."),
    Column(
        "version",
        Integer(),
        primary_key=True,
        autoincrement=False,
        comment="The version of the tuning job's row on which it was decided.",
    ),
    Column("ordinal", Integer(), nullable=False, comment="The ordinal of its first training job."),
    Column("asked", Integer(), nullable=False, comment="How many training jobs there were places for."),
    Column(
        "running", _ORDINALS, nullable=False, comment="The ordinals of the training jobs that were seen and not over."
    ),
    Column("shown", Name(), nullable=False, comment="A digest of the trials that the strategy was given."),
    Column("made_by", Name(), nullable=False, comment="The Luthier, libraries and processor that computed it."),
    comment="Proposals, one for each pass that wrote training jobs; only ever added to.",
)

leases = Table(
    "leases",
    metadata,
    Column("item", Name(), primary_key=True, comment="What is being looked after: a job's ARN."),
    Column("owner", Name(), nullable=False, comment="The worker that looks after it."),
    Column("expires_at", Double(), nullable=False, comment="From when on others may take it."),
    comment="Who looks after which job just now; a lease saves work, versions guard truth.",
)

state_changes = Table(
    "state_changes",
    metadata,
    Column("sequence", Integer(), primary_key=True, comment="Its place in the order in which changes were made."),
    Column("job", Name(), nullable=False, comment="The ARN of the job, which may have been deleted."),
    Column("line", Integer(), nullable=False, comment="The queue that it waits in; all of a job wait in the same."),
    Column("change", Json(StateChange), nullable=False, comment="What there is to tell."),
    Column("destination", Name(), nullable=False, comment="The destination that it waits for."),
    Index(None, "destination", "line", "sequence"),
    sqlite_autoincrement=True,
    comment="Changes of jobs' states that a webhook is still to be told of.",
)

algorithms = Table(
    "algorithms",
    metadata,
    Column("arn", Name(), primary_key=True, comment="The algorithm's ARN, its name in lower case."),
    Column("account", Name(), nullable=False, comment="The account it belongs to."),
    Column("region", Name(), nullable=False, comment="The region it belongs to."),
    Column("name", Name(), nullable=False, comment="Its name, as the caller wrote it."),
    Column("request", _OBJECT, nullable=False, comment="The create request in the wire's shape; never changes."),
    Column("created_at", Double(), nullable=False, comment="When it was created."),
    Index(None, "account", "region", "name"),
    Index(None, "account", "region", "created_at"),
    comment="Algorithm resources, one a row.",
)

tags = Table(
    "tags",
    metadata,
    Column("arn", Name(), primary_key=True, comment="The ARN of what is tagged."),
    Column("key", Escaped(), primary_key=True, comment="The tag's key, with JSON's escapes."),
    Column("value", Escaped(), nullable=False, comment="The tag's value, with JSON's escapes."),
    comment="Tags, one a row.",
)

access_keys = Table(
    "access_keys",
    metadata,
    Column("access_key", Name(), primary_key=True, comment="The access key ID. Its secret is derived, never stored."),
    Column("account", Name(), nullable=False, comment="The account it belongs to."),
    Column("user", Name(), nullable=False, comment="The IAM user that it stands for."),
    Column("created_at", Double(), nullable=False, comment="When it was made."),
    comment="Access keys beside the installation's own, one a row.",
)

roles = Table(
    "roles",
    metadata,
    Column("arn", Name(), primary_key=True, comment="The role's ARN."),
    Column("role", Json(Role), nullable=False, comment="What it may do."),
    Column("created_at", Double(), nullable=False, comment="When it was declared."),
    comment="Roles whose permissions were declared; any other role of an account may do what its users may.",
)

buckets = Table(
    "buckets",
    metadata,
    Column("name", Name(), primary_key=True, comment="The bucket's name, unique among all accounts."),
    Column("account", Name(), nullable=False, comment="The account it belongs to."),
    Column("created_at", Double(), nullable=False, comment="When it was claimed last."),
    comment="Whose each bucket is; the objects are the object store's.",
)

kms_keys = Table(
    "kms_keys",
    metadata,
    Column("arn", Name(), primary_key=True, comment="The key's ARN."),
    Column("account", Name(), nullable=False, comment="The account it belongs to."),
    Column("region", Name(), nullable=False, comment="The region it belongs to."),
    Column("created_at", Double(), nullable=False, comment="When it was added."),
    Column("is_enabled", Boolean(), nullable=False, comment="Whether it may be used."),
    Column("allowed", _ARNS, nullable=False, comment="Principals that may use it; none of its account: all of it."),
    Column("denied", _ARNS, nullable=False, comment="Principals that may not use it."),
    Column(
        "material", Name(), comment="The key, encrypted with the secret of the data folder; null: it is in AWS KMS."
    ),
    comment="KMS keys, one a row.",
)

kms_aliases = Table(
    "kms_aliases",
    metadata,
    Column("arn", Name(), primary_key=True, comment="The alias's ARN."),
    Column("key", Name(), ForeignKey(kms_keys.c.arn), nullable=False, comment="The ARN of the key that it names."),
    comment="Other names of KMS keys, one a row.",
)

sealed_objects = Table(
    "sealed_objects",
    metadata,
    Column("id", Name(), primary_key=True, comment="What the stored object begins with, drawn for it alone."),
    Column("bucket", Escaped(), nullable=False, comment="The object's bucket, with JSON's escapes."),
    Column("key", Escaped(), nullable=False, comment="The object's key, with JSON's escapes."),
    Column("kms_key", Name(), nullable=False, comment="The ARN of the KMS key, which may have been removed."),
    Column("created_at", Double(), nullable=False, comment="When it was about to be stored."),
    Column("parts", _PARTS, nullable=False, comment="Its parts, with their sizes as they are and as they are stored."),
    Column("upload", Escaped(), comment="The multipart upload that it comes from."),
    Column("etag", Name(), comment="The ETag of what is stored; null until that has been seen."),
    Index(None, "bucket", "key"),
    comment="Objects that are stored as ciphertext, one a row, each written before the object.",
)

sealed_parts = Table(
    "sealed_parts",
    metadata,
    Column(
        "object_id",
        Name(),
        ForeignKey(sealed_objects.c.id),
        primary_key=True,
        comment="The object that it is to be a part of.",
    ),
    Column("number", Integer(), primary_key=True, autoincrement=False, comment="Its number in the multipart upload."),
    Column("etag", Name(), primary_key=True, comment="The ETag of what is stored."),
    Column("size", BigInteger(), nullable=False, comment="How many bytes of the object it is."),
    Column("stored", BigInteger(), nullable=False, comment="How many bytes are stored."),
    comment="Parts of multipart uploads of such objects, as they were stored.",
)
