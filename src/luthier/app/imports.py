"""Taking a history in: the front door's checks of its request, and then the operation's."""

import json
from collections.abc import Sequence
from dataclasses import dataclass, replace

from luthier.algorithms.catalogue import Catalogue, CatalogueEntry
from luthier.api import Desk
from luthier.api.past_jobs import import_tuning_job
from luthier.app.capacity import capacity_of
from luthier.app.commands.keys import opened
from luthier.app.containers import catalogue_of
from luthier.app.key_vault import make_vault
from luthier.app.keys import obtain_sessions
from luthier.app.quotas import limits_of
from luthier.app.role_objects import objects_in_roles
from luthier.clusters.encrypted_volume import trouble
from luthier.clusters.logs import TrainingLogs
from luthier.dashboard.wording import printable
from luthier.histories.history import History, HistoryError, Run
from luthier.records.call import ApiError, Call
from luthier.records.identity import a_user
from luthier.records.json_value import JsonObject, JsonValue
from luthier.records.names import Scope
from luthier.runtimes.vpc_file import read_vpc
from luthier.settings import Settings
from luthier.store.engine import Store
from luthier.wire import model
from luthier.wire.constraints import check
from luthier.wire.decode import decode_json

TAG = "luthier:imported-from"
_OPERATION = ("sagemaker", "CreateHyperParameterTuningJob")
_ANY = CatalogueEntry(pattern="*", command=("python",))  # of what is over, nothing is run
_LONGEST = 256  # characters of a tag
_CONFIG, _ONE, _SEVERAL = "HyperParameterTuningJobConfig", "TrainingJobDefinition", "TrainingJobDefinitions"


@dataclass(frozen=True, slots=True, kw_only=True)
class Site:
    """Where a history goes, and where it is from."""

    settings: Settings
    account: str
    region: str
    origin: str  # for a tag


def take_in(site: Site, history: History, now: float) -> str:
    """Store a history as a tuning job, and give its ARN; raises HistoryError, and stores nothing, for what is none."""
    shape = model.operation(*_OPERATION).input
    try:
        parameters = decode_json(json.dumps(_signed(site, history.request)).encode(), shape)
        check(parameters, shape)
        call = Call(
            service=_OPERATION[0],
            operation=_OPERATION[1],
            scope=Scope(account=site.account, region=site.region),
            principal=a_user(site.account, "luthier-import"),
            parameters=parameters,
            now=now,
        )
        with opened(site.settings) as store:
            return str(import_tuning_job(_desk(site.settings, store), call, history)["HyperParameterTuningJobArn"])
    except ApiError as error:
        raise HistoryError(" ".join(printable(error.message).split())) from error


def request_with(given: JsonObject, runs: Sequence[Run], metric: str, kind: str) -> JsonObject:
    """Give the request of a user's, for *runs*; raises HistoryError for one that is about something else."""
    config = given.get(_CONFIG)
    objective = config.get("HyperParameterTuningJobObjective") if isinstance(config, dict) else None
    if not isinstance(config, dict) or not isinstance(objective, dict) or _ONE not in given:
        raise HistoryError(f"--definition: it needs {_CONFIG}, with an objective, and {_ONE}")
    if objective != {"Type": kind, "MetricName": metric}:
        raise HistoryError(
            f"--definition: its objective is {objective}, and that of the runs {kind} {metric!r}; give --direction and "
            "--metric as there"
        )
    limits = {"MaxNumberOfTrainingJobs": len(runs), "MaxParallelTrainingJobs": 1}
    kept = {name: given[name] for name in (_ONE, "Tags") if name in given}
    return {**kept, _CONFIG: {**config, "ResourceLimits": limits}}


def _signed(site: Site, request: JsonObject) -> JsonObject:
    """Give a request with a role of the account's, and with a tag that says where it is from."""
    role, several = site.settings.role_of(site.account), request.get(_SEVERAL)
    tags = request.get("Tags", [])
    signed: dict[str, JsonValue] = {**request, "Tags": [*(tags if isinstance(tags, list) else []), _tag(site.origin)]}
    if isinstance(several, list):
        return {**signed, _SEVERAL: [{**each, "RoleArn": role} for each in several if isinstance(each, dict)]}
    one = request.get(_ONE)
    return {**signed, _ONE: {**one, "RoleArn": role}} if isinstance(one, dict) else signed


def _tag(origin: str) -> JsonObject:
    allowed = "".join(each if each.isalnum() or each in " _.:/=+-@" else "_" for each in origin)
    return {"Key": TAG, "Value": allowed[:_LONGEST]}


def _desk(settings: Settings, store: Store) -> Desk:
    sessions = obtain_sessions(settings)
    limits = limits_of(settings)
    return Desk(
        store=store,
        catalogue=lambda: _with_any_image(catalogue_of(settings)),
        objects=objects_in_roles(settings, sessions),
        sessions=sessions,
        logs=TrainingLogs(settings.training_folder),
        vault=make_vault(settings, sessions),
        wake=lambda: None,
        capacity=capacity_of(settings),
        volume_trouble=trouble,
        vpc=lambda: read_vpc(settings.networks),
        limits=replace(limits, max_tuning_jobs=max(limits.max_tuning_jobs, 1 << 30)),
        declared_roles_only=settings.declared_roles_only,
    )


def _with_any_image(catalogue: Catalogue) -> Catalogue:
    return replace(catalogue, entries=(*catalogue.entries, _ANY), has_commands=True)
