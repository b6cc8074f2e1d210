"""
The process that throw-away services come from: `python -m luthier.lab.nursery SOCKET`, started by `luthier.lab.nest`.

Nearly all of a server's start goes into imports and service models. They are loaded here once, and each service is a
fork of this process. It has one thread, so a fork is whole, and it ends with the client that it serves.
"""

import gc
import json
import os
import signal
import socket
import sys
import tempfile
from importlib import import_module

FOREIGN = ("AWS_", "LUTHIER_", "SAGEMAKER_")  # variables of the client's that a service must know nothing of
_LONGEST = 1 << 16


def main(descriptor: int) -> None:
    """Answer every errand that comes on a socket, with the descriptors of a door and a line, by a service."""
    get_ready()
    os.chdir("/")  # the client's folder may be removed
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)  # keepers are nobody's to wait for
    with socket.socket(fileno=descriptor) as client:
        while True:
            message, descriptors, _, _ = socket.recv_fds(client, _LONGEST, 2)
            if not message:
                return
            door, line = (socket.socket(fileno=each) for each in descriptors)
            if os.fork() == 0:
                client.close()
                signal.signal(signal.SIGCHLD, signal.SIG_DFL)
                import_module("luthier.lab.keeper").keep(json.loads(message), door, line)
            door.close()
            line.close()


def get_ready() -> None:
    """Load what every service needs, without looking for garbage, of which there is none: a sixth of the time."""
    gc.disable()
    import_module("luthier.lab.keeper")
    model, api = import_module("luthier.wire.model"), import_module("luthier.api")
    for service in {service for service, _ in api.operations(None)}:
        model.service(service)
    with tempfile.TemporaryDirectory() as folder:
        import_module("luthier.store.engine").Store.open(f"sqlite:///{folder}/first.db").close()
    gc.freeze()
    gc.enable()


if __name__ == "__main__":
    for name in [each for each in os.environ if each.startswith(FOREIGN)]:
        del os.environ[name]
    main(int(sys.argv[1]))
