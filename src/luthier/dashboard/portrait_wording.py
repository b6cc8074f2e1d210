"""A portrait's numbers in plain words, for pages and terminals alike (pure)."""

import math

from luthier.dashboard.wording import number
from luthier.records.portrait import Estimate, Portrait, Slice
from luthier.records.tuning_job import ObjectiveType

MENTIONED = 0.02
"""The least share of an interaction that is worth a word."""

_TRUST = (
    (0.8, "The model predicts well", ""),
    (0.5, "The model predicts fairly", ""),
    (0.25, "The model predicts weakly", ": take this as a hint"),
    (-1.0, "The model predicts hardly better than chance", ": do not rely on this yet"),
)


def percent(share: float) -> str:
    """
    Say a share of 1 in percent.

    >>> percent(0.714), percent(0.004), percent(0.0)
    ('71 %', 'below 1 %', '0 %')
    """
    return "below 1 %" if 0.0005 <= share < 0.01 else f"{share:.0%}".replace("%", " %")


def shown(value: float | int | str) -> str:
    """Write a hyperparameter's value: decimal numbers rounded, everything else as it is."""
    return number(value) if isinstance(value, float) else str(value)


def middle(estimate: Estimate) -> str:
    """Write an estimate's value with no more digits than its spread lets count."""
    return _rounded(estimate.value, estimate)


def between(estimate: Estimate) -> str:
    """Say from where to where one standard deviation reaches, and whether that is beyond what has been seen."""
    said = f"{_rounded(estimate.low, estimate)} to {_rounded(estimate.high, estimate)}"
    return f"{said}, in part beyond all that has been seen" if estimate.is_beyond else said


def _rounded(value: float, estimate: Estimate) -> str:
    """Round to the second digit of the spread, six digits at most."""
    spread = estimate.high / 2 - estimate.low / 2
    if spread <= 0.0 or value == 0.0:
        return number(value)
    digits = math.floor(math.log10(abs(value))) - math.floor(math.log10(spread)) + 2
    return format(value, f".{min(6, max(2, digits))}g")


def basis(portrait: Portrait) -> str:
    """Say what the portrait stands on."""
    failed = f", and on {portrait.failed} that failed" if portrait.failed else ""
    return f"It rests on {portrait.observed} training jobs with an objective{failed}."


def trust(portrait: Portrait) -> str:
    """Say how far to believe it."""
    if portrait.fidelity is None:
        return "There are too few training jobs yet to say how far to believe this."
    said, advice = next((said, advice) for least, said, advice in _TRUST if portrait.fidelity >= least)
    return f"{said}: rank correlation {portrait.fidelity:.2f} on training jobs held back from it{advice}."


def noise(portrait: Portrait) -> str:
    """Say how much is chance."""
    if portrait.noise == 0.0:
        return "Training jobs with the same hyperparameters are believed to have the same objective."
    chance = number(float(f"{portrait.noise:.2g}"))
    return (
        f"Training jobs with the same hyperparameters are believed to vary by about {chance} (one standard deviation)."
    )


def together(portrait: Portrait) -> list[str]:
    """Say which hyperparameters act together."""
    return [
        f"{each.names[0]} and {each.names[1]} together make {percent(each.share)}"
        for each in portrait.interactions
        if each.share >= MENTIONED
    ]


def summit(drawn: Slice, direction: ObjectiveType) -> int:
    """Find the place of a slice where the objective is believed to be the best."""
    sign = -1.0 if direction is ObjectiveType.MAXIMIZE else 1.0
    return min(range(len(drawn.places)), key=lambda place: sign * drawn.places[place].estimate.value)
