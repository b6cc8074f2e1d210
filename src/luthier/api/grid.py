"""
Grid search: categorical ranges alone, and as many training jobs as they have combinations.

MaxNumberOfTrainingJobs may be left out, and is then worked out and shown; given, it has to be right.

AWS: "Understand the hyperparameter tuning strategies available in Amazon SageMaker AI", Developer Guide;
ResourceLimits, API Reference.
"""

import math

from luthier.api.definitions import CONFIG, definitions_of
from luthier.api.members import structure, structures, text, texts, whole
from luthier.records.call import validation_error
from luthier.records.json_value import JsonObject

GRID = "Grid"
NUMERIC = ("IntegerParameterRanges", "ContinuousParameterRanges")


def check_grid_ranges(ranges: JsonObject) -> None:
    """Refuse ranges of numbers: Grid tries what is written down, and nothing between."""
    numeric = [text(each, "Name") for kind in NUMERIC for each in structures(ranges, kind)]
    if numeric:
        raise validation_error(
            f"Grid strategy supports only categorical parameters; {', '.join(map(repr, numeric))} "
            f"{'is a range of numbers' if len(numeric) == 1 else 'are ranges of numbers'}. List the values to try in "
            "CategoricalParameterRanges, or choose another Strategy."
        )


def with_grid_size(request: JsonObject) -> JsonObject:
    """
    Fill in how many training jobs a Grid request needs; any other request stays as it is.

    Raises ApiError where MaxNumberOfTrainingJobs says another number.
    """
    config = structure(request, CONFIG)
    if text(config, "Strategy") != GRID:
        return request
    limits = structure(config, "ResourceLimits")
    size = sum(_combinations(each.ranges) for each in definitions_of(request))
    if whole(limits, "MaxNumberOfTrainingJobs", size) != size:
        raise validation_error(
            f"ResourceLimits.MaxNumberOfTrainingJobs is {whole(limits, 'MaxNumberOfTrainingJobs')}, and the "
            f"categorical parameters have {size} combinations, each of which Grid tries once. Leave "
            f"MaxNumberOfTrainingJobs out, or write {size}."
        )
    limits = {**limits, "MaxNumberOfTrainingJobs": size}
    return {**request, CONFIG: {**config, "ResourceLimits": limits}}


def _combinations(ranges: JsonObject) -> int:
    return math.prod(len(texts(each, "Values")) for each in structures(ranges, "CategoricalParameterRanges"))
