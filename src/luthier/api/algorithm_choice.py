"""What an AlgorithmSpecification runs: the image that it names, as the image catalogue knows it."""

from collections.abc import Sequence
from dataclasses import dataclass

from luthier.algorithms.catalogue import CatalogueEntry, CatalogueError
from luthier.api.desk import Desk
from luthier.api.members import text
from luthier.records.algorithm import MetricDefinition
from luthier.records.call import Call, validation_error
from luthier.records.json_value import JsonObject


@dataclass(frozen=True, slots=True, kw_only=True)
class AlgorithmChoice:
    """What is run, and the metrics that it brings along."""

    image: str
    metric_definitions: Sequence[MetricDefinition]


def choose_algorithm(desk: Desk, call: Call, specification: JsonObject) -> AlgorithmChoice:  # noqa: ARG001  # whose algorithms
    """Find what an AlgorithmSpecification runs; raises ApiError where that is nothing, or cannot be run here."""
    image = text(specification, "TrainingImage")
    return AlgorithmChoice(image=image, metric_definitions=_entry(desk, image).metric_definitions)


def _entry(desk: Desk, image: str) -> CatalogueEntry:
    if not image:
        raise validation_error("AlgorithmSpecification.TrainingImage is required; name an image of the catalogue.")
    try:
        entry = desk.catalogue().find(image)
    except CatalogueError as error:
        raise validation_error(f"TrainingImage {image!r} cannot be used: {error}") from error
    if entry is None:
        raise validation_error(
            f"TrainingImage {image!r} matches nothing in the image catalogue of this Luthier; add a pattern for it to "
            "images.toml, or run `luthier images add PATTERN ...`."
        )
    return entry
