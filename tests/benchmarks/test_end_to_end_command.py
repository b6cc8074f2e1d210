"""Tests of the commands of the comparison end to end: the peers' part, and the report from what is finished."""

import gzip
import json
import sys
from pathlib import Path

import pytest
from benchmarks.end_to_end import __main__ as command
from benchmarks.search import ledger
from benchmarks.search.optimisers import version_of
from benchmarks.search.references import COUNTS, Reference, store
from benchmarks.search.runs import Plan, Run, to_line
from benchmarks.search.tournament import hold, plans_for

PROBLEM = "xgboost:wine"


@pytest.fixture(autouse=True)
def only_this_interpreter(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """Whatever environments the machine has."""
    monkeypatch.setattr("benchmarks.search.environments.FOLDER", tmp_path / "environments")


@pytest.fixture
def references(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """Have references of one data set."""
    kept = tmp_path / "references.json"
    store({PROBLEM: Reference(best=0.0, random=tuple(2.0 for _ in COUNTS))}, kept)
    monkeypatch.setattr("benchmarks.end_to_end.scale.PATH", kept)


def call(monkeypatch: pytest.MonkeyPatch, *arguments: str) -> None:
    monkeypatch.setattr(sys, "argv", ["end_to_end", *arguments])
    command.main()


def a_line(optimiser: str, version: str, *truth: float) -> str:
    plan = Plan(optimiser=optimiser, version=version, problem=PROBLEM, seed=0, budget=len(truth), parallel=1)
    line = to_line(Run(plan=plan, observed=truth, truth=truth, ask_cpu_s=(0.1,), tell_cpu_s=(0.1,)))
    times = {"wall_s": 9.0, "created_s": [1.0, 4.0], "ended_s": [3.0, 8.0], "alone_s": [2.0]}
    return json.dumps({**line, **(times if optimiser == "luthier" else {})}) + "\n"


def test_the_problems_are_evaluated_by_the_interpreter_that_is_named(tmp_path: Path) -> None:
    """Here one that is not there, and the run is left out."""
    plans = plans_for(["random"], [PROBLEM], seeds=1, budget=1, parallel=[1])
    python = tmp_path / "no-such-python"

    (absence,) = hold(plans, tmp_path / "runs", data=None, processes=1, limit_s=60, python=python)

    assert "no-such-python" in absence.why


@pytest.mark.slow
def test_peers_drive_the_program_and_are_written_down(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Random search is every machine's peer."""
    options = ("--datasets", "wine", "--optimisers", "random", "--seeds", "1", "--budget", "2")
    call(monkeypatch, "peers", *options, "--build", str(tmp_path))

    (run,) = ledger.read(tmp_path / "peers.jsonl")
    assert (run.plan.problem, len(run.observed)) == (PROBLEM, 2)


@pytest.mark.usefixtures("references")
def test_the_report_leaves_out_luthier_as_it_was(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Its strategies have changed since; the peers' runs stay valid."""
    (tmp_path / "peers.jsonl").write_text(a_line("random", "pinned", 0.9, 0.8))
    (tmp_path / "luthier.jsonl").write_text(a_line("luthier", "old", 0.1, 0.1))
    call(monkeypatch, "report", "--at", "2", "--build", str(tmp_path), "--out", str(tmp_path / "out"))

    report = (tmp_path / "out.md").read_text()
    assert "| wine | mlogloss | random | 1 | 1 | 0.8000 |" in report
    assert "| luthier | no run is finished |" in report


@pytest.mark.usefixtures("references")
def test_the_report_lies_beside_its_plot_and_its_runs(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The runs are packed as they were written."""
    lines = a_line("random", "pinned", 0.9, 0.8), a_line("luthier", version_of("luthier"), 0.6, 0.5)
    (tmp_path / "peers.jsonl").write_text(lines[0])
    (tmp_path / "luthier.jsonl").write_text(lines[1])
    call(monkeypatch, "report", "--at", "2", "--build", str(tmp_path), "--out", str(tmp_path / "out"))

    assert (tmp_path / "out.svg").read_text().startswith("<svg")
    assert gzip.decompress((tmp_path / "out.jsonl.gz").read_bytes()).decode() == "".join(lines)
