"""A training program that writes down all that it sees, and reports a loss that is lowest where x is 0.3."""

import json
import os
import sys
from pathlib import Path

ML = Path("/opt/ml")

if __name__ == "__main__":
    config = {path.stem: json.loads(path.read_text()) for path in (ML / "input/config").glob("*.json")}
    data = ML / "input/data"
    seen = {
        **config,
        "arguments": sys.argv[1:],
        "environment": dict(os.environ),
        "files": {str(path.relative_to(data)): path.read_text() for path in data.rglob("*") if path.is_file()},
    }
    x = float(config["hyperparameters"].get("x", "0.5").strip('"'))
    for epoch in range(3):
        print(f"epoch={epoch} loss={(x - 0.3) ** 2 + 1 / (epoch + 1):.6f}")
    (ML / "model/seen.json").write_text(json.dumps(seen))
