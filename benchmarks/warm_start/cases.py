"""
Which searches have which parents.

| kind     | parents                                                                                             |
|----------|-----------------------------------------------------------------------------------------------------|
| none     | none: what the others are compared with                                                             |
| kin      | searches of three other data sets of the family                                                     |
| reversed | three searches of the very data set for what is worst                                               |
| foreign  | searches of three problems of other families, their hyperparameters taken for the child's, in order |
| mixed    | two of the kin, and one reversed                                                                    |

Parents are searches without parents of their own, with seeds that no child has.
"""

import zlib
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from benchmarks.search.catalogue import family_of

NONE, KIN, REVERSED, FOREIGN, MIXED = "none", "kin", "reversed", "foreign", "mixed"
KINDS = (KIN, MIXED, REVERSED, FOREIGN)

PARENTS = 3
FIRST_SEED = 100
"""Of the parents."""


def _named(family: str, instances: str) -> tuple[str, ...]:
    return tuple(f"{family}:{each}" for each in instances.split())


CHOOSE = (
    *_named("lcbench", "167168 189873 189906 3945 126025 146212"),
    *_named("hpobench", "australian kc1 car phoneme"),
    *_named("rbv2_xgboost", "16 1501 12 1049 1461 23512"),
    *_named("awsxgbq", "german.numer spambase a6a"),
)
CHECK = (
    *_named("lcbench", "167083 167104 167184 167149 168910 189865 167161"),
    *_named("hpobench", "blood_transfusion credit_g segment vehicle"),
    *_named("rbv2_xgboost", "1068 1485 31 40670 4135"),
    *_named("awsxgbq", "svmguide1 heart"),
)
SETS = {"choose": CHOOSE, "check": CHECK}
"""The search was chosen by looking at the first set; the second is read for what is published."""

MORE = {  # data sets that are nobody's child
    "choose": (*_named("lcbench", "167152 168329 168868 189354"), *_named("rbv2_xgboost", "40975 4538")),
    "check": (),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Source:
    """A search: of which problem, for its best (sign 1) or its worst (-1) value, and with which seed."""

    problem: str
    seed: int
    sign: int = 1


def parents_of(name: str, kind: str, seed: int, chosen: str) -> Sequence[Source]:
    """Give the parents of the search of problem *name* with a *seed*, among those of the set *chosen*."""
    match kind:
        case "none":
            return ()
        case "reversed":
            return [_reversed(name, place) for place in range(PARENTS)]
        case "mixed":
            return [*_drawn(_kin(name, chosen), name, seed)[1:], _reversed(name, 0)]
        case "foreign":
            others = [each for each in SETS[chosen] if family_of(each) != family_of(name)]
            return _drawn(others, name, seed)
    return _drawn(_kin(name, chosen), name, seed)


def _kin(name: str, chosen: str) -> Sequence[str]:
    everything = (*SETS[chosen], *MORE[chosen])
    if family_of(name) == "awsxgbq":  # of which there are five data sets in all
        everything = (*CHOOSE, *CHECK)
    return [each for each in everything if family_of(each) == family_of(name) and each != name]


def _reversed(name: str, place: int) -> Source:
    return Source(problem=name, seed=FIRST_SEED + place, sign=-1)


def _drawn(names: Sequence[str], name: str, seed: int) -> Sequence[Source]:
    order = np.random.default_rng([zlib.crc32(name.encode()), seed]).permutation(len(names))
    return [Source(problem=names[each], seed=FIRST_SEED + place) for place, each in enumerate(order[:PARENTS])]
