"""The quotas, as the settings have them."""

from luthier.api.limits import Limits
from luthier.settings import Settings


def limits_of(settings: Settings) -> Limits:
    """Give the quotas, and what is allowed beyond AWS's rules."""
    return Limits(
        max_training_jobs=settings.max_training_jobs_per_tuning_job,
        max_parallel_training_jobs=settings.max_parallel_training_jobs,
        max_tuning_jobs=settings.max_concurrent_tuning_jobs,
        max_instances=settings.max_instances_per_type,
        allows_single_values=settings.allow_single_value_ranges,
        allows_metrics_without_pattern=settings.allow_metrics_without_pattern,
        allows_small_spaces=settings.allow_small_spaces,
    )
