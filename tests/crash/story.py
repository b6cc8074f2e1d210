"""The life of one tuning job in a world that strikes, and what must be true when it is over."""

from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import cache, lru_cache
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from crash.world import Fuse, Fused, FusedStore, Killed, PlayedCluster, Wary, hasty
from luthier.records.outbox import WEBHOOK, Outbox
from luthier.records.status import TrainingStatus, TuningStatus
from luthier.records.training_job import TrainingJob
from luthier.records.tuning_job import TuningJob
from luthier.records.usage import UsageSeen
from luthier.store.database import Database, connect
from luthier.store.engine import Store
from luthier.store.state_changes import LINES
from luthier.training.reconcile import TrainingController
from luthier.tuning.history import history_of
from luthier.tuning.reconcile import TuningController
from luthier.tuning.replay import Outcome, replay
from things import a_tuning_job

PATIENCE = 400  # rounds after which a story that is not over never will be


@dataclass(slots=True)
class Story:
    """A tuning job, its store and its world; controllers come and go."""

    store: Store
    job: TuningJob
    fuse: Fuse = field(default_factory=Fuse)
    cluster: PlayedCluster = field(default_factory=PlayedCluster)
    make_tuning: Callable[["Story", Any], Any] = field(
        default=lambda _, store: TuningController(store=store, strategies={"Bayesian": Wary()}, stops=hasty)
    )
    stop_at: int | None = None  # the round in which the caller asks for a stop
    rounds: int = 0
    most_at_once: int = 0  # training jobs that ran
    side_notes: dict[str, int] = field(default_factory=dict)  # what a controller with a mistake writes elsewhere
    outcome: list[Mapping[str, str]] = field(default_factory=list)  # hyperparameters, in order, once it has been told

    def controllers(self, fuse: Fuse) -> tuple[Any, Any]:
        """Start a process: fresh controllers, which know nothing but the store and the world."""
        store: Any = FusedStore(self.store, fuse)
        cluster: Any = Fused(self.cluster, fuse, {"start", "stop", "remove", "forget"})
        return self.make_tuning(self, store), TrainingController(store=store, cluster=cluster, token_of=token_of)

    def play(self) -> None:
        """Let rounds pass, with a new process after each death, until everything is over."""
        tuning, training = self.controllers(self.fuse)
        while not self.is_over():
            self.rounds += 1
            assert self.rounds < PATIENCE, "the tuning job never ends"
            if self.rounds == self.stop_at:
                self.store.tuning_jobs.request_stop(self.job.arn, self.cluster.now)
            try:
                self.one_round(tuning, training)
            except Killed:
                self.cluster.queue.clear()
                tuning, training = self.controllers(self.fuse)
            self.most_at_once = max(self.most_at_once, self.cluster.running)
            self.cluster.tick()

    def one_round(self, tuning: Any, training: Any) -> None:
        """Look once at everything, as the loop does, whose lanes come in no fixed order."""
        for lane in (tuning, training) if self.rounds % 2 else (training, tuning):
            for arn in lane.unfinished():
                lane.reconcile(arn, self.cluster.now)

    def kill(self) -> None:
        """End the process here, while the world goes on."""
        self.cluster.tick()
        raise Killed

    def twin(self) -> None:
        """Let another process do all there is to do, and the world move, before this one goes on with its old view."""
        others = self.controllers(Fuse())
        for _ in range(3):
            self.one_round(*others)
            self.cluster.tick()

    def is_over(self) -> bool:
        return self.tuning_job().status.is_over and not self.store.training_jobs.unreleased()

    def tuning_job(self) -> TuningJob:
        job = self.store.tuning_jobs.get(self.job.arn)
        assert job is not None
        return job

    def children(self) -> list[TrainingJob]:
        return self.store.training_jobs.of_tuning_job(self.job.arn)


def token_of(job: TrainingJob) -> str:
    """Make the token with which a training job's hosts fetch credentials."""
    return f"{job.arn} of {job.created_at}"


def begin(folder: Path, *, specification: Mapping[str, Any], **changes: Any) -> Story:
    """Create a tuning job in an empty world, in place of the one that was last in this folder."""
    database = _connected(folder / "luthier.db")
    database.close()
    for each in folder.glob("luthier.db*"):
        each.unlink()
    (folder / "luthier.db").write_bytes(_empty_database())
    store = Store(database, outboxes=[Outbox(name=WEBHOOK)])
    job = a_tuning_job(specification=specification)
    store.tuning_jobs.add(job)
    return Story(store=store, job=job, **changes)


@lru_cache(maxsize=1)
def _connected(file: Path) -> Database:
    """Connect once: a quarter of a story's time would go into statements that each engine compiles for itself."""
    return connect(f"sqlite:///{file}")


@cache
def _empty_database() -> bytes:
    """Make the tables once: thousands of stories begin with them."""
    with TemporaryDirectory() as folder:
        file = Path(folder) / "luthier.db"
        Store.open(f"sqlite:///{file}").close()
        return file.read_bytes()


def has_criteria(job: TuningJob) -> bool:
    """Whether a tuning job may be complete before all its training jobs were launched."""
    asked = job.specification
    return any(each is not None for each in (asked.max_runtime_s, asked.target, asked.patience))


def check(story: Story) -> None:
    """Hold a finished story against the promises."""
    job, children, launches = story.tuning_job(), story.children(), story.cluster.launches
    launched = [spec.arn for spec in launches]
    assert len(set(launched)) == len(launched), "a training job was launched twice"
    rows = {child.arn: child for child in children}
    for spec in launches:
        assert spec.arn in rows, "a training job runs that no row knows"
        assert spec.credentials_token == token_of(rows[spec.arn]), "it got another's token"
        assert dict(spec.hyperparameters) == rows[spec.arn].hyperparameters, "it ran with other hyperparameters"
    assert story.cluster.places is None or story.most_at_once <= story.cluster.places, "too many ran at once"
    assert [child.ordinal for child in children] == list(range(1, len(children) + 1)), "an ordinal is missing"
    assert len(children) <= job.specification.max_jobs, "more training jobs than allowed"
    for child in children:
        assert child.journal_read == len(story.cluster.jobs[child.arn].journal), "a journal was not read to its end"
        points = story.store.training_jobs.points(child.arn)
        assert len(points) <= 1, "a metric was counted twice"
        used = [each for each in story.cluster.jobs[child.arn].journal if isinstance(each, UsageSeen)]
        assert story.store.usage_samples.of_training_job(child.arn) == used, "what it used was lost, or counted twice"
        assert child.stop_reason is None or points, "it was stopped early before it had reported anything"
        assert child.stop_reason is None or job.specification.follows_curves, "it was stopped early, and nobody asked"
    check_changes(story)
    had = Counter(child.definition_name for child in children)
    turns = [had[each.name] for each in job.specification.definitions]
    assert max(turns) - min(turns) <= 1, "one definition had more than its share"
    again = {each.outcome for each in replay(history_of(story.store, job), Wary())}
    assert again <= {Outcome.REPRODUCED}, "a proposal does not come out again"
    if job.completing_at is not None:
        assert all(child.created_at <= job.completing_at for child in children), "launched after it was complete"
    if story.stop_at is None:
        assert job.status is TuningStatus.COMPLETED
        assert has_criteria(job) or len(children) == job.specification.max_jobs, "fewer training jobs than asked for"
    else:
        assert job.status in (TuningStatus.STOPPED, TuningStatus.COMPLETED)


def check_changes(story: Story) -> None:
    """Hold what a webhook would have been told, none of it being told yet, against the rows."""
    lines = (story.store.state_changes.waiting(line, 10_000) for line in range(LINES))
    changes = [each.change for line in lines for each in line]
    assert len({each.id for each in changes}) == len(changes), "a change was written down twice"
    of_tuning = [each.status for each in changes if each.arn == story.job.arn]
    last = story.tuning_job().status
    assert of_tuning in ([TuningStatus.IN_PROGRESS, last], [TuningStatus.IN_PROGRESS, TuningStatus.STOPPING, last])
    for child in story.children():
        own = [each for each in changes if each.arn == child.arn]
        numbers = [each.transitions for each in own]
        assert numbers == sorted(numbers), "changes are out of order"
        assert set(numbers) == set(range(1, len(child.transitions) + 1)), "a transition is told too little or too much"
        assert own[-1].status == child.status, "the end is not told"
        assert own[0].status == TrainingStatus.IN_PROGRESS, "the beginning is not told"
