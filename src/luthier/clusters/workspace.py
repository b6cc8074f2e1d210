"""
The folder in which a training job's hosts live: its files' names, its markers, its journal and its lock.

    <root>/<account>/<region>/<training job>/hosts/
        spec.json       what to do; written once, all of it or nothing
        lock            flocked by the agent for as long as it lives, and by whoever speaks for a dead one
        journal.jsonl   what has happened: one entry a line, appended to by the holder of the lock alone
        stop  removed   markers: empty files that are there or not
        agent.log       what the agent had to say, which is nothing unless it crashed
        algo-1/  ...    the hosts' folders, and beside them their logs: see `host_folder`

The journal alone says whether a training job has begun and whether it is over. A line without its newline was never
written: readers leave it out, and the next writer cuts it off.
"""

import fcntl
import hashlib
import logging
import os
import re
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from cattrs import ClassValidationError

from luthier.clusters.host_folder import HostFolder, host_names
from luthier.records.allotment import Allotment
from luthier.records.journal import ClusterSpec, Ended, JournalEntry, Outcome, PhaseEntered
from luthier.records.names import TrainingJobArn
from luthier.records.status import SecondaryStatus
from luthier.records.text import entry_from_text, from_text, to_text

FOLDER = "hosts"
LOST = "InternalServerError: the training host was lost before the training job was over"

_logger = logging.getLogger(__name__)

_ARN = re.compile(r"arn:aws:sagemaker:([a-z0-9-]+):([0-9]{12}):training-job/([a-z0-9](?:[a-z0-9-]*[a-z0-9])?)")


@dataclass(frozen=True, slots=True)
class Workspace:
    """The folder of all hosts of one training job. Every verb may be said twice."""

    folder: Path

    def host(self, name: str) -> HostFolder:
        """Find a host's folder, there or not."""
        return HostFolder(self.folder, name)

    def hosts(self) -> tuple[HostFolder, ...]:
        """Find the folders of all hosts, there or not; none where the training job was never to start."""
        return tuple(map(self.host, host_names(self.spec().definition.instance_count))) if self.has_spec else ()

    @property
    def group_name(self) -> str:
        """A name for the hosts together that nothing else on this machine has: the job's, and a digest of the place."""
        digest = hashlib.sha256(os.fsencode(self.folder)).hexdigest()[:12]
        return f"{self.folder.parent.name[:40]}-{digest}"

    @property
    def agent_log(self) -> Path:
        """The agent's stdout and stderr."""
        return self.folder / "agent.log"

    @property
    def has_spec(self) -> bool:
        """Whether the hosts were ever asked to start."""
        return (self.folder / "spec.json").exists()

    @property
    def is_stop_marked(self) -> bool:
        """Whether the hosts were ever asked to stop."""
        return (self.folder / "stop").exists()

    @property
    def is_removed(self) -> bool:
        """Whether the hosts' folders are gone for good."""
        return (self.folder / "removed").exists()

    def write_spec(self, spec: ClusterSpec) -> None:
        """Say what the hosts are to do; does nothing if that was said before."""
        if self.has_spec:
            return
        self._make()
        draft = self.folder / f"spec.{os.getpid()}.{os.urandom(4).hex()}"
        with draft.open("wb") as file:
            file.write(to_text(spec).encode("utf-8", "surrogatepass"))
            file.flush()
            os.fsync(file.fileno())
        draft.rename(self.folder / "spec.json")
        _sync(self.folder)

    def spec(self) -> ClusterSpec:
        """Read what the hosts are to do."""
        return from_text((self.folder / "spec.json").read_bytes(), ClusterSpec)

    def mark_stop(self) -> None:
        """Ask the hosts to stop, or never to start."""
        self._make()
        (self.folder / "stop").touch()
        _sync(self.folder)

    def mark_removed(self) -> None:
        """Say that the hosts' folders are gone."""
        (self.folder / "removed").touch()

    def entries(self, after: int = 0) -> tuple[JournalEntry, ...]:
        """Read the journal after its first *after* entries."""
        return tuple(entry_from_text(line) for line in self._lines()[after:])

    def last_entry(self) -> JournalEntry | None:
        """Read the newest entry of the journal; None if nothing has begun."""
        lines = self._lines()
        return entry_from_text(lines[-1]) if lines else None

    def append(self, entries: Sequence[JournalEntry]) -> None:
        """Add entries to the journal for good. Only for the holder of the lock."""
        text = b"".join(to_text(each, JournalEntry).encode() + b"\n" for each in entries)
        descriptor = os.open(self._journal, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
        with os.fdopen(descriptor, "r+b") as file:
            size = file.seek(0, os.SEEK_END)
            if size and os.pread(descriptor, 1, size - 1) != b"\n":
                size = file.seek(_end_of_lines(os.pread(descriptor, size, 0)))
                file.truncate()
            file.write(text)
            file.flush()
            os.fsync(descriptor)
        if size == 0:
            _sync(self.folder)

    @contextmanager
    def held(self, *, wait: bool) -> Iterator[bool]:
        """Hold the lock, waiting for it or not; gives whether it is held. It ends with its process at the latest."""
        descriptor = os.open(self.folder / "lock", os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
        try:
            try:
                fcntl.flock(descriptor, fcntl.LOCK_EX if wait else fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                yield False
                return
            try:
                yield True
            finally:
                fcntl.flock(descriptor, fcntl.LOCK_UN)  # also for a copy that a fork has just made of the descriptor
        finally:
            os.close(descriptor)

    @contextmanager
    def alone(self) -> Iterator[None]:
        """Keep others from deleting the folder meanwhile, or wait until they have. Its parent must be there."""
        descriptor = os.open(self.folder.parent, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX)
            yield
        finally:
            os.close(descriptor)

    @property
    def awaits_start(self) -> bool:
        """Whether an agent is to begin: nothing has happened yet, or it awaits a restart."""
        last = self.last_entry()
        return last is None or _is_restart(last)

    @property
    def awaits_restart(self) -> bool:
        """Whether what had happened was lost, and all is to be done anew."""
        last = self.last_entry()
        return last is not None and _is_restart(last)

    def settle(self, at: float) -> bool:
        """
        Speak for hosts that cannot, and say whether it is over. Only for the holder of the lock.

        Hosts that began and have no agent any more are lost, and begin anew as often as the training job is to be
        retried. Those asked to stop before they began have stopped.
        """
        last = self.last_entry()
        if isinstance(last, Ended):
            return True
        if last is not None and not _is_restart(last):
            last = self._lost(at)
            self.append([last])
        if self.is_stop_marked and not isinstance(last, Ended):
            last = Ended(outcome=Outcome.STOPPED, at=at)
            self.append([last])
        return isinstance(last, Ended)

    def lose(self, at: float) -> None:
        """Report that the hosts are lost, and begin anew if they are to. Only for the holder of the lock."""
        self.append([self._lost(at)])

    def _lost(self, at: float) -> JournalEntry:
        retry, most = 1 + sum(map(_is_restart, self.entries())), self.spec().definition.max_retries
        if retry > most:
            return Ended(outcome=Outcome.FAILED, at=at, reason=LOST, is_retryable=True)
        message = f"The training host was lost; restarting the training job, retry {retry} of {most}."
        return PhaseEntered(status=SecondaryStatus.RESTARTING, at=at, message=message)

    @property
    def _journal(self) -> Path:
        return self.folder / "journal.jsonl"

    def _lines(self) -> list[bytes]:
        try:
            text = self._journal.read_bytes()
        except FileNotFoundError:
            return []
        return text[: _end_of_lines(text)].split(b"\n")[:-1]

    def _make(self) -> None:
        self.folder.mkdir(mode=0o700, parents=True, exist_ok=True)


def workspace(root: Path, arn: TrainingJobArn) -> Workspace:
    """Find the workspace of a training job, there or not; raises ValueError for what is not a training job's ARN."""
    parts = _ARN.fullmatch(arn)
    if parts is None:
        raise ValueError(f"{arn!r} is not the ARN of a training job")
    region, account, name = parts.groups()
    return Workspace(root / account / region / name / FOLDER)


def _is_restart(entry: JournalEntry) -> bool:
    return isinstance(entry, PhaseEntered) and entry.status is SecondaryStatus.RESTARTING


def unfinished(root: Path) -> Mapping[TrainingJobArn, tuple[Allotment, ...]]:
    """
    Find the training jobs below *root* that have been started and are not over, each with its hosts' allotments.

    Those of earlier versions, which were told none, have allotments that say nothing. A workspace that cannot be read
    takes up no place.
    """
    found = {}
    for folder in root.glob(f"*/*/*/{FOLDER}"):
        place = Workspace(folder)
        try:
            if place.has_spec and not place.is_removed and not isinstance(place.last_entry(), Ended):
                spec = place.spec()
                found[spec.arn] = spec.allotments or (Allotment(),) * spec.definition.instance_count
        except (ValueError, ClassValidationError) as error:
            _logger.warning("%s makes no sense, and its training job is looked after no more: %s", folder, error)
    return found


def _end_of_lines(text: bytes) -> int:
    return text.rfind(b"\n") + 1


def _sync(folder: Path) -> None:
    """Make names that were just given in a folder outlast a loss of power."""
    descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
