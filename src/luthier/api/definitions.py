"""
The training job definitions of a tuning job's request, in whichever of its two forms they come.

| form                       | what is improved                    | what is searched            |
|----------------------------|-------------------------------------|-----------------------------|
| `TrainingJobDefinition`    | config's `...TuningJobObjective`    | config's `ParameterRanges`  |
| `TrainingJobDefinitions[]` | its own `TuningObjective`           | its `HyperParameterRanges`  |

AWS: CreateHyperParameterTuningJob and HyperParameterTrainingJobDefinition, Amazon SageMaker API Reference.
"""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass

from luthier.api.members import structure, structures, text
from luthier.records.call import ApiError
from luthier.records.json_value import JsonObject

CONFIG = "HyperParameterTuningJobConfig"
ONE, SEVERAL = "TrainingJobDefinition", "TrainingJobDefinitions"


@dataclass(frozen=True, slots=True, kw_only=True)
class GivenDefinition:
    """A training job definition with what it improves and searches, wherever the request has them."""

    members: JsonObject
    objective: JsonObject
    ranges: JsonObject
    place: int | None  # in TrainingJobDefinitions; None: it is TrainingJobDefinition

    @property
    def name(self) -> str | None:
        """Its DefinitionName, which only several definitions need."""
        return text(self.members, "DefinitionName") or None


def definitions_of(request: JsonObject) -> list[GivenDefinition]:
    """Give the definitions in the caller's order; a member that is left out is empty."""
    if SEVERAL in request:
        return [
            GivenDefinition(
                members=each,
                objective=structure(each, "TuningObjective"),
                ranges=structure(each, "HyperParameterRanges"),
                place=place,
            )
            for place, each in enumerate(structures(request, SEVERAL))
        ]
    config = structure(request, CONFIG)
    objective, ranges = structure(config, "HyperParameterTuningJobObjective"), structure(config, "ParameterRanges")
    return [GivenDefinition(members=structure(request, ONE), objective=objective, ranges=ranges, place=None)]


def with_members(request: JsonObject, members: Sequence[JsonObject]) -> JsonObject:
    """Give the request with other members of its definitions, in the same order and form."""
    return {**request, SEVERAL: list(members)} if SEVERAL in request else {**request, ONE: members[0]}


@contextmanager
def told_of(given: GivenDefinition) -> Iterator[None]:
    """Say of which of several definitions an ApiError is that is raised within."""
    try:
        yield
    except ApiError as error:
        if given.place is None:
            raise
        which = f"{SEVERAL}[{given.place}]" + (f", {given.name!r}" if given.name else "")
        raise ApiError(error.code, f"{error.message} (in {which})", http_status=error.http_status) from error
