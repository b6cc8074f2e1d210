"""The upload of what the algorithm has left on all hosts: its model, and its other output."""

from collections.abc import Mapping, Sequence
from functools import partial
from pathlib import Path

from luthier.clusters.host_folder import HostFolder
from luthier.host.artifacts import pack_and_upload
from luthier.host.layout import output_folder
from luthier.host.patience import persistently
from luthier.host.plain_artifacts import upload_plain
from luthier.objects import ObjectStore
from luthier.records.artifacts import MODEL, OUTPUT, Artifact, artifact_uri
from luthier.records.journal import ClusterSpec

_FOLDERS: Mapping[Artifact, tuple[str, ...]] = {MODEL: ("model",), OUTPUT: ("output", "data")}  # below /opt/ml


def has_left(hosts: Sequence[HostFolder], artifact: Artifact) -> bool:
    """Say whether anything was left that belongs to an artifact."""
    return any(any(each.iterdir()) for each in _left(hosts, artifact))


def upload(hosts: Sequence[HostFolder], spec: ClusterSpec, artifact: Artifact, store: ObjectStore) -> None:
    """Upload an artifact, encrypted if it is to be, waiting for a store that is away; raises ObjectError if refused."""
    uri = artifact_uri(spec.definition, spec.name, artifact)
    folders, key = _left(hosts, artifact), spec.definition.kms_key
    if not spec.definition.is_compressed:
        upload_plain(folders, uri, store, key)
        return
    scratch = hosts[0].packed
    scratch.mkdir(exist_ok=True)
    persistently(partial(pack_and_upload, folders, uri, store, scratch, key), _keep_on)


def _left(hosts: Sequence[HostFolder], artifact: Artifact) -> list[Path]:
    """Find an artifact's folder on each host; one that its algorithm has done away with is left out."""
    found = [output_folder(host, *_FOLDERS[artifact]) for host in hosts]
    return [folder for folder in found if folder is not None]


def _keep_on() -> None:
    """An upload is never given up: without it the training was for nothing."""
