"""
A process that evaluates problems, so that an optimiser's process holds nothing but the optimiser.

    {"open": NAME}                       -> {"space": [...], "is_noisy": ...}
    {"evaluate": POINT, "seed": [...]}   -> {"observed": ..., "truth": ..., "point": the legal one that was evaluated}
"""

import sys
from pathlib import Path
from typing import Any

import numpy as np
from benchmarks.search.catalogue import make
from benchmarks.search.lines import Message, answer, claim_output
from benchmarks.search.problem import Problem
from benchmarks.search.spaces import snap, to_json


class Serving:
    """One problem at a time; the one before is let go, since COCO opens a problem only once."""

    def __init__(self, data: Path | None) -> None:
        self._data = data
        self._problem: Problem | None = None

    def respond(self, message: dict[str, Any]) -> Message:
        """Answer one message."""
        if "open" in message:
            self._problem = None
            self._problem = make(message["open"], self._data)
            return {"space": to_json(self._problem.space), "is_noisy": self._problem.is_noisy}
        assert self._problem is not None, "open a problem first"
        point = snap(self._problem.space, message["evaluate"])
        truth = float(self._problem.truth([point])[0])
        rng = np.random.default_rng(message["seed"])
        observed = self._problem.observe(point, rng) if self._problem.is_noisy else truth
        return {"observed": observed, "truth": truth, "point": dict(point)}


if __name__ == "__main__":
    answer(Serving(Path(sys.argv[1]) if len(sys.argv) > 1 else None).respond, claim_output())
