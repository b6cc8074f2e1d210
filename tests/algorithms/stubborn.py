"""Takes no notice of SIGTERM, and has started a child that does not either."""

import signal
import subprocess
import sys
import time

signal.signal(signal.SIGTERM, signal.SIG_IGN)
with subprocess.Popen(["/bin/sleep", "63.5"]):
    sys.stdout.write("ready\n")
    sys.stdout.flush()
    while True:
        time.sleep(1)
