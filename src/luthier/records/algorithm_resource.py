"""
An algorithm resource: an image together with what its training jobs may be given, under a name of its own.

Not to be mistaken for `records.algorithm.Algorithm`, which is what an image comes to on one machine.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from luthier.records.json_value import JsonObject
from luthier.records.names import AlgorithmArn, AlgorithmName, Scope
from luthier.records.tuning_job import Objective


class HyperparameterType(StrEnum):
    """What the values of a hyperparameter are."""

    INTEGER = "Integer"
    CONTINUOUS = "Continuous"
    CATEGORICAL = "Categorical"
    FREE_TEXT = "FreeText"


@dataclass(frozen=True, slots=True, kw_only=True)
class Bounds:
    """The numbers from *low* to *high*, both included; one number where they are the same."""

    low: int | float
    high: int | float

    def __post_init__(self) -> None:
        if self.low > self.high:
            raise ValueError(f"MinValue [{self.low}] must not be above MaxValue [{self.high}]")


@dataclass(frozen=True, slots=True, kw_only=True)
class SupportedHyperparameter:
    """One hyperparameter that an algorithm knows. Text beside it is the wire's own, byte for byte."""

    name: str
    type: HyperparameterType
    bounds: Bounds | None = None  # of a numeric type; None: any number of the type
    choices: tuple[str, ...] | None = None  # of a categorical one; None: any text
    is_tunable: bool = False
    is_required: bool = False
    default: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class SupportedChannel:
    """One input channel that an algorithm knows."""

    name: str
    is_required: bool
    content_types: tuple[str, ...]  # none: any
    compression_types: tuple[str, ...]  # beside None, which is always possible
    input_modes: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class TrainingSupport:
    """What an algorithm resource supports in training: its TrainingSpecification, read once."""

    image: str
    hyperparameters: Mapping[str, SupportedHyperparameter]  # by name; no others may be given
    instance_types: tuple[str, ...]
    is_distributable: bool  # may run on several instances
    channels: Mapping[str, SupportedChannel]  # by name
    objectives: tuple[Objective, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class AlgorithmResource:
    """An algorithm resource as stored; it never changes."""

    arn: AlgorithmArn
    name: AlgorithmName
    scope: Scope
    request: JsonObject  # the create request in the wire's own shape, defaults filled in, without its tags
    created_at: float
