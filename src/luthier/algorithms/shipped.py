"""The entries of the catalogue that come with Luthier."""

import importlib.util
from pathlib import Path

from luthier.algorithms.entry import CatalogueEntry
from luthier.algorithms.interpreter import is_inside_environment
from luthier.algorithms.xgboost.metrics import metric_definitions

XGBOOST = ("*/sagemaker-xgboost:*", "*/sagemaker-xgboost", "*/xgboost:*", "*/xgboost")
"""AWS's own: 683313688378.dkr.ecr.us-east-1.amazonaws.com/sagemaker-xgboost:1.7-1, 811284229777.(...)/xgboost:1."""

PACKAGE = Path(__file__).resolve().parent.parent


def shipped_entries() -> tuple[CatalogueEntry, ...]:
    """Give the images that SageMaker's own names stand for here."""
    package = () if is_inside_environment(PACKAGE) else (PACKAGE,)
    has_xgboost = all(importlib.util.find_spec(name) for name in ("xgboost", "pyarrow"))
    return tuple(
        CatalogueEntry(
            pattern=pattern,
            command=("python", "-P", "-m", "luthier.algorithms.xgboost"),  # -P: nothing is imported from /opt/ml
            folders=tuple(map(str, package)),
            environment=tuple(("PYTHONPATH", str(each.parent)) for each in package),
            metric_definitions=metric_definitions(),
            problem=None if has_xgboost else "XGBoost is not installed; run pip install 'luthier[xgboost]'",
        )
        for pattern in XGBOOST
    )
