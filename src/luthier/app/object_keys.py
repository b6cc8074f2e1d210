"""The KMS keys of objects in S3, as the store's rows and the installation's vault have them."""

import secrets
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass

from luthier.api.kms_keys import DENIED, DISABLED, NOT_FOUND, use_key
from luthier.objects.vault import Vault, VaultError
from luthier.records.call import ApiError
from luthier.records.identity import Principal
from luthier.records.kms_key import DEFAULT_ALIAS, KmsKey, alias_arn, default_key_arn
from luthier.records.names import Scope
from luthier.store import NameTaken
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
    draw: Callable[[str], str]  # the material of a new key of the installation, by its ARN
    clock: Callable[[], float]

    def usable(self, principal: Principal, region: str, name: str, action: str) -> UsableKey:
        """See `S3Keys.usable`."""
        scope = Scope(account=principal.account, region=region)
        if name in (DEFAULT_ALIAS, alias_arn(scope, DEFAULT_ALIAS)):
            name = self._default(scope)
        try:
            key = use_key(self.keys, principal, scope, name, action)
            return UsableKey(arn=key.arn, master=self.vault.master_key(key))
        except VaultError as error:
            raise ApiError("KMS.KMSInvalidStateException", str(error)) from error
        except ApiError as error:
            code, status = _IN_S3[error.code]
            raise ApiError(code, error.message, http_status=status) from error

    def _default(self, scope: Scope) -> str:
        """Give the ARN of the key that is used where none is named; it is made when it is first wanted."""
        arn = default_key_arn(scope)
        if self.keys.get(arn) is None:
            key = KmsKey(
                arn=arn,
                account=scope.account,
                region=scope.region,
                created_at=self.clock(),
                material=self.draw(arn),
            )
            with suppress(NameTaken):  # by another request of the account
                self.keys.add(key)
            self.keys.name(alias_arn(scope, DEFAULT_ALIAS), arn)
        return arn


def object_encryption(store: Store, vault: Vault, draw: Callable[[str], str], clock: Callable[[], float]) -> Encryption:
    """Give what keeps objects as ciphertext; *draw* makes the material of a new key of the installation."""
    keys = ObjectKeys(keys=store.kms_keys, vault=vault, draw=draw, clock=clock)
    return Encryption(keys=keys, rows=store.sealed_objects, draw_id=lambda: secrets.token_hex(16))
