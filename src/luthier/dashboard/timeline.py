"""
When training jobs ran, and how many at a time, as shapes in a drawing 720 units wide (pure).

    ▇▇▇▇▇▇▇ ▇▇▇▇▇▇▇▇▇ ▇▇▇▇      a lane for as many as ran at once: each training job is in the first that is free
    ▇▇▇▇ ▇▇▇▇▇▇▇ ▇▇▇▇▇▇▇▇▇      a gap is time in which a place was empty
    0        10 min     20 min

A training job runs from its first secondary status until it is over; one that still waits for its hosts is not drawn.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from heapq import heappop, heappush

from luthier.dashboard.training_view import training_job_url
from luthier.dashboard.wording import duration
from luthier.records.status import TrainingStatus
from luthier.records.training_job import TrainingJob

LEFT, RIGHT, TOP = 12, 708, 6
LINKED = 400
"""Bars that lead somewhere; of more training jobs, bars of one status are a single shape."""

_ROOM = 240  # units for all lanes together, unless each is at its least
_LANE = (3, 18)  # units of a lane, at least and at most
_MOST_LANES = 100
_FOOT = 26
_PARTS = 5  # of the axis, at most
_MINUTE_S, _HOUR_S, _DAY_S = 60, 3600, 86_400
_STEPS_S = (
    *(1, 2, 5, 10, 20, 30),
    *(minutes * _MINUTE_S for minutes in (1, 2, 5, 10, 20, 30)),
    *(hours * _HOUR_S for hours in (1, 2, 4, 8, 12)),
    *(days * _DAY_S for days in (1, 2, 5, 10, 30, 100, 1000)),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Bar:
    """One training job."""

    x: float
    y: float
    width: float
    job: TrainingJob
    url: str
    lasted_s: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Stripe:
    """All bars of one status as a path of lines."""

    status: TrainingStatus
    path: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Mark:
    """A time on the axis, since the first training job began."""

    at: float
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Timeline:
    """All shapes of the drawing, and how busy the places were."""

    bars: tuple[Bar, ...]
    stripes: tuple[Stripe, ...]
    statuses: tuple[TrainingStatus, ...]  # that occur
    across: tuple[Mark, ...]
    lane: float  # units of one lane, a small gap included
    foot: float  # where the lanes end
    height: float
    most_at_once: int
    mean_at_once: float
    undrawn: int  # training jobs beyond the last lane
    lasted_s: float  # from the first beginning to the last end


@dataclass(frozen=True, slots=True)
class _Run:
    job: TrainingJob
    start: float
    end: float
    lane: int


def timeline(children: Sequence[TrainingJob], now: float) -> Timeline | None:
    """Lay out training jobs as they are at *now*; None as long as none has begun."""
    runs = _runs(children, now)
    if not runs:
        return None
    first, last = runs[0].start, max(run.end for run in runs)
    span = max(last - first, 1e-9)
    lanes = max(run.lane for run in runs) + 1
    drawn = [run for run in runs if run.lane < _MOST_LANES]
    lane = min(_LANE[1], max(_LANE[0], _ROOM / min(lanes, _MOST_LANES)))
    foot = round(TOP + lane * min(lanes, _MOST_LANES), 1)
    scale = (RIGHT - LEFT) / span
    is_few = len(drawn) <= LINKED
    return Timeline(
        bars=tuple(_bar(run, first, scale, lane) for run in drawn) if is_few else (),
        stripes=() if is_few else _stripes(drawn, first, scale, lane),
        statuses=tuple(dict.fromkeys(run.job.status for run in drawn)),
        across=_marks(span),
        lane=lane,
        foot=foot,
        height=foot + _FOOT,
        most_at_once=lanes,
        mean_at_once=sum(run.end - run.start for run in runs) / span,
        undrawn=len(runs) - len(drawn),
        lasted_s=last - first,
    )


def _runs(children: Sequence[TrainingJob], now: float) -> list[_Run]:
    """Put each training job that has begun, the earliest first, into the first lane that is free."""
    begun = sorted((job.transitions[0].at, job.ordinal or 0, job) for job in children if job.transitions)
    busy: list[tuple[float, int]] = []  # when each lane in use will be free
    free: list[int] = []
    runs: list[_Run] = []
    for start, _, job in begun:
        while busy and busy[0][0] <= start:
            heappush(free, heappop(busy)[1])
        lane = heappop(free) if free else len(busy)
        end = max(start, now if job.ended_at is None else job.ended_at)
        heappush(busy, (end, lane))
        runs.append(_Run(job, start, end, lane))
    return runs


def _bar(run: _Run, first: float, scale: float, lane: float) -> Bar:
    return Bar(
        x=round(LEFT + (run.start - first) * scale, 1),
        y=round(TOP + lane * run.lane, 1),
        width=round(max((run.end - run.start) * scale, 0.5), 1),
        job=run.job,
        url=training_job_url(run.job),
        lasted_s=run.end - run.start,
    )


def _stripes(runs: Sequence[_Run], first: float, scale: float, lane: float) -> tuple[Stripe, ...]:
    """Draw bars as lines along the middle of their lanes, each to whole units, once."""
    places: dict[TrainingStatus, dict[tuple[int, float, int], None]] = {}
    for run in runs:
        x, width = round(LEFT + (run.start - first) * scale), round((run.end - run.start) * scale)
        place = (x, round(TOP + lane * (run.lane + 0.5), 1), max(1, width))
        places.setdefault(run.job.status, {})[place] = None
    return tuple(
        Stripe(status=status, path="".join(f"M{x} {y}h{width}" for x, y, width in found))
        for status, found in places.items()
    )


def _marks(span: float) -> tuple[Mark, ...]:
    step = next((each for each in _STEPS_S if span / each <= _PARTS), _STEPS_S[-1])
    times = range(0, min(int(span), step * _PARTS * 2) + 1, step)
    return tuple(Mark(at=round(LEFT + (RIGHT - LEFT) * at / span, 1), text=_text(at)) for at in times)


def _text(seconds: int) -> str:
    """Say a time in as few units as it has."""
    return duration(seconds).replace(" 00 s", "").replace(" 00 min", "").replace(" 0 h", "") if seconds else "0"
