"""
What one proposal costs: CPU seconds of telling a value and asking again, with n evaluations behind, on one thread.

    python -m benchmarks.search.latency OPTIMISER COUNT ...

runs in the optimiser's own interpreter and prints one line of JSON for each count. The space is `hpolike1`'s: 10
dimensions, 3 logarithmic, 3 logarithmic whole numbers, 2 linear, 2 words. The history is handed over at once; the first
question after it is not counted, every later one follows the answer to the one before.
"""

import json
import statistics
import sys
import time
from collections.abc import Sequence

import numpy as np
from benchmarks.search.catalogue import make
from benchmarks.search.lines import claim_output
from benchmarks.search.optimisers import Maker, maker, version_of
from benchmarks.search.spaces import from_unit, snap

PROBLEM = "hpolike1"
COUNTS = (20, 50, 100, 200, 500, 1000)
REPETITIONS = 5
MOST_CPU_S = 20.0
"""Beyond so many CPU seconds a proposal no larger count is tried."""


def measure(optimiser: Maker, count: int) -> list[float]:
    """Give the CPU seconds of some proposals, *count* evaluations and a few more being known."""
    problem, rng = make(PROBLEM, None), np.random.default_rng(count)
    search = optimiser(problem.space, seed=1, parallel=1)
    points = [from_unit(problem.space, u) for u in rng.random((count, len(problem.space)))]
    search.remember(points, [problem.observe(point, rng) for point in points])
    token, asked = search.ask()
    spent = []
    for _ in range(REPETITIONS):
        point = snap(problem.space, asked)
        value = problem.observe(point, rng)
        started = time.process_time()
        search.tell(token, point, value)
        token, asked = search.ask()
        spent.append(time.process_time() - started)
    return spent


def main(optimiser: str, counts: Sequence[int]) -> None:
    """Measure and print, the smallest count first, until it takes too long."""
    answers = claim_output()
    made = maker(optimiser)
    for count in sorted(counts):
        cpu_s = measure(made, count)
        line = {"optimiser": optimiser, "version": version_of(optimiser), "count": count, "cpu_s": cpu_s}
        print(json.dumps(line), file=answers, flush=True)
        if statistics.median(cpu_s) > MOST_CPU_S:
            return


if __name__ == "__main__":
    main(sys.argv[1], [int(count) for count in sys.argv[2:]])
