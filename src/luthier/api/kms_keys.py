"""
The KMS keys that a request names: found by any of their four names, and judged for whoever is to use them.

Other services tell a key's faults in words of their own, so `use_key` raises KMS's and these turn them into theirs.
AWS: "Errors" of GenerateDataKey and Decrypt, AWS KMS API Reference.
"""

from dataclasses import replace

from luthier.api.desk import Desk
from luthier.identity.key_rights import may_use_key
from luthier.identity.principals import in_role
from luthier.records.call import ApiError, Call, validation_error
from luthier.records.identity import Principal, Role
from luthier.records.kms_key import KmsKey, key_name
from luthier.records.names import Scope
from luthier.records.training_job import TrainingDefinition
from luthier.store.kms_keys import KmsKeys

NOT_FOUND, DISABLED, DENIED = "NotFoundException", "DisabledException", "AccessDeniedException"
VOLUME = "VolumeKmsKeyId"
JOB_SESSION = "SageMaker"  # the name of a training job's session in its role


def use_key(keys: KmsKeys, principal: Principal, scope: Scope, name: str, action: str) -> KmsKey:
    """
    Find the key that *name* stands for in *scope*, for an action such as `kms:Decrypt`.

    Raises ApiError with KMS's codes: NotFoundException, DisabledException, AccessDeniedException.
    """
    key = find_key(keys, principal, scope, name, action)
    if not key.is_enabled:
        raise ApiError(DISABLED, f"{key.arn} is disabled.")
    return key


def find_key(keys: KmsKeys, principal: Principal, scope: Scope, name: str, action: str) -> KmsKey:
    """Find a key as `use_key` does, be it enabled or not; who may not use another account's learns nothing of it."""
    named = key_name(name, scope)
    if named is None:
        raise ApiError(NOT_FOUND, f"Invalid keyId {name[:256]!r}")
    key = keys.find(named)
    if key is None:
        kind = "Alias" if named.is_alias else "Key"
        raise ApiError(NOT_FOUND, f"{kind} '{named.arn}' does not exist")
    if not may_use_key(principal, key, action):
        raise ApiError(
            DENIED,
            f"User: {principal.arn} is not authorized to perform: {action} on resource: {key.arn} because no "
            f"{'identity' if principal.account == key.account else 'resource'}-based policy allows the {action} action",
        )
    return key


def key_of_job(desk: Desk, call: Call, member: str, name: str, role: Role) -> KmsKey | None:
    """
    Find the key that a job's *member* names, with which training jobs in *role* are to work; None where the name is "".

    Raises a ValidationException that says what to do where they could not.
    """
    if not name:
        return None
    try:
        return use_key(desk.store.kms_keys, in_role(role, JOB_SESSION), call.scope, name, "kms:GenerateDataKey")
    except ApiError as error:
        raise validation_error(f"{member}: {error.message.rstrip('.')}; {_REMEDIES[error.code]}.") from error


def with_key(desk: Desk, call: Call, definition: TrainingDefinition, role: Role) -> TrainingDefinition:
    """
    Settle which keys artifacts and volumes are encrypted with, whatever their aliases name later.

    Raises as `key_of_job` does, and likewise where volumes cannot be encrypted.
    """
    key = key_of_job(desk, call, "OutputDataConfig.KmsKeyId", definition.kms_key or "", role)
    volume = key_of_job(desk, call, VOLUME, definition.volume_key or "", role)
    trouble = desk.volume_trouble() if volume else None
    if trouble is not None:
        raise validation_error(f"{VOLUME}: volumes cannot be encrypted here: {trouble}.")
    return replace(definition, kms_key=key.arn if key else None, volume_key=volume.arn if volume else None)


_REMEDIES = {
    NOT_FOUND: "add it with `luthier keys kms add`, or take one of `luthier keys kms list`",
    DISABLED: "enable it with `luthier keys kms enable`",
    DENIED: "let the role use it with `luthier keys kms allow` and, if it was declared, `luthier roles set`",
}
