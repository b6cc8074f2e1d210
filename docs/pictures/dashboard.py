"""
The pictures of the pages: a service to throw away, a tuning job of its own, and a browser that looks at it.

    python docs/pictures/dashboard.py          needs the extras dev, and Debian's chromium

What is shown is what a user has: nothing is drawn here.
"""

import sys
import tempfile
import time
from pathlib import Path
from typing import Any

from playwright.sync_api import Browser, sync_playwright

import luthier

HERE = Path(__file__).parent
WIDTH, HEIGHT = 1180, 760
JOBS = 40

PROGRAM = """
import json, math, random, time
from pathlib import Path

given = json.loads(Path("/opt/ml/input/config/hyperparameters.json").read_text())
rate, depth = float(given["learning_rate"]), int(given["depth"])
chance = random.Random(rate)
end = 0.2 + 0.12 * abs(math.log10(rate) + 1.4) + 0.02 * abs(depth - 9) + 0.05 * (given["booster"] == "dart")
for epoch in range(1, 31):
    loss = end + (1 - end) / epoch**0.9 + chance.gauss(0, 0.004)
    print(f"epoch {epoch}: train_loss={0.9 * loss:.5f} validation_loss={loss:.5f}", flush=True)
    time.sleep(0.1)
"""


def main() -> None:
    """Write every picture beside this file."""
    with tempfile.TemporaryDirectory() as code, luthier.local() as service, sync_playwright() as playwright:
        Path(code, "train.py").write_text(PROGRAM)
        service.add_image("trainer:*", [sys.executable, "train.py"], code=code)
        service.client("s3").create_bucket(Bucket="models")
        tune(service, "digits-depth")
        browser = playwright.chromium.launch(executable_path="/usr/bin/chromium", args=["--no-sandbox"])
        address = f"{service.url}/ui/tuning-jobs/us-east-1/digits-depth"
        best = best_of(service, "digits-depth")
        picture(browser, address, "dashboard-tuning-job.png", scheme="light", height=1865)
        picture(browser, address, "dashboard-dark.png", scheme="dark", height=HEIGHT)
        picture(browser, f"{service.url}/ui/training-jobs/us-east-1/{best}", "dashboard-training-job.png", height=985)
        browser.close()


def tune(service: Any, name: str) -> None:
    """Run the tuning job that is shown, to its end."""
    sagemaker = service.client("sagemaker")
    sagemaker.create_hyper_parameter_tuning_job(
        HyperParameterTuningJobName=name,
        HyperParameterTuningJobConfig={
            "Strategy": "Bayesian",
            "TrainingJobEarlyStoppingType": "Auto",
            "RandomSeed": 7,
            "HyperParameterTuningJobObjective": {"Type": "Minimize", "MetricName": "validation:loss"},
            "ResourceLimits": {"MaxNumberOfTrainingJobs": JOBS, "MaxParallelTrainingJobs": 4},
            "ParameterRanges": {
                "ContinuousParameterRanges": [
                    {"Name": "learning_rate", "MinValue": "1e-5", "MaxValue": "1", "ScalingType": "Logarithmic"}
                ],
                "IntegerParameterRanges": [{"Name": "depth", "MinValue": "1", "MaxValue": "12"}],
                "CategoricalParameterRanges": [{"Name": "booster", "Values": ["gbtree", "dart"]}],
            },
        },
        TrainingJobDefinition={
            "AlgorithmSpecification": {
                "TrainingImage": "trainer:1",
                "TrainingInputMode": "File",
                "MetricDefinitions": [
                    {"Name": "validation:loss", "Regex": r"validation_loss=(\S+)"},
                    {"Name": "train:loss", "Regex": r"train_loss=(\S+)"},
                ],
            },
            "RoleArn": service.role,
            "OutputDataConfig": {"S3OutputPath": "s3://models/"},
            "ResourceConfig": {"InstanceType": "ml.m5.large", "InstanceCount": 1, "VolumeSizeInGB": 1},
            "StoppingCondition": {"MaxRuntimeInSeconds": 300},
        },
    )
    while described(service, name)["HyperParameterTuningJobStatus"] == "InProgress":
        time.sleep(1.0)


def described(service: Any, name: str) -> dict[str, Any]:
    """Describe a tuning job."""
    job = service.client("sagemaker").describe_hyper_parameter_tuning_job(HyperParameterTuningJobName=name)
    return dict(job)


def best_of(service: Any, name: str) -> str:
    """Name the best training job."""
    return str(described(service, name)["BestTrainingJob"]["TrainingJobName"])


def picture(browser: Browser, address: str, name: str, *, scheme: str = "light", height: int) -> None:
    """Look at a page once all of it is drawn, and keep the upper *height* of it."""
    page = browser.new_page(viewport={"width": WIDTH, "height": HEIGHT}, color_scheme=scheme)
    page.goto(address)
    for place in range(0, 4000, 500):
        page.mouse.wheel(0, 500)
        page.wait_for_timeout(200 if place else 1500)
    page.reload()  # what the model has learned is worked out by now
    for _ in range(8):
        page.mouse.wheel(0, 500)
        page.wait_for_timeout(300)
    page.evaluate("window.scrollTo(0, 0)")
    page.set_viewport_size({"width": WIDTH, "height": height})
    page.wait_for_timeout(500)
    page.screenshot(path=str(HERE / name))
    page.close()


if __name__ == "__main__":
    main()
