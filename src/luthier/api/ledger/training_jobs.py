"""Training jobs."""

from collections.abc import Mapping

from luthier.api.ledger.definition import DEFINITION, DEFINITION_REFUSALS
from luthier.api.ledger.entry import NOTHING, Echoed, Honoured, Refusal
from luthier.api.ledger.listing import BETWEEN, LIMITED, PAGED, TURNED
from luthier.api.ledger.tags import TAGGED

_NAMED_TRAINING = Honoured(
    "names the training job, whatever its capitals", "test_capitals_in_a_training_jobs_name_do_not_matter"
)

_ALGORITHM = "AlgorithmSpecification"
_NO_DEBUGGER = "SageMaker Debugger is not there, and no tensors are saved; leave it out"
_NO_PROFILER = "SageMaker Profiler is not there; leave it out, or write only DisableProfiler"

HONOURED: Mapping[str, Mapping[str, Honoured]] = {
    "CreateTrainingJob": {
        "TrainingJobName": Honoured(
            "names the training job", "test_a_training_jobs_name_is_taken_whatever_its_capitals"
        ),
        "HyperParameters": Honoured(
            "the algorithm gets them, byte for byte", "test_hyperparameters_are_kept_byte_for_byte"
        ),
        **DEFINITION,
        **TAGGED,
        f"{_ALGORITHM}.EnableSageMakerMetricsTimeSeries": NOTHING,
        f"{_ALGORITHM}.ContainerEntrypoint": Honoured(
            "runs in the place of the image's own program", "test_an_entrypoint_runs_in_the_place_of_the_images_program"
        ),
        f"{_ALGORITHM}.ContainerArguments": Honoured(
            "follow the ContainerEntrypoint, or a container's own", "test_arguments_follow_the_entrypoint"
        ),
        "DebugHookConfig.CollectionConfigurations": NOTHING,
        "DebugRuleConfigurations": NOTHING,
        "ProfilerRuleConfigurations": NOTHING,
        "RemoteDebugConfig.EnableRemoteDebug": NOTHING,
        "InfraCheckConfig.EnableInfraCheck": NOTHING,
    },
    "ListTrainingJobs": {
        "NextToken": PAGED,
        "MaxResults": LIMITED,
        "CreationTimeAfter": BETWEEN,
        "CreationTimeBefore": BETWEEN,
        "LastModifiedTimeAfter": BETWEEN,
        "LastModifiedTimeBefore": BETWEEN,
        "NameContains": Honoured("only those with this in their name", "test_training_jobs_can_be_narrowed_by_name"),
        "StatusEquals": Honoured("only those in this status", "test_a_page_is_cut_before_it_is_filtered"),
        "SortBy": Honoured(
            "name, creation time or status; by creation time where left out", "test_all_training_jobs_can_be_sorted"
        ),
        "SortOrder": TURNED,
    },
    "DeleteTrainingJob": {"TrainingJobName": _NAMED_TRAINING},
    "DescribeTrainingJob": {"TrainingJobName": _NAMED_TRAINING},
    "StopTrainingJob": {"TrainingJobName": _NAMED_TRAINING},
}

REFUSALS: Mapping[str, Mapping[str, Refusal]] = {
    "CreateTrainingJob": {
        **DEFINITION_REFUSALS,
        f"{_ALGORITHM}.EnableSageMakerMetricsTimeSeries": Refusal(
            "metrics are kept anyway; leave it out", (False, True)
        ),
        f"{_ALGORITHM}.TrainingImageConfig": Refusal("images are not pulled from registries; leave it out"),
        "DebugHookConfig.LocalPath": Refusal(_NO_DEBUGGER),
        "DebugHookConfig.HookParameters": Refusal(_NO_DEBUGGER),
        "DebugHookConfig.CollectionConfigurations": Refusal(_NO_DEBUGGER, ([],)),
        "DebugRuleConfigurations": Refusal("there are no debugger rules; leave it out", ([],)),
        "ProfilerConfig.ProfilingIntervalInMilliseconds": Refusal(_NO_PROFILER),
        "ProfilerConfig.ProfilingParameters": Refusal(_NO_PROFILER),
        "ProfilerRuleConfigurations": Refusal("there are no profiler rules; leave it out", ([],)),
        "ExperimentConfig": Refusal("SageMaker Experiments is not there; leave it out, or use Tags"),
        "TensorBoardOutputConfig": Refusal(
            "nothing is copied to S3 while a training job runs; write to /opt/ml/output/data"
        ),
        "SessionChainingConfig": Refusal("roles have no session tags here; leave it out"),
        "ServerlessJobConfig": Refusal("there are no serverless jobs; use AlgorithmSpecification and ResourceConfig"),
        "MlflowConfig": Refusal("nothing is reported to MLflow; call it from the training program"),
        "ModelPackageConfig": Refusal("there is no model registry; leave it out"),
        "RemoteDebugConfig.EnableRemoteDebug": Refusal("there is no remote debugging; write false", (False,)),
        "InfraCheckConfig.EnableInfraCheck": Refusal("there is nothing to check; write false", (False,)),
    },
    "ListTrainingJobs": {
        "WarmPoolStatusEquals": Refusal("nothing is kept warm; leave it out"),
        "TrainingPlanArnEquals": Refusal("there are no training plans; leave it out"),
    },
}

_DEBUGGER = Echoed("SageMaker Debugger is not there, and the SageMaker Python SDK names a place for tensors unasked")
_PROFILER = Echoed("SageMaker Profiler is not there, and the SageMaker Python SDK asks for it, or not, unasked")

ECHOED: Mapping[str, Mapping[str, Echoed]] = {
    "CreateTrainingJob": {
        "DebugHookConfig.S3OutputPath": _DEBUGGER,
        "ProfilerConfig.S3OutputPath": _PROFILER,
        "ProfilerConfig.DisableProfiler": _PROFILER,
    },
}
