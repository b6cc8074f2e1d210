"""How much one account may ask for, and which of AWS's rules are relaxed."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """
    The quotas of an account in a region, and what is allowed beyond AWS's rules; the defaults are AWS's own.

    AWS: "Quotas" of automatic model tuning, Amazon SageMaker Developer Guide. There is no default for instances: AWS's
    differ by account and instance type, and here a machine, not an instance type, is what runs out.
    """

    max_training_jobs: int = 750  # of one tuning job
    max_parallel_training_jobs: int = 10  # of one tuning job
    max_tuning_jobs: int = 100  # at one time
    max_instances: int = 0  # in use at one time, of each instance type; 0: any number
    allows_single_values: bool = False  # numeric ranges whose MinValue is their MaxValue
    allows_metrics_without_pattern: bool = False  # an objective that no metric definition names
    allows_small_spaces: bool = False  # fewer combinations than training jobs
