"""
What the SageMaker Python SDK is told beside the usual variables: a configuration file of its own.

Without it the SDK asks a hard-coded STS address for its default bucket and sends telemetry, wherever the other
variables point. It is given as the *administrator's* configuration, so that a user's own still wins.

Source: "Configuring and using defaults with the SageMaker Python SDK", SageMaker Python SDK documentation.
"""

import json
import os
from pathlib import Path

from luthier.settings import Settings

VARIABLE = "SAGEMAKER_ADMIN_CONFIG_OVERRIDE"


def write_sdk_config(settings: Settings, account: str) -> Path:
    """Write an account's file into the data folder, unless it is there as it should be, and say where it is."""
    name = "sagemaker-sdk.yaml" if account == settings.account else f"sagemaker-sdk-{account}.yaml"
    path = settings.data_folder.absolute() / name
    text = json.dumps(_content(settings, account), indent=2) + "\n"  # JSON is YAML
    if not path.exists() or path.read_text(encoding="utf-8") != text:
        draft = path.with_name(f".{path.name}.{os.getpid()}")
        draft.write_text(text, encoding="utf-8")
        draft.rename(path)
    return path


def _content(settings: Settings, account: str) -> dict[str, object]:
    return {
        "SchemaVersion": "1.0",
        "SageMaker": {
            "PythonSDK": {
                "Modules": {
                    "TelemetryOptOut": True,
                    "Session": {"DefaultS3Bucket": f"sagemaker-{settings.region}-{account}"},
                }
            },
            "TrainingJob": {"RoleArn": settings.role_of(account)},
        },
    }
