"""
Take note of every address outside this machine that a Python program looks up or connects to.

Python imports a module of this name by itself when it finds one; `luthier.app.doctor.outside` puts this folder on the
path of the clients that it watches. Nothing of Luthier is imported: it runs in the client's own environment.
"""

import os
import sys

HERE = ("127.0.0.1", "::1", "localhost", "", None)


def _note(event: str, arguments: tuple[object, ...]) -> None:
    address: object
    if event == "socket.getaddrinfo":
        address = arguments[0]
    elif event == "socket.connect":
        place = arguments[1]
        address = place[0] if isinstance(place, tuple) else None  # a path is a Unix socket
    else:
        return
    if isinstance(address, bytes):
        address = address.decode("ascii", "replace")
    if address not in HERE:
        with open(os.environ["LUTHIER_OUTSIDE_REQUESTS"], "a") as file:  # noqa: PTH123  # as little as can be imported
            file.write(f"{address}\n")


if "LUTHIER_OUTSIDE_REQUESTS" in os.environ:
    sys.addaudithook(_note)
