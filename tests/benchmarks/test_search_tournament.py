"""Tests of the search benchmark's processes: tournaments of luthier and random search on small problems."""

import subprocess
import sys
from pathlib import Path

import pytest
from benchmarks.search import environments, latency, ledger, optimisers, tournament
from benchmarks.search.availability import available
from benchmarks.search.catalogue import make
from benchmarks.search.lines import ROOT, Child, Died
from benchmarks.search.optimisers import OPTIMISERS, maker
from benchmarks.search.optimisers.uniform import Uniform
from benchmarks.search.problem import Problem
from benchmarks.search.runs import Plan, perform
from benchmarks.search.serving import Serving


@pytest.fixture(autouse=True)
def only_this_interpreter(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """Whatever environments the machine has."""
    monkeypatch.setattr("benchmarks.search.environments.FOLDER", tmp_path / "environments")


def a_plan(*, optimiser: str = "random", problem: str = "hpolike3d", budget: int = 6, parallel: int = 1) -> Plan:
    return Plan(optimiser=optimiser, version="1", problem=problem, seed=0, budget=budget, parallel=parallel)


def test_a_tournament_of_luthier_and_random_search_is_finished(tmp_path: Path) -> None:
    """Both have a run of the whole budget on each problem."""
    plans = tournament.plans_for(["luthier", "random"], ["hpolike3d"], seeds=1, budget=6, parallel=[1])

    absences = tournament.hold(plans, tmp_path / "runs.jsonl", data=None, processes=1, limit_s=60)

    assert absences == []
    assert {run.plan.optimiser: len(run.truth) for run in ledger.read(tmp_path / "runs.jsonl")} == {
        "luthier": 6,
        "random": 6,
    }


def test_what_is_finished_is_not_run_again(tmp_path: Path) -> None:
    """The file of runs does not grow."""
    plans = tournament.plans_for(["random"], ["hpolike3d"], seeds=1, budget=3, parallel=[1])
    tournament.hold(plans, tmp_path / "runs.jsonl", data=None, processes=1, limit_s=60)
    tournament.hold(plans, tmp_path / "runs.jsonl", data=None, processes=1, limit_s=60)

    assert len(ledger.read(tmp_path / "runs.jsonl")) == 1


def test_a_longer_run_fulfils_a_shorter_plan(tmp_path: Path) -> None:
    """Its beginning is the shorter one; not the other way round."""
    tournament.hold([a_plan(budget=6)], tmp_path / "runs.jsonl", data=None, processes=1, limit_s=60)
    finished = ledger.read(tmp_path / "runs.jsonl")

    assert ledger.missing([a_plan(budget=4), a_plan(budget=8)], finished) == [a_plan(budget=8)]


def test_a_peer_that_is_not_installed_is_left_out_with_the_remedy(tmp_path: Path) -> None:
    """The command that installs it."""
    plans = tournament.plans_for(["hebo"], ["hpolike3d"], seeds=1, budget=3, parallel=[1])

    (absence,) = tournament.hold(plans, tmp_path / "runs.jsonl", data=None, processes=1, limit_s=60)

    assert "benchmarks.search.environments hebo" in absence.why


def test_a_failed_run_leaves_the_others_alone(tmp_path: Path) -> None:
    """The next plan gets a new process, and the failure is told."""
    plans = [a_plan(problem="no-such"), a_plan()]

    (absence,) = tournament.hold(plans, tmp_path / "runs.jsonl", data=None, processes=1, limit_s=60)

    assert "no-such" in absence.why
    assert [run.plan for run in ledger.read(tmp_path / "runs.jsonl")] == [plans[1]]


def test_a_run_that_takes_too_long_is_given_up(tmp_path: Path) -> None:
    """Its process is ended, and the report says so."""
    (absence,) = tournament.hold([a_plan()], tmp_path / "runs.jsonl", data=None, processes=1, limit_s=0)

    assert "-9" in absence.why


def test_a_line_that_was_cut_short_is_left_out(tmp_path: Path) -> None:
    """As a kill leaves it."""
    (tmp_path / "runs.jsonl").write_text('{"optimiser": "ran')

    assert ledger.read(tmp_path / "runs.jsonl") == []


def test_a_tournament_goes_on_after_a_line_that_was_cut_short(tmp_path: Path) -> None:
    """The run is made again, and its line is whole."""
    (tmp_path / "runs.jsonl").write_text('{"optimiser": "ran')
    tournament.hold([a_plan()], tmp_path / "runs.jsonl", data=None, processes=1, limit_s=60)

    assert [run.plan for run in ledger.read(tmp_path / "runs.jsonl")] == [a_plan()]


def test_shares_of_several_processes_make_the_whole(tmp_path: Path) -> None:
    """Every plan once."""
    plans = tournament.plans_for(["random"], ["hpolike3d", "hartmann6"], seeds=2, budget=2, parallel=[1])
    tournament.hold(plans, tmp_path / "runs.jsonl", data=None, processes=2, limit_s=60)

    assert sorted(map(repr, plans)) == sorted(repr(run.plan) for run in ledger.read(tmp_path / "runs.jsonl"))


def test_problems_without_data_are_found_before_anything_runs() -> None:
    """With the reason, and the others stay."""
    present, (absence,) = available(["hpolike3d", "hpobench:car", "hartmann6"], None)

    assert present == ["hpolike3d", "hartmann6"]
    assert "--data" in absence.why


def test_a_process_that_dies_says_its_last_words() -> None:
    """The end of its standard error."""
    with Child(sys.executable, "benchmarks.search.serving") as child, pytest.raises(Died, match="no such shape"):
        child.ask({"open": "no-such"})


def test_what_a_library_prints_is_no_answer(tmp_path: Path) -> None:
    """Some greet on the standard output when they are imported."""
    said = "from benchmarks.search.lines import answer, claim_output\nto = claim_output()\nprint('hello')\n"
    (tmp_path / "greeting.py").write_text(said + "answer(lambda message: message, to)\n")
    process = subprocess.run(
        [sys.executable, tmp_path / "greeting.py"],
        input='{"a": 1}\n',
        env={"PYTHONPATH": str(ROOT)},
        capture_output=True,
        text=True,
        check=True,
    )

    assert process.stdout == '{"a": 1}\n'


def test_a_run_is_the_same_each_time() -> None:
    """Points, noise and the order in which evaluations end come from the plan alone."""
    first, again = (perform(a_plan(parallel=3), Uniform, Serving(None).respond) for _ in range(2))

    assert (first.observed, first.truth) == (again.observed, again.truth)


def test_workers_are_asked_for_again_whenever_one_ends() -> None:
    """At no time are more than P evaluations pending, and at the end none."""
    pending: list[int] = []

    class Counting(Uniform):
        open = 0

        def ask(self) -> tuple[None, dict[str, float | int | str]]:  # type: ignore[override]  # a dict is a Point
            self.open += 1
            pending.append(self.open)
            token, point = super().ask()
            return token, dict(point)

        def tell(self, token: None, point: object, value: float) -> None:
            self.open -= 1

    perform(a_plan(parallel=3, budget=8), Counting, Serving(None).respond)

    assert pending == [1, 2, 3, 3, 3, 3, 3, 3]


def test_every_peer_has_an_environment_that_can_be_made() -> None:
    """The script knows the steps."""
    needed = {entry.environment for entry in OPTIMISERS.values()} - {"luthier"}

    assert needed <= environments.STEPS.keys()


def test_every_optimiser_has_its_class() -> None:
    """In the module that its entry names, which need not be importable here."""
    folder = Path(optimisers.__file__).parent
    classes = {
        name: f"class {entry.name}" in (folder / f"{entry.module}.py").read_text() for name, entry in OPTIMISERS.items()
    }

    assert [name for name, is_there in classes.items() if not is_there] == []


def test_a_changed_strategy_has_another_version(tmp_path: Path) -> None:
    """So that its older runs do not count for it."""
    (tmp_path / "one.py").write_text("x = 1")
    before = optimisers.digest_of(tmp_path)
    (tmp_path / "one.py").write_text("x = 2")

    assert optimisers.digest_of(tmp_path) != before


def test_latency_is_measured_for_every_repetition() -> None:
    """CPU seconds, none of them negative."""
    spent = latency.measure(maker("luthier"), 5)

    assert len(spent) == latency.REPETITIONS
    assert min(spent) >= 0


def test_luthier_does_not_repeat_itself_while_trials_run() -> None:
    """Pending trials are in its history."""
    problem: Problem = make("hpolike3d", None)
    luthier = maker("luthier")(problem.space, seed=0, parallel=3)

    asked = [tuple(luthier.ask()[1].values()) for _ in range(3)]

    assert len(set(asked)) == 3
