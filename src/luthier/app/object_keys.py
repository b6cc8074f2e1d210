"""The KMS keys of objects in S3, as the store's rows and the installation's vault have them."""

import secrets
from dataclasses import dataclass

from luthier.api.kms_keys import DENIED, DISABLED, NOT_FOUND, use_key
from luthier.objects.vault import Vault, VaultError
from luthier.records.call import ApiError
from luthier.records.identity import Principal
from luthier.records.names import Scope
from luthier.store.engine import Store
from luthier.store.kms_keys import KmsKeys
from luthier.wire.s3_keys import Encryption, UsableKey

_IN_S3 = {
    NOT_FOUND: ("KMS.NotFoundException", 400),
    DISABLED: ("KMS.DisabledException", 400),
    DENIED: ("AccessDenied", 403),
}
"""What S3 calls what KMS tells it. Source: "Error responses", Amazon S3 API Reference."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ObjectKeys:
    """`S3Keys` on the store's rows."""

    keys: KmsKeys
    vault: Vault

    def usable(self, principal: Principal, region: str, name: str, action: str) -> UsableKey:
        """See `S3Keys.usable`."""
        scope = Scope(account=principal.account, region=region)
        try:
            key = use_key(self.keys, principal, scope, name, action)
            return UsableKey(arn=key.arn, master=self.vault.master_key(key))
        except VaultError as error:
            raise ApiError("KMS.KMSInvalidStateException", str(error)) from error
        except ApiError as error:
            code, status = _IN_S3[error.code]
            raise ApiError(code, error.message, http_status=status) from error


def object_encryption(store: Store, vault: Vault) -> Encryption:
    """Give what keeps objects as ciphertext."""
    keys = ObjectKeys(keys=store.kms_keys, vault=vault)
    return Encryption(keys=keys, rows=store.sealed_objects, draw_id=lambda: secrets.token_hex(16))
