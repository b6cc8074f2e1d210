"""Greets every host of its training job on one port, and leaves what it was told by whom in the model."""

import json
import socket
import sys
import time
from pathlib import Path

PORT = 7777
ml = Path("/opt/ml")
told = json.loads((ml / "input/config/resourceconfig.json").read_text())
me, peers = told["current_host"], [each for each in told["hosts"] if each != told["current_host"]]

greeted = []
with socket.create_server(("", PORT)) as door:
    for peer in peers:
        while True:
            try:
                with socket.create_connection((peer, PORT), timeout=5) as call:
                    call.sendall(me.encode())
                break
            except OSError:
                time.sleep(0.05)
    while len(greeted) < len(peers):
        with door.accept()[0] as call:
            greeted.append(call.makefile("rb").read().decode())

sys.stdout.write(f"loss={len(greeted)}\n")
files = sorted(path.name for path in (ml / "input/data").rglob("*") if path.is_file())
seen = {"greeted": sorted(greeted), "files": files, "host_name": socket.gethostname()}
(ml / "model" / f"{me}.json").write_text(json.dumps(seen))
