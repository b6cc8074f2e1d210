"""The table of what hosts of training jobs have used, with a sentence for every column."""

from sqlalchemy import BigInteger, Column, Double, ForeignKey, Integer, Table

from luthier.store.columns import Name
from luthier.store.tables import metadata, training_jobs

usage_samples = Table(
    "usage_samples",
    metadata,
    Column(
        "training_job",
        Name(),
        ForeignKey(training_jobs.c.arn),
        primary_key=True,
        comment="The ARN of the training job whose host it is.",
    ),
    Column("sequence", Integer(), primary_key=True, autoincrement=False, comment="The journal line it came from."),
    Column("host", Name(), nullable=False, comment="The host: algo-1 and so on."),
    Column("at", Double(), nullable=False, comment="When the stretch of time ended."),
    Column("span_s", Double(), nullable=False, comment="How many seconds it was long."),
    Column("cpus", Double(), nullable=False, comment="How many processors the host may use."),
    Column("memory_limit_bytes", BigInteger(), nullable=False, comment="How much memory it may use."),
    Column("gpus", Integer(), nullable=False, comment="How many GPUs it may use."),
    Column("disk_limit_bytes", BigInteger(), nullable=False, comment="How much its volume holds."),
    Column("processor_s", Double(), comment="Seconds of processors that were used."),
    Column("peak_cpu_percent", Double(), comment="The highest use of processors in it, in percent of one core."),
    Column("memory_bytes", BigInteger(), comment="The most memory that was seen in use."),
    Column("gpu_percent", Double(), comment="The mean use of GPUs, in percent of one."),
    Column("peak_gpu_percent", Double(), comment="The highest use of GPUs that was seen, in percent of one."),
    Column(
        "gpu_memory_percent", Double(), comment="The most GPU memory that was seen in use, in percent of one GPU's."
    ),
    Column("disk_bytes", BigInteger(), comment="The most room that was seen in use on the volume."),
    comment="What hosts of training jobs have used, a stretch of time a row; only ever added to.",
)
