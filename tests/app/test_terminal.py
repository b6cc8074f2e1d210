"""What the terminal shows of a tuning job that a real front door describes over a real store."""

import io
import json
import re
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import boto3
import pytest
from botocore.exceptions import EndpointConnectionError
from rich.console import Console

from desk import Desk
from luthier.app.commands.jobs import found, list_jobs, print_table, table
from luthier.app.keys import Key
from luthier.app.terminal import Site as Sight
from luthier.app.terminal import follow, watch_tuning_job
from luthier.records.identity import a_user
from luthier.records.names import tuning_job_arn
from luthier.records.status import TuningStatus
from luthier.settings import Settings, SettingsError
from luthier.store.engine import Store
from luthier.wire.asgi import make_app
from luthier.wire.sigv4 import Credential
from sample import a_create_request
from serving import serving

NAME = "MyTuningJob"
KEY = Key(access_key="AKIAEXAMPLEEXAMPLE22", secret_key="s" * 40, account="000000000000")


@dataclass(frozen=True)
class Site:
    """A tuning job, the address of the server that describes it, and a desk to have things happen to it."""

    desk: Desk
    url: str

    @property
    def client(self) -> Any:
        return self.client_of("sagemaker")

    @property
    def seen(self) -> Sight:
        return Sight(sagemaker=self.client, logs=self.client_of("logs"), name=NAME)

    def client_of(self, service: str) -> Any:
        make: Any = boto3.client  # its types know each service by name only
        return make(
            service,
            endpoint_url=self.url,
            region_name="us-east-1",
            aws_access_key_id=KEY.access_key,
            aws_secret_access_key=KEY.secret_key,
        )

    def end(self, status: TuningStatus, **changes: Any) -> None:
        job = self.desk.store.tuning_jobs.get(tuning_job_arn(self.desk.scope, NAME))
        assert job is not None
        changed = replace(job, status=status, ended_at=self.desk.now, **changes)
        assert self.desk.store.tuning_jobs.replace(changed)


@pytest.fixture
def site(tmp_path: Path) -> Iterator[Site]:
    store = Store.open(f"sqlite:///{tmp_path / 'luthier.db'}")
    credential = Credential(
        access_key=KEY.access_key, secret_key=KEY.secret_key, principal=a_user(KEY.account, KEY.access_key)
    )
    desk = Desk(store, logs=tmp_path)
    desk.create(a_create_request(NAME))
    clock = time.time  # noqa: TID251  # boto3 signs with the real time
    with serving(
        make_app(handlers=desk.handlers(), keys=lambda *_: credential, s3=None, pages=None, clock=clock)
    ) as url:
        yield Site(desk, url)
    store.close()


def a_console(*, is_terminal: bool = False, width: int = 200) -> Console:
    return Console(
        file=io.StringIO(), force_terminal=is_terminal, width=width, height=40, _environ={"TERM": "xterm-256color"}
    )


def shown(console: Console) -> str:
    assert isinstance(console.file, io.StringIO)
    return console.file.getvalue()


def in_turn(*happenings: Callable[[], object]) -> Callable[[], None]:
    """Give a pause in which the next thing happens; one pause too many fails."""
    left = iter(happenings)

    def pause() -> None:
        next(left)()

    return pause


def interrupt() -> None:
    raise KeyboardInterrupt


@pytest.mark.parametrize(
    ("status", "code"), [(TuningStatus.COMPLETED, 0), (TuningStatus.FAILED, 1), (TuningStatus.STOPPED, 3)]
)
@pytest.mark.parametrize("is_terminal", [False, True])
def test_the_exit_code_says_how_the_job_ended(site: Site, status: TuningStatus, code: int, is_terminal: bool) -> None:
    site.end(status)

    assert follow(site.seen, a_console(is_terminal=is_terminal), in_turn()) == code


def test_without_a_terminal_each_change_is_a_line(site: Site) -> None:
    (child,) = site.desk.launch(NAME, 3)
    console = a_console()
    pause = in_turn(
        lambda: None, lambda: site.desk.complete(child, 0.875), lambda: None, lambda: site.end(TuningStatus.COMPLETED)
    )

    follow(site.seen, console, pause)

    assert shown(console).splitlines() == [
        f"{NAME} InProgress: 0 of 20 over, 1 running, 0 failed, 0 stopped",
        f"{NAME} InProgress: 1 of 20 over, 0 running, 0 failed, 0 stopped; best 0.875 by {child.name}",
        f"{NAME} Completed: 1 of 20 over, 0 running, 0 failed, 0 stopped; best 0.875 by {child.name}",
    ]


def test_a_terminal_sees_the_newest_training_jobs_and_the_best_so_far(site: Site) -> None:
    children = site.desk.launch(NAME, *([3] * 14))
    for child, value in zip(children, (0.5, 0.75, 0.625), strict=False):
        site.desk.complete(child, value)
    site.end(TuningStatus.COMPLETED)
    console = a_console(is_terminal=True)

    follow(site.seen, console, in_turn())

    assert children[-1].name in shown(console)
    assert children[0].name not in shown(console)
    assert "best so far ▁██ 0.75" in shown(console)


def test_a_server_that_goes_away_is_waited_for(site: Site) -> None:
    seen, console = site.seen, a_console()
    client = seen.sagemaker
    describe = client.describe_hyper_parameter_tuning_job

    def away(**_: object) -> None:
        raise EndpointConnectionError(endpoint_url=site.url)

    def go() -> None:
        client.describe_hyper_parameter_tuning_job = away

    def come_back() -> None:
        client.describe_hyper_parameter_tuning_job = describe
        site.end(TuningStatus.COMPLETED)

    code = follow(seen, console, in_turn(go, come_back))

    assert code == 0
    assert "the server does not answer, trying again" in shown(console)


def test_an_unknown_name_gets_the_services_own_message(site: Site) -> None:
    console = a_console()

    assert follow(replace(site.seen, name="nobody"), console, in_turn()) == 2
    assert "can't find a tuning job called nobody" in shown(console)


def test_ctrl_c_leaves_the_tuning_job_alone(site: Site) -> None:
    console = a_console()

    assert follow(site.seen, console, in_turn(interrupt)) == 130
    assert f"luthier watch {NAME}" in shown(console)
    job = site.desk.ask("DescribeHyperParameterTuningJob", HyperParameterTuningJobName=NAME)
    assert job["HyperParameterTuningJobStatus"] == "InProgress"


def test_a_terminal_is_not_sent_what_it_would_obey(site: Site) -> None:
    site.end(TuningStatus.FAILED, failure_reason="\x1b]0;title\x07 [red]not markup[/red]\nsecond")
    console = a_console()

    follow(site.seen, console, in_turn())

    assert "\x1b" not in shown(console)
    assert "\\x1b]0;title\\x07 [red]not markup[/red]\\nsecond" in shown(console)


def test_no_server_is_said_in_one_line(tmp_path: Path) -> None:
    console = a_console()
    settings = Settings(data_folder=tmp_path, port=1)

    assert watch_tuning_job(settings, KEY, NAME, console) == 2
    assert shown(console) == "Nothing answers at http://127.0.0.1:1; is `luthier up` running?\n"


def test_tuning_jobs_are_listed_with_their_progress(site: Site) -> None:
    console = Console(file=io.StringIO(), width=120)

    jobs = found(site.client, 20, {"StatusEquals": "InProgress"})
    console.print(table(jobs))

    assert isinstance(console.file, io.StringIO)
    assert [each["HyperParameterTuningJobName"] for each in jobs] == [NAME]
    assert re.search(rf"{NAME} +InProgress +\w+ +0 of \d+ ", console.file.getvalue())
    assert found(site.client, 20, {"NameContains": "another"}) == []


def test_a_terminal_shows_what_is_to_be_expected(site: Site) -> None:
    console = a_console(is_terminal=True)

    follow(site.seen, console, in_turn(interrupt))

    assert "time left: not known before a training job is over" in shown(console)
    assert "MaxNumberOfTrainingJobs: not foreseen" in shown(console)


def test_as_json_only_the_end_is_said(site: Site, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    settings = Settings(data_folder=tmp_path, port=int(site.url.rpartition(":")[2]))
    site.end(TuningStatus.STOPPED)
    console = a_console()

    code = watch_tuning_job(settings, KEY, NAME, console, as_json=True)

    document = json.loads(capsys.readouterr().out)
    assert (code, shown(console)) == (3, "")
    assert document["HyperParameterTuningJobStatus"] == "Stopped"
    assert document["CreationTime"].endswith("+00:00")


def test_a_pattern_that_looks_wrong_is_warned_of_once_and_for_all(site: Site) -> None:
    own = {"TrainingImage": "123456789012.dkr.ecr.us-east-1.amazonaws.com/trainer:1", "TrainingInputMode": "File"}
    metrics = [{"Name": "score", "Regex": "score=([0-9.]+)"}]
    changes = {
        "TrainingJobDefinition__AlgorithmSpecification": {**own, "MetricDefinitions": metrics},
        "HyperParameterTuningJobConfig__HyperParameterTuningJobObjective__MetricName": "score",
    }
    site.desk.create(a_create_request("doubtful", **changes))
    console = a_console()

    follow(replace(site.seen, name="doubtful"), console, in_turn(lambda: None, interrupt))

    assert shown(console).count("Warning: score by score=([0-9.]+): of '2.5e-05'") == 1


def test_a_refusal_leaves_no_trace_of_a_screen(site: Site) -> None:
    console = a_console(is_terminal=True)

    follow(replace(site.seen, name="nobody"), console, in_turn())

    assert shown(console).count("\n") == 1


def test_a_table_for_a_program_has_every_name_whole(
    site: Site, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("COLUMNS", "40")
    name = "a-name-of-32-letters-0123456789x"
    site.desk.create(a_create_request(name))

    print_table(found(site.client, 20, {"NameContains": name}))

    assert capsys.readouterr().out.splitlines()[1].startswith(f"{name}  InProgress  Bayesian")


def test_an_odd_status_is_a_mistake_and_no_traceback(
    site: Site, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("luthier.app.commands.jobs.read_key", lambda _: KEY)

    with pytest.raises(SettingsError, match="satisfy enum value set"):
        list_jobs(status="Odd", data_folder=tmp_path, port=int(site.url.rpartition(":")[2]))
