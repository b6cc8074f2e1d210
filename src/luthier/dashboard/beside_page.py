"""The page that sets training jobs beside each other: `/ui/tuning-jobs/<region>/<name>/beside?no=<number>&no=...`."""

import re
from collections.abc import Callable

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response

from luthier.dashboard.beside import MOST, beside
from luthier.dashboard.families import Families
from luthier.dashboard.tuning_view import rows_of
from luthier.records.tuning_job import TuningJob
from luthier.store.engine import Store
from luthier.tuning.curves import CurveShelf

_NUMBER = re.compile("[0-9]{1,6}")


class BesidePage:
    """Shows the training jobs that an address names by their numbers."""

    def __init__(self, store: Store, families: Families, clock: Callable[[], float]) -> None:
        self._store, self._families, self._clock, self._shelf = store, families, clock, CurveShelf()

    def show(self, request: Request, job: TuningJob, render: Callable[..., Response]) -> Response:
        """Answer for training jobs of *job*; 404 says that one is not there."""
        named = list(dict.fromkeys(request.query_params.getlist("no")))
        if len(named) > MOST:
            raise HTTPException(400, f"{len(named)} training jobs do not fit beside each other; pick {MOST} at most.")
        family = self._families.of(job.arn)
        children = {str(child.ordinal): child for child in family.children}
        if any(not _NUMBER.fullmatch(each) or each not in children for each in named):
            raise HTTPException(404, "One of these training jobs is not there; an address names each by its number.")
        chosen = [children[each] for each in named]
        rows = rows_of(job, chosen, family.finals, self._clock())
        curves = self._shelf.of(self._store, job.specification, chosen)
        return render("beside.html", job=job, beside=beside(rows, curves), most=MOST)
