"""A user's script for scikit-learn: argparse, SageMaker's variables, a module and a requirement of its own."""

import argparse
import json
import os
import sys
from pathlib import Path

import greeting
import joblib
import numpy as np
from measures import loss_of
from sklearn.linear_model import LinearRegression

if __name__ == "__main__":
    parser = argparse.ArgumentParser()
    parser.add_argument("--rounds", type=int, required=True)
    parser.add_argument("--kind", required=True)
    parser.add_argument("--rate", type=float, default=0.5)
    parser.add_argument("--model-dir", type=Path, default=os.environ["SM_MODEL_DIR"])
    parser.add_argument("--training", type=Path, default=os.environ["SM_CHANNEL_TRAINING"])
    chosen = parser.parse_args()

    rows = np.loadtxt(chosen.training / "rows.csv", delimiter=",")
    model = LinearRegression().fit(rows[:, :1], rows[:, 1])
    print(f"{greeting.WORD} from {Path(__file__).name}: kind={chosen.kind}")
    for epoch in range(chosen.rounds):
        print(f"epoch={epoch} loss={loss_of(chosen.rate, epoch):.6f}")
    joblib.dump(model, chosen.model_dir / "model.joblib")
    seen = {
        "arguments": sys.argv[1:],
        "environment": {name: value for name, value in os.environ.items() if name.startswith(("SM_", "COLOUR"))},
        "coefficient": float(model.coef_[0]),
        "greeting": greeting.__file__,
    }
    (chosen.model_dir / "seen.json").write_text(json.dumps(seen))
