"""Algorithm resources as rows."""

from collections.abc import Mapping
from typing import Any

from sqlalchemy import Connection, RowMapping, Select, delete, insert, select
from sqlalchemy.exc import IntegrityError

from luthier.records.algorithm_resource import AlgorithmResource
from luthier.records.json_value import JsonObject
from luthier.records.names import AlgorithmArn, Scope, algorithm_arn
from luthier.records.status import TrainingStatus, TuningStatus
from luthier.store.database import Database
from luthier.store.errors import InUse, NameTaken
from luthier.store.paging import AlgorithmQuery, Page, read_page
from luthier.store.tables import algorithms, training_jobs, tuning_jobs
from luthier.store.tags import lay_tags, remove_tags

_c = algorithms.c
_SORT = {"Name": _c.name, "CreationTime": _c.created_at}


class Algorithms:
    """Every algorithm resource. One never changes from its adding to its deletion."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def add(self, algorithm: AlgorithmResource, given_tags: Mapping[str, str]) -> None:
        """Store a new algorithm with its tags; raises NameTaken, and stores nothing, if there is one of its ARN."""
        try:
            with self._database.writing() as connection:
                connection.execute(insert(algorithms), _row_of(algorithm))
                lay_tags(connection, algorithm.arn, given_tags)
        except IntegrityError:
            if self.get(algorithm.arn) is None:
                raise
            raise NameTaken(algorithm.arn) from None

    def get(self, arn: AlgorithmArn) -> AlgorithmResource | None:
        """Find an algorithm by its ARN."""
        with self._database.reading() as connection:
            row = connection.execute(select(algorithms).where(_c.arn == arn)).mappings().one_or_none()
        return None if row is None else _algorithm_of(row)

    def page(self, query: AlgorithmQuery) -> Page[AlgorithmResource]:
        """List algorithms, a page at a time; raises ValueError for a cursor that is not of such a query."""
        with self._database.reading() as connection:
            return read_page(connection, query, select(algorithms), algorithms, _SORT[query.sort_by], _algorithm_of)

    def used_by(self, algorithm: AlgorithmResource) -> str | None:
        """Give the ARN of a job that is not over and was created with *algorithm*, or None if there is none."""
        with self._database.reading() as connection:
            return _user_of(connection, algorithm)

    def delete(self, algorithm: AlgorithmResource) -> bool:
        """
        Take an algorithm away, with its tags; False if it is gone already.

        Raises InUse, with the ARN of such a job, while a tuning or training job that is not over was created with it.
        """
        with self._database.writing() as connection:
            user = _user_of(connection, algorithm)
            if user is not None:
                raise InUse(user)
            remove_tags(connection, algorithm.arn)
            return connection.execute(delete(algorithms).where(_c.arn == algorithm.arn)).rowcount == 1


def _row_of(algorithm: AlgorithmResource) -> dict[str, object]:
    return {
        "arn": algorithm.arn,
        "account": algorithm.scope.account,
        "region": algorithm.scope.region,
        "name": algorithm.name,
        "request": algorithm.request,
        "created_at": algorithm.created_at,
    }


def _algorithm_of(row: RowMapping) -> AlgorithmResource:
    return AlgorithmResource(
        arn=row["arn"],
        name=row["name"],
        scope=Scope(account=row["account"], region=row["region"]),
        request=row["request"],
        created_at=row["created_at"],
    )


def _user_of(connection: Connection, algorithm: AlgorithmResource) -> str | None:
    """Look through the jobs of the scope that are not over, of which there are never many."""
    for statement in _unfinished(algorithm.scope):
        for row in connection.execute(statement):
            if algorithm.arn in _algorithms_in(row.request, algorithm.scope):
                return str(row.arn)
    return None


def _unfinished(scope: Scope) -> list[Select[Any]]:
    tuning, training = tuning_jobs.c, training_jobs.c
    running = [each for each in TuningStatus if not each.is_over]
    training_now = [each for each in TrainingStatus if not each.is_over]
    return [
        select(tuning.arn, tuning.request)
        .where(tuning.account == scope.account, tuning.region == scope.region, tuning.status.in_(running))
        .order_by(tuning.created_at),
        select(training.arn, training.request)
        .where(training.account == scope.account, training.region == scope.region, training.status.in_(training_now))
        .order_by(training.created_at),
    ]


def _algorithms_in(request: JsonObject, scope: Scope) -> set[AlgorithmArn]:
    """Name the algorithms that a stored request asks for: of a training job, or of each definition of a tuning job."""
    several: Any = request.get("TrainingJobDefinitions", ())  # stored requests have passed the service model
    definitions: list[Any] = [request, request.get("TrainingJobDefinition", {}), *several]
    names = (each.get("AlgorithmSpecification", {}).get("AlgorithmName") for each in definitions)
    return {algorithm_arn(scope, name.rsplit("/", 1)[-1]) for name in names if name}
