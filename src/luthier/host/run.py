"""
One training host's life: prepare, run, finish.

    Starting ── Downloading ── Training ── Uploading ── Completed | Failed | Stopped | MaxRuntimeExceeded
      prepare                  run         finish

Each part leaves all that the next one needs in the workspace, or says so in its answer. What the algorithm or its
input did wrong is an outcome; what went wrong with this host itself is raised, and whoever finds the dead host's
journal writes its end.
"""

import signal
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from luthier.algorithms.catalogue import Catalogue, CatalogueError
from luthier.clusters.workspace import Workspace
from luthier.host.artifacts import pack_and_upload
from luthier.host.channels import ChannelError
from luthier.host.channels.cache import InputCache
from luthier.host.channels.data_set import Part, Stream, parts_of
from luthier.host.channels.file_mode import fill
from luthier.host.channels.pipe_mode import Feeding, Place, feeding
from luthier.host.journal import LONGEST_REASON, Journal
from luthier.host.layout import channel_folder, enclosure, failure_text, lay_out, output_folder
from luthier.host.log import LogFollower
from luthier.host.metrics import Scraper
from luthier.host.patience import HeedfulStore, StoppedError, persistently
from luthier.host.supervise import GRACE_S, Cause, Limits, Verdict, Watch, supervise
from luthier.host.volume import used_bytes
from luthier.objects import ObjectError, ObjectStore
from luthier.records.algorithm import Algorithm
from luthier.records.channel import Channel, InputMode
from luthier.records.journal import ClusterSpec, Outcome
from luthier.records.names import artifact_uri
from luthier.records.status import SecondaryStatus
from luthier.runtimes import Running, Runtime

_GIB = 1 << 30

_OUTCOMES = {
    Cause.STOP_REQUESTED: Outcome.STOPPED,
    Cause.MAX_RUNTIME: Outcome.MAX_RUNTIME_EXCEEDED,
    Cause.VOLUME_FULL: Outcome.FAILED,
    Cause.INPUT_LOST: Outcome.FAILED,
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Host:
    """What a training host has at hand. *clock* gives seconds since the epoch."""

    workspace: Workspace
    store: ObjectStore
    runtime: Runtime
    catalogue: Catalogue
    endpoint: str  # URL of the front door, for the algorithm's AWS clients
    cache: InputCache  # where input is kept for the next training job
    hidden: tuple[Path, ...]  # what the algorithm must never see
    is_stop_requested: Callable[[], bool]
    clock: Callable[[], float]
    grace_s: float = GRACE_S

    @property
    def journal(self) -> Journal:
        """Where this host reports."""
        return Journal(self.workspace, self.clock)

    def check_stop(self) -> None:
        """Raise StoppedError if the training job is to stop."""
        if self.is_stop_requested():
            raise StoppedError


class TrainingError(Exception):
    """The training job has failed; the message is its FailureReason."""


def live(host: Host) -> None:
    """Do all that a training job's specification asks for, once it is Starting. Only for the holder of the lock."""
    spec = host.workspace.spec()
    try:
        algorithm, piped = prepare(host, spec)
        verdict = run(host, spec, algorithm, piped)
        outcome = finish(host, spec, verdict)
    except StoppedError:
        host.journal.end(Outcome.STOPPED)
    except TrainingError as error:
        host.journal.end(Outcome.FAILED, str(error))
    except (CatalogueError, ChannelError, ObjectError) as error:
        host.journal.end(Outcome.FAILED, f"ClientError: {error}")
    else:
        host.journal.end(outcome)


Piped = Sequence[tuple[Channel, Sequence[Part]]]
"""The channels in Pipe mode, with what each is made of."""


def prepare(host: Host, spec: ClusterSpec) -> tuple[Algorithm, Piped]:
    """
    Find the algorithm, lay out all that it needs, and settle what goes through pipes.

    Raises StoppedError if a stop is requested meanwhile, and TrainingError, CatalogueError, ChannelError or
    ObjectError for what is the caller's to put right.
    """
    host.check_stop()
    wanted = spec.definition
    algorithm = host.catalogue.algorithm(wanted.image, dict(spec.hyperparameters), instead=wanted.command)
    if algorithm is None:
        raise TrainingError(f"ClientError: no image here matches {wanted.image}; add it to the catalogue")
    lay_out(spec, host.workspace)
    pipes = [each for each in spec.definition.channels if each.input_mode is InputMode.PIPE]
    files = [each for each in spec.definition.channels if each.input_mode is not InputMode.PIPE]
    if files:
        host.journal.enter(SecondaryStatus.DOWNLOADING)
    store = HeedfulStore(host.store, host.check_stop)
    for channel in files:
        target = channel_folder(host.workspace, channel.name)
        persistently(partial(fill, channel, store, target, host.cache), host.check_stop)
    piped = [(each, persistently(partial(parts_of, each, store), host.check_stop)) for each in pipes]
    host.check_stop()
    return algorithm, piped


def run(host: Host, spec: ClusterSpec, algorithm: Algorithm, piped: Piped) -> Verdict:
    """
    Run the algorithm to its end, feeding its pipes and reporting metrics meanwhile.

    Raises TrainingError if it cannot be started, and ChannelError if a pipe could not be fed.
    """
    place = Place(folder=host.workspace.ml / "input" / "data", workshop=host.workspace.pipes, store=host.store)
    place.workshop.mkdir(exist_ok=True)

    def streams(store: ObjectStore, check: Callable[[], None]) -> Sequence[Stream]:
        return [Stream(channel=channel, parts=parts, store=store, check=check) for channel, parts in piped]

    with feeding(streams, place) as fed:
        verdict = _run(host, spec, algorithm, fed)
        lost = fed.failure()
    if lost is not None:
        raise ChannelError(lost)
    return verdict


def _run(host: Host, spec: ClusterSpec, algorithm: Algorithm, fed: Feeding) -> Verdict:
    place, definition = host.workspace, spec.definition
    host.journal.enter(SecondaryStatus.TRAINING)
    running = _spawn(host, spec, algorithm)
    follower = LogFollower(place.log, place.log_times, Scraper(definition.metrics), host.journal, host.clock)
    limits = Limits(
        max_runtime_s=definition.max_runtime_s, volume_bytes=definition.volume_gb * _GIB, grace_s=host.grace_s
    )
    watch = Watch(
        is_stop_requested=host.is_stop_requested,
        used_bytes=partial(used_bytes, (place.ml, place.tmp, place.log)),
        follow_log=follower.follow,
        is_input_lost=lambda: fed.failure() is not None,
    )
    verdict = supervise(running, limits, watch)
    follower.finish()
    return verdict


def finish(host: Host, spec: ClusterSpec, verdict: Verdict) -> Outcome:
    """
    Upload what the algorithm has left, and give its outcome.

    Raises TrainingError with the reason for a training that failed, and ObjectError if the upload is refused.
    """
    reason = failure_reason(host.workspace, spec, verdict)
    output = output_folder(host.workspace, "output", "data")
    has_output = output is not None and any(output.iterdir())
    if reason is None or has_output:
        host.journal.enter(SecondaryStatus.UPLOADING)
    if reason is None:
        model = output_folder(host.workspace, "model")
        _upload(host, spec, model or _nothing(host.workspace), "model.tar.gz")
    if output is not None and has_output:
        try:
            _upload(host, spec, output, "output.tar.gz")
        except ObjectError as error:
            if reason is None:
                raise
            raise TrainingError(f"{reason}; nor could its output be uploaded: {error}") from error
    if reason is not None:
        raise TrainingError(reason)
    return _OUTCOMES.get(verdict.cause, Outcome.COMPLETED)


def failure_reason(workspace: Workspace, spec: ClusterSpec, verdict: Verdict) -> str | None:
    """Say why the training failed, in SageMaker's manner; None if it did not."""
    if verdict.cause is Cause.VOLUME_FULL:
        size = spec.definition.volume_gb
        return f"ClientError: input, model and scratch files need more than {size} GB; raise VolumeSizeInGB"
    if verdict.cause is not Cause.EXITED or verdict.exit_code == 0:
        return None
    said = failure_text(workspace, LONGEST_REASON)
    return f"AlgorithmError: {said or _exit_words(verdict.exit_code)}"


def _spawn(host: Host, spec: ClusterSpec, algorithm: Algorithm) -> Running:
    around = enclosure(spec, host.workspace, host.endpoint, host.hidden)
    try:
        return host.runtime.spawn(algorithm, around, host.workspace.log)
    except OSError as error:
        raise TrainingError(f"ClientError: {error.strerror or error}") from error


def _exit_words(code: int) -> str:
    """Put an exit code into words; a signal's is 128 and its number, as a shell reports it."""
    if code >= 0:
        return f"Exit Code: {code}"
    name = signal.Signals(-code).name if -code in set(signal.Signals) else f"signal {-code}"
    hint = "; the machine may have run out of memory" if -code == signal.SIGKILL else ""
    return f"Exit Code: {128 - code} ({name}{hint})"


def _upload(host: Host, spec: ClusterSpec, folder: Path, name: str) -> None:
    host.workspace.packed.mkdir(exist_ok=True)
    uri = artifact_uri(spec.definition.output_path, spec.name, name)
    persistently(partial(pack_and_upload, folder, uri, host.store, host.workspace.packed), _keep_on)


def _keep_on() -> None:
    """An upload is never given up: without it the training was for nothing."""


def _nothing(workspace: Workspace) -> Path:
    """Make an empty folder, in place of one that the algorithm has done away with."""
    folder = workspace.packed / "nothing"
    folder.mkdir(parents=True, exist_ok=True)
    return folder
