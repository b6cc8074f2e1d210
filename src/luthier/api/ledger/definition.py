"""The members that a training job's definition has wherever it stands: in a tuning job, and in CreateTrainingJob."""

from collections.abc import Mapping

from luthier.api.ledger.entry import NOTHING, Honoured, Refusal

_CHANNEL = "InputDataConfig[]"
_SOURCE = f"{_CHANNEL}.DataSource"
_RESOURCE = "ResourceConfig"

DEFINITION: Mapping[str, Honoured] = {
    "AlgorithmSpecification.TrainingImage": Honoured(
        "what is run, by the image catalogue", "test_an_image_that_the_catalogue_does_not_know_is_refused"
    ),
    "AlgorithmSpecification.AlgorithmName": Honoured(
        "what is run, by an algorithm resource, which training jobs keep to", "test_an_algorithm_runs_its_image"
    ),
    "AlgorithmSpecification.TrainingInputMode": Honoured(
        "the InputMode of channels that name none", "test_channels_have_the_algorithms_mode_unless_they_name_their_own"
    ),
    "AlgorithmSpecification.MetricDefinitions[].Name": Honoured("names a metric", "test_metrics_are_reported"),
    "AlgorithmSpecification.MetricDefinitions[].Regex": Honoured(
        "finds the metric in the log", "test_group_one_is_the_value"
    ),
    "RoleArn": Honoured(
        "must be the caller's account's; shown by Describe", "test_a_role_of_another_account_is_refused"
    ),
    f"{_CHANNEL}.ChannelName": Honoured("the input's folder", "test_every_channel_is_described"),
    f"{_CHANNEL}.DataSource.S3DataSource.S3DataType": Honoured(
        "a prefix, or which kind of manifest", "test_a_manifest_s_objects_are_placed_below_its_prefix"
    ),
    f"{_CHANNEL}.DataSource.S3DataSource.S3Uri": Honoured(
        "where the input is", "test_a_folder_s_objects_keep_their_sub_folders"
    ),
    f"{_CHANNEL}.DataSource.S3DataSource.S3DataDistributionType": Honoured(
        "everything for every host, or a share for each", "test_a_sharded_channel_is_shared_out_among_the_hosts"
    ),
    f"{_CHANNEL}.DataSource.S3DataSource.AttributeNames": Honoured(
        "what of each line is streamed, in this order", "test_the_attributes_of_each_line_are_streamed_in_their_order"
    ),
    f"{_CHANNEL}.DataSource.S3DataSource.InstanceGroupNames": NOTHING,
    f"{_CHANNEL}.ContentType": Honoured("what the algorithm is told", "test_every_channel_is_described"),
    f"{_CHANNEL}.CompressionType": Honoured("a pipe decompresses", "test_a_pipe_decompresses"),
    f"{_CHANNEL}.RecordWrapperType": Honoured("a pipe frames", "test_every_object_is_a_record"),
    f"{_CHANNEL}.InputMode": Honoured(
        "files or pipes", "test_channels_have_the_algorithms_mode_unless_they_name_their_own"
    ),
    f"{_CHANNEL}.ShuffleConfig.Seed": Honoured(
        "settles the order of every epoch", "test_a_shuffled_pipe_has_another_order_in_each_epoch"
    ),
    "OutputDataConfig.KmsKeyId": Honoured(
        "artifacts are encrypted with it, and only who may use it reads them",
        "test_artifacts_are_ciphertext_on_disk",
    ),
    "OutputDataConfig.S3OutputPath": Honoured("where artifacts go", "test_the_model_is_uploaded_below_the_output_path"),
    "OutputDataConfig.CompressionType": Honoured(
        "artifacts are archives, or plain files", "test_artifacts_that_are_not_compressed_are_plain_files"
    ),
    "ResourceConfig.InstanceType": Honoured(
        "what of the machine a host may use, and what it is told of it",
        "test_an_instance_has_what_its_type_has",
    ),
    "ResourceConfig.InstanceCount": Honoured(
        "how many hosts the training job runs on", "test_every_host_runs_the_algorithm"
    ),
    "ResourceConfig.VolumeSizeInGB": Honoured(
        "what a training job may write, at most", "test_more_than_the_volume_holds_is_a_client_error"
    ),
    "ResourceConfig.VolumeKmsKeyId": Honoured(
        "what the training job has on the machine's disk is encrypted with keys of it",
        "test_what_a_training_job_has_on_the_disk_is_ciphertext",
    ),
    "ResourceConfig.KeepAlivePeriodInSeconds": NOTHING,
    "ResourceConfig.InstanceGroups": NOTHING,
    "StoppingCondition.MaxRuntimeInSeconds": Honoured(
        "the algorithm is stopped then", "test_a_training_that_runs_too_long_ends_as_such_and_uploads"
    ),
    "StoppingCondition.MaxPendingTimeInSeconds": Honoured(
        "a training job of an accelerated instance type that has waited so long for a place is stopped",
        "test_an_accelerated_training_job_waits_no_longer_than_it_may",
    ),
    "EnableNetworkIsolation": Honoured(
        "the algorithm has no network, and no credentials", "test_an_isolated_training_reaches_nothing"
    ),
    "EnableInterContainerTrafficEncryption": NOTHING,
    "EnableManagedSpotTraining": NOTHING,
    "RetryStrategy.MaximumRetryAttempts": Honoured(
        "how often the training job begins anew when its host is lost", "test_lost_hosts_begin_anew_as_often_as_wanted"
    ),
    "VpcConfig.Subnets": Honoured(
        "the network of the container engine that the hosts join",
        "test_a_training_job_in_a_vpc_joins_the_networks_that_it_stands_for",
    ),
    "VpcConfig.SecurityGroupIds": Honoured(
        "the networks that they join besides", "test_a_vpc_is_networks_of_the_container_engine"
    ),
    "CheckpointConfig.S3Uri": Honoured(
        "where checkpoints come from and are kept",
        "test_a_second_training_job_goes_on_from_the_first_one_s_checkpoints",
    ),
    "CheckpointConfig.LocalPath": Honoured(
        "the folder that is kept in step with it", "test_checkpoints_may_lie_in_a_folder_of_one_s_own_choice"
    ),
    "Environment": Honoured(
        "the algorithm's environment variables", "test_the_callers_environment_is_passed_on_word_for_word"
    ),
}

DEFINITION_REFUSALS: Mapping[str, Refusal] = {
    f"{_SOURCE}.S3DataSource.S3DataType": Refusal(
        "it is for model customisation; use S3Prefix, ManifestFile or AugmentedManifestFile",
        ("S3Prefix", "ManifestFile", "AugmentedManifestFile"),
    ),
    f"{_SOURCE}.S3DataSource.InstanceGroupNames": Refusal("there are no instance groups; leave it out", ([],)),
    f"{_SOURCE}.S3DataSource.ModelAccessConfig": Refusal("it belongs to the SageMaker model hub; leave it out"),
    f"{_SOURCE}.S3DataSource.HubAccessConfig": Refusal("it belongs to the SageMaker model hub; leave it out"),
    f"{_SOURCE}.FileSystemDataSource": Refusal("input comes from S3; use S3DataSource"),
    f"{_SOURCE}.DatasetSource": Refusal("input comes from S3; use S3DataSource"),
    f"{_RESOURCE}.KeepAlivePeriodInSeconds": Refusal("nothing has to be kept warm here; leave it out", (0,)),
    f"{_RESOURCE}.InstanceGroups": Refusal("there are no instance groups; use InstanceType", ([],)),
    f"{_RESOURCE}.TrainingPlanArn": Refusal("capacity is not bought here; leave it out"),
    f"{_RESOURCE}.InstancePlacementConfig": Refusal("instances are placed where there is room; leave it out"),
    f"{_RESOURCE}.InstancePreferences": Refusal("capacity is not bought here; use InstanceType"),
    f"{_RESOURCE}.SelectedInstanceType": Refusal("it is for answers only; leave it out"),
    f"{_RESOURCE}.SelectedInstanceCount": Refusal("it is for answers only; leave it out"),
    "StoppingCondition.MaxWaitTimeInSeconds": Refusal("it is for spot instances; leave it out"),
    "EnableInterContainerTrafficEncryption": Refusal(
        "what instances say to one another never leaves this machine; write false or leave it out", (False,)
    ),
    "EnableManagedSpotTraining": Refusal("there are no spot instances here; write false or leave it out", (False,)),
}
