"""
What to do about a training job that failed, by its FailureReason (pure).

Reasons that are known come first; then the prefix says whose turn it is. AWS: FailureReason of DescribeTrainingJob,
and "Troubleshoot training jobs", Amazon SageMaker Developer Guide.

| prefix                  | whose fault        |
|-------------------------|--------------------|
| `AlgorithmError: `      | the program's      |
| `ClientError: `         | the request's      |
| `InternalServerError: ` | this machine's     |
"""

from collections.abc import Sequence

REMEDIES: Sequence[tuple[str, str]] = (
    (
        "instance type with more memory",
        "The program took more memory than it may have. Choose a larger InstanceType, smaller batches, or fewer "
        "training jobs at a time (MaxParallelTrainingJobs).",
    ),
    (
        "raise VolumeSizeInGB",
        "Raise VolumeSizeInGB of ResourceConfig, or read large input through FastFile or Pipe mode instead of a copy.",
    ),
    (
        "no image here matches",
        "Name the image in the catalogue: luthier images add PATTERN --code FOLDER -- COMMAND, or set up a container "
        "engine that can fetch it.",
    ),
    (
        "No S3 objects found under",
        "Compare the S3Uri with its channels, upload the data or correct the S3Uri, and create the job under a "
        "new name.",
    ),
    (
        "there is no such bucket",
        "Create the bucket with the key of this account, or correct the S3 URI that the reason names.",
    ),
    (
        "VolumeKmsKeyId: volumes cannot be encrypted here",
        "Put right what the reason names on this machine (apt-get install gocryptfs fuse3), or leave VolumeKmsKeyId "
        "out.",
    ),
    (
        "VolumeKmsKeyId",
        "Look whether the KMS key is there and enabled, and whether the role may use it: luthier keys kms list.",
    ),
    (
        "access denied",
        "The training job's role may not do that. Widen it with luthier roles set, or name another RoleArn.",
    ),
    (
        "host was lost",
        "The machine or its agent went down while it trained. Nothing was wrong with the request: start it anew, keep "
        "checkpoints to lose less, or let RetryStrategy begin it anew by itself.",
    ),
    (
        "workspace is gone",
        "The folder of the training job was removed while it ran. Leave the folder training in the data folder alone, "
        "and start it anew.",
    ),
    (
        "SIGKILL",
        "Something killed the program, most often the kernel for want of memory. Choose smaller batches, or fewer "
        "training jobs at a time (MaxParallelTrainingJobs).",
    ),
    (
        "SIGSEGV",
        "The program crashed in native code. Run it by hand with python -X faulthandler, and compare the versions of "
        "its libraries.",
    ),
    (
        "ModuleNotFoundError",
        "A Python package is missing in the program's environment. Add it to the image, or to requirements.txt beside "
        "the entry point in script mode.",
    ),
    (
        "Exit Code: 127",
        "The command was not found. Look at the image's command, and whether what it runs is executable.",
    ),
    (
        "AlgorithmError: ",
        "The training program itself failed. The end of its log says where; write what it should say to "
        "/opt/ml/output/failure to have it here.",
    ),
    (
        "ClientError: ",
        "The request cannot be met as it is. Correct what the reason names, and create the job under a new name.",
    ),
    (
        "InternalServerError: ",
        "Luthier or this machine failed, and not the training program. Start it anew; if it comes again, look at "
        "agent.log in the training job's folder and run luthier doctor.",
    ),
)
"""Parts of reasons, the special ones first, each with what to do."""


def remedy(reason: str) -> str | None:
    """
    Say what to do; None where nobody knows more than *reason* itself says.

    >>> remedy("ClientError: input, model and scratch files need more than 1 GB; raise VolumeSizeInGB")[:20]
    'Raise VolumeSizeInGB'
    """
    return next((advice for part, advice in REMEDIES if part in reason), None)
