"""Members of answers that are never given, and why; every other member is given whenever there is something to tell."""

from collections.abc import Mapping

_FEATURE = "belongs to a feature that is not there"
_ALONE = "is given for a training job on its own that was created with it, and for no other"
_ELSEWHERE = "belongs to services that are not there"

NOT_GIVEN: Mapping[str, Mapping[str, str]] = {
    "DescribeAlgorithm": {
        "ValidationSpecification": "algorithms are not validated by jobs of their own",
        "ProductId": "there is no marketplace here",
    },
    "DescribeTrainingJob": {
        "DebugHookConfig": _ALONE,
        "ProfilerConfig": _ALONE,
        "ProfilerRuleConfigurations": _ALONE,
        "DebugRuleConfigurations": _ALONE,
        "RemoteDebugConfig": _ALONE,
        "InfraCheckConfig": _ALONE,
        "LabelingJobArn": _ELSEWHERE,
        "AutoMLJobArn": _ELSEWHERE,
        "WarmPoolStatus": _FEATURE,
        "BillableTokenCount": _FEATURE,
        "ExperimentConfig": _ELSEWHERE,
        "TensorBoardOutputConfig": _ELSEWHERE,
        "DebugRuleEvaluationStatuses": _ELSEWHERE,
        "ProfilerRuleEvaluationStatuses": _ELSEWHERE,
        "ProfilingStatus": _ELSEWHERE,
        "ServerlessJobConfig": _ELSEWHERE,
        "MlflowConfig": _ELSEWHERE,
        "ModelPackageConfig": _ELSEWHERE,
        "MlflowDetails": _ELSEWHERE,
        "ProgressInfo": _FEATURE,
        "OutputModelPackageArn": _ELSEWHERE,
    },
}
"""By operation, then by the member's name."""
