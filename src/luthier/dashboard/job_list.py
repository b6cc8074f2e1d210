"""The list of tuning jobs: which of them are asked for, in which order, and the addresses of other orders and pages."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from urllib.parse import urlencode

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response

from luthier.dashboard.standings import Line, Standings
from luthier.records.names import Scope
from luthier.records.status import TuningStatus
from luthier.records.tuning_job import TuningJob
from luthier.store.engine import Store
from luthier.store.paging import Cursor, Page, TuningJobOrder, TuningJobQuery

PAGE = 20
"""Tuning jobs of one page."""

LONGEST_NAME = 32  # letters of a tuning job's name, and so of a part of one

ORDERS: Mapping[str, TuningJobOrder] = {"created": "CreationTime", "name": "Name", "status": "Status"}
_STATUSES = {each.value: each for each in TuningStatus}


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """What of the list is asked for."""

    region: str  # empty: there is no tuning job in any
    find: str = ""  # a part of a name; empty: any name
    status: TuningStatus | None = None
    sort: str = "created"
    descending: bool = True
    after: str | None = None  # where the page before ended

    def link(self, sort: str) -> str:
        """Sort by another column, or by this one the other way round; the newest come first, and A before Z."""
        descending = not self.descending if sort == self.sort else sort == "created"
        return self._address(sort, "desc" if descending else "asc")

    def page_link(self, after: str | None = None) -> str:
        """Show the page behind *after*, or the first, of the same order."""
        return self._address(self.sort, self.order, after)

    @property
    def order(self) -> str:
        """The direction as addresses have it."""
        return "desc" if self.descending else "asc"

    @property
    def is_narrowed(self) -> bool:
        """Whether tuning jobs are left out."""
        return bool(self.find) or self.status is not None

    def _address(self, sort: str, order: str, after: str | None = None) -> str:
        given = {"region": self.region, "find": self.find, "status": self.status, "sort": sort, "order": order}
        return "/?" + urlencode({name: text for name, text in (given | {"after": after}).items() if text})


class JobList:
    """Shows the tuning jobs of a region, a page at a time."""

    def __init__(self, store: Store, clock: Callable[[], float]) -> None:
        self._store, self._clock, self._standings = store, clock, Standings(store)

    def show(self, request: Request, account: str, render: Callable[..., Response]) -> Response:
        """Answer with the page that is asked for, of the tuning jobs of *account*."""
        regions, wanted, page = read_list(self._store, account, request.query_params)
        lines: Sequence[Line] = self._standings.of(page.items, self._clock())
        return render(
            "tuning_jobs.html", lines=lines, regions=regions, wanted=wanted, next=page.next, statuses=list(TuningStatus)
        )


def read_list(store: Store, account: str, asked: Mapping[str, str]) -> tuple[list[str], Wanted, Page[TuningJob]]:
    """Read a page of the list, and the regions of *account*; raises HTTPException where an address names no page."""
    regions = store.tuning_jobs.regions(account)
    wanted = wanted_by(asked, regions)
    try:
        return regions, wanted, store.tuning_jobs.page(_query(wanted, account))
    except ValueError as error:
        raise HTTPException(400, "The list has no such page; begin with its first one.") from error


def wanted_by(asked: Mapping[str, str], regions: Sequence[str]) -> Wanted:
    """Read an address; what it gets wrong is as if left out, but for a region, which is not found."""
    region = asked.get("region") or next(iter(regions), "")
    if region and region not in regions:
        raise HTTPException(404, f"There is no tuning job in the region {region}.")
    sort = asked.get("sort", "")
    sort = sort if sort in ORDERS else "created"
    return Wanted(
        region=region,
        find=asked.get("find", "").strip()[:LONGEST_NAME],
        status=_STATUSES.get(asked.get("status", "")),
        sort=sort,
        descending={"asc": False, "desc": True}.get(asked.get("order", ""), sort == "created"),
        after=asked.get("after"),
    )


def _query(wanted: Wanted, account: str) -> TuningJobQuery:
    return TuningJobQuery(
        scope=Scope(account=account, region=wanted.region),
        name_contains=_as_a_name(wanted.find),
        status=wanted.status,
        sort_by=ORDERS[wanted.sort],
        descending=wanted.descending,
        limit=PAGE,
        after=None if wanted.after is None else Cursor(wanted.after),
    )


def _as_a_name(find: str) -> str | None:
    """Give what a database may be asked for: letters that no name has are not found, whatever they are."""
    return "".join(letter if letter.isascii() and letter.isprintable() else "?" for letter in find) or None
