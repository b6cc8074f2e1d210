"""Reads its hyperparameters and its channel as an algorithm does, reports a loss, and leaves a model."""

import json
import sys
from pathlib import Path

ml = Path("/opt/ml")
hyperparameters = json.loads((ml / "input/config/hyperparameters.json").read_text())
rows = [line for path in sorted((ml / "input/data/train").rglob("*.csv")) for line in path.read_text().splitlines()]
loss = float(hyperparameters["eta"]) * len(rows)
sys.stdout.write(f"loss={loss}\n")
(ml / "model" / "model.json").write_text(json.dumps({"loss": loss}))
