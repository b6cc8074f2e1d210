"""
YAHPO Gym's surrogates: neural nets, as ONNX files, that answer for recorded trainings (Pfisterer et al., 2022).

A name is `SCENARIO:TASK`; a task is an OpenML id that the scenario's `encoding.json` names. Below the data folder:
`yahpo/SCENARIO/model.onnx`, `config_space.json` and `encoding.json`, as in slds-lmu/yahpo_data. Conditional ranges
are always in the space, and without effect where their condition does not hold.
"""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
import onnxruntime
from benchmarks.search.families.prepared import prepared
from benchmarks.search.problem import Array, Exact, Problem
from benchmarks.search.spaces import Choice, Point, Range, Real, Space, Whole


@dataclass(frozen=True, slots=True, kw_only=True)
class Scenario:
    """What the files do not say: the order of the model's inputs, the full fidelity, and what is minimised."""

    numbers: tuple[str, ...]
    words: tuple[str, ...]
    task: str  # the word that names the data set
    fidelity: Mapping[str, float]  # a whole training
    output: int  # the column of the accuracy
    perfect: float  # its best value; the loss is the distance to it


SCENARIOS = {
    "lcbench": Scenario(
        numbers=(
            *("epoch", "batch_size", "learning_rate", "momentum"),
            *("weight_decay", "num_layers", "max_units", "max_dropout"),
        ),
        words=("OpenML_task_id",),
        task="OpenML_task_id",
        fidelity={"epoch": 52},
        output=1,
        perfect=100.0,
    ),
    "rbv2_xgboost": Scenario(
        numbers=(
            *("nrounds", "eta", "gamma", "lambda", "alpha", "subsample", "max_depth", "min_child_weight"),
            *("colsample_bytree", "colsample_bylevel", "rate_drop", "skip_drop", "trainsize", "repl"),
        ),
        words=("task_id", "booster", "num.impute.selected.cpo"),
        task="task_id",
        fidelity={"trainsize": 1.0, "repl": 10},
        output=0,
        perfect=1.0,
    ),
    "rbv2_rpart": Scenario(
        numbers=("cp", "maxdepth", "minbucket", "minsplit", "trainsize", "repl"),
        words=("task_id", "num.impute.selected.cpo"),
        task="task_id",
        fidelity={"trainsize": 1.0, "repl": 10},
        output=0,
        perfect=1.0,
    ),
}


def make(name: str, data: Path | None) -> Problem:
    """Make the surrogate *name*; FileNotFoundError if *data* does not hold its scenario, KeyError for no such task."""
    scenario, _, task = name.partition(":")
    return Yahpo(prepared(data, name, f"yahpo/{scenario}/model.onnx").parent, SCENARIOS[scenario], task)


@cache
def _session(path: Path) -> Any:
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = options.inter_op_num_threads = 1
    return onnxruntime.InferenceSession(path, options)


class Yahpo(Exact):
    """One task of a scenario: the loss of a whole training."""

    optimum: float | None = None

    def __init__(self, folder: Path, scenario: Scenario, task: str) -> None:
        self._session, self._scenario, self._task = _session(folder / "model.onnx"), scenario, task
        self._inputs = [each.name for each in self._session.get_inputs()]
        self._codes = json.loads((folder / "encoding.json").read_text())
        if task not in self._codes[scenario.task]:
            raise KeyError(f"{folder.name} has no task {task!r}")
        described = json.loads((folder / "config_space.json").read_text())
        self._conditions = described["conditions"]
        fixed = {scenario.task, *scenario.fidelity}
        self.space: Space = tuple(_range(each) for each in described["hyperparameters"] if each["name"] not in fixed)

    def truth(self, points: Sequence[Point]) -> Array:
        """Give the losses (n,) of *points*."""
        complete = [self._complete(point) for point in points]
        numbers = [[each.get(name, 0) for name in self._scenario.numbers] for each in complete]
        words = [
            [self._codes[name].get(each.get(name, "#na#"), 0) for name in self._scenario.words] for each in complete
        ]
        fed = dict(zip(self._inputs, (np.array(words, np.int32), np.array(numbers, np.float32)), strict=True))
        values: Array = self._session.run(None, fed)[0][:, self._scenario.output].astype(float)
        return self._scenario.perfect - values

    def _complete(self, point: Point) -> dict[str, Any]:
        """Leave out what does not count, parents coming before children, and add the task and the fidelity."""
        complete = dict(point)
        for condition in self._conditions:
            allowed = condition["values"] if condition["type"] == "IN" else [condition["value"]]
            if complete.get(condition["parent"]) not in allowed:
                complete.pop(condition["child"], None)
        return {**complete, **self._scenario.fidelity, self._scenario.task: self._task}


def _range(described: Mapping[str, Any]) -> Range:
    name = described["name"]
    if described["type"] == "categorical":
        return Choice(name=name, choices=tuple(map(str, described["choices"])))
    if described["type"] == "uniform_int":
        return Whole(name=name, low=described["lower"], high=described["upper"], log=described["log"])
    return Real(name=name, low=float(described["lower"]), high=float(described["upper"]), log=described["log"])
