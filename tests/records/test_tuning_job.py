"""Tuning jobs of one and of several definitions."""

import pytest

from luthier.records.tuning_job import Objective, ObjectiveType, Resource
from things import a_specification, a_training_job, a_tuning_definition


def test_a_training_job_is_of_the_definition_that_it_names() -> None:
    first, second = a_tuning_definition(name="a"), a_tuning_definition(name="b")

    assert a_specification(definitions=(first, second)).definition_of(a_training_job(definition_name="b")) == second


@pytest.mark.parametrize(("own", "named"), [(None, None), ("deep", "deep"), ("deep", None)])
def test_a_training_job_is_of_the_only_definition_there_is(own: str | None, named: str | None) -> None:
    specification = a_specification(name=own)

    assert specification.definition_of(a_training_job(definition_name=named)) == specification.definitions[0]


def test_a_training_job_of_no_definition_is_a_stranger() -> None:
    specification = a_specification(definitions=(a_tuning_definition(name="a"), a_tuning_definition(name="b")))

    with pytest.raises(LookupError, match="'c'"):
        specification.definition_of(a_training_job(definition_name="c"))


@pytest.mark.parametrize("names", [(), ("a", "a"), ("a", None)])
def test_several_definitions_have_a_name_each(names: tuple[str | None, ...]) -> None:
    with pytest.raises(ValueError, match="definitions need a name"):
        a_specification(definitions=tuple(a_tuning_definition(name=name) for name in names))


def test_definitions_agree_on_what_is_better() -> None:
    other = Objective(type=ObjectiveType.MAXIMIZE, metric="auc")

    with pytest.raises(ValueError, match="one type of objective"):
        a_specification(definitions=(a_tuning_definition(name="a"), a_tuning_definition(name="b", objective=other)))


def test_a_hyperparameter_is_either_static_or_tuned() -> None:
    with pytest.raises(ValueError, match="both static and tunable"):
        a_tuning_definition(static_hyperparameters={"eta": "1"})


@pytest.mark.parametrize(("minimum", "maximum"), [(0, 5), (6, 5)])
def test_a_resource_is_from_one_to_its_maximum(minimum: int, maximum: int) -> None:
    with pytest.raises(ValueError, match=f"a resource of {minimum} to {maximum} reports"):
        Resource(minimum=minimum, maximum=maximum)


def test_a_hyperband_search_has_no_early_stopping_beside_it() -> None:
    with pytest.raises(ValueError, match="by its own rule"):
        a_specification(resource=Resource(minimum=1, maximum=9), stops_early=True)


@pytest.mark.parametrize(
    ("changes", "follows"),
    [({}, False), ({"stops_early": True}, True), ({"resource": Resource(minimum=1, maximum=9)}, True)],
)
def test_curves_are_followed_where_they_decide(changes: dict[str, object], follows: bool) -> None:
    assert a_specification(**changes).follows_curves is follows
