"""Which metric definitions a training job gets: the caller's, and those that its image brings along."""

from collections.abc import Sequence

from luthier.api.members import text
from luthier.metrics.patterns import check_pattern
from luthier.records.algorithm import MetricDefinition
from luthier.records.call import validation_error
from luthier.records.json_value import JsonObject

NO_PATTERN = r"[^\s\S](.)"  # finds nothing: what it stands for is told by records alone (see `luthier.metrics.records`)
OBJECTIVE_METRIC = "ObjectiveMetric"  # SageMaker's second name for the objective of an image with built-in metrics


def definitions_in_use(
    built_in: Sequence[MetricDefinition], given: Sequence[JsonObject], objective: str, *, needs_pattern: bool = True
) -> list[MetricDefinition]:
    """
    Settle the metric definitions of a tuning job that improves the metric *objective*.

    The caller's definitions win over the image's of the same name. An image with definitions of its own also gets the
    objective under the name ObjectiveMetric, as SageMaker's built-in algorithms do. Unless it *needs_pattern*, an
    objective that nothing defines gets a definition that finds nothing in the log. Raises ApiError for a pattern that
    cannot be used, a name given twice, and an objective that nothing defines.
    """
    own = parse_definitions(given)
    in_use = {each.name: each for each in (*built_in, *own)}
    if not needs_pattern:
        in_use.setdefault(objective, MetricDefinition(name=objective, regex=NO_PATTERN))
    if objective not in in_use:
        raise validation_error(
            "A metric is required for this hyperparameter tuning job objective. Provide a metric in the metric "
            f"definitions. None of {sorted(in_use)} is {objective!r}."
        )
    if built_in:
        in_use.setdefault(OBJECTIVE_METRIC, MetricDefinition(name=OBJECTIVE_METRIC, regex=in_use[objective].regex))
    return list(in_use.values())


def parse_definitions(given: Sequence[JsonObject]) -> list[MetricDefinition]:
    """Read MetricDefinitions; raises ApiError for a pattern that cannot be used, and a name given twice."""
    definitions = [_definition(each) for each in given]
    if len({each.name for each in definitions}) < len(definitions):
        raise validation_error("MetricDefinitions holds a name twice; give every metric one definition.")
    return definitions


def _definition(given: JsonObject) -> MetricDefinition:
    definition = MetricDefinition(name=text(given, "Name"), regex=text(given, "Regex"))
    reason = check_pattern(definition.regex)
    if reason is not None:
        raise validation_error(f"MetricDefinitions: the Regex of {definition.name!r} cannot be used: {reason}.")
    return definition
