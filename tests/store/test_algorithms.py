"""Algorithm resources as rows, on a SQLite file and on a real PostgreSQL."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from typing import Any

import pytest

from luthier.records.algorithm_resource import AlgorithmResource
from luthier.records.names import AlgorithmName, Scope, algorithm_arn
from luthier.records.status import TrainingStatus, TuningStatus
from luthier.store.engine import Store
from luthier.store.errors import InUse, NameTaken
from luthier.store.paging import AlgorithmQuery
from things import SCOPE, a_training_job, a_tuning_job

pytest_plugins = ["store.databases"]

ODD_TEXT = 'NUL \0, lone surrogate \ud800, quote ", backslash \\u0041 \\, é, 字, 😀, line\nfeed'
STRANGERS = Scope(account="111111111111", region="us-east-1")


@pytest.fixture
def store(database_url: str) -> Iterator[Store]:
    opened = Store.open(database_url)
    yield opened
    opened.close()


def an_algorithm(name: str = "forest", *, scope: Scope = SCOPE, **changes: Any) -> AlgorithmResource:
    arn = algorithm_arn(scope, name)
    plain = AlgorithmResource(arn=arn, name=AlgorithmName(name), scope=scope, request={}, created_at=1000.0)
    return replace(plain, **changes)


def used(name: str) -> dict[str, Any]:
    return {"AlgorithmSpecification": {"AlgorithmName": name}}


def names(store: Store, **given: Any) -> list[str]:
    query: dict[str, Any] = {"scope": SCOPE, "sort_by": "Name", "limit": 10, **given}
    return [each.name for each in store.algorithms.page(AlgorithmQuery(**query)).items]


def test_an_algorithm_comes_back_as_it_was_added(store: Store) -> None:
    algorithm = an_algorithm("Forest", request={"odd": ODD_TEXT, "list": [1, 2.5, True, {"k": "v"}]})

    store.algorithms.add(algorithm, {ODD_TEXT: ODD_TEXT})

    assert store.algorithms.get(algorithm.arn) == algorithm


def test_a_name_that_is_taken_changes_nothing(store: Store) -> None:
    store.algorithms.add(an_algorithm(request={"first": True}), {})

    with pytest.raises(NameTaken):
        store.algorithms.add(an_algorithm("FOREST", request={"second": True}), {"key": "value"})

    kept = store.algorithms.get(algorithm_arn(SCOPE, "forest"))
    assert kept is not None
    assert kept.request == {"first": True}


def test_of_many_that_add_one_name_one_wins(store: Store) -> None:
    def add(number: int) -> bool:
        try:
            store.algorithms.add(an_algorithm(request={"number": number}), {"number": str(number)})
        except NameTaken:
            return False
        return True

    with ThreadPoolExecutor(4) as pool:
        won = list(pool.map(add, range(4)))

    kept = store.algorithms.get(algorithm_arn(SCOPE, "forest"))
    assert kept is not None
    assert (won.count(True), won[kept.request["number"]]) == (1, True)  # type: ignore[index]  # it is one of ours


def test_a_listing_keeps_to_its_scope(store: Store) -> None:
    store.algorithms.add(an_algorithm("mine"), {})
    store.algorithms.add(an_algorithm("theirs", scope=STRANGERS), {})

    assert (names(store), names(store, scope=STRANGERS)) == (["mine"], ["theirs"])


def test_algorithms_of_one_moment_are_listed_each_once(store: Store) -> None:
    for name in ("c", "a", "b"):
        store.algorithms.add(an_algorithm(name), {})

    first = store.algorithms.page(AlgorithmQuery(scope=SCOPE, sort_by="CreationTime", limit=2))
    rest = store.algorithms.page(AlgorithmQuery(scope=SCOPE, sort_by="CreationTime", limit=2, after=first.next))

    assert [each.name for each in (*first.items, *rest.items)] == ["a", "b", "c"]
    assert rest.next is None


@pytest.mark.parametrize(
    ("bounds", "found"), [((1000.0, None), ["b"]), ((None, 2000.0), ["a"]), ((1000.0, 2000.0), [])]
)
def test_bounds_of_time_are_outside(store: Store, bounds: tuple[float | None, float | None], found: list[str]) -> None:
    store.algorithms.add(an_algorithm("a", created_at=1000.0), {})
    store.algorithms.add(an_algorithm("b", created_at=2000.0), {})

    assert names(store, created_after=bounds[0], created_before=bounds[1]) == found


def test_a_page_of_no_algorithms_cannot_be_asked_for() -> None:
    with pytest.raises(ValueError, match="at least one item"):
        AlgorithmQuery(scope=SCOPE, sort_by="Name", limit=0)


def test_what_is_deleted_is_gone_and_once_is_enough(store: Store) -> None:
    algorithm = an_algorithm()
    store.algorithms.add(algorithm, {"key": "value"})

    deleted = [store.algorithms.delete(algorithm) for _ in range(2)]

    assert (deleted, names(store)) == ([True, False], [])


def test_a_deleted_name_can_be_used_again(store: Store) -> None:
    """With the same tags, which went with it."""
    store.algorithms.add(an_algorithm(), {"key": "value"})
    store.algorithms.delete(an_algorithm())

    store.algorithms.add(an_algorithm(), {"key": "value"})

    assert names(store) == ["forest"]


@pytest.mark.parametrize("status", TuningStatus)
@pytest.mark.parametrize("form", ["one", "several"])
def test_an_algorithm_is_in_use_while_a_tuning_job_of_it_is_not_over(
    store: Store, status: TuningStatus, form: str
) -> None:
    algorithm = an_algorithm("Forest")
    one = {"TrainingJobDefinition": used(algorithm.arn)}
    several = {"TrainingJobDefinitions": [used("other"), used("FOREST")]}
    job = a_tuning_job(request=one if form == "one" else several, status=status)
    store.algorithms.add(algorithm, {})
    store.tuning_jobs.add(job)

    assert store.algorithms.used_by(algorithm) == (None if status.is_over else job.arn)


@pytest.mark.parametrize("status", TrainingStatus)
def test_an_algorithm_is_in_use_while_a_training_job_of_it_is_not_over(store: Store, status: TrainingStatus) -> None:
    algorithm, parent = an_algorithm(), a_tuning_job()
    job = a_training_job(status=status, request=used("forest"))
    store.algorithms.add(algorithm, {})
    store.tuning_jobs.add(parent)
    assert store.training_jobs.add_children(parent, [job])

    assert store.algorithms.used_by(algorithm) == (None if status.is_over else job.arn)


def test_what_is_in_use_is_not_deleted(store: Store) -> None:
    algorithm = an_algorithm()
    store.algorithms.add(algorithm, {})
    store.tuning_jobs.add(a_tuning_job(request={"TrainingJobDefinition": used("forest")}))

    with pytest.raises(InUse, match="hyper-parameter-tuning-job/tune"):
        store.algorithms.delete(algorithm)

    assert names(store) == ["forest"]


def test_jobs_of_other_accounts_and_other_algorithms_use_it_not(store: Store) -> None:
    algorithm = an_algorithm(scope=STRANGERS)
    store.algorithms.add(algorithm, {})
    store.algorithms.add(an_algorithm(), {})
    store.tuning_jobs.add(a_tuning_job(request={"TrainingJobDefinition": used("forest-2")}))

    assert store.algorithms.used_by(algorithm) is None
    assert store.algorithms.used_by(an_algorithm()) is None
