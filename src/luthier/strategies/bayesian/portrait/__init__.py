"""
A portrait of what has been learned: which hyperparameters matter, and where the objective is good.

    trials ─ settle ─ learn ─┬─ sensitivity ─ influences, interactions      how much, over the whole space
                             ├─ slices ────── one for each hyperparameter   where, through the best point
                             ├─ surfaces ──── pairs of the most important   where, of two at once
                             ├─ noise
                             └─ validation ── fidelity                      how far to believe all this

It stands on three things alone: `settle`, `learn`, and what a `Belief` predicts. Targets are warped, so importance is
measured where the search measures it: a few diverged training jobs do not drown the rest. Of many trials it looks at
some alone (`sampling`).
"""

from collections.abc import Sequence

import numpy as np

from luthier.records.portrait import Influence, Interaction, NotEnough, Portrait, Portrayal
from luthier.records.search_space import SearchSpace
from luthier.records.trial import Trial
from luthier.strategies.bayesian.belief import Belief, learn
from luthier.strategies.bayesian.portrait.sampling import PORTRAYED, candidates, evenly, in_portions
from luthier.strategies.bayesian.portrait.sensitivity import Sensitivity, sensitivity
from luthier.strategies.bayesian.portrait.slices import slices_through
from luthier.strategies.bayesian.portrait.surfaces import surfaces_through
from luthier.strategies.bayesian.portrait.unwarping import Unwarping
from luthier.strategies.bayesian.portrait.validation import fidelity
from luthier.strategies.bayesian.scaling import settle
from luthier.strategies.bayesian.targets import half_rank
from luthier.strategies.encoding import Encoding
from luthier.strategies.single_thread import single_thread

LEAST = 5
"""Objectives without which nothing is told."""


def portray(space: SearchSpace, trials: Sequence[Trial], sign: float = 1.0) -> Portrayal:
    """
    Say what *trials* have taught of *space*; the same trials give the same portrait, and no trials are too few to ask.

    Trials are minimised; their values times *sign* (1 or -1) are the objective as its owner knows it. Open trials are
    left out. Trials of other tasks teach, but are not told of.
    """
    over = [trial for trial in trials if not trial.is_open]
    own = [trial for trial in over if trial.task is None]
    observed = [trial for trial in own if trial.value is not None]
    reason = _reason_for_silence(Encoding(space), observed)
    if reason is not None:
        return NotEnough(observed=len(observed), reason=reason)
    with single_thread():
        encoding = Encoding(settle(space, over))
        belief = learn(encoding, over, PORTRAYED)
    z = half_rank([trial.value for trial in own])
    if belief is None or z is None:  # objectives closer together than rounding can tell
        return NotEnough(observed=len(observed), reason="The objectives differ too little to learn from.")
    z = z[[trial.value is not None for trial in own]]
    unwarping = Unwarping([trial.value for trial in observed if trial.value is not None], z, sign)
    return _drawn(encoding, over, observed, belief, unwarping)


def _reason_for_silence(encoding: Encoding, observed: Sequence[Trial]) -> str | None:
    if all(size == 1 for size in encoding.sizes):
        return "No hyperparameter has more than one value."
    if len(observed) < LEAST:
        known = f"{len(observed)} training {'job has' if len(observed) == 1 else 'jobs have'} an objective"
        return f"{known}; {LEAST} are needed."
    if len({trial.value for trial in observed}) == 1:
        return f"All {len(observed)} training jobs have the same objective, so no hyperparameter has shown an effect."
    return None


def _drawn(
    encoding: Encoding, over: Sequence[Trial], observed: Sequence[Trial], belief: Belief, unwarping: Unwarping
) -> Portrait:
    names = [each.name for each in encoding.ranges]
    sampled = evenly(len(observed), PORTRAYED)
    asked = np.union1d(candidates(observed), sampled)
    points = encoding.encode(observed[each].assignment for each in asked.tolist())
    mean = in_portions(belief.mean, PORTRAYED)
    with single_thread():
        means, deviations = belief.predict(points)
        best = int(np.argmin(means))
        place = int(asked[best])
        found = sensitivity(mean, encoding)
        order = sorted(range(len(names)), key=lambda j: (-float(found.total[j]), j))
        slices = slices_through(observed[place].assignment, encoding, belief.predict, unwarping)
        surfaces = surfaces_through(observed[place].assignment, order, encoding, mean, unwarping)
    drawn = {each.name: each for each in slices}
    is_sampled = np.isin(asked, sampled)
    return Portrait(
        observed=len(observed),
        failed=sum(trial.is_failed for trial in over if trial.task is None),
        influences=tuple(
            Influence(name=names[j], alone=float(found.alone[j]), total=float(found.total[j])) for j in order
        ),
        interactions=_interactions(names, found),
        slices=tuple(drawn[names[j]] for j in order if names[j] in drawn),
        surfaces=tuple(surfaces),
        best=tuple((name, observed[place].assignment[name]) for name in names),
        estimate=unwarping.estimates(means[[best]], deviations[[best]])[0],
        noise=unwarping.noise(sampled, means[is_sampled], deviations[is_sampled]),
        fidelity=fidelity(encoding, over),
    )


def _interactions(names: Sequence[str], found: Sensitivity) -> tuple[Interaction, ...]:
    told = [Interaction(names=(names[j], names[k]), share=share) for (j, k), share in found.pairs.items()]
    return tuple(sorted(told, key=lambda each: -each.share))
