"""What a strategy was shown when it chose hyperparameters, as far as no other row tells it."""

from dataclasses import dataclass

from luthier.records.names import TuningJobArn


@dataclass(frozen=True, slots=True, kw_only=True)
class Proposal:
    """
    One pass that wrote training jobs: those from *ordinal* up to the next proposal's.

    All training jobs before *ordinal* were known. Whatever is over stays as it is, so which of them were not over says
    what was known of each.
    """

    tuning_job: TuningJobArn
    version: int  # of the tuning job's row on which it was decided; no two proposals have the same
    ordinal: int  # of its first training job
    asked: int  # training jobs that there were places for, 1 or more
    running: tuple[int, ...]  # ordinals, rising, of the training jobs that were seen and not over
    shown: str  # a digest of the trials that the strategy was given
    made_by: str  # what computed it: Luthier, the libraries and the processor on which the last digits depend
