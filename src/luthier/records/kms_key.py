"""KMS keys: what encrypts objects, who may use it, and the four written forms of its name."""

import re
from dataclasses import dataclass, field
from uuid import NAMESPACE_URL, uuid5

from luthier.records.names import Scope

DEFAULT_ALIAS = "alias/aws/s3"  # of the key that S3 uses where none is named, one for each account and region
_ID = "[a-f0-9]{8}-[a-f0-9]{4}-[a-f0-9]{4}-[a-f0-9]{4}-[a-f0-9]{12}|mrk-[a-f0-9]{32}"
_ALIAS = "alias/[a-zA-Z0-9/_-]{1,250}"
_WRITTEN = re.compile(
    rf"(?:arn:aws[a-z-]*:kms:(?P<region>[a-z0-9-]{{1,32}}):(?P<account>[0-9]{{12}}):(?:key/(?P<key>{_ID})|(?P<alias>{_ALIAS})))"
    rf"|(?P<bare_key>{_ID})|(?P<bare_alias>{_ALIAS})"
)


@dataclass(frozen=True, slots=True, kw_only=True)
class KmsKey:
    """
    A key of an account and region, that of 256 bits which encrypts other keys and never leaves the installation.

    Whoever of its account may use it is judged by *allowed*, *denied* and what its role allows (`identity.key_rights`).
    """

    arn: str
    account: str  # 12 digits
    region: str
    created_at: float
    is_enabled: bool = True
    allowed: tuple[str, ...] = ()  # ARNs of principals; none of its own account: all of it
    denied: tuple[str, ...] = ()  # ARNs of principals
    material: str | None = field(default=None, repr=False)  # wrapped by the installation's secret; None: it is in AWS

    @property
    def key_id(self) -> str:
        """The last part of its ARN."""
        return self.arn.rpartition("/")[2]

    @property
    def is_default(self) -> bool:
        """Whether S3 uses it where none is named: everybody of its account may use it, and nobody changes it."""
        return self.arn == default_key_arn(Scope(account=self.account, region=self.region))


@dataclass(frozen=True, slots=True, kw_only=True)
class KeyName:
    """What a written name of a key stands for: the ARN of a key, or that of an alias."""

    arn: str
    is_alias: bool


def key_name(text: str, scope: Scope) -> KeyName | None:
    """
    Read a key's ID or ARN, or an alias or its ARN, as written by somebody of *scope*; None for what is none of these.

    AWS: OutputDataConfig, Amazon SageMaker API Reference.

    >>> key_name("alias/models", Scope(account="000000000000", region="eu-west-1")).arn
    'arn:aws:kms:eu-west-1:000000000000:alias/models'
    """
    found = _WRITTEN.fullmatch(text)
    if found is None:
        return None
    alias = found["alias"] or found["bare_alias"]
    where = Scope(account=found["account"] or scope.account, region=found["region"] or scope.region)
    arn = alias_arn(where, alias) if alias else key_arn(where, found["key"] or found["bare_key"])
    return KeyName(arn=arn, is_alias=alias is not None)


def key_arn(scope: Scope, key_id: str) -> str:
    """Give the ARN of a key."""
    return f"arn:aws:kms:{scope.region}:{scope.account}:key/{key_id}"


def default_key_arn(scope: Scope) -> str:
    """Give the ARN of the key that S3 uses where none is named."""
    return key_arn(scope, str(uuid5(NAMESPACE_URL, alias_arn(scope, DEFAULT_ALIAS))))


def alias_arn(scope: Scope, alias: str) -> str:
    """Give the ARN of an alias, which is written with `alias/` before it."""
    return f"arn:aws:kms:{scope.region}:{scope.account}:{alias}"
