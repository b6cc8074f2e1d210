"""A script as users of SageMaker's framework images write them: it fits a linear model and writes down what it got."""

import argparse
import json
import os
import sys
from pathlib import Path

import numpy as np
from fitting import fit  # the other module of the folder

if __name__ == "__main__":
    parser = argparse.ArgumentParser()
    parser.add_argument("--alpha", type=float)
    parser.add_argument("--train", default=os.environ.get("SM_CHANNEL_TRAIN"))
    parser.add_argument("--model-dir", default=os.environ.get("SM_MODEL_DIR"))
    given, others = parser.parse_known_args()
    if given.alpha is not None and given.alpha < 0:
        raise ValueError("alpha is below 0")
    rows = np.loadtxt(Path(given.train) / "rows.csv", delimiter=",")
    sys.stdout.write(f"loss={fit(rows, given.alpha or 0.0):.6f};\n")
    seen = {
        "arguments": sys.argv[1:],
        "hps": json.loads(os.environ["SM_HPS"]),
        "environment": {name: value for name, value in os.environ.items() if name.startswith(("SM_", "SAGEMAKER_"))},
        "folder": str(Path.cwd()),
        "others": others,
    }
    (Path(given.model_dir) / "seen.json").write_text(json.dumps(seen))
