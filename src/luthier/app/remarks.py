"""What the terminal remarks on metrics: patterns that look wrong, and an objective that no log tells (pure)."""

import shlex
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from luthier.app.cells import clean
from luthier.dashboard.wording import number
from luthier.metrics.lint import lint
from luthier.metrics.workbench import Workbench, try_out

Description = Mapping[str, Any]  # an answer of the API, as boto3 gives it

OVER = frozenset({"Completed", "Stopped"})  # training jobs that should have told their objective; failed ones need not


def doubts(asked: Description) -> list[str]:
    """Warn of each metric definition that looks wrong, in a request for jobs or in what describes a tuning job."""
    patterns = dict.fromkeys((each["Name"], each["Regex"]) for part in _definitions(asked) for each in _metrics(part))
    return [
        f"Warning: {clean(name)} by {clean(regex)}: {clean(warning)}"
        for name, regex in patterns
        for warning in lint(regex)
    ]


def alarm(job: Description, child: Description, lines: Sequence[str]) -> str | None:
    """
    Say why the objective of *child*, which *job* has launched, is not found in the *lines* of its log.

    None if it is found, or if it may still come: one that goes on is remarked on only where a line shows what to write.
    """
    metric, printed = _objective(job, child), [line for line in lines if line.strip()]
    regex = next((each["Regex"] for each in _metrics(child) if each["Name"] == metric), None)
    if regex is None or any(each["MetricName"] == metric for each in child.get("FinalMetricDataList", ())):
        return None
    bench = try_out(regex, metric, printed)
    if bench.values:
        return None  # it has been printed, and is on its way
    if bench.proposal is None and child["TrainingJobStatus"] not in OVER:
        return None
    name = child["TrainingJobName"]
    if not printed:
        return f"{name} has printed nothing: have it print {clean(metric)}"
    told = f"{clean(metric)} is not found in the log of {name}: {clean(regex)} {_outcome(bench)}"
    if bench.proposal is not None:
        return f"{told}; this would find {number(bench.proposal.first.value or 0.0)}: {bench.proposal.pattern}"
    tried = f"luthier metrics try {shlex.quote(regex)} --metric {shlex.quote(metric)}"
    return f"{told}; try others with: luthier logs {name} | {clean(tried)}"


def _outcome(bench: Workbench) -> str:
    if bench.trouble is not None:
        return f"cannot be used: {clean(bench.trouble)}"
    found = next((each for each in bench.lines if each.is_found), None)
    if found is None:
        return "finds no number in it"
    caught = "".join(each.text for each in found.pieces if each.kind == "caught")
    return f"catches {clean(repr(caught[:40]))}, which is no finite number"


def _definitions(asked: Description) -> Iterator[Description]:
    """Give what is said of training: by several definitions, by one, or by the request for a training job itself."""
    if several := asked.get("TrainingJobDefinitions"):
        yield from several
    else:
        yield asked.get("TrainingJobDefinition", asked)


def _metrics(definition: Description) -> Sequence[Description]:
    found: Sequence[Description] = definition.get("AlgorithmSpecification", {}).get("MetricDefinitions", ())
    return found


def _objective(job: Description, child: Description) -> str:
    if several := job.get("TrainingJobDefinitions"):
        wanted = {each["DefinitionName"]: each["TuningObjective"] for each in several}
        return str(wanted[child["TrainingJobDefinitionName"]]["MetricName"])
    return str(job["HyperParameterTuningJobConfig"]["HyperParameterTuningJobObjective"]["MetricName"])
