"""The page that sets tuning jobs beside each other: `/ui/compare?job=<region>/<name>&job=...`."""

import re
from collections.abc import Callable

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response

from luthier.dashboard.comparison import MOST, compare
from luthier.dashboard.families import Families
from luthier.records.names import Scope, tuning_job_arn
from luthier.records.tuning_job import TuningJob
from luthier.store.engine import Store
from luthier.store.paging import TuningJobQuery

_NAMED = re.compile("([a-z0-9-]{1,64})/([A-Za-z0-9-]{1,63})")
OFFERED = 30
"""Tuning jobs of a region, the newest, that can be picked from."""


class ComparisonPage:
    """Shows what an address names; *clock* says how long what goes on has lasted."""

    def __init__(self, store: Store, families: Families, clock: Callable[[], float]) -> None:
        self._store, self._families, self._clock = store, families, clock

    def show(self, request: Request, account: str, page: Callable[..., Response]) -> Response:
        """Answer for a visitor of *account*, with *page* to fill the template in; 404 names what is not there."""
        named = list(dict.fromkeys(request.query_params.getlist("job")))
        if len(named) > MOST:
            raise HTTPException(400, f"{len(named)} tuning jobs do not fit beside each other; name {MOST} at most.")
        jobs = [self._found(account, each) for each in named]
        offered = self._offered(account, jobs)
        compared = compare([(job, self._families.of(job.arn)) for job in jobs], self._clock())
        chosen = {job.arn for job in jobs}
        return page("comparison.html", comparison=compared, offered=offered, chosen=chosen, most=MOST)

    def _found(self, account: str, named: str) -> TuningJob:
        found = _NAMED.fullmatch(named)
        job = found and self._store.tuning_jobs.get(tuning_job_arn(Scope(account=account, region=found[1]), found[2]))
        if job is None:
            raise HTTPException(404, "One of these tuning jobs is not there; an address names each as job=region/name.")
        return job

    def _offered(self, account: str, jobs: list[TuningJob]) -> list[TuningJob]:
        """Give *jobs* and the newest others of their regions."""
        newest = {job.arn: job for job in jobs}
        regions = dict.fromkeys(job.scope.region for job in jobs) or self._store.tuning_jobs.regions(account)[:1]
        for region in regions:
            query = TuningJobQuery(
                scope=Scope(account=account, region=region), sort_by="CreationTime", descending=True, limit=OFFERED
            )
            newest |= {job.arn: job for job in self._store.tuning_jobs.page(query).items}
        return list(newest.values())
