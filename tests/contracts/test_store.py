"""What every store promises, on a SQLite file and on a real PostgreSQL."""

from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from threading import Barrier
from typing import Any, TypeVar

import pytest

from luthier.records.names import Scope, TrainingJobArn, TuningJobArn, tuning_job_arn
from luthier.records.proposal import Proposal
from luthier.records.status import SecondaryStatus, TrainingStatus, TuningStatus
from luthier.records.training_job import FinalMetric, MetricPoint, TrainingJob, Transition
from luthier.records.tuning_job import TuningJob
from luthier.store import NameTaken
from luthier.store.engine import Store
from luthier.store.paging import Cursor, Page, TrainingJobQuery, TuningJobQuery
from things import SCOPE, a_training_job, a_tuning_job

pytest_plugins = ["store.databases"]

T = TypeVar("T")

ODD_TEXT = 'NUL \0, lone surrogate \ud800, quote ", backslash \\u0041 \\, é, 字, 😀, line\nfeed'
THREADS = 8


@pytest.fixture
def store(database_url: str) -> Iterator[Store]:
    opened = Store.open(database_url)
    yield opened
    opened.close()


@pytest.fixture
def tuning(store: Store) -> TuningJob:
    """The tuning job that training jobs belong to by default."""
    job = a_tuning_job()
    store.tuning_jobs.add(job)
    return job


def test_a_tuning_job_comes_back_as_it_was_added(store: Store) -> None:
    job = a_tuning_job(
        request={"odd": ODD_TEXT, "list": [1, 2.5, None, True, {"k": "v"}]},
        specification={"static_hyperparameters": {"z": ODD_TEXT, "a": ""}},
        status=TuningStatus.FAILED,
        stop_requested_at=1.25,
        ended_at=1e9 + 0.123456,
        failure_reason=ODD_TEXT,
        version=7,
    )

    store.tuning_jobs.add(job)

    assert store.tuning_jobs.get(job.arn) == job


def test_the_regions_of_an_account_come_with_the_newest_job_first(store: Store) -> None:
    for account, region, created in (
        ("000000000000", "us-east-1", 1.0),
        ("000000000000", "eu-west-1", 3.0),
        ("000000000000", "us-east-1", 2.0),
        ("111111111111", "ap-south-1", 4.0),
    ):
        scope = Scope(account=account, region=region)
        name = f"job-{created:.0f}"
        store.tuning_jobs.add(a_tuning_job(name, scope=scope, arn=tuning_job_arn(scope, name), created_at=created))

    assert store.tuning_jobs.regions("000000000000") == ["eu-west-1", "us-east-1"]


def test_an_arn_that_was_never_added_finds_nothing(store: Store) -> None:
    assert store.tuning_jobs.get(tuning_job_arn(SCOPE, "none")) is None


def test_the_same_arn_cannot_be_added_twice(store: Store, tuning: TuningJob) -> None:
    with pytest.raises(NameTaken, match="hyper-parameter-tuning-job/tune"):
        store.tuning_jobs.add(replace(tuning, version=9))

    assert store.tuning_jobs.get(tuning.arn) == tuning


def test_replacing_writes_the_next_version(store: Store, tuning: TuningJob) -> None:
    ended = replace(
        tuning, status=TuningStatus.FAILED, modified_at=5.0, stop_requested_at=4.0, ended_at=5.0, failure_reason="why"
    )

    written = store.tuning_jobs.replace(ended)

    assert written
    assert store.tuning_jobs.get(tuning.arn) == replace(ended, version=2)


def test_replacing_an_old_version_writes_nothing(store: Store, tuning: TuningJob) -> None:
    store.tuning_jobs.replace(replace(tuning, modified_at=2000.0))

    written = store.tuning_jobs.replace(replace(tuning, modified_at=3000.0))

    assert not written
    assert store.tuning_jobs.get(tuning.arn) == replace(tuning, modified_at=2000.0, version=2)


def test_replacing_leaves_what_was_asked_for_alone(store: Store, tuning: TuningJob) -> None:
    store.tuning_jobs.replace(replace(tuning, request={"other": 1}, created_at=1.0))

    assert store.tuning_jobs.get(tuning.arn) == replace(tuning, version=2)


def test_a_stop_turns_a_job_in_progress_to_stopping(store: Store, tuning: TuningJob) -> None:
    asked = store.tuning_jobs.request_stop(tuning.arn, 1234.5)

    assert asked
    assert store.tuning_jobs.get(tuning.arn) == replace(
        tuning, status=TuningStatus.STOPPING, stop_requested_at=1234.5, modified_at=1234.5, version=2
    )


@pytest.mark.parametrize("status", [each for each in TuningStatus if each is not TuningStatus.IN_PROGRESS])
def test_only_a_job_in_progress_can_be_asked_to_stop(store: Store, status: TuningStatus) -> None:
    job = a_tuning_job(status=status)
    store.tuning_jobs.add(job)

    asked = store.tuning_jobs.request_stop(job.arn, 1234.5)

    assert not asked
    assert store.tuning_jobs.get(job.arn) == job


def test_unfinished_tuning_jobs_are_named_oldest_first(store: Store) -> None:
    for number, status in enumerate(TuningStatus):
        store.tuning_jobs.add(a_tuning_job(f"job{number}", status=status, created_at=100.0 - number))

    assert store.tuning_jobs.unfinished() == [tuning_job_arn(SCOPE, "job1"), tuning_job_arn(SCOPE, "job0")]


def test_a_training_job_comes_back_as_it_was_added(store: Store, tuning: TuningJob) -> None:
    child = a_training_job(
        3,
        TrainingStatus.FAILED,
        tuned={"z": ODD_TEXT, "a": "1"},
        request={"odd": [ODD_TEXT]},
        transitions=(Transition(status=SecondaryStatus.FAILED, at=1.5, message=ODD_TEXT),),
        stop_requested_at=1.0,
        started_at=2.0,
        failure_reason=ODD_TEXT,
        is_retryable=True,
        is_released=True,
        journal_read=12,
        version=4,
    )

    store.training_jobs.add_children(tuning, [child])

    assert store.training_jobs.get(child.arn) == child


def test_hyperparameters_keep_their_order(store: Store, tuning: TuningJob) -> None:
    child = a_training_job(tuned={"z": "1", "a": "2", "m": "3"})
    store.training_jobs.add_children(tuning, [child])

    assert list(_stored(store, child).tuned) == ["z", "a", "m"]


def test_adding_children_raises_the_tuning_jobs_version(store: Store, tuning: TuningJob) -> None:
    added = store.training_jobs.add_children(tuning, [a_training_job(1), a_training_job(2)])

    assert added
    assert store.tuning_jobs.get(tuning.arn) == replace(tuning, version=2)


def test_children_of_an_old_version_are_not_added(store: Store, tuning: TuningJob) -> None:
    store.tuning_jobs.request_stop(tuning.arn, 2000.0)

    added = store.training_jobs.add_children(tuning, [a_training_job()])

    assert not added
    assert store.training_jobs.of_tuning_job(tuning.arn) == []


@pytest.mark.parametrize("clash", [{"name": "other"}, {"ordinal": 9}], ids=["same ordinal", "same ARN"])
def test_children_are_added_all_or_none(store: Store, tuning: TuningJob, clash: dict[str, Any]) -> None:
    first, twin = a_training_job(1), a_training_job(1, name=clash.get("name", a_training_job(1).name))
    store.training_jobs.add_children(tuning, [first])
    second_version = replace(tuning, version=2)

    added = store.training_jobs.add_children(
        second_version, [a_training_job(2), replace(twin, ordinal=clash.get("ordinal", 1))]
    )

    assert not added
    assert store.training_jobs.of_tuning_job(tuning.arn) == [first]
    assert store.tuning_jobs.get(tuning.arn) == second_version


@pytest.mark.parametrize("changes", [{"ordinal": None}, {"tuning_job": None}])
def test_a_child_of_nobody_is_refused(store: Store, tuning: TuningJob, changes: dict[str, Any]) -> None:
    with pytest.raises(ValueError, match="not a numbered child"):
        store.training_jobs.add_children(tuning, [replace(a_training_job(), **changes)])


def a_proposal(version: int = 1, ordinal: int = 1) -> Proposal:
    return Proposal(
        tuning_job=a_tuning_job().arn,
        version=version,
        ordinal=ordinal,
        asked=2,
        running=(3, 4),
        shown="0123456789abcdef",
        made_by="luthier 0, numpy 0",
    )


def test_proposals_are_kept_with_the_training_jobs_that_they_are_of_oldest_first(
    store: Store, tuning: TuningJob
) -> None:
    store.training_jobs.add_children(tuning, [a_training_job(1), a_training_job(2)], a_proposal())
    store.training_jobs.add_children(replace(tuning, version=2), [a_training_job(3)], a_proposal(2, 3))

    assert store.proposals.of_tuning_job(tuning.arn) == [a_proposal(), a_proposal(2, 3)]


def test_a_proposal_whose_training_jobs_are_not_added_is_not_kept(store: Store, tuning: TuningJob) -> None:
    store.training_jobs.add_children(tuning, [a_training_job(1)], a_proposal())
    again = a_training_job(1)

    store.training_jobs.add_children(replace(tuning, version=2), [again], a_proposal(2))

    assert store.proposals.of_tuning_job(tuning.arn) == [a_proposal()]


def test_a_proposal_on_another_version_is_refused(store: Store, tuning: TuningJob) -> None:
    with pytest.raises(ValueError, match="a proposal on version 2"):
        store.training_jobs.add_children(tuning, [a_training_job(1)], a_proposal(2))


def test_children_are_listed_by_ordinal(store: Store, tuning: TuningJob) -> None:
    children = [a_training_job(ordinal) for ordinal in (3, 1, 2)]
    store.training_jobs.add_children(tuning, children)

    assert [job.ordinal for job in store.training_jobs.of_tuning_job(tuning.arn)] == [1, 2, 3]


def test_children_of_many_tuning_jobs_are_listed_at_once(store: Store, tuning: TuningJob) -> None:
    store.training_jobs.add_children(tuning, [a_training_job(1)])
    strangers = [tuning_job_arn(SCOPE, f"none{number}") for number in range(1200)]

    found = store.training_jobs.of_tuning_jobs([*strangers, tuning.arn])

    assert found == {arn: [] for arn in strangers} | {tuning.arn: [a_training_job(1)]}


def test_a_stamp_tells_that_a_training_job_has_changed(store: Store, tuning: TuningJob) -> None:
    child, _ = _with_children(store, tuning, 2)
    stranger = tuning_job_arn(SCOPE, "none")
    before = store.training_jobs.stamps([tuning.arn, stranger])

    store.training_jobs.take_in(child, [])

    assert before == {tuning.arn: (2, 2), stranger: (0, 0)}
    assert store.training_jobs.stamps([tuning.arn]) == {tuning.arn: (2, 3)}


def test_stamps_rise_with_every_write_and_come_by_ordinal(store: Store, tuning: TuningJob) -> None:
    second, first = a_training_job(2), a_training_job(1)
    store.training_jobs.add_children(tuning, [second, first])
    store.training_jobs.take_in(second, [MetricPoint(name="loss", value=0.5, at=1.0, sequence=1)])

    found = store.training_jobs.stamps_of(tuning.arn)

    assert list(found.items()) == [(first.arn, (first.created_at, 1)), (second.arn, (second.created_at, 2))]


def test_several_training_jobs_are_found_at_once_but_for_those_that_are_not_there(
    store: Store, tuning: TuningJob
) -> None:
    store.training_jobs.add_children(tuning, [a_training_job(1), a_training_job(2)])
    strangers = [a_training_job(number, name=f"none-{number}").arn for number in range(1200)]

    assert store.training_jobs.several([*strangers, a_training_job(2).arn]) == [a_training_job(2)]


def test_taking_in_writes_the_next_version_and_the_points(store: Store, tuning: TuningJob) -> None:
    child = _with_children(store, tuning, 1)[0]
    seen = replace(
        child,
        status=TrainingStatus.COMPLETED,
        transitions=(*child.transitions, Transition(status=SecondaryStatus.COMPLETED, at=9.0, message="done")),
        started_at=8.0,
        ended_at=9.0,
        modified_at=9.0,
        is_released=True,
        journal_read=2,
    )

    taken = store.training_jobs.take_in(seen, [_point(1, 0.5), _point(2, 0.25)])

    assert taken
    assert _stored(store, child) == replace(seen, version=2)
    assert store.training_jobs.points(child.arn) == (_point(1, 0.5), _point(2, 0.25))


def test_taking_in_an_old_version_writes_nothing(store: Store, tuning: TuningJob) -> None:
    child = _with_children(store, tuning, 1)[0]
    store.training_jobs.request_stop(child.arn, 2000.0)

    taken = store.training_jobs.take_in(replace(child, journal_read=1), [_point(1, 0.5)])

    assert not taken
    assert _stored(store, child).journal_read == 0
    assert store.training_jobs.points(child.arn) == ()


def test_points_that_are_there_already_are_ignored(store: Store, tuning: TuningJob) -> None:
    child = _with_children(store, tuning, 1)[0]
    store.training_jobs.take_in(child, [_point(1, 0.5), _point(3, 0.25)])

    store.training_jobs.take_in(replace(child, version=2), [_point(1, 9.0), _point(2, 0.75), _point(3, 9.0)])

    assert store.training_jobs.points(child.arn) == (_point(1, 0.5), _point(2, 0.75), _point(3, 0.25))


def test_a_stop_turns_a_training_job_to_stopping(store: Store, tuning: TuningJob) -> None:
    child = _with_children(store, tuning, 1)[0]

    asked = store.training_jobs.request_stop(child.arn, 1234.5)

    assert asked
    assert _stored(store, child) == replace(
        child, status=TrainingStatus.STOPPING, stop_requested_at=1234.5, modified_at=1234.5, version=2
    )


def test_a_second_stop_changes_nothing(store: Store, tuning: TuningJob) -> None:
    child = _with_children(store, tuning, 1)[0]
    store.training_jobs.request_stop(child.arn, 1234.5)

    asked = store.training_jobs.request_stop(child.arn, 1235.5)

    assert not asked
    assert _stored(store, child).stop_requested_at == 1234.5


def test_a_training_job_that_is_over_is_not_stopped(store: Store, tuning: TuningJob) -> None:
    child = a_training_job(1, TrainingStatus.COMPLETED)
    store.training_jobs.add_children(tuning, [child])

    asked = store.training_jobs.request_stop(child.arn, 1234.5)

    assert not asked
    assert _stored(store, child) == child


def test_unreleased_training_jobs_are_named_oldest_first(store: Store, tuning: TuningJob) -> None:
    children = [
        a_training_job(1, created_at=30.0),
        a_training_job(2, TrainingStatus.COMPLETED, created_at=20.0),
        a_training_job(3, TrainingStatus.COMPLETED, created_at=10.0, is_released=True),
    ]
    store.training_jobs.add_children(tuning, children)

    assert store.training_jobs.unreleased() == [children[1].arn, children[0].arn]


def test_the_final_metric_is_the_last_point_of_each_name(store: Store, tuning: TuningJob) -> None:
    child, silent = _with_children(store, tuning, 2)
    points = [_point(1, 5.0, "z"), _point(2, 3.0, "a"), _point(3, 4.0, "z"), _point(4, 1.0, ODD_TEXT)]
    store.training_jobs.take_in(child, points)
    strangers = [TrainingJobArn(f"none{number}") for number in range(1200)]

    finals = store.training_jobs.final_metrics([*strangers, child.arn, silent.arn])

    assert finals[child.arn] == tuple(
        sorted((_final(points[2]), _final(points[1]), _final(points[3])), key=lambda each: each.name)
    )
    assert finals[silent.arn] == finals[strangers[0]] == ()


def test_a_curve_is_one_metric_in_the_order_reported(store: Store, tuning: TuningJob) -> None:
    child, silent = _with_children(store, tuning, 2)
    points = [_point(4, 5.0, ODD_TEXT), _point(2, 3.0, "a"), _point(3, 4.0, ODD_TEXT)]
    store.training_jobs.take_in(child, points)

    curves = store.training_jobs.curves([child.arn, silent.arn], ODD_TEXT)

    assert curves == {child.arn: (points[2], points[0]), silent.arn: ()}


NAMES = ("b", "B1", "a_", "a%", "ab")


@pytest.fixture
def listed(store: Store) -> Store:
    """Five tuning jobs, created in the order of NAMES, at 1.0, 2.0, ...; the last two at the same moment."""
    for number, name in enumerate(NAMES, start=1):
        status = TuningStatus.COMPLETED if number % 2 else TuningStatus.IN_PROGRESS
        at = float(min(number, 4))
        store.tuning_jobs.add(a_tuning_job(name, status=status, created_at=at, modified_at=10 * at))
    return store


@pytest.mark.parametrize(
    ("changes", "names"),
    [
        ({"sort_by": "Name"}, ["B1", "a%", "a_", "ab", "b"]),
        ({"sort_by": "Name", "descending": True}, ["b", "ab", "a_", "a%", "B1"]),
        ({"sort_by": "CreationTime"}, ["b", "B1", "a_", "a%", "ab"]),
        ({"sort_by": "CreationTime", "descending": True}, ["ab", "a%", "a_", "B1", "b"]),
        ({"sort_by": "Status"}, ["a_", "ab", "b", "a%", "B1"]),
        ({"name_contains": "b"}, ["b", "ab"]),
        ({"name_contains": "_"}, ["a_"]),
        ({"name_contains": "%"}, ["a%"]),
        ({"name_contains": ""}, ["b", "B1", "a_", "a%", "ab"]),
        ({"status": TuningStatus.IN_PROGRESS}, ["B1", "a%"]),
        ({"created_after": 1.0, "created_before": 4.0}, ["B1", "a_"]),
        ({"modified_after": 10.0, "modified_before": 30.0}, ["B1"]),
        ({"scope": Scope(account="000000000000", region="eu-west-1")}, []),
        ({"scope": Scope(account="111111111111", region="us-east-1")}, []),
    ],
)
def test_a_listing_filters_and_sorts(listed: Store, changes: dict[str, Any], names: list[str]) -> None:
    page = listed.tuning_jobs.page(_tuning_query(limit=10, **changes))

    assert [job.name for job in page.items] == names
    assert page.next is None


@pytest.mark.parametrize("descending", [False, True])
@pytest.mark.parametrize("sort_by", ["Name", "CreationTime", "Status"])
@pytest.mark.parametrize("limit", [1, 2, 5])
def test_pages_put_together_are_the_listing(listed: Store, sort_by: Any, descending: bool, limit: int) -> None:
    query = _tuning_query(sort_by=sort_by, descending=descending, limit=10)

    pages = _all_pages(listed.tuning_jobs.page, replace(query, limit=limit))

    assert [job for page in pages for job in page] == list(listed.tuning_jobs.page(query).items)
    assert [len(page) for page in pages] == {1: [1] * 5, 2: [2, 2, 1], 5: [5]}[limit]


def test_rows_inserted_meanwhile_do_not_shift_the_pages(listed: Store) -> None:
    first = listed.tuning_jobs.page(_tuning_query(sort_by="Name", limit=2))
    listed.tuning_jobs.add(a_tuning_job("A-before"))
    listed.tuning_jobs.add(a_tuning_job("aa-after"))

    second = listed.tuning_jobs.page(_tuning_query(sort_by="Name", limit=9, after=first.next))

    assert [job.name for job in second.items] == ["a_", "aa-after", "ab", "b"]


def test_a_cursor_holds_under_other_filters(listed: Store) -> None:
    first = listed.tuning_jobs.page(_tuning_query(sort_by="Name", limit=2))

    second = listed.tuning_jobs.page(_tuning_query(sort_by="Name", limit=9, name_contains="b", after=first.next))

    assert [job.name for job in second.items] == ["ab", "b"]


@pytest.mark.parametrize(
    "changes",
    [{"sort_by": "CreationTime"}, {"descending": True}, {"scope": Scope(account="000000000000", region="eu-west-1")}],
    ids=["sort key", "direction", "scope"],
)
def test_a_cursor_of_another_listing_is_refused(listed: Store, changes: dict[str, Any]) -> None:
    first = listed.tuning_jobs.page(_tuning_query(sort_by="Name", limit=2))

    with pytest.raises(ValueError, match="another listing"):
        listed.tuning_jobs.page(_tuning_query(**{"sort_by": "Name", "limit": 2, "after": first.next, **changes}))


def test_a_cursor_of_tuning_jobs_is_refused_for_training_jobs(listed: Store) -> None:
    first = listed.tuning_jobs.page(_tuning_query(sort_by="Name", limit=2))

    with pytest.raises(ValueError, match="another listing"):
        listed.training_jobs.page(TrainingJobQuery(scope=SCOPE, sort_by="Name", limit=2, after=first.next))


def test_training_jobs_of_one_tuning_job_are_listed(store: Store, tuning: TuningJob) -> None:
    children = _with_children(store, tuning, 3)
    other = a_tuning_job("other")
    store.tuning_jobs.add(other)
    store.training_jobs.add_children(other, [a_training_job(name="stranger", tuning_job=other.arn)])

    page = store.training_jobs.page(_training_query(tuning_job=tuning.arn))

    assert list(page.items) == children


def test_training_jobs_of_a_scope_are_listed_with_or_without_a_status(store: Store, tuning: TuningJob) -> None:
    children = [a_training_job(1), a_training_job(2, TrainingStatus.FAILED)]
    store.training_jobs.add_children(tuning, children)

    assert list(store.training_jobs.page(_training_query()).items) == children
    assert list(store.training_jobs.page(_training_query(status=TrainingStatus.FAILED)).items) == children[1:]


@pytest.mark.parametrize("descending", [False, True])
@pytest.mark.parametrize("limit", [1, 2, 10])
def test_by_final_value_jobs_without_one_are_left_out(
    store: Store, tuning: TuningJob, descending: bool, limit: int
) -> None:
    children = _with_children(store, tuning, 5)
    for child, value in zip(children, (0.1, -1e300, 0.1, 5e-324), strict=False):
        done = replace(child, status=TrainingStatus.COMPLETED)
        store.training_jobs.take_in(done, [_point(1, 7.0), _point(2, value), _point(3, 9.0, "other")])
    store.training_jobs.take_in(replace(children[4], status=TrainingStatus.COMPLETED), [_point(1, 0.0, "other")])
    query = _training_query(
        tuning_job=tuning.arn,
        sort_by="FinalObjectiveMetricValue",
        objective_metrics={None: "loss"},
        descending=descending,
        limit=limit,
    )

    pages = _all_pages(store.training_jobs.page, query)

    ordinals = [job.ordinal for page in pages for job in page]
    assert ordinals == ([3, 1, 4, 2] if descending else [2, 4, 1, 3])


def test_by_final_value_each_definitions_jobs_count_by_their_own_metric(store: Store, tuning: TuningJob) -> None:
    children = [a_training_job(ordinal, definition_name=name) for ordinal, name in enumerate("abab", 1)]
    assert store.training_jobs.add_children(tuning, children)
    for child, value in zip(children, (0.4, 0.3, 0.2, 0.1), strict=True):
        points = [_point(1, value, "loss"), _point(2, 1 - value, 'odd " \0')]
        store.training_jobs.take_in(replace(child, status=TrainingStatus.COMPLETED), points)
    query = _training_query(
        tuning_job=tuning.arn,
        sort_by="FinalObjectiveMetricValue",
        objective_metrics={"a": "loss", "b": 'odd " \0'},
        limit=3,
    )

    ordinals = [job.ordinal for page in _all_pages(store.training_jobs.page, query) for job in page]

    assert ordinals == [3, 1, 2, 4]


@pytest.mark.parametrize("status", [TrainingStatus.IN_PROGRESS, TrainingStatus.STOPPING, TrainingStatus.FAILED])
def test_by_final_value_a_value_that_is_not_final_is_none(
    store: Store, tuning: TuningJob, status: TrainingStatus
) -> None:
    [child] = _with_children(store, tuning, 1)
    store.training_jobs.take_in(replace(child, status=status), [_point(1, 7.0)])
    query = _training_query(
        tuning_job=tuning.arn, sort_by="FinalObjectiveMetricValue", objective_metrics={None: "loss"}
    )

    assert store.training_jobs.page(query).items == ()


def test_a_lease_is_one_owners_until_it_expires(store: Store) -> None:
    assert store.leases.take("item", "me", now=100.0, ttl_s=10.0)

    assert not store.leases.take("item", "you", now=109.9, ttl_s=10.0)
    assert store.leases.take("item", "you", now=110.0, ttl_s=10.0)
    assert not store.leases.take("item", "me", now=111.0, ttl_s=10.0)


def test_an_owner_may_renew_its_lease(store: Store) -> None:
    store.leases.take("item", "me", now=100.0, ttl_s=10.0)

    assert store.leases.take("item", "me", now=105.0, ttl_s=10.0)
    assert not store.leases.take("item", "you", now=114.0, ttl_s=10.0)


def test_a_lease_that_was_given_back_is_free(store: Store) -> None:
    store.leases.take("item", "me", now=100.0, ttl_s=10.0)

    store.leases.give_back("item", "me")

    assert store.leases.take("item", "you", now=101.0, ttl_s=10.0)


def test_nobody_gives_back_anothers_lease(store: Store) -> None:
    store.leases.take("item", "me", now=100.0, ttl_s=10.0)

    store.leases.give_back("item", "you")

    assert not store.leases.take("item", "you", now=101.0, ttl_s=10.0)


@pytest.mark.parametrize("turn", range(5))
def test_of_many_workers_one_gets_the_lease(store: Store, turn: int) -> None:
    taken = _at_once([lambda n=n: store.leases.take("item", f"worker{n}", 100.0, 10.0) for n in range(THREADS)])

    assert sorted(taken) == [False] * (THREADS - 1) + [True]


@pytest.mark.parametrize("turn", range(5))
def test_of_many_passes_one_replaces_a_version(store: Store, tuning: TuningJob, turn: int) -> None:
    written = _at_once(
        [lambda n=n: store.tuning_jobs.replace(replace(tuning, modified_at=2000.0 + n)) for n in range(THREADS)]
    )

    assert sorted(written) == [False] * (THREADS - 1) + [True]


@pytest.mark.parametrize("turn", range(5))
def test_of_many_callers_one_gets_the_name(store: Store, turn: int) -> None:
    def add(caller: int) -> bool:
        try:
            store.tuning_jobs.add(a_tuning_job("wanted", request={"caller": caller}))
        except NameTaken:
            return False
        return True

    added = _at_once([lambda n=n: add(n) for n in range(THREADS)])

    assert sorted(added) == [False] * (THREADS - 1) + [True]
    wanted = store.tuning_jobs.get(tuning_job_arn(SCOPE, "wanted"))
    assert wanted is not None
    assert wanted.request == {"caller": added.index(True)}


@pytest.mark.parametrize("turn", range(10))
def test_no_child_is_added_after_a_stop(store: Store, tuning: TuningJob, turn: int) -> None:
    """A stop always succeeds, and is the last version: whoever saw the job in progress before it comes too late."""

    def propose(ordinal: int) -> int | None:
        while (seen := store.tuning_jobs.get(tuning.arn)) and seen.status is TuningStatus.IN_PROGRESS:
            if store.training_jobs.add_children(seen, [a_training_job(ordinal)]):
                return seen.version
        return None

    def stop() -> int | None:
        return None if store.tuning_jobs.request_stop(tuning.arn, 2000.0) else 0

    versions = _at_once([lambda n=n: propose(n) for n in range(1, THREADS)] + [stop])

    added = sorted(version for version in versions if version is not None)
    stopped = replace(tuning, status=TuningStatus.STOPPING, stop_requested_at=2000.0, modified_at=2000.0)
    assert added == list(range(1, len(added) + 1))
    assert store.tuning_jobs.get(tuning.arn) == replace(stopped, version=len(added) + 2)
    assert len(store.training_jobs.of_tuning_job(tuning.arn)) == len(added)


def test_many_threads_write_and_read_without_an_error(store: Store, tuning: TuningJob) -> None:
    children = _with_children(store, tuning, THREADS)

    def train(child: TrainingJob) -> bool:
        for line in range(1, 21):
            assert store.leases.take(child.arn, child.name, 100.0, 10.0)
            current = _stored(store, child)
            assert store.training_jobs.take_in(replace(current, journal_read=line), [_point(line, 1.0 / line)])
            store.training_jobs.of_tuning_job(tuning.arn)
            store.leases.give_back(child.arn, child.name)
        return True

    assert all(_at_once([lambda child=child: train(child) for child in children]))
    assert [_stored(store, child).version for child in children] == [21] * THREADS
    assert [len(store.training_jobs.points(child.arn)) for child in children] == [20] * THREADS


def test_many_servers_may_open_a_new_database_at_once(database_url: str) -> None:
    def open_and_close() -> list[TuningJobArn]:
        store = Store.open(database_url)
        found = store.tuning_jobs.unfinished()
        store.close()
        return found

    assert _at_once([open_and_close] * THREADS) == [[]] * THREADS


def test_what_was_written_is_there_when_opened_again(store: Store, tuning: TuningJob, database_url: str) -> None:
    store.close()

    again = Store.open(database_url)

    assert again.tuning_jobs.get(tuning.arn) == tuning
    again.close()


def _tuning_query(**changes: Any) -> TuningJobQuery:
    return TuningJobQuery(**{"scope": SCOPE, "sort_by": "CreationTime", "limit": 10, **changes})


def _training_query(**changes: Any) -> TrainingJobQuery:
    return TrainingJobQuery(**{"scope": SCOPE, "sort_by": "CreationTime", "limit": 10, **changes})


def _all_pages(page_of: Callable[[Any], Page[T]], query: Any) -> list[Sequence[T]]:
    pages: list[Sequence[T]] = []
    after: Cursor | None = None
    while not pages or after is not None:
        page = page_of(replace(query, after=after))
        pages.append(page.items)
        after = page.next
    return pages


def _with_children(store: Store, tuning: TuningJob, count: int) -> list[TrainingJob]:
    children = [a_training_job(ordinal) for ordinal in range(1, count + 1)]
    assert store.training_jobs.add_children(tuning, children)
    return children


def _stored(store: Store, job: TrainingJob) -> TrainingJob:
    found = store.training_jobs.get(job.arn)
    assert found is not None
    return found


def _point(sequence: int, value: float, name: str = "loss") -> MetricPoint:
    return MetricPoint(name=name, value=value, at=1000.0 + sequence, sequence=sequence)


def _final(point: MetricPoint) -> FinalMetric:
    return FinalMetric(name=point.name, value=point.value, at=point.at)


def _at_once(calls: Sequence[Callable[[], T]]) -> list[T]:
    """Make every call in a thread of its own, all set off together, and give their answers in order."""
    start = Barrier(len(calls))

    def wait_and(call: Callable[[], T]) -> T:
        start.wait()
        return call()

    with ThreadPoolExecutor(len(calls)) as pool:
        return list(pool.map(wait_and, calls))


def test_a_stop_keeps_its_reason(store: Store, tuning: TuningJob) -> None:
    child = _with_children(store, tuning, 1)[0]

    store.training_jobs.request_stop(child.arn, 1234.5, ODD_TEXT)

    assert _stored(store, child).stop_reason == ODD_TEXT


def test_the_reason_of_a_second_stop_is_not_kept(store: Store, tuning: TuningJob) -> None:
    child = _with_children(store, tuning, 1)[0]
    store.training_jobs.request_stop(child.arn, 1234.5)

    store.training_jobs.request_stop(child.arn, 1235.5, "it would not win")

    assert _stored(store, child).stop_reason is None
