"""
Which problems there are, by name, in lists, and how a name becomes a problem.

*Development* problems may be looked at as often as one likes. *Held-out* ones are never used to choose anything: they
are other data sets, tasks, functions, instances, salts and trainings of the same families, read once for a result that
is published. No data set of a family is in both lists.
"""

import importlib
from collections.abc import Iterable
from pathlib import Path

from benchmarks.search.problem import Problem

FAMILIES = {  # the word before the colon, and the module that knows it; a name without a colon is a function
    "hpobench": "tables",
    "hpolib": "tables",
    "nasbench201": "tables",
    "lcbench": "yahpo",
    "rbv2_xgboost": "yahpo",
    "rbv2_rpart": "yahpo",
    "awsxgbq": "awsxgb",
    "mixint": "mixint",
    "live": "live",
    "drawn": "drawn",
    "xgboost": "xgboost_image",
}
NEED_DATA = {"tables", "yahpo", "awsxgb"}


def _named(family: str, instances: str) -> tuple[str, ...]:
    return tuple(f"{family}:{each}" for each in instances.split())


DEVELOPMENT = (
    *_named("hpobench", "australian kc1 car phoneme"),
    *_named("hpolib", "protein_structure parkinsons_telemonitoring"),
    *_named("nasbench201", "cifar100"),
    *_named("lcbench", "167168 189873 189906 3945"),
    *_named("rbv2_xgboost", "16 1501 12"),
    *_named("rbv2_rpart", "14"),
    *_named("awsxgbq", "german.numer spambase a6a svmguide1 heart"),
    *_named("mixint", "f3_d5_i1 f8_d10_i1 f15_d10_i1 f1_d20_i1"),
    *("hartmann6", "hartmann10", "ackley20", "hpolike1", "hpolike2", "hpolike3d", "hpolike16"),
    *_named("live", "svm_diabetes lgbm_diabetes"),
    # more of the same
    *_named("lcbench", "126025 146212 167152 168329 168868 189354"),
    *_named("rbv2_xgboost", "1049 1461 23512 40975 4538"),
    *_named("rbv2_rpart", "1049 1489 40984"),
    *_named("mixint", "f6_d10_i2 f11_d5_i3 f17_d10_i2 f21_d20_i2"),
    *("hartmann6@oak", "hartmann10@oak", "ackley20@oak", "hpolike1@oak", "hpolike2@oak", "hpolike16@oak"),
    *_named("live", "lgbm_wine mlp_wine mlp_diabetes"),
)

HELD_OUT = (
    *_named("hpobench", "blood_transfusion credit_g segment vehicle"),
    *_named("hpolib", "naval_propulsion slice_localization"),
    *_named("nasbench201", "cifar10 imagenet"),
    *_named("lcbench", "167083 167104 167184 167149 168910 189865 167161"),
    *_named("rbv2_xgboost", "1068 1485 31 40670 4135"),
    *_named("rbv2_rpart", "1063 37 41156"),
    *_named("awsxgbq", "australian cod-rna w8a"),
    *_named("mixint", "f2_d10_i4 f5_d20_i5 f10_d10_i6 f13_d5_i7 f16_d20_i8 f19_d10_i9 f22_d5_i10 f24_d10_i11"),
    *("hartmann6@elm", "hartmann10@elm", "ackley20@elm", "hpolike1@elm", "hpolike2@elm", "hpolike3d@elm"),
    *("hpolike16@elm", "hpolike1@ash"),
    *_named("live", "mlp_digits svm_breast_cancer lgbm_breast_cancer"),
)

DRAWN = tuple(
    f"drawn:d{dimensions}_i{instance}{noise}"
    for dimensions in (3, 6, 10)
    for instance in range(10)
    for noise in ("", "_noisy")
)
"""Functions on which the search's kernel and trend are right, to tell what is unknown from a model that is wrong."""

LISTS = {"development": DEVELOPMENT, "held-out": HELD_OUT, "drawn": DRAWN}

QUICK = ("hartmann6", "hpolike1", "hpolike2@oak", "mixint:f3_d5_i1", "live:svm_diabetes", "lcbench:167168")
"""A few development problems that are evaluated in milliseconds."""


def family_of(name: str) -> str:
    """Name the family of a problem: the word before its colon, or `synthetic`."""
    return name.partition(":")[0] if ":" in name else "synthetic"


def make(name: str, data: Path | None) -> Problem:
    """
    Make the problem *name*, with prepared data from *data*.

    FileNotFoundError says that the data are not there, ModuleNotFoundError that the family's library is not, KeyError
    that there is no such problem.
    """
    module = FAMILIES[family_of(name)] if ":" in name else "synthetic"
    made: Problem = importlib.import_module(f"benchmarks.search.families.{module}").make(name, data)
    return made


def needs_data(name: str) -> bool:
    """Say whether a problem is made of prepared data."""
    return FAMILIES.get(family_of(name)) in NEED_DATA


def select(words: Iterable[str]) -> tuple[str, ...]:
    """Give the problems that *words* name: lists, families of the development list, or problems."""
    chosen: list[str] = []
    for word in words:
        of_family = [name for name in DEVELOPMENT if family_of(name) == word]
        chosen += LISTS.get(word) or (QUICK if word == "quick" else of_family or [word])
    return tuple(dict.fromkeys(chosen))
