"""The system's programs that runtimes cannot do without."""

import errno
import os
import shutil


def program(name: str, package: str) -> str:
    """Find a program, also where only root looks for one. Raises OSError that names Debian's package of it."""
    found = shutil.which(name, path=f"{os.environ.get('PATH', os.defpath)}:/usr/sbin:/sbin")
    if found is None:
        raise OSError(errno.ENOENT, f"the sandbox needs the program {name}; apt-get install {package}")
    return found
