"""What a child's search inherits from its parents."""

from dataclasses import replace
from typing import Any

import pytest

from luthier.records.search_space import CategoricalRange, ContinuousRange, IntegerRange, SearchSpace
from luthier.records.status import TrainingStatus
from luthier.records.trial import Trial
from luthier.records.tuning_job import Objective, ObjectiveType, TuningDefinition, WarmStartType
from luthier.tuning.inheritance import MOST, inherited_trials, thinned
from luthier.tuning.view import Parent
from things import a_training_job, a_tuning_definition, a_tuning_job

IDENTICAL, TRANSFER = WarmStartType.IDENTICAL_DATA_AND_ALGORITHM, WarmStartType.TRANSFER_LEARNING
POINT = {"eta": "0.5", "max_depth": "3", "booster": "gbtree"}


def a_parent(*objectives: float, name: str = "old", tuned: dict[str, str] = POINT, **changes: Any) -> Parent:
    """A tuning job whose training jobs have all completed with these objectives."""
    children = tuple(
        a_training_job(place, TrainingStatus.COMPLETED, name=f"{name}-{place:03d}", tuned=tuned, **changes)
        for place in range(1, len(objectives) + 1)
    )
    finals = {child.arn: value for child, value in zip(children, objectives, strict=True)}
    return Parent(job=a_tuning_job(name), children=children, finals=finals)


def inherited(*parents: Parent, kind: WarmStartType = IDENTICAL, **changes: Any) -> list[Trial]:
    return inherited_trials(a_tuning_definition(**changes), kind, parents)


def assignments(space: SearchSpace, **tuned: str) -> list[Any]:
    parent = a_parent(1.0, tuned=tuned)
    definition: TuningDefinition = a_tuning_definition(space=space, static_hyperparameters={})
    return [trial.assignment for trial in inherited_trials(definition, IDENTICAL, [parent])]


def test_identical_evaluations_are_of_the_own_task() -> None:
    [trial] = inherited(a_parent(0.25))

    assert trial == Trial(
        assignment={"eta": 0.5, "max_depth": 3, "booster": "gbtree"}, is_open=False, value=0.25, is_inherited=True
    )


def test_transferred_evaluations_are_of_their_parents_task() -> None:
    first, second = inherited(a_parent(0.25, name="a"), a_parent(0.5, name="b"), kind=TRANSFER)

    assert (first.task, second.task) == (a_tuning_job("a").arn, a_tuning_job("b").arn)
    assert first.is_inherited


def test_what_is_maximised_is_turned() -> None:
    objective = Objective(type=ObjectiveType.MAXIMIZE, metric="loss")

    assert [trial.value for trial in inherited(a_parent(0.25), objective=objective)] == [-0.25]


@pytest.mark.parametrize("status", [TrainingStatus.FAILED, TrainingStatus.IN_PROGRESS, TrainingStatus.STOPPING])
def test_what_did_not_succeed_is_not_inherited(status: TrainingStatus) -> None:
    parent = a_parent(0.25)
    child = a_training_job(1, status, name="old-001", tuned=POINT)

    assert inherited(replace(parent, children=(child,))) == []


def test_what_never_reported_the_objective_is_not_inherited() -> None:
    assert inherited(replace(a_parent(0.25), finals={})) == []


@pytest.mark.parametrize(
    ("where", "text", "value"),
    [
        (ContinuousRange(name="x", low=0.0, high=1.0), "1.0", 1.0),
        (ContinuousRange(name="x", low=0.0, high=1.0), "1.0000001", None),
        (ContinuousRange(name="x", low=0.0, high=1.0), "nan", None),
        (ContinuousRange(name="x", low=0.0, high=1.0), "inf", None),
        (ContinuousRange(name="x", low=0.0, high=1.0), "auto", None),
        (IntegerRange(name="x", low=1, high=3), "3", 3),
        (IntegerRange(name="x", low=1, high=3), "4", None),
        (IntegerRange(name="x", low=1, high=3), "2.0", 2),
        (IntegerRange(name="x", low=1, high=3), "2.5", None),
        (IntegerRange(name="x", low=1, high=3), "nan", None),
        (CategoricalRange(name="x", choices=("a", "b")), "b", "b"),
        (CategoricalRange(name="x", choices=("a", "b")), "B", None),
    ],
)
def test_only_what_is_inside_the_space_is_inherited(where: Any, text: str, value: Any) -> None:
    expected = [] if value is None else [{"x": value}]

    assert assignments(SearchSpace(ranges=(where,)), x=text) == expected


def test_what_was_fixed_counts_with_its_fixed_value() -> None:
    """The training jobs of `a_parent` have the static hyperparameter num_round, 10."""
    space = SearchSpace(ranges=(IntegerRange(name="num_round", low=1, high=20),))

    assert assignments(space, **POINT) == [{"num_round": 10}]


def test_what_the_parent_never_had_is_not_inherited() -> None:
    assert assignments(SearchSpace(ranges=(IntegerRange(name="gamma", low=1, high=20),)), **POINT) == []


def test_many_evaluations_of_other_tasks_are_thinned_to_the_best_and_a_spread_of_the_rest() -> None:
    kept = inherited(a_parent(*map(float, range(400))), kind=TRANSFER)

    values = [trial.value for trial in kept if trial.value is not None]
    assert len(values) == MOST
    assert values[:67] == list(map(float, range(67)))
    assert max(values) > 390


def test_all_parents_together_bring_no_more_than_that() -> None:
    parents = [a_parent(*map(float, range(90)), name=name) for name in "abcde"]

    assert len(inherited(*parents, kind=TRANSFER)) == MOST


def test_identical_evaluations_are_all_taken() -> None:
    assert len(inherited(a_parent(*map(float, range(400))))) == 400


def test_few_are_left_as_they_are() -> None:
    trials = inherited(a_parent(3.0, 1.0, 2.0))

    assert thinned(trials, 3) == trials
