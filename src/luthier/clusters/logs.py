"""The logs of training jobs, one for each host, also of those that are over and cleared away."""

import os
import re
from itertools import count
from pathlib import Path

from luthier.clusters.host_folder import host_name
from luthier.clusters.host_log import HostLog
from luthier.clusters.workspace import workspace
from luthier.records.names import Scope, TrainingJobArn, training_job_arn

_JOB = re.compile("[a-z0-9](?:[a-z0-9-]*[a-z0-9])?")


class TrainingLogs:
    """Finds logs by the training jobs' ARNs."""

    def __init__(self, root: Path) -> None:
        """Look into the workspaces below *root*."""
        self._root = root

    def of(self, arn: TrainingJobArn) -> list[HostLog]:
        """Find the logs of a training job, in the order of its hosts; none if there are none (yet)."""
        place = workspace(self._root, arn)
        found = []
        for number in count(1):
            log = HostLog.find(arn, place.host(host_name(number)))
            if log is None:
                break
            found.append(log)
        return found

    def all(self, scope: Scope) -> list[HostLog]:
        """Find every log of an account and region, by the training jobs' names in lower case and their hosts."""
        try:
            names = sorted(each.name for each in os.scandir(self._root / scope.account / scope.region))
        except FileNotFoundError:
            return []
        return [log for name in names if _JOB.fullmatch(name) for log in self.of(training_job_arn(scope, name))]
