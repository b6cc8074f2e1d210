"""A tuning job as a pandas data frame."""

from importlib import import_module
from typing import Any

from luthier.lab.extras import extra
from luthier.lab.tables import COLUMNS, rows, summaries


def frame(tuning_job_name: str, client: Any = None) -> Any:  # Any: boto3 makes its clients, pandas is an extra
    """
    Give a tuning job's training jobs as a data frame, oldest first.

    The columns are those of `HyperparameterTuningJobAnalytics.dataframe()` in the SageMaker Python SDK. *client* is
    boto3's for SageMaker, on whatever endpoint; without one it is made as the environment says. Raises ImportError
    without pandas, and what the client raises.
    """
    pandas = extra("pandas", "notebook")
    found = rows(summaries(client or import_module("boto3").client("sagemaker"), tuning_job_name))
    return pandas.DataFrame(found, columns=None if found else list(COLUMNS))
