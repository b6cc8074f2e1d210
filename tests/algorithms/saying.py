"""Reports what a hyperparameter says; nothing at all if that is `nothing`."""

import json
import pathlib
import sys

hyperparameters = json.loads(pathlib.Path("/opt/ml/input/config/hyperparameters.json").read_text())
for word in hyperparameters["says"].split():
    if word != "nothing":
        sys.stdout.write(f"loss={word}\n")
