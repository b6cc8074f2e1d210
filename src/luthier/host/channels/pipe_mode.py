"""
Pipe mode: a channel as named pipes, one for each epoch.

    /opt/ml/input/data/CHANNEL_0    there when the algorithm starts
    /opt/ml/input/data/CHANNEL_1    there when the first has been read to its end, or closed before; and so on

Each waits for a reader, gets the channel's data set, and is done with. Nothing is read ahead of the reader but what the
pipe itself holds, and epochs go on for as long as the algorithm opens another.

The folder belongs to the algorithm, which may put anything in a pipe's place. So pipes are made elsewhere and moved
in, the folder is the one that was there at the start, and what is opened must be the very pipe that was made.

AWS: "Training ML Models with Pipe Input", Amazon SageMaker Developer Guide.
"""

import errno
import fcntl
import os
import select
import stat
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from threading import Event, Thread

from luthier.host.channels import ChannelError
from luthier.host.channels.data_set import Stream
from luthier.host.patience import HeedfulStore
from luthier.objects import ObjectStore

LOOK_S = 0.005  # between two looks for a reader
PATIENCE_MS = 100  # of a write, before it is looked whether all is over
_CAPACITY = 1 << 20  # bytes that a pipe holds, where the system lets it


class _OverError(Exception):
    """The training is over, and nothing more is to be written."""


@dataclass(frozen=True, slots=True)
class Feeding:
    """The pipes of a training job while its algorithm runs."""

    feeders: Sequence["_Feeder"]

    def failure(self) -> str | None:
        """Say why a channel cannot be read any further; None while all is well."""
        return next((each.failure for each in self.feeders if each.failure is not None), None)


@contextmanager
def feeding(
    streams: Callable[[ObjectStore, Callable[[], None]], Sequence[Stream]], place: "Place"
) -> Iterator[Feeding]:
    """
    Feed channels through pipes for as long as the context lasts; the first epoch's are there when it begins.

    *streams* makes the channels' streams over a store and with a check that end when the context does.
    """
    over = Event()

    def check() -> None:
        if over.is_set():
            raise _OverError

    folder = os.open(place.folder, os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW | os.O_CLOEXEC)
    try:
        made = streams(HeedfulStore(place.store, check), check)
        feeders = [_Feeder(stream=each, folder=folder, workshop=place.workshop, check=check) for each in made]
        threads = [Thread(target=each.run, name=f"channel {each.stream.channel.name}", daemon=True) for each in feeders]
        for each in feeders:
            each.put(0)
        for thread in threads:
            thread.start()
        try:
            yield Feeding(feeders)
        finally:
            over.set()
            for thread in threads:
                thread.join()
    finally:
        os.close(folder)


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """Where pipes are put, and what they are filled from."""

    folder: Path  # the algorithm's /opt/ml/input/data
    workshop: Path  # a folder of the same file system that the algorithm does not see
    store: ObjectStore


@dataclass(slots=True, kw_only=True)
class _Feeder:
    """Writes one channel's epochs, one after the other."""

    stream: Stream
    folder: int  # descriptor
    workshop: Path
    check: Callable[[], None]
    failure: str | None = None
    _made: tuple[int, int] = field(default=(0, 0))  # device and inode of the newest pipe

    def run(self) -> None:
        """Feed until all is over, or the channel fails."""
        said: str | None = (
            f"channel {self.stream.channel.name!r}: it can be fed no further; the host's own log says why"
        )
        try:
            epoch = 0
            while True:
                self._feed(epoch)
                epoch += 1
        except _OverError:
            said = None
        except (ChannelError, OSError) as error:
            said = str(error)
        finally:  # whatever it was: an algorithm never waits for a pipe that nobody fills
            self.failure = said

    def put(self, epoch: int) -> None:
        """Make an epoch's pipe, in place of whatever has its name."""
        draft = self.workshop / self._name(epoch)
        draft.unlink(missing_ok=True)
        os.mkfifo(draft)
        draft.chmod(0o666)  # the algorithm's user need not be ours
        about = draft.stat()
        self._made = (about.st_dev, about.st_ino)
        try:
            os.rename(draft, self._name(epoch), dst_dir_fd=self.folder)
        except OSError as error:
            raise self._replaced(epoch) from error

    def _feed(self, epoch: int) -> None:
        pipe = self._opened(epoch)
        try:
            failed: ChannelError | None = None
            try:
                for piece in self.stream.epoch(epoch):
                    if not self._written(pipe, piece):
                        break
            except ChannelError as error:
                failed = error
                self.failure = str(error)  # before the reader sees an end that is none
            if failed is not None:
                raise failed
            self.put(epoch + 1)  # before this one ends, so that no reader looks for it in vain
        finally:
            os.close(pipe)
        self._remove(epoch)

    def _opened(self, epoch: int) -> int:
        """Wait for a reader, and open the pipe for it."""
        waiting = Event()
        while True:
            self.check()
            try:
                flags = os.O_WRONLY | os.O_NONBLOCK | os.O_NOFOLLOW | os.O_CLOEXEC
                pipe = os.open(self._name(epoch), flags, dir_fd=self.folder)
            except FileNotFoundError:
                self.put(epoch)
            except OSError as error:
                if error.errno != errno.ENXIO:  # nobody reads as yet
                    raise self._replaced(epoch) from error
                waiting.wait(LOOK_S)
            else:
                return self._trusted(pipe, epoch)

    def _trusted(self, pipe: int, epoch: int) -> int:
        about = os.fstat(pipe)
        if not stat.S_ISFIFO(about.st_mode) or (about.st_dev, about.st_ino) != self._made:
            os.close(pipe)
            raise self._replaced(epoch)
        _enlarge(pipe)
        return pipe

    def _written(self, pipe: int, piece: bytes) -> bool:
        """Write all of a piece; False if the reader has closed the pipe."""
        room = select.poll()
        room.register(pipe, select.POLLOUT)
        left = memoryview(piece)
        while left:
            self.check()
            try:
                left = left[os.write(pipe, left) :]
            except BlockingIOError:
                room.poll(PATIENCE_MS)
            except BrokenPipeError:
                return False
        return True

    def _remove(self, epoch: int) -> None:
        try:
            os.unlink(self._name(epoch), dir_fd=self.folder)
        except FileNotFoundError:
            return  # the algorithm has done so
        except OSError as error:
            raise self._replaced(epoch) from error

    def _name(self, epoch: int) -> str:
        return f"{self.stream.channel.name}_{epoch}"

    def _replaced(self, epoch: int) -> ChannelError:
        return ChannelError(
            f"channel {self.stream.channel.name!r}: /opt/ml/input/data/{self._name(epoch)} is not the pipe that was "
            "put there; leave these names to the channel"
        )


def _enlarge(pipe: int) -> None:
    try:
        fcntl.fcntl(pipe, fcntl.F_SETPIPE_SZ, _CAPACITY)
    except PermissionError:  # the system grants a user so many pages in pipes; a smaller pipe does it too
        return
