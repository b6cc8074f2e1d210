"""The training program of the doctor's stories: its loss is lowest where x is 0.3."""

import json
from pathlib import Path

ML = Path("/opt/ml")

if __name__ == "__main__":
    hyperparameters = json.loads((ML / "input/config/hyperparameters.json").read_text(encoding="utf-8"))
    rows = [path.name for path in (ML / "input/data/train").iterdir()]
    x = float(hyperparameters.get("x", "0.5").strip('"'))
    for epoch in range(3):
        print(f"epoch={epoch} loss={(x - 0.3) ** 2 + 1 / (epoch + 1):.6f} rows={len(rows)}")  # noqa: T201
    (ML / "model/model.json").write_text(json.dumps({"x": x}), encoding="utf-8")
