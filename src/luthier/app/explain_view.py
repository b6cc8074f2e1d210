"""What a tuning job has learned, as a screen of text and as JSON (pure)."""

from collections.abc import Mapping, Sequence
from typing import assert_never

from rich.console import Group, RenderableType
from rich.table import Table
from rich.text import Text

from luthier.app.cells import brief, clean
from luthier.app.watch_view import BLOCKS
from luthier.dashboard import portrait_wording as wording
from luthier.records.json_value import JsonObject
from luthier.records.portrait import Estimate, NotEnough, Place, Portrait, Slice
from luthier.records.tuning_job import Objective, ObjectiveType
from luthier.tuning.portraits import Portrayed

BAR = 20  # columns of a bar for all of the variation
LINE = 20  # columns of a slice


def explanation(name: str, found: Sequence[Portrayed]) -> RenderableType:
    """Lay out what is known of each definition of a tuning job."""
    return Group(*(_definition(name, each) for each in found))


def document(name: str, found: Sequence[Portrayed]) -> JsonObject:
    """Give the same as JSON, with everything unrounded."""
    return {"HyperParameterTuningJobName": name, "Definitions": [_document(each) for each in found]}


def _definition(name: str, each: Portrayed) -> RenderableType:
    objective = each.definition.objective
    better = "higher" if objective.type is ObjectiveType.MAXIMIZE else "lower"
    of = f" {each.definition.name}," if each.definition.name else ""
    title = Text(clean(f"{name}:{of} {objective.metric}, {better} is better"), style="bold")
    match each.portrayal:
        case NotEnough(reason=reason):
            return Group(title, Text(f"Not enough to tell. {clean(reason)}"))
        case Portrait() as portrait:
            return Group(title, *_portrait(portrait, objective))
        case _:
            assert_never(each.portrayal)


def _portrait(portrait: Portrait, objective: Objective) -> list[RenderableType]:
    together = wording.together(portrait)
    return [
        Text(wording.basis(portrait)),
        Text(wording.trust(portrait)),
        Text(wording.noise(portrait)),
        Text("\nWhat matters, as shares of the variation over the whole search space", style="bold"),
        _bars(portrait),
        *([Text(clean(f"Of this, {'; '.join(together)}."))] if together else []),
        Text(f"\nBelieved to be the best of those tried: {wording.middle(portrait.estimate)}", style="bold"),
        Text(f"({wording.between(portrait.estimate)})"),
        _values(portrait.best),
        Text("\nIf one alone changes, from the lowest value to the highest", style="bold"),
        _slices(portrait, objective),
    ]


def _bars(portrait: Portrait) -> Table:
    grid = _grid()
    for each in portrait.influences:
        bar = Text("█" * round(BAR * each.alone), style="cyan")
        bar.append("▒" * (round(BAR * each.total) - round(BAR * each.alone)), style="cyan")
        share = wording.percent(each.total)
        grid.add_row(Text(brief(each.name)), bar, share, f"({wording.percent(each.alone)} by itself)")
    return grid


def _values(best: Sequence[tuple[str, float | int | str]]) -> Table:
    grid = _grid()
    for name, value in best:
        grid.add_row(Text(brief(name)), Text(brief(wording.shown(value))))
    return grid


def _slices(portrait: Portrait, objective: Objective) -> Table:
    grid = _grid()
    values = [place.estimate.value for each in portrait.slices for place in each.places]
    for each in portrait.slices:
        summit = each.places[wording.summit(each, objective.type)]
        ends = f"{brief(wording.shown(each.places[0].value))} … {brief(wording.shown(each.places[-1].value))}"
        best = f"best at {brief(wording.shown(summit.value))}: {wording.middle(summit.estimate)}"
        grid.add_row(Text(brief(each.name)), Text(profile(each, min(values), max(values))), Text(ends), Text(best))
    return grid


def profile(drawn: Slice, low: float, high: float) -> str:
    """Draw a slice as blocks between *low* and *high*: evenly along a number's scale, one for each category."""
    span = (high / 2 - low / 2) or 1.0  # halves: a span may be above 1.8e308
    values = [place.estimate.value for place in (drawn.places if drawn.is_categorical else _evenly(drawn.places))]
    return "".join(BLOCKS[round((value / 2 - low / 2) / span * (len(BLOCKS) - 1))] for value in values)


def _evenly(places: Sequence[Place]) -> list[Place]:
    """Choose the nearest place for each column of a line."""
    return [_nearest(places, step / (LINE - 1)) for step in range(LINE)]


def _nearest(places: Sequence[Place], at: float) -> Place:
    return min(places, key=lambda place: abs(place.at - at))


def _grid() -> Table:
    return Table.grid(padding=(0, 2, 0, 0))


def _document(each: Portrayed) -> JsonObject:
    objective = each.definition.objective
    head: Mapping[str, str | None] = {
        "DefinitionName": each.definition.name,
        "MetricName": objective.metric,
        "Type": str(objective.type),
    }
    match each.portrayal:
        case NotEnough(observed=observed, reason=reason):
            return {**head, "Observed": observed, "NotEnough": reason}
        case Portrait() as portrait:
            return {**head, **_figures(portrait)}
        case _:
            assert_never(each.portrayal)


def _figures(portrait: Portrait) -> JsonObject:
    return {
        "Observed": portrait.observed,
        "Failed": portrait.failed,
        "RankCorrelation": portrait.fidelity,
        "Noise": portrait.noise,
        "Importance": [{"Name": each.name, "Total": each.total, "Alone": each.alone} for each in portrait.influences],
        "Interactions": [{"Names": list(each.names), "Share": each.share} for each in portrait.interactions],
        "Best": {"HyperParameters": dict(portrait.best), **_estimate(portrait.estimate)},
        "Slices": [
            {
                "Name": each.name,
                "Places": [{"HyperParameter": place.value, **_estimate(place.estimate)} for place in each.places],
            }
            for each in portrait.slices
        ],
    }


def _estimate(estimate: Estimate) -> JsonObject:
    return {
        "Value": estimate.value,
        "Low": estimate.low,
        "High": estimate.high,
        "IsBeyond": estimate.is_beyond,
    }
