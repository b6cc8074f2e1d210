"""
The life of a training job's hosts: prepare, run, finish.

    Starting ── Downloading ── Training ── Uploading ── Completed | Failed | Stopped | MaxRuntimeExceeded
      prepare                  run         finish

All hosts go through a phase together. Each part leaves all that the next one needs in the workspace, or says so in its
answer. What the algorithm or its input did wrong is an outcome; what went wrong with this machine is raised, and
whoever finds the dead agent's journal writes its end.
"""

import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager, ExitStack, contextmanager
from dataclasses import replace
from functools import partial

from luthier.algorithms.catalogue import CatalogueError
from luthier.clusters.encrypted_volume import VolumeError
from luthier.clusters.host_folder import HostFolder
from luthier.host.channels import ChannelError
from luthier.host.channels.data_set import Part, Stream
from luthier.host.channels.order import Share
from luthier.host.channels.pipe_mode import Feeding, Place, feeding
from luthier.host.checkpoints import CheckpointError, Kept
from luthier.host.ends import OUTCOMES, failure_reason
from luthier.host.equipment import Equipment
from luthier.host.host_checkpoints import fetch_to, kept_of
from luthier.host.inputs import Input, Source
from luthier.host.journal import training_s
from luthier.host.layout import enclosure, lay_out
from luthier.host.log import LogFollower
from luthier.host.meter import Meter, meters
from luthier.host.metric_files import MetricFiles
from luthier.host.patience import StoppedError, persistently
from luthier.host.supervise import Cause, Limits, Verdict, Watch, supervise
from luthier.host.uploads import has_left, upload
from luthier.host.volume import used_bytes
from luthier.host.volumes import volumes
from luthier.metrics.scraper import Scraper
from luthier.objects import ObjectError, ObjectStore
from luthier.records.algorithm import Algorithm
from luthier.records.artifacts import MODEL, OUTPUT
from luthier.records.channel import Channel, InputMode
from luthier.records.journal import ClusterSpec, Outcome
from luthier.records.status import SecondaryStatus
from luthier.runtimes import HostGroup, Running

_GIB = 1 << 30


class TrainingError(Exception):
    """The training job has failed; the message is its FailureReason."""


def live(at_hand: Equipment) -> None:
    """Do all that a training job's specification asks for, once it is Starting. Only for the holder of the lock."""
    spec = at_hand.workspace.spec()
    try:
        with volumes(at_hand.workspace.hosts(), _key_source(at_hand, spec)):
            with ExitStack() as keep:
                algorithm, given = prepare(at_hand, spec, keep)
                verdict = run(at_hand, spec, algorithm, given)
            outcome = Outcome.STOPPED if _is_lost(at_hand, verdict) else finish(at_hand, spec, verdict)
    except StoppedError:
        _end(at_hand, Outcome.STOPPED)
    except TrainingError as error:
        at_hand.journal.end(Outcome.FAILED, str(error))
    except (CatalogueError, ChannelError, CheckpointError, ObjectError) as error:
        at_hand.journal.end(Outcome.FAILED, f"ClientError: {error}")
    except VolumeError as error:
        reason = f"InternalServerError: VolumeKmsKeyId: volumes cannot be encrypted here: {error}"
        at_hand.journal.end(Outcome.FAILED, reason, is_retryable=True)
    else:
        _end(at_hand, outcome)


def _is_lost(at_hand: Equipment, verdict: Verdict) -> bool:
    """Whether the machine has ended the training, which may have sent the algorithm SIGTERM, too."""
    return at_hand.is_evicted() and (verdict.cause is Cause.STOP_REQUESTED or verdict.failed is not None)


def _end(at_hand: Equipment, outcome: Outcome) -> None:
    """Report the end; what nobody asked to stop, and its machine did, is lost."""
    if outcome is Outcome.STOPPED and at_hand.is_evicted():
        at_hand.workspace.lose(at_hand.clock())
    else:
        at_hand.journal.end(outcome)


def _key_source(at_hand: Equipment, spec: ClusterSpec) -> Callable[[], bytes] | None:
    name = spec.definition.volume_key
    if name is None:
        return None

    def draw() -> bytes:
        try:
            return persistently(partial(at_hand.draw_key, name), at_hand.check_stop)
        except ObjectError as error:
            raise TrainingError(f"ClientError: VolumeKmsKeyId: {error}") from error

    return draw


def prepare(at_hand: Equipment, spec: ClusterSpec, keep: ExitStack) -> tuple[Algorithm, Input]:
    """
    Find the algorithm, and lay out all that it needs on every host; what it shares stays for as long as *keep* lasts.

    Raises StoppedError if a stop is requested meanwhile, and TrainingError, CatalogueError, ChannelError,
    CheckpointError or ObjectError for what is the caller's to put right.
    """
    at_hand.check_stop()
    wanted = spec.definition
    algorithm = at_hand.catalogue.algorithm(
        wanted.image, dict(spec.hyperparameters), instead=wanted.command, arguments=wanted.arguments
    )
    if algorithm is None:
        raise TrainingError(f"ClientError: no image here matches {wanted.image}; add it to the catalogue")
    if algorithm.container is not None:
        fetching = partial(at_hand.journal.enter, SecondaryStatus.DOWNLOADING_IMAGE)
        image = at_hand.obtain_image(algorithm.container, fetching, at_hand.check_stop)
        algorithm = replace(algorithm, container=image)
    hosts = at_hand.workspace.hosts()
    for host in hosts:
        lay_out(spec, host)
    if wanted.checkpoints or any(each.input_mode is not InputMode.PIPE for each in wanted.channels):
        at_hand.journal.enter(SecondaryStatus.DOWNLOADING)
    source = Source(
        store=at_hand.store,
        cache=at_hand.cache if wanted.volume_key is None else at_hand.cache.without_room(),
        can_layer=at_hand.runtime.has_layers(algorithm) and wanted.volume_key is None,
        check=at_hand.check_stop,
    )
    given = source.obtain(wanted.channels, hosts, keep)
    fetch_to(hosts, wanted.checkpoints, at_hand.store, at_hand.check_stop)
    at_hand.check_stop()
    return algorithm, given


def run(at_hand: Equipment, spec: ClusterSpec, algorithm: Algorithm, given: Input) -> Verdict:
    """
    Run the algorithm on all hosts to its end, feeding its pipes, keeping its checkpoints and reporting metrics.

    Raises TrainingError if it cannot be started, ChannelError if a pipe could not be fed, and CheckpointError if
    checkpoints could not be kept.
    """
    with ExitStack() as stack:
        hosts = at_hand.workspace.hosts()
        kept = stack.enter_context(kept_of(hosts, spec.definition.checkpoints, at_hand.store, at_hand.clock))
        fed = [
            stack.enter_context(_fed(at_hand, host, given.piped, Share(host=place, hosts=len(hosts))))
            for place, host in enumerate(hosts)
        ]

        def lost() -> str | None:
            return next(filter(None, (each.failure() for each in fed)), kept.failure())

        followers = _followers(at_hand, spec)
        at_hand.journal.enter(SecondaryStatus.TRAINING)
        begun = time.monotonic()
        with _started(at_hand, spec, algorithm, given) as running:
            measuring = meters(at_hand, spec, running, begun)
            verdict = supervise(running, _limits(at_hand, spec), _watch(at_hand, given, measuring, followers, lost))
            for each in measuring:
                each.finish()
        for follower in followers:
            follower.finish()
        why = next(filter(None, (each.failure() for each in fed)), None)
    if why is not None:
        raise ChannelError(why)
    _check_kept(kept, failure_reason(hosts, spec, verdict))
    return verdict


def _check_kept(kept: Kept, reason: str | None) -> None:
    """Fail the training job if its checkpoints, the last of which have been uploaded by now, were not kept."""
    why = kept.failure()
    if why is not None and reason is not None:
        raise TrainingError(f"{reason}; nor were its checkpoints kept: {why}")
    if why is not None:
        raise CheckpointError(why)


def _fed(
    at_hand: Equipment, host: HostFolder, piped: Sequence[tuple[Channel, Sequence[Part]]], share: Share
) -> AbstractContextManager[Feeding]:
    place = Place(folder=host.ml / "input" / "data", workshop=host.pipes, store=at_hand.store)
    place.workshop.mkdir(exist_ok=True)

    def streams(store: ObjectStore, check: Callable[[], None]) -> Sequence[Stream]:
        return [Stream(channel=channel, parts=parts, store=store, check=check, share=share) for channel, parts in piped]

    return feeding(streams, place)


@contextmanager
def _started(at_hand: Equipment, spec: ClusterSpec, algorithm: Algorithm, given: Input) -> Iterator[Sequence[Running]]:
    hosts = zip(at_hand.workspace.hosts(), given.files, strict=True)
    group = HostGroup(
        name=at_hand.workspace.group_name,
        hosts=tuple(enclosure(spec, host, at_hand.endpoint, files.layers) for host, files in hosts),
        front_door=at_hand.endpoint,
        is_isolated=spec.definition.is_isolated,
        networks=spec.definition.networks,
        hidden=at_hand.hidden,
    )
    with ExitStack() as stack:
        try:
            running = stack.enter_context(at_hand.runtime.started(algorithm, group))
        except OSError as error:
            raise TrainingError(f"ClientError: {error.strerror or error}") from error
        yield running


def _followers(at_hand: Equipment, spec: ClusterSpec) -> Sequence[MetricFiles | LogFollower]:
    """Follow each host's files and then its log: what files tell is not looked for in the log."""
    metrics, journal, clock = spec.definition.metrics, at_hand.journal, at_hand.clock
    followers: list[MetricFiles | LogFollower] = []
    for host in at_hand.workspace.hosts():
        told: set[str] = set()
        followers.append(MetricFiles(host.ml, {each.name for each in metrics}, told, journal, clock))
        followers.append(LogFollower(host.log, host.log_times, Scraper(metrics, told), journal, clock))
    return followers


def _limits(at_hand: Equipment, spec: ClusterSpec) -> Limits:
    definition = spec.definition
    spent_s = training_s(at_hand.workspace.entries())  # by earlier tries: the limit is the training job's
    return Limits(
        max_runtime_s=definition.max_runtime_s - spent_s,
        volume_bytes=definition.volume_gb * _GIB,
        grace_s=at_hand.grace_s,
    )


def _watch(
    at_hand: Equipment,
    given: Input,
    measuring: Sequence[Meter],
    followers: Sequence[MetricFiles | LogFollower],
    lost: Callable[[], str | None],
) -> Watch:
    hosts = list(zip(at_hand.workspace.hosts(), given.files, measuring, strict=True))

    def follow() -> None:
        for each in (*followers, *measuring):
            each.follow()

    return Watch(
        is_stop_requested=at_hand.is_stop_requested,
        used_bytes=lambda: max(
            meter.note_disk(used_bytes((host.folder, host.log)) + files.shared_bytes + meter.running.written_bytes())
            for host, files, meter in hosts
        ),
        follow_log=follow,
        is_input_lost=lambda: lost() is not None,
    )


def finish(at_hand: Equipment, spec: ClusterSpec, verdict: Verdict) -> Outcome:
    """
    Upload what the algorithm has left on all hosts, and give its outcome.

    Raises TrainingError with the reason for a training that failed, and ObjectError if the upload is refused.
    """
    hosts = at_hand.workspace.hosts()
    reason = failure_reason(hosts, spec, verdict)
    has_output = has_left(hosts, OUTPUT)
    if reason is None or has_output:
        at_hand.journal.enter(SecondaryStatus.UPLOADING)
    if reason is None:
        upload(hosts, spec, MODEL, at_hand.store)
    if has_output:
        try:
            upload(hosts, spec, OUTPUT, at_hand.store)
        except ObjectError as error:
            if reason is None:
                raise
            raise TrainingError(f"{reason}; nor could its output be uploaded: {error}") from error
    if reason is not None:
        raise TrainingError(reason)
    return OUTCOMES.get(verdict.cause, Outcome.COMPLETED)
