"""
Members of the service model whose effect does not exist yet: each is refused, with what to do instead.

A refused member covers everything below it. Where *fine* has values, those ask for nothing that is missing, and only
other values are refused.
"""

from collections.abc import Mapping
from dataclasses import dataclass

from luthier.records.json_value import JsonValue


@dataclass(frozen=True, slots=True)
class Refusal:
    """Why a member is refused and what to do; *fine* are the values that are honoured all the same."""

    why: str
    fine: tuple[JsonValue, ...] = ()


_CONFIG = "HyperParameterTuningJobConfig"
_DEFINITION = "TrainingJobDefinition"
_CHANNEL = f"{_DEFINITION}.InputDataConfig[]"
_SOURCE = f"{_CHANNEL}.DataSource"
_RESOURCES = f"{_DEFINITION}.ResourceConfig"
_TUNING_RESOURCES = f"{_DEFINITION}.HyperParameterTuningResourceConfig"

_CONFIG_REFUSALS: Mapping[str, Refusal] = {
    f"{_CONFIG}.Strategy": Refusal(
        "the strategies are Bayesian and Random; choose one of them", ("Bayesian", "Random")
    ),
    f"{_CONFIG}.StrategyConfig": Refusal("it configures Hyperband, which is not there; leave it out"),
    f"{_CONFIG}.ResourceLimits.MaxRuntimeInSeconds": Refusal(
        "a tuning job ends by its number of training jobs; leave it out and bound MaxNumberOfTrainingJobs and the "
        "training jobs' MaxRuntimeInSeconds"
    ),
    f"{_CONFIG}.ParameterRanges.AutoParameters": Refusal(
        "ranges are not inferred; write every hyperparameter as an integer, continuous or categorical range", ([],)
    ),
    f"{_CONFIG}.TrainingJobEarlyStoppingType": Refusal(
        "early stopping is not there; write Off or leave it out", ("Off",)
    ),
    f"{_CONFIG}.TuningJobCompletionCriteria": Refusal("a tuning job ends by its number of training jobs; leave it out"),
    "TrainingJobDefinitions": Refusal("one training job definition is tuned at a time; use TrainingJobDefinition"),
    "WarmStartConfig": Refusal("a tuning job does not learn from earlier ones; leave it out"),
    "Tags": Refusal("tags are not kept; leave it out", ([],)),
    "Autotune": Refusal("nothing of a tuning job is inferred; leave it out and give ranges, objective and limits"),
}

_INPUT_REFUSALS: Mapping[str, Refusal] = {
    f"{_SOURCE}.S3DataSource.S3DataType": Refusal("manifests are not read; use S3Prefix", ("S3Prefix",)),
    f"{_SOURCE}.S3DataSource.AttributeNames": Refusal("it belongs to augmented manifests; leave it out", ([],)),
    f"{_SOURCE}.S3DataSource.InstanceGroupNames": Refusal("there are no instance groups; leave it out", ([],)),
    f"{_SOURCE}.S3DataSource.ModelAccessConfig": Refusal("it belongs to the SageMaker model hub; leave it out"),
    f"{_SOURCE}.S3DataSource.HubAccessConfig": Refusal("it belongs to the SageMaker model hub; leave it out"),
    f"{_SOURCE}.FileSystemDataSource": Refusal("input comes from S3; use S3DataSource"),
    f"{_SOURCE}.DatasetSource": Refusal("input comes from S3; use S3DataSource"),
    f"{_CHANNEL}.CompressionType": Refusal(
        "it is for Pipe mode; write None or leave it out, and the objects arrive as they are", ("None",)
    ),
    f"{_CHANNEL}.RecordWrapperType": Refusal(
        "it is for Pipe mode; write None or leave it out, and the objects arrive as they are", ("None",)
    ),
    f"{_CHANNEL}.InputMode": Refusal("input arrives as files; write File or leave it out", ("File",)),
    f"{_CHANNEL}.ShuffleConfig": Refusal("objects arrive in the order of their keys; leave it out"),
}

_RESOURCE_REFUSALS: Mapping[str, Refusal] = {
    f"{_RESOURCES}.InstanceCount": Refusal("a training job runs on one instance; write 1", (1,)),
    f"{_RESOURCES}.VolumeKmsKeyId": Refusal("volumes are not encrypted by Luthier; leave it out", ("",)),
    f"{_RESOURCES}.KeepAlivePeriodInSeconds": Refusal("nothing has to be kept warm here; leave it out", (0,)),
    f"{_RESOURCES}.InstanceGroups": Refusal("there are no instance groups; use InstanceType", ([],)),
    f"{_RESOURCES}.TrainingPlanArn": Refusal("capacity is not bought here; leave it out"),
    f"{_RESOURCES}.InstancePlacementConfig": Refusal("a training job runs on one instance; leave it out"),
    f"{_RESOURCES}.InstancePreferences": Refusal("capacity is not bought here; use InstanceType"),
    f"{_RESOURCES}.SelectedInstanceType": Refusal("it is for answers only; leave it out"),
    f"{_RESOURCES}.SelectedInstanceCount": Refusal("it is for answers only; leave it out"),
    f"{_TUNING_RESOURCES}.InstanceCount": Refusal("a training job runs on one instance; write 1", (1,)),
    f"{_TUNING_RESOURCES}.VolumeKmsKeyId": Refusal("volumes are not encrypted by Luthier; leave it out", ("",)),
    f"{_TUNING_RESOURCES}.AllocationStrategy": Refusal("capacity is not bought here; leave it out"),
    f"{_TUNING_RESOURCES}.InstanceConfigs": Refusal("capacity is not bought here; use InstanceType"),
}

_DEFINITION_REFUSALS: Mapping[str, Refusal] = {
    f"{_DEFINITION}.TuningObjective": Refusal(
        "it belongs to TrainingJobDefinitions; use HyperParameterTuningJobConfig.HyperParameterTuningJobObjective"
    ),
    f"{_DEFINITION}.HyperParameterRanges": Refusal(
        "it belongs to TrainingJobDefinitions; use HyperParameterTuningJobConfig.ParameterRanges"
    ),
    f"{_DEFINITION}.AlgorithmSpecification.TrainingInputMode": Refusal("input arrives as files; write File", ("File",)),
    f"{_DEFINITION}.AlgorithmSpecification.AlgorithmName": Refusal(
        "algorithm resources are not there; use TrainingImage with an image of the catalogue"
    ),
    f"{_DEFINITION}.VpcConfig": Refusal("training jobs use this machine's network; leave it out"),
    f"{_DEFINITION}.OutputDataConfig.KmsKeyId": Refusal("artifacts are not encrypted by Luthier; leave it out", ("",)),
    f"{_DEFINITION}.OutputDataConfig.CompressionType": Refusal(
        "artifacts are model.tar.gz; write GZIP or leave it out", ("GZIP",)
    ),
    f"{_DEFINITION}.StoppingCondition.MaxWaitTimeInSeconds": Refusal("it is for spot instances; leave it out"),
    f"{_DEFINITION}.StoppingCondition.MaxPendingTimeInSeconds": Refusal(
        "training jobs wait for nothing but a free place on this machine; leave it out"
    ),
    f"{_DEFINITION}.EnableNetworkIsolation": Refusal("it cannot be promised; write false or leave it out", (False,)),
    f"{_DEFINITION}.EnableInterContainerTrafficEncryption": Refusal(
        "a training job runs on one instance; write false or leave it out", (False,)
    ),
    f"{_DEFINITION}.EnableManagedSpotTraining": Refusal(
        "there are no spot instances here; write false or leave it out", (False,)
    ),
    f"{_DEFINITION}.CheckpointConfig": Refusal("checkpoints are not copied to S3; leave it out"),
    f"{_DEFINITION}.RetryStrategy": Refusal("a training job is tried once; leave it out"),
}

REFUSALS: Mapping[str, Mapping[str, Refusal]] = {
    "CreateHyperParameterTuningJob": {
        **_CONFIG_REFUSALS,
        **_INPUT_REFUSALS,
        **_RESOURCE_REFUSALS,
        **_DEFINITION_REFUSALS,
    },
}
"""By operation, then by member path: `[]` stands for the members of a list."""
