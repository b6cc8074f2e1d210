"""What an AlgorithmSpecification runs: an image of the catalogue, named by itself or by an algorithm resource."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

from luthier.algorithms.catalogue import CatalogueEntry
from luthier.api.algorithm_names import find_algorithm
from luthier.api.algorithm_support import parse_support
from luthier.api.desk import Desk
from luthier.api.images import find_image
from luthier.api.members import structure, structures, text
from luthier.records.algorithm import MetricDefinition
from luthier.records.algorithm_resource import TrainingSupport
from luthier.records.call import Call, validation_error
from luthier.records.json_value import JsonObject
from luthier.records.search_space import NumericRange


@dataclass(frozen=True, slots=True, kw_only=True)
class AlgorithmChoice:
    """What is run, how its log is read, and what it may be given."""

    image: str
    is_container: bool
    metric_definitions: Sequence[MetricDefinition]  # that the image brings along
    own_definitions: Sequence[JsonObject]  # beside them: the caller's, or the algorithm resource's
    defaults: Mapping[str, str]  # of hyperparameters: what the image, or the resource, takes for those left out
    ranges: Mapping[str, NumericRange]  # of hyperparameters: in which the image's are worth tuning
    support: TrainingSupport | None = None  # of an algorithm resource; None: an image takes anything


def choose_algorithm(
    desk: Desk, call: Call, specification: JsonObject, hyperparameters: Collection[str]
) -> AlgorithmChoice:
    """
    Find what an AlgorithmSpecification runs; raises ApiError where that is nothing, or cannot be run here.

    It names either an image or an algorithm resource. The metric definitions of a resource are its own, and nobody may
    override them. AWS: AlgorithmSpecification, Amazon SageMaker API Reference.
    """
    image, name = text(specification, "TrainingImage"), text(specification, "AlgorithmName")
    if bool(image) == bool(name):
        raise validation_error(
            "You must specify either the algorithm name to the AlgorithmName parameter or the image URI of the "
            "algorithm container to the TrainingImage parameter"
            + (", and not both; leave one of them out." if image else "; name an image of the catalogue.")
        )
    own = structures(specification, "MetricDefinitions")
    if image:
        return _choice(find_image(desk, image, hyperparameters), image, own)
    if own:
        raise validation_error(
            f"You can't override the metric definitions of the algorithm {name}. Please retry the request without "
            "specifying metric definitions."
        )
    given = structure(find_algorithm(desk, call, name).request, "TrainingSpecification")
    support = parse_support(given)
    entry = find_image(desk, support.image, hyperparameters)
    return _choice(entry, support.image, structures(given, "MetricDefinitions"), support)


def _choice(
    entry: CatalogueEntry, image: str, own: Sequence[JsonObject], support: TrainingSupport | None = None
) -> AlgorithmChoice:
    """Put together what an image brings along and what was given beside it; a resource's defaults count more."""
    return AlgorithmChoice(
        image=image,
        is_container=entry.container is not None,
        metric_definitions=entry.metric_definitions,
        own_definitions=own,
        defaults={**dict(entry.defaults), **(_defaults_of(support) if support is not None else {})},
        ranges=dict(entry.ranges),
        support=support,
    )


def _defaults_of(support: TrainingSupport) -> dict[str, str]:
    return {each.name: each.default for each in support.hyperparameters.values() if each.default is not None}
