"""A tuning job as a pandas data frame."""

from importlib import import_module
from typing import Any

from luthier.lab.extras import extra
from luthier.lab.resources import RESOURCES, with_resources
from luthier.lab.tables import COLUMNS, rows, summaries


def frame(  # Any: boto3 makes its clients, pandas is an extra
    tuning_job_name: str, client: Any = None, *, resources: Any = False
) -> Any:
    """
    Give a tuning job's training jobs as a data frame, oldest first.

    The columns are those of `HyperparameterTuningJobAnalytics.dataframe()` in the SageMaker Python SDK. *client* is
    boto3's for SageMaker, on whatever endpoint; without one it is made as the environment says. With *resources*, True
    or boto3's client for CloudWatch, there are columns of what each training job used: those of
    `luthier.lab.resources`. Raises ImportError without pandas, and what the clients raise.
    """
    pandas = extra("pandas", "notebook")
    found = rows(summaries(client or import_module("boto3").client("sagemaker"), tuning_job_name))
    columns = list(COLUMNS)
    if resources:
        found = with_resources(found, import_module("boto3").client("cloudwatch") if resources is True else resources)
        columns += RESOURCES
    return pandas.DataFrame(found, columns=None if found else columns)
