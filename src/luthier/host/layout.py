"""
The folders, files and variables that an algorithm finds when it starts.

    /opt/ml/input/config/   hyperparameters.json  inputdataconfig.json  resourceconfig.json  checkpointconfig.json
    /opt/ml/input/data/     a folder for each channel, or pipes
    /opt/ml/model/          becomes model.tar.gz
    /opt/ml/output/         failure: why it failed, in the algorithm's words
    /opt/ml/output/data/    becomes output.tar.gz
    /opt/ml/code/
    /opt/ml/checkpoints/    kept in step with a place in S3, if that is wanted; LocalPath may name another folder

Source: "How Amazon SageMaker Provides Training Information", Amazon SageMaker Developer Guide. After it has run, all of
this is the algorithm's: any folder may be gone, or a link to what it was never shown.
"""

import json
import stat
from collections.abc import Mapping
from pathlib import Path, PurePosixPath

from luthier.clusters.host_folder import HostFolder, host_names
from luthier.host.channels import ChannelError
from luthier.plain_file import opened_plain
from luthier.records.allotment import Allotment
from luthier.records.channel import InputMode
from luthier.records.checkpoints import Checkpoints
from luthier.records.journal import ClusterSpec
from luthier.records.json_value import JsonValue
from luthier.runtimes import Enclosure, Layer
from luthier.settings import CREDENTIALS_PATH

ML = "/opt/ml"  # as the algorithm sees it
METRICS = "output/metrics/sagemaker"  # in ML: where programs write metrics as records
_FOLDERS = ("input", "input/config", "input/data", "model", "output", "output/data", "output/metrics", METRICS, "code")
_GROUP = "homogeneousCluster"
ANYONE = 0o777  # the algorithm's user need not be ours; the workspace around it lets nobody else in


def lay_out(spec: ClusterSpec, host: HostFolder) -> None:
    """Make folders in a host's empty one, and write its configuration; raises ChannelError for what is no channel."""
    for folder in (host.ml, host.tmp, *(host.ml / each for each in _FOLDERS)):
        folder.mkdir()
        folder.chmod(ANYONE)
    for channel in spec.definition.channels:
        folder = channel_folder(host, channel.name)
        if channel.input_mode is InputMode.PIPE:
            continue
        folder.mkdir(exist_ok=True)
        folder.chmod(ANYONE)
    if spec.definition.checkpoints is not None:
        _make_checkpoint_folder(host, spec.definition.checkpoints)
    config = host.ml / "input" / "config"
    for name, content in _config(spec, host.name).items():
        (config / f"{name}.json").write_text(json.dumps(content), encoding="ascii")


def channel_folder(host: HostFolder, name: str) -> Path:
    """Place a channel. Raises ChannelError for a name that is none of a folder's."""
    if name in ("", ".", "..") or "/" in name or "\0" in name:
        raise ChannelError(f"channel {name!r}: no folder can have this name; choose another ChannelName")
    return host.ml / "input" / "data" / name


def checkpoint_place(host: HostFolder, checkpoints: Checkpoints) -> tuple[Path, tuple[str, ...]]:
    """Say where the folder of checkpoints is: a folder that no algorithm can replace, and the names that lead on."""
    path = PurePosixPath(checkpoints.local_path)
    return (host.ml, path.relative_to(ML).parts) if path.is_relative_to(ML) else (host.checkpoints, ())


def enclosure(spec: ClusterSpec, host: HostFolder, endpoint: str, layers: Mapping[str, Layer]) -> Enclosure:
    """Say what a runtime is to put around the algorithm; *endpoint* is the front door's URL on a loopback address."""
    return Enclosure(
        host_name=host.name,
        ml=host.ml,
        tmp=host.tmp,
        log=host.log,
        environment=environment(spec, host.name, endpoint),
        folders=_further_folders(host, spec.definition.checkpoints),
        layers=layers,
        allotment=dict(zip(host_names(spec.definition.instance_count), spec.allotments, strict=False)).get(
            host.name, Allotment()
        ),
    )


def environment(spec: ClusterSpec, host_name: str, endpoint: str) -> Mapping[str, str]:
    """
    Give the variables of the training job, and with them all that AWS clients need to work in its role.

    The caller's own, word for word, win over those that only help. They never win over those that say who the job is
    and where its role's credentials are (the reserved ones, which the API refuses). A training job that is isolated
    from the network is told of nothing that it could not reach.
    """
    region = spec.arn.split(":")[3]
    return {
        "PYTHONUNBUFFERED": "1",  # else a program's metrics arrive when it ends
        "SAGEMAKER_METRICS_DIRECTORY": f"{ML}/{METRICS}",  # where SageMaker's libraries write metrics
        "AWS_DEFAULT_REGION": region,
        **({} if spec.definition.is_isolated else _endpoints(endpoint)),
        **spec.definition.environment,
        "TRAINING_JOB_NAME": spec.name,
        "TRAINING_JOB_ARN": spec.arn,
        "CURRENT_HOST": host_name,
        "AWS_REGION": region,
        **_credentials(spec, endpoint),
    }


def _endpoints(endpoint: str) -> Mapping[str, str]:
    return {
        "AWS_ENDPOINT_URL": endpoint,
        "S3_ENDPOINT_URL": endpoint,  # SageMaker's training toolkit reads this one
    }


def _credentials(spec: ClusterSpec, endpoint: str) -> Mapping[str, str]:
    if spec.credentials_token is None or spec.definition.is_isolated:
        return {}
    return {
        "AWS_CONTAINER_CREDENTIALS_FULL_URI": endpoint + CREDENTIALS_PATH,
        "AWS_CONTAINER_AUTHORIZATION_TOKEN": spec.credentials_token,
    }


def output_folder(host: HostFolder, *names: str) -> Path | None:
    """Find a folder below /opt/ml that the algorithm has left; None if it is gone or no folder any more."""
    folder = host.ml
    for name in names:
        folder = folder / name
        try:
            if not stat.S_ISDIR(folder.lstat().st_mode):
                return None
        except FileNotFoundError:
            return None
    return folder


def failure_text(host: HostFolder, longest: int) -> str:
    """Read why the algorithm says that it failed, *longest* characters of it; empty if it does not say."""
    folder = output_folder(host, "output")
    if folder is None:
        return ""
    with opened_plain(folder / "failure") as descriptor:
        if descriptor is None:  # not there, a link, a pipe, locked: in each case the algorithm has not said anything
            return ""
        with open(descriptor, "rb", closefd=False) as file:  # a descriptor, not a path
            return file.read(4 * longest).decode("utf-8", "replace").strip()[:longest]


def _make_checkpoint_folder(host: HostFolder, checkpoints: Checkpoints) -> None:
    folder, names = checkpoint_place(host, checkpoints)
    for count in range(len(names) + 1):
        each = folder.joinpath(*names[:count])
        each.mkdir(exist_ok=True)
        each.chmod(ANYONE)


def _further_folders(host: HostFolder, checkpoints: Checkpoints | None) -> Mapping[str, Path]:
    if checkpoints is None or checkpoint_place(host, checkpoints)[0] != host.checkpoints:
        return {}
    return {checkpoints.local_path: host.checkpoints}


def _config(spec: ClusterSpec, host_name: str) -> Mapping[str, JsonValue]:
    definition = spec.definition
    hosts = sorted(host_names(definition.instance_count))  # as text: algo-10 before algo-2
    return {
        "hyperparameters": dict(spec.hyperparameters),
        "inputdataconfig": {
            channel.name: {
                **({} if channel.content_type is None else {"ContentType": channel.content_type}),
                "TrainingInputMode": str(channel.input_mode),
                "S3DistributionType": str(channel.distribution),
                "RecordWrapperType": str(channel.record_wrapper),
            }
            for channel in definition.channels
        },
        "resourceconfig": {
            "current_host": host_name,
            "current_instance_type": definition.instance_type,
            "current_group_name": _GROUP,
            "hosts": hosts,
            "instance_groups": [
                {"instance_group_name": _GROUP, "instance_type": definition.instance_type, "hosts": hosts}
            ],
            "network_interface_name": "eth0",
        },
        **_checkpoint_config(definition.checkpoints),
    }


def _checkpoint_config(checkpoints: Checkpoints | None) -> Mapping[str, JsonValue]:
    if checkpoints is None:
        return {}
    return {"checkpointconfig": {"S3Uri": checkpoints.uri, "LocalPath": checkpoints.local_path}}
