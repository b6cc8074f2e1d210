"""The environment variables that an algorithm is started with, in any runtime."""

import errno
import os
from collections.abc import Mapping

from luthier.records.algorithm import Algorithm
from luthier.runtimes import Enclosure

_PATH = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"


def variables(algorithm: Algorithm, enclosure: Enclosure, gpus: Mapping[str, str], *, tmp: str) -> Mapping[str, str]:
    """
    Put together all that an algorithm finds in its environment; nothing of this process's own is in it.

    What the training job sets wins over *gpus*, which say what there is here, these over what the image sets, and that
    over a small basis. *tmp* is what the algorithm
    knows its temporary folder as, which is its home, too. Raises OSError for a variable that no process can have.
    """
    folder = os.path.dirname(algorithm.command[0])  # noqa: PTH120  # text in, text out
    basis = {"PATH": f"{folder}:{_PATH}", "HOME": tmp, "TMPDIR": tmp, "LANG": "C.UTF-8"}
    return checked({**basis, **dict(algorithm.environment), **gpus, **enclosure.environment})


def checked(variables: Mapping[str, str]) -> Mapping[str, str]:
    """Give the variables as they are; raises OSError for one that no process can have."""
    for name, value in variables.items():
        if not _can_be(name, value):
            raise OSError(errno.EINVAL, f"environment variable {name!r}: no process can have it; check Environment")
    return variables


def _can_be(name: str, value: str) -> bool:
    try:
        text = os.fsencode(name + value)
    except UnicodeEncodeError:
        return False
    return bool(name) and "=" not in name and b"\0" not in text
