"""
What does not go together in a channel.

| member                            | goes with                                                              |
|-----------------------------------|------------------------------------------------------------------------|
| S3DataType AugmentedManifestFile  | Pipe mode, AttributeNames                                              |
| AttributeNames                    | S3DataType AugmentedManifestFile                                       |
| CompressionType Gzip              | Pipe mode                                                              |
| RecordWrapperType RecordIO        | Pipe mode                                                              |

AWS: Channel and S3DataSource, Amazon SageMaker API Reference.
"""

from luthier.api.members import structure, text, texts
from luthier.records.call import validation_error
from luthier.records.channel import Compression, DataType, InputMode, RecordWrapper
from luthier.records.json_value import JsonObject


def check_channel(given: JsonObject, input_mode: str) -> None:
    """Refuse a channel that cannot be read as it says; *input_mode* is that of channels which name none."""
    name = text(given, "ChannelName")
    objects = structure(structure(given, "DataSource"), "S3DataSource")
    is_piped = text(given, "InputMode", input_mode) == InputMode.PIPE
    is_augmented = text(objects, "S3DataType") == DataType.AUGMENTED_MANIFEST_FILE
    if is_augmented and not is_piped:
        raise validation_error(
            f"Channel {name!r}: the S3DataType AugmentedManifestFile is read in Pipe mode only; set InputMode to Pipe."
        )
    if is_augmented and not texts(objects, "AttributeNames"):
        raise validation_error(f"Channel {name!r}: the S3DataType AugmentedManifestFile needs AttributeNames.")
    if texts(objects, "AttributeNames") and not is_augmented:
        raise validation_error(f"Channel {name!r}: AttributeNames is for the S3DataType AugmentedManifestFile only.")
    for member, value in (("CompressionType", Compression.GZIP), ("RecordWrapperType", RecordWrapper.RECORD_IO)):
        if text(given, member) == value and not is_piped:
            raise validation_error(f"Channel {name!r}: the {member} {value} is for Pipe mode only; leave it out.")
