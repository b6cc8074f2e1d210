"""
CloudWatch: what the hosts of training jobs have used, under the names of SageMaker's own metrics.

| metric                   | unit                                                    |
|--------------------------|---------------------------------------------------------|
| CPUUtilization           | percent of one core: 400 is all of four                 |
| MemoryUtilization        | percent of the host's memory                            |
| GPUUtilization           | percent of one GPU, as of cores                         |
| GPUMemoryUtilization     | percent of the memory of one GPU, likewise              |
| DiskUtilization          | percent of the host's volume                            |

AWS: "Amazon SageMaker AI metrics in Amazon CloudWatch", Developer Guide: dimension Host, [training-job-name]/algo-1.
"""

from collections.abc import Iterator

from luthier.api.desk import Desk
from luthier.records.names import Scope, training_job_arn
from luthier.records.usage import MEASURES

_MINUTE_S = 60


def host_points(desk: Desk, scope: Scope, metric: str, value: str) -> Iterator[tuple[float, float]]:
    """
    Give when a host has used how much; nothing of a metric, a training job or a host that nobody knows.

    *value* is that of the dimension Host. A stretch of more than a minute gives a point for each.
    """
    name, _, host = value.partition("/")
    arn = training_job_arn(scope, name)
    job = desk.store.training_jobs.get(arn)
    measure = MEASURES.get(metric)
    if measure is None or job is None or job.name != name:
        return
    for each in desk.store.usage_samples.of_training_job(arn):
        used = measure(each)
        if each.host == host and used is not None:
            for minute in reversed(range(max(1, round(each.span_s / _MINUTE_S)))):
                yield each.at - minute * _MINUTE_S, used
