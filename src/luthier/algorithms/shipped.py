"""The entries of the catalogue that come with Luthier."""

import importlib.util
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

from luthier.algorithms.entry import CatalogueEntry
from luthier.algorithms.interpreter import is_inside_environment
from luthier.algorithms.script_mode import program
from luthier.algorithms.xgboost.known_defaults import known_defaults
from luthier.algorithms.xgboost.known_ranges import known_ranges
from luthier.algorithms.xgboost.metrics import metric_definitions

XGBOOST = ("*/sagemaker-xgboost:*", "*/sagemaker-xgboost", "*/xgboost:*", "*/xgboost")
"""AWS's own: 683313688378.dkr.ecr.us-east-1.amazonaws.com/sagemaker-xgboost:1.7-1, 811284229777.(...)/xgboost:1."""

SCRIPTS = {
    "*sagemaker-scikit-learn*": "scikit-learn",
    "*pytorch-training*": "pytorch",
    "*tensorflow-training*": "tensorflow",
}
"""AWS's images that run scripts only: 763104351884.dkr.ecr.us-east-1.amazonaws.com/pytorch-training:2.5.1-cpu-py311."""

PACKAGE = Path(__file__).resolve().parent.parent


def shipped_entries() -> tuple[CatalogueEntry, ...]:
    """Give the images that SageMaker's own names stand for here; with a script, XGBoost's image runs that."""
    return (*_scripts(), *(_xgboost(pattern) for pattern in XGBOOST))


def in_script_mode(entry: CatalogueEntry, framework: str) -> CatalogueEntry:
    """Have the entry's command, an interpreter that has the toolkit and *framework*, run scripts of users."""
    place = Path(program.__file__)
    return replace(
        entry,
        command=(*entry.command, str(place), framework),
        folders=(*entry.folders, str(place.parent)),
    )


def _scripts() -> Iterator[CatalogueEntry]:
    for pattern in XGBOOST:
        yield _script(pattern, "xgboost", program.PROGRAM)
    for pattern, framework in SCRIPTS.items():
        yield _script(pattern, framework, None)


def _script(pattern: str, framework: str, only_with: str | None) -> CatalogueEntry:
    plain = CatalogueEntry(
        pattern=pattern, command=("python",), only_with=only_with, problem=program.missing(framework)
    )
    return in_script_mode(plain, framework)


def _xgboost(pattern: str) -> CatalogueEntry:
    package = () if is_inside_environment(PACKAGE) else (PACKAGE,)
    has_xgboost = all(importlib.util.find_spec(name) for name in ("xgboost", "pyarrow"))
    return CatalogueEntry(
        pattern=pattern,
        command=("python", "-P", "-m", "luthier.algorithms.xgboost"),  # -P: nothing is imported from /opt/ml
        folders=tuple(map(str, package)),
        environment=tuple(("PYTHONPATH", str(each.parent)) for each in package),
        metric_definitions=metric_definitions(),
        defaults=known_defaults(),
        ranges=tuple(known_ranges().items()),
        problem=None if has_xgboost else "XGBoost is not installed; run pip install 'luthier[xgboost]'",
    )
