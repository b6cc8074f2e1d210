"""
When training jobs ran, and how many at a time, as shapes in a drawing 720 units wide (pure).

    ▇▇▇▇▇▇▇ ▇▇▇▇▇▇▇▇▇ ▇▇▇▇      a lane for as many as ran at once: each training job is in the first that is free
    ▇▇▇▇ ▇▇▇▇▇▇▇ ▇▇▇▇▇▇▇▇▇      a gap is time in which a place was empty
    0        10 min     20 min

A training job runs from its first secondary status until it is over; one that still waits for its hosts is not drawn.
"""

from collections.abc import Iterator, Sequence
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
class _Runs:
    """Training jobs that have begun, the earliest first: columns, as there may be very many."""

    jobs: Sequence[TrainingJob]
    starts: Sequence[float]
    ends: Sequence[float]
    lanes: Sequence[int]

    def drawn(self) -> Iterator[tuple[TrainingJob, float, float, int]]:
        """Give each that has a lane with its start, its end and its lane."""
        return (
            each for each in zip(self.jobs, self.starts, self.ends, self.lanes, strict=True) if each[3] < _MOST_LANES
        )


def timeline(children: Sequence[TrainingJob], now: float) -> Timeline | None:
    """Lay out training jobs, given by ordinal, as they are at *now*; None as long as none has begun."""
    runs = _runs(children, now)
    if not runs.jobs:
        return None
    first, last = runs.starts[0], max(runs.ends)
    span = max(last - first, 1e-9)
    lanes = max(runs.lanes) + 1
    lane = min(_LANE[1], max(_LANE[0], _ROOM / min(lanes, _MOST_LANES)))
    foot = round(TOP + lane * min(lanes, _MOST_LANES), 1)
    scale = (RIGHT - LEFT) / span
    is_few = len(runs.jobs) <= LINKED
    return Timeline(
        bars=_bars(runs, first, scale, lane) if is_few else (),
        stripes=() if is_few else _stripes(runs, first, scale, lane),
        statuses=tuple(dict.fromkeys(job.status for job in runs.jobs)),
        across=_marks(span),
        lane=lane,
        foot=foot,
        height=foot + _FOOT,
        most_at_once=lanes,
        mean_at_once=(sum(runs.ends) - sum(runs.starts)) / span,
        undrawn=sum(each >= _MOST_LANES for each in runs.lanes),
        lasted_s=last - first,
    )


def _runs(children: Sequence[TrainingJob], now: float) -> _Runs:
    """Put each training job that has begun into the first lane that is free."""
    jobs = sorted((job for job in children if job.transitions), key=_start)
    starts = [_start(job) for job in jobs]
    ends = [max(_start(job), now if job.ended_at is None else job.ended_at) for job in jobs]
    busy: list[tuple[float, int]] = []  # when each lane in use will be free
    free: list[int] = []
    lanes: list[int] = []
    for start, end in zip(starts, ends, strict=True):
        while busy and busy[0][0] <= start:
            heappush(free, heappop(busy)[1])
        lanes.append(heappop(free) if free else len(busy))
        heappush(busy, (end, lanes[-1]))
    return _Runs(jobs, starts, ends, lanes)


def _start(job: TrainingJob) -> float:
    return job.transitions[0].at


def _bars(runs: _Runs, first: float, scale: float, lane: float) -> tuple[Bar, ...]:
    return tuple(
        Bar(
            x=round(LEFT + (start - first) * scale, 1),
            y=round(TOP + lane * place, 1),
            width=round(max((end - start) * scale, 0.5), 1),
            job=job,
            url=training_job_url(job),
            lasted_s=end - start,
        )
        for job, start, end, place in runs.drawn()
    )


def _stripes(runs: _Runs, first: float, scale: float, lane: float) -> tuple[Stripe, ...]:
    """Draw bars as lines along the middle of their lanes, each to whole units, once."""
    paths: dict[TrainingStatus, dict[str, None]] = {}
    for job, start, end, place in runs.drawn():
        x, width = round(LEFT + (start - first) * scale), max(1, round((end - start) * scale))
        paths.setdefault(job.status, {})[f"M{x} {TOP + lane * (place + 0.5):.1f}h{width}"] = None
    return tuple(Stripe(status=status, path="".join(found)) for status, found in paths.items())


def _marks(span: float) -> tuple[Mark, ...]:
    step = next((each for each in _STEPS_S if span / each <= _PARTS), _STEPS_S[-1])
    times = range(0, min(int(span), step * _PARTS * 2) + 1, step)
    return tuple(Mark(at=round(LEFT + (RIGHT - LEFT) * at / span, 1), text=_text(at)) for at in times)


def _text(seconds: int) -> str:
    """Say a time in as few units as it has."""
    return duration(seconds).replace(" 00 s", "").replace(" 00 min", "").replace(" 0 h", "") if seconds else "0"
