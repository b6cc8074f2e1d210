"""Members of answers that are never given, and why; every other member is given whenever there is something to tell."""

from collections.abc import Mapping

_FEATURE = "belongs to a feature that is not there"
_ELSEWHERE = "belongs to training jobs that are not of tuning jobs"

NOT_GIVEN: Mapping[str, Mapping[str, str]] = {
    "DescribeHyperParameterTuningJob": {
        "TrainingJobDefinitions": "a tuning job has one definition, in TrainingJobDefinition",
        "OverallBestTrainingJob": "there is no warm start, so the best training job is BestTrainingJob",
        "WarmStartConfig": _FEATURE,
        "Autotune": _FEATURE,
        "TuningJobCompletionDetails": "there are no completion criteria",
    },
    "DescribeTrainingJob": {
        "LabelingJobArn": _ELSEWHERE,
        "AutoMLJobArn": _ELSEWHERE,
        "WarmPoolStatus": _FEATURE,
        "VpcConfig": _FEATURE,
        "CheckpointConfig": _FEATURE,
        "BillableTokenCount": _FEATURE,
        "DebugHookConfig": _ELSEWHERE,
        "ExperimentConfig": _ELSEWHERE,
        "DebugRuleConfigurations": _ELSEWHERE,
        "TensorBoardOutputConfig": _ELSEWHERE,
        "DebugRuleEvaluationStatuses": _ELSEWHERE,
        "ProfilerConfig": _ELSEWHERE,
        "ProfilerRuleConfigurations": _ELSEWHERE,
        "ProfilerRuleEvaluationStatuses": _ELSEWHERE,
        "ProfilingStatus": _ELSEWHERE,
        "RetryStrategy": _FEATURE,
        "RemoteDebugConfig": _ELSEWHERE,
        "InfraCheckConfig": _ELSEWHERE,
        "ServerlessJobConfig": _ELSEWHERE,
        "MlflowConfig": _ELSEWHERE,
        "ModelPackageConfig": _ELSEWHERE,
        "MlflowDetails": _ELSEWHERE,
        "ProgressInfo": _FEATURE,
        "OutputModelPackageArn": _ELSEWHERE,
    },
}
"""By operation, then by the member's name."""
