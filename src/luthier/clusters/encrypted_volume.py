"""
A training host's folder as an encrypted volume: on the disk its files are ciphertext, and so are their names.

    algo-1/            while the volume is open: what it holds, through gocryptfs; otherwise an empty folder
    algo-1.encrypted/  what is on the disk

The password is handed to gocryptfs through a pipe and written down nowhere, so a volume that was closed never opens
again. gocryptfs closes it when its opener is gone; `release` does so, too, for whoever clears up after both.

https://nuetzlich.net/gocryptfs/
"""

import os
import re
import shutil
import signal
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from functools import cache
from pathlib import Path

PROGRAMS = ("gocryptfs", "fusermount3", "setpriv", "sleep")
DEVICE = Path("/dev/fuse")
PATIENCE_S = 30.0  # for opening, which takes some hundredths of a second
LINGER_S = 2.0  # for whoever still has a file of it open
_LOOK_S = 0.005
_KIND = "fuse.gocryptfs"
_COST = "10"  # of guessing the password, as a power of 2: the least there is, for nobody guesses a drawn key
_OTHERS = re.compile(r"^\s*user_allow_other\s*$", re.MULTILINE)
Process = subprocess.Popen[bytes]

_OCTAL = re.compile(r"\\([0-7]{3})")


class VolumeError(Exception):
    """An encrypted volume cannot be had; the message says why, and what to do."""


@contextmanager
def opened(folder: Path, password: bytes) -> Iterator[None]:
    """
    Make *folder*, which holds nothing, a new encrypted volume for as long as the context lasts; then it is empty again.

    *password* has neither newline nor NUL. Raises VolumeError where that is not possible.
    """
    programs = _programs()
    encrypted = encrypted_folder(folder)
    for each in (folder, encrypted):
        each.mkdir(exist_ok=True, mode=0o700)
    _create(programs["gocryptfs"], encrypted, password)
    process = _open(programs, folder, encrypted, password)
    try:
        yield
    finally:
        release(folder)
        try:
            process.wait(LINGER_S)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


def encrypted_folder(folder: Path) -> Path:
    """Say where the volume that is seen as *folder* is on the disk."""
    return folder.with_name(f"{folder.name}.encrypted")


def release(folder: Path) -> None:
    """Close every volume at or below *folder*, whoever opened it, and whether or not anybody still uses it."""
    while places := _volumes_in(folder):
        for place in places:
            command = ["fusermount3", "-u", "-z", "--", place]
            done = subprocess.run(command, capture_output=True, text=True, check=False)
            if done.returncode != 0 and place in _volumes_in(folder):
                raise VolumeError(f"{place} cannot be unmounted: {done.stderr.strip()}")


@cache
def trouble() -> str | None:
    """Find out, once, by a trial, why this machine can have no encrypted volumes; None if it can."""
    try:
        _programs()
        with tempfile.TemporaryDirectory(prefix="luthier-volume-") as place:
            folder = Path(place) / "trial"
            with opened(folder, b"trial"):
                (folder / "file").touch()
    except (VolumeError, OSError) as error:
        return str(error)
    return None


def _programs() -> dict[str, str]:
    """Find what is needed; raises VolumeError."""
    found = {name: shutil.which(name) for name in PROGRAMS}
    for name, path in found.items():
        if path is None:
            raise VolumeError(f"{name} is missing; apt-get install gocryptfs fuse3")
    if not os.access(DEVICE, os.R_OK | os.W_OK):
        raise VolumeError(f"{DEVICE} cannot be opened; load the kernel's module fuse, and let this user use it")
    return {name: path for name, path in found.items() if path is not None}


def _create(program: str, encrypted: Path, password: bytes) -> None:
    command = [program, "-init", "-q", "-scryptn", _COST, "--", str(encrypted)]
    done = subprocess.run(command, input=password + b"\n", capture_output=True, check=False)
    if done.returncode != 0:
        raise VolumeError(f"gocryptfs makes no volume: {_said(done.stdout + done.stderr)}")


def _open(programs: dict[str, str], folder: Path, encrypted: Path, password: bytes) -> Process:
    """
    Start gocryptfs, and wait until it says that it is ready.

    It says so by a signal, which a process that only sleeps takes in our stead. To look for the mount is not enough: a
    file made in it before gocryptfs has finished its own first steps in it blocks both for ever.
    """
    options = ["-fg", "-nosyslog", "-q", "-fsname", "luthier", *(["-allow_other"] if _may_be_shared() else [])]
    with tempfile.TemporaryFile() as words, _sleeper(programs["sleep"]) as sleeper:
        options += ["-notifypid", str(sleeper.pid)]
        command = [programs["gocryptfs"], *options, "--", str(encrypted), str(folder)]
        process = subprocess.Popen(
            [programs["setpriv"], "--pdeathsig", "TERM", "--", *command],
            stdin=subprocess.PIPE,
            stdout=words,
            stderr=words,
            cwd="/",
            start_new_session=True,  # a signal from a terminal is not for it
        )
        assert process.stdin is not None
        with suppress(BrokenPipeError), process.stdin as line:
            line.write(password + b"\n")
        while process.poll() is None and sleeper.poll() is None:
            time.sleep(_LOOK_S)
        if sleeper.poll() != -signal.SIGUSR1:
            process.kill()
            process.wait()
            words.seek(0)
            raise VolumeError(f"gocryptfs opens no volume: {_said(words.read())}")
    return process


@contextmanager
def _sleeper(program: str) -> Iterator[Process]:
    """Start a process that sleeps until a signal ends it, or patience does."""
    sleeper = subprocess.Popen([program, str(PATIENCE_S)], stdin=subprocess.DEVNULL, start_new_session=True)
    try:
        yield sleeper
    finally:
        sleeper.kill()
        sleeper.wait()


def _may_be_shared() -> bool:
    """Say whether other users may see a volume: those of containers must; the workspace around it lets no others in."""
    configuration = Path("/etc/fuse.conf")
    return os.geteuid() == 0 or (configuration.exists() and bool(_OTHERS.search(configuration.read_text("utf-8"))))


def _volumes_in(folder: Path) -> list[str]:
    """Find what gocryptfs has mounted at or below a folder; the folder itself may be a volume that is dead."""
    top = str(folder.parent.resolve() / folder.name)
    lines = [
        line.split(" ") for line in Path("/proc/self/mountinfo").read_text("utf-8", "surrogateescape").splitlines()
    ]
    places = [_plain(line[4]) for line in lines if line[line.index("-") + 1] == _KIND]
    return [place for place in places if place == top or place.startswith(f"{top}/")]


def _plain(text: str) -> str:
    """Undo what the kernel does to spaces and the like in a path."""
    return _OCTAL.sub(lambda match: chr(int(match[1], 8)), text)


def _said(words: bytes) -> str:
    return " ".join(words.decode("utf-8", "replace").split())[-300:] or "it does not say why"
