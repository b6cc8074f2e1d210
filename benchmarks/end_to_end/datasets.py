"""The data sets that scikit-learn ships, as files for SageMaker's XGBoost: CSV, the label first, no header line."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from sklearn import datasets
from sklearn.model_selection import train_test_split

CHANNELS = ("train", "validation")
VALIDATION_SHARE = 0.3
SPLIT = 7  # the seed of the one split that all trainings share


@dataclass(frozen=True, slots=True, kw_only=True)
class Dataset:
    """What is learned, and by which number a model is judged."""

    name: str
    objective: str  # XGBoost's
    metric: str  # on the channel named validation; lower is better
    classes: int | None = None  # None: not a matter of several classes

    @property
    def problem(self) -> str:
        """Its name among the problems of `benchmarks.search`."""
        return f"xgboost:{self.name}"

    @property
    def tuned(self) -> str:
        """Name the metric as a tuning job's objective does."""
        return f"validation:{self.metric}"


DATASETS: Mapping[str, Dataset] = {
    each.name: each
    for each in (
        Dataset(name="diabetes", objective="reg:squarederror", metric="rmse"),
        Dataset(name="breast_cancer", objective="binary:logistic", metric="logloss"),
        Dataset(name="wine", objective="multi:softprob", metric="mlogloss", classes=3),
        Dataset(name="digits", objective="multi:softprob", metric="mlogloss", classes=10),
    )
}


def write(folder: Path) -> None:
    """Write every data set as `folder/NAME/CHANNEL/rows.csv`; a file that is there is the same already."""
    for name in DATASETS:
        for channel, text in texts(name).items():
            file = folder / name / channel / "rows.csv"
            if not file.exists():
                file.parent.mkdir(parents=True, exist_ok=True)
                half_written = file.with_suffix(".half-written")
                half_written.write_text(text)
                half_written.replace(file)


def texts(name: str) -> dict[str, str]:
    """Give the rows of each channel of a data set; the split is by classes where there are any."""
    features, labels = getattr(datasets, f"load_{name}")(return_X_y=True)
    rows = np.column_stack([labels, features])
    strata = None if DATASETS[name].objective.startswith("reg:") else labels
    parts = train_test_split(rows, test_size=VALIDATION_SHARE, random_state=SPLIT, stratify=strata)
    return {
        channel: "".join(",".join(f"{value:.9g}" for value in row) + "\n" for row in part)
        for channel, part in zip(CHANNELS, parts, strict=True)
    }
