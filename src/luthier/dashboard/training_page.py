"""The page of one training job: its row, what it has reported, and its log."""

from collections.abc import Callable, Sequence

from starlette.requests import Request
from starlette.responses import Response

from luthier.dashboard.curves import ACROSS
from luthier.dashboard.log_lines import LogPiece, lines_of_all
from luthier.dashboard.log_search import search
from luthier.dashboard.training_copy import training_as_boto3, training_as_command
from luthier.dashboard.training_view import training_view
from luthier.records.training_job import TrainingJob
from luthier.store.engine import Store

LOG_LINES = 200
"""Lines of the log that are shown: the last ones, or the last ones with what is looked for."""

LogEnds = Callable[[TrainingJob], Sequence[tuple[str, str]]]
"""The end of the log of each of a training job's hosts, any text, with the host's name."""

LogPieces = Callable[[TrainingJob], Sequence[LogPiece]]
"""As much of the log of each host as is searched."""


class TrainingPage:
    """Shows training jobs, each with the end of its log, or with the lines of it that have a text."""

    def __init__(self, store: Store, log_ends: LogEnds, log_pieces: LogPieces, clock: Callable[[], float]) -> None:
        self._store, self._log_ends, self._log_pieces, self._clock = store, log_ends, log_pieces, clock

    def show(self, request: Request, job: TrainingJob, render: Callable[..., Response]) -> Response:
        """Answer for *job*; `?find=` searches its log, `?across=` says what curves are drawn over."""
        find = request.query_params.get("find", "").strip()
        across = ACROSS.get(request.query_params.get("across", ""), "report")
        parent = self._store.tuning_jobs.get(job.tuning_job) if job.tuning_job and job.ordinal else None
        view = training_view(
            job,
            parent,
            self._store.training_jobs.points(job.arn),
            self._store.usage_samples.of_training_job(job.arn),
            lines_of_all(self._log_ends(job), LOG_LINES),
            self._clock(),
            across=across,
        )
        finding = search(self._log_pieces(job), find, LOG_LINES) if find else None
        return render(
            "training_job.html",
            view=view,
            job=job,
            finding=finding,
            boto3=training_as_boto3(job),
            command=training_as_command(job),
        )
