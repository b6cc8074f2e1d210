"""
The process of one optimiser, in the interpreter of its environment: it performs the plans that it reads.

    python -m benchmarks.search.entrant OPTIMISER PYTHON_OF_THE_PROBLEMS [DATA]
"""

import sys
from typing import Any

from benchmarks.search.lines import Child, Message, answer, claim_output
from benchmarks.search.optimisers import maker
from benchmarks.search.runs import perform, plan_of, to_line


def main(optimiser: str, python: str, *data: str) -> None:
    """Answer plans with runs until the input ends."""
    answers = claim_output()
    made = maker(optimiser)
    with Child(python, "benchmarks.search.serving", *data) as problems:

        def respond(message: dict[str, Any]) -> Message:
            return to_line(perform(plan_of(message), made, problems.ask))

        answer(respond, answers)


if __name__ == "__main__":
    main(*sys.argv[1:])
