"""
What are turns by promise worth, where a tuning job has several definitions?

    python benchmarks/turns.py

Five algorithms of scikit-learn are tuned on three shipped data sets, with columns of noise added, by the Bayesian
search, 40 trainings each; the objective is the error of three-fold cross-validation. Then any two, and any three, of
the algorithms share 40 training jobs of one tuning job: by `luthier.tuning.turns`, in turn, and by always going on with
the best so far. Regret is the distance to the best of all that was trained, on the mean, relative to taking turns.
"""

import itertools
import sys
import warnings
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

import numpy as np
from sklearn import datasets
from sklearn.ensemble import ExtraTreesClassifier
from sklearn.exceptions import ConvergenceWarning
from sklearn.linear_model import LogisticRegression
from sklearn.model_selection import cross_val_score
from sklearn.neighbors import KNeighborsClassifier
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler
from sklearn.svm import SVC
from sklearn.tree import DecisionTreeClassifier

from luthier.records.search_space import (
    Assignment,
    CategoricalRange,
    ContinuousRange,
    IntegerRange,
    ScalingType,
    SearchSpace,
)
from luthier.records.status import TrainingStatus
from luthier.records.trial import Trial
from luthier.strategies.bayesian import Bayesian
from luthier.tuning.turns import LEAST, deal
from luthier.tuning.view import TuningView

sys.path.insert(0, str(Path(__file__).parents[1] / "tests"))
from things import a_training_job, a_tuning_definition, a_tuning_job  # the records that tests start from

SEEDS, BUDGET, ROWS = range(3, 6), 40, 500  # the rule's figures were chosen by the seeds before
AT = (20, 30, 40)
DATA: Mapping[str, Callable[..., tuple[np.ndarray, np.ndarray]]] = {
    "digits": datasets.load_digits,
    "wine": datasets.load_wine,
    "cancer": datasets.load_breast_cancer,
}
LOG = ScalingType.LOGARITHMIC
SPACES = {
    "svm": (
        ContinuousRange(name="C", low=1e-3, high=1e3, scaling=LOG),
        ContinuousRange(name="gamma", low=1e-5, high=10.0, scaling=LOG),
        CategoricalRange(name="kernel", choices=("rbf", "sigmoid")),
    ),
    "knn": (
        IntegerRange(name="n_neighbors", low=1, high=60),
        ContinuousRange(name="p", low=1.0, high=4.0),
        CategoricalRange(name="weights", choices=("uniform", "distance")),
    ),
    "logit": (
        ContinuousRange(name="C", low=1e-4, high=1e3, scaling=LOG),
        IntegerRange(name="max_iter", low=5, high=200, scaling=LOG),
    ),
    "tree": (
        IntegerRange(name="max_depth", low=1, high=20),
        IntegerRange(name="min_samples_leaf", low=1, high=50),
        ContinuousRange(name="max_features", low=0.1, high=1.0),
        CategoricalRange(name="criterion", choices=("gini", "entropy")),
    ),
    "forest": (
        IntegerRange(name="max_depth", low=1, high=20),
        IntegerRange(name="min_samples_leaf", low=1, high=30),
        ContinuousRange(name="max_features", low=0.05, high=1.0),
    ),
}
MODELS: Mapping[str, Callable[..., object]] = {
    "svm": lambda **given: make_pipeline(StandardScaler(), SVC(**given)),
    "knn": lambda **given: make_pipeline(StandardScaler(), KNeighborsClassifier(**given)),
    "logit": lambda **given: make_pipeline(StandardScaler(), LogisticRegression(**given)),
    "tree": lambda **given: DecisionTreeClassifier(random_state=0, **given),
    "forest": lambda **given: ExtraTreesClassifier(20, random_state=0, **given),
}

Chooser = Callable[[Sequence[Sequence[float]]], int]


def tuned(algorithm: str, X: np.ndarray, y: np.ndarray, seed: int) -> list[float]:
    """Tune one algorithm alone; gives the errors in the order of its training jobs."""
    space, trials = SearchSpace(ranges=SPACES[algorithm]), list[Trial]()
    for place in range(BUDGET):
        [chosen] = Bayesian().propose(space, trials, 1, np.random.default_rng([seed, place]))
        trials.append(Trial(assignment=chosen, is_open=False, value=_error(algorithm, chosen, X, y)))
    return [trial.value for trial in trials if trial.value is not None]


def _error(algorithm: str, chosen: Assignment, X: np.ndarray, y: np.ndarray) -> float:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", ConvergenceWarning)
        return float(1.0 - cross_val_score(MODELS[algorithm](**chosen), X, y, cv=3).mean())


def by_promise(had: Sequence[Sequence[float]]) -> int:
    """Ask the module that is judged."""
    names = [str(place) for place in range(len(had))]
    job = a_tuning_job(specification={"definitions": tuple(a_tuning_definition(name=name) for name in names)})
    shown = [(name, value) for name, values in zip(names, had, strict=True) for value in values]
    children = tuple(
        a_training_job(ordinal, TrainingStatus.COMPLETED, definition_name=name)
        for ordinal, (name, _) in enumerate(shown, 1)
    )
    finals = {child.arn: value for child, (_, value) in zip(children, shown, strict=True)}
    [following] = deal(TuningView(job=job, children=children, finals=finals, now=1.0), 1)
    return names.index(str(following.name))


def in_turn(had: Sequence[Sequence[float]]) -> int:
    """Give the one that has had the fewest."""
    return min(range(len(had)), key=lambda place: len(had[place]))


def with_the_leader(had: Sequence[Sequence[float]]) -> int:
    """Give the one with the best so far, once each has had LEAST."""
    fewest = in_turn(had)
    return fewest if len(had[fewest]) < LEAST else min(range(len(had)), key=lambda place: min(had[place]))


def regrets(choose: Chooser, curves: Sequence[Sequence[float]]) -> list[float]:
    """Share BUDGET training jobs out; gives the regret after each of AT."""
    had: list[list[float]] = [[] for _ in curves]
    best = []
    for _ in range(BUDGET):
        place = choose(had)
        had[place].append(curves[place][len(had[place])])
        best.append(min(min(values) for values in had if values))
    optimum = min(map(min, curves))
    return [best[at - 1] - optimum for at in AT]


def main() -> None:
    """Train, share out, and write the table."""
    choosers: Mapping[str, Chooser] = {"turns": in_turn, "leader": with_the_leader, "promise": by_promise}
    found: dict[tuple[int, str], list[list[float]]] = {}
    for seed, data in itertools.product(SEEDS, DATA):
        X, y = DATA[data](return_X_y=True)
        rng = np.random.default_rng(seed)
        rows = rng.permutation(len(X))[:ROWS]
        X, y = np.column_stack([X, X.std() * rng.normal(size=(len(X), 5 + 5 * (seed % 3)))])[rows], y[rows]
        curves = {algorithm: tuned(algorithm, X, y, seed) for algorithm in SPACES}
        sys.stderr.write(f"{data}, seed {seed}\n")
        for count in (2, 3):
            for chosen in itertools.combinations(SPACES, count):
                for name, choose in choosers.items():
                    found.setdefault((count, name), []).append(regrets(choose, [curves[each] for each in chosen]))
    sys.stdout.write("| definitions | | after 20 | after 30 | after 40 |\n|---|---|---|---|---|\n")
    for (count, name), measured in found.items():
        relative = np.mean(measured, axis=0) / np.mean(found[count, "turns"], axis=0)
        sys.stdout.write(f"| {count} | {name} | {' | '.join(f'{each:.2f}' for each in relative)} |\n")


if __name__ == "__main__":
    main()
