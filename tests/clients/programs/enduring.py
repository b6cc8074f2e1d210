"""A training program that counts, keeps its count in a checkpoint, and goes on from there; it may first be endless."""

import json
import time
from pathlib import Path

ML = Path("/opt/ml")
COUNT = ML / "checkpoints" / "count"

hyperparameters = json.loads((ML / "input" / "config" / "hyperparameters.json").read_text())
start = int(COUNT.read_text()) if COUNT.exists() else 0
print(f"loss={start}", flush=True)
count = start
is_to_be_lost = start == 0 and hyperparameters.get("first") == "endless"
while is_to_be_lost or count < start + int(hyperparameters["steps"]):
    time.sleep(0.01)
    count += 1
    draft = COUNT.with_name("draft")
    draft.write_text(str(count))
    draft.replace(COUNT)
(ML / "model" / "counts.json").write_text(json.dumps([start, count]))
