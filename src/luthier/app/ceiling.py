"""The most that a request can use and cost, before anything runs (pure)."""

from collections.abc import Iterator, Mapping
from typing import Any

from luthier.api.definitions import CONFIG
from luthier.api.grid import with_grid_size
from luthier.api.members import structure
from luthier.api.training_definition import MAX_RUNTIME_S
from luthier.app.forecast_view import amount, hours
from luthier.records.prices import Prices

Request = Mapping[str, Any]  # of CreateHyperParameterTuningJob or CreateTrainingJob, found to be right


def ceiling(operation: str, request: Request, prices: Prices | None) -> list[str]:
    """
    Say the most that a request can use, and by *prices* cost: a line for each definition, as all may be of any.

    Nothing is said of other operations, and of definitions whose instances are chosen elsewhere.
    """
    return [
        f"At most{of}: {hours(seconds)} instance hours"
        + ("" if prices is None else f", {amount(prices, seconds)} on AWS")
        for of, seconds in _seconds(operation, request)
    ]


def _seconds(operation: str, request: Request) -> Iterator[tuple[str, Mapping[str, float]]]:
    """Give the most seconds of instances, by type, of each definition."""
    if operation == "CreateTrainingJob" and "InstanceType" in request.get("ResourceConfig", {}):
        yield "", _of(request, 1, None)
    if operation != "CreateHyperParameterTuningJob":
        return
    limits: Mapping[str, Any] = structure(structure(with_grid_size(request), CONFIG), "ResourceLimits")
    several = request.get("TrainingJobDefinitions", [])
    for each in several or [request["TrainingJobDefinition"]]:
        if "InstanceType" in each.get("ResourceConfig", {}):
            of = f", if all are of {each['DefinitionName']}" if len(several) > 1 else ""
            whole = limits.get("MaxRuntimeInSeconds")
            most = None if whole is None else whole * limits["MaxParallelTrainingJobs"]
            yield of, _of(each, limits["MaxNumberOfTrainingJobs"], most)


def _of(definition: Request, count: int, most: float | None) -> Mapping[str, float]:
    """Multiply; *most* is how long all training jobs together may run, by the tuning job's own time."""
    resources = definition["ResourceConfig"]
    one = definition.get("StoppingCondition", {}).get("MaxRuntimeInSeconds", MAX_RUNTIME_S)
    together = count * one if most is None else min(count * one, most)
    return {resources["InstanceType"]: float(together * resources.get("InstanceCount", 1))}
