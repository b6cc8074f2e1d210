"""Algorithm resources."""

from collections.abc import Mapping

from luthier.api.ledger.entry import Echoed, Honoured, Refusal, below
from luthier.api.ledger.listing import BETWEEN, LIMITED, PAGED, TURNED

_NAMED = Honoured("names the algorithm, whatever its capitals", "test_capitals_in_an_algorithms_name_do_not_matter")
_TOLD = Honoured("a note for people, told by Describe", "test_an_algorithm_is_described_as_it_was_created")
_BOUND = Honoured("what its values keep within", "test_a_value_must_lie_in_the_algorithms_range")

_HYPERPARAMETER: Mapping[str, Honoured] = {
    "Name": Honoured("a hyperparameter that it knows", "test_an_unknown_hyperparameter_is_refused"),
    "Description": _TOLD,
    "Type": Honoured("what its values are", "test_a_value_must_be_of_the_algorithms_type"),
    "Range.IntegerParameterRangeSpecification.MinValue": _BOUND,
    "Range.IntegerParameterRangeSpecification.MaxValue": _BOUND,
    "Range.ContinuousParameterRangeSpecification.MinValue": _BOUND,
    "Range.ContinuousParameterRangeSpecification.MaxValue": _BOUND,
    "Range.CategoricalParameterRangeSpecification.Values": _BOUND,
    "IsTunable": Honoured("whether it may be tuned", "test_only_what_is_tunable_can_be_tuned"),
    "IsRequired": Honoured("whether it must be given", "test_a_required_hyperparameter_must_be_given"),
    "DefaultValue": Honoured("its value where it is not given", "test_defaults_fill_in_what_was_left_out"),
}

_CHANNEL: Mapping[str, Honoured] = {
    "Name": Honoured("a channel that it knows", "test_an_unknown_channel_is_refused"),
    "Description": _TOLD,
    "IsRequired": Honoured("whether it must be given", "test_a_required_channel_must_be_given"),
    "SupportedContentTypes": Honoured(
        "what its ContentType may be; any where empty", "test_a_channels_content_type_must_be_supported"
    ),
    "SupportedCompressionTypes": Honoured(
        "what its CompressionType may be, beside None", "test_a_channels_compression_must_be_supported"
    ),
    "SupportedInputModes": Honoured("what its InputMode may be", "test_a_channels_input_mode_must_be_supported"),
}

_TRAINING: Mapping[str, Honoured] = {
    "TrainingImage": Honoured("what is run, by the image catalogue", "test_an_algorithm_runs_its_image"),
    **below("SupportedHyperParameters[]", _HYPERPARAMETER),
    "SupportedTrainingInstanceTypes": Honoured(
        "what its InstanceType may be", "test_the_instance_type_must_be_supported"
    ),
    "SupportsDistributedTraining": Honoured(
        "whether it may have several instances", "test_several_instances_need_support_for_distributed_training"
    ),
    "MetricDefinitions[].Name": Honoured("names a metric", "test_the_metric_definitions_are_the_algorithms"),
    "MetricDefinitions[].Regex": Honoured(
        "finds the metric in the log", "test_the_metric_definitions_are_the_algorithms"
    ),
    **below("TrainingChannels[]", _CHANNEL),
    "SupportedTuningJobObjectiveMetrics[].Type": Honoured(
        "which way the objective may go", "test_the_objective_must_be_supported_with_its_direction"
    ),
    "SupportedTuningJobObjectiveMetrics[].MetricName": Honoured(
        "what may be the objective", "test_the_objective_must_be_supported_with_its_direction"
    ),
}

_TAG = Honoured("a tag of the algorithm", "test_an_algorithm_is_stored_with_its_tags")

HONOURED: Mapping[str, Mapping[str, Honoured]] = {
    "CreateAlgorithm": {
        "AlgorithmName": Honoured("names the algorithm", "test_an_algorithms_name_is_taken_whatever_its_capitals"),
        "AlgorithmDescription": _TOLD,
        **below("TrainingSpecification", _TRAINING),
        "CertifyForMarketplace": Honoured(
            "nothing is asked for", "test_an_algorithm_that_is_not_for_the_marketplace_is_accepted"
        ),
        "Tags[].Key": _TAG,
        "Tags[].Value": _TAG,
    },
    "DescribeAlgorithm": {"AlgorithmName": _NAMED},
    "ListAlgorithms": {
        "CreationTimeAfter": BETWEEN,
        "CreationTimeBefore": BETWEEN,
        "MaxResults": LIMITED,
        "NameContains": Honoured("only those with this in their name", "test_algorithms_can_be_narrowed_by_name"),
        "NextToken": PAGED,
        "SortBy": Honoured("name or creation time; by creation time where left out", "test_algorithms_can_be_sorted"),
        "SortOrder": TURNED,
    },
    "DeleteAlgorithm": {"AlgorithmName": _NAMED},
}

REFUSALS: Mapping[str, Mapping[str, Refusal]] = {
    "CreateAlgorithm": {
        "TrainingSpecification.TrainingImageDigest": Refusal(
            "an image is what the catalogue says, and has no digest; leave it out"
        ),
        "TrainingSpecification.AdditionalS3DataSource": Refusal("input comes by channels; leave it out"),
        "ValidationSpecification": Refusal(
            "an algorithm is not validated by training and transform jobs of its own; leave it out, and try it with "
            "CreateTrainingJob"
        ),
        "CertifyForMarketplace": Refusal("there is no marketplace here; write false or leave it out", (False,)),
    },
}

_SERVED = Echoed("models are served elsewhere; it is told again to those who deploy them")
_CONTAINER = (
    "ContainerHostname",
    "Image",
    "ImageDigest",
    "ModelDataUrl",
    *(
        f"{source}.{member}"
        for source in ("ModelDataSource.S3DataSource", "AdditionalModelDataSources[].S3DataSource")
        for member in (
            "S3Uri",
            "S3DataType",
            "CompressionType",
            "ModelAccessConfig.AcceptEula",
            "HubAccessConfig.HubContentArn",
            "ManifestS3Uri",
            "ETag",
            "ManifestEtag",
        )
    ),
    "AdditionalModelDataSources[].ChannelName",
    "ProductId",
    "Environment",
    "ModelInput.DataInputConfig",
    "Framework",
    "FrameworkVersion",
    "NearestModelName",
    *(f"AdditionalS3DataSource.{member}" for member in ("S3DataType", "S3Uri", "CompressionType", "ETag")),
    "ModelDataETag",
    "IsCheckpoint",
    *(f"BaseModel.{member}" for member in ("HubContentName", "HubContentVersion", "RecipeName")),
)
_INFERENCE = (
    *(f"Containers[].{member}" for member in _CONTAINER),
    "SupportedTransformInstanceTypes",
    "SupportedRealtimeInferenceInstanceTypes",
    "SupportedContentTypes",
    "SupportedResponseMIMETypes",
)

ECHOED: Mapping[str, Mapping[str, Echoed]] = {
    "CreateAlgorithm": below("InferenceSpecification", dict.fromkeys(_INFERENCE, _SERVED)),
}
