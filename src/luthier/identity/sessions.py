"""
Temporary credentials that nobody has to remember, and every other secret that is derived instead of stored.

One secret of the installation gives, by HMAC with a purpose of its own each, all the others:

    token   = base64url(payload + HMAC(secret, "session token", payload)),  payload = [access key, end, role, session]
    key     = base64url(HMAC(secret, "session secret", token))              what the holder of the token signs with
    secret' = base64url(HMAC(secret, "access key secret", access key))      likewise of a long-term access key
    wrap    = HMAC(secret, "kms keys", "")                                  what KMS keys are encrypted with

So a session survives a restart, needs no row, and can be opened by every server that has the secret. What a session
says is no secret to its holder, but only the installation can write it.
"""

import hashlib
import hmac
import json
import secrets
from base64 import b32encode, urlsafe_b64decode, urlsafe_b64encode
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

LONGEST_TOKEN = 4096  # characters; a role ARN has at most 2048, a session name 64
TEMPORARY = "ASIA"  # what access keys of sessions begin with, as AWS's do
_SECRET_CHARACTERS = 40
_MAC_BYTES = 32


@dataclass(frozen=True, slots=True, kw_only=True)
class Session:
    """Temporary credentials: somebody in a role, until they expire."""

    access_key: str
    secret_key: str = field(repr=False)
    token: str = field(repr=False)
    expires_at: float  # seconds since the epoch; it is for others to judge
    account: str  # 12 digits, the role's
    role_arn: str
    session_name: str


class Sessions:
    """Every session of the installation that has *secret*; *draw* gives so many random bytes."""

    def __init__(self, secret: bytes, draw: Callable[[int], bytes] = secrets.token_bytes) -> None:
        self._secret, self._draw = secret, draw

    def mint(self, *, role_arn: str, session_name: str, expires_at: float) -> Session:
        """Make new credentials of somebody in a role; raises ValueError where the names are too long for a token."""
        access_key = TEMPORARY + b32encode(self._draw(10)).decode()
        token = self.sealed("session token", [access_key, float(expires_at), role_arn, session_name])
        if len(token) > LONGEST_TOKEN:
            raise ValueError(f"role {role_arn[:64]!r}: its ARN and the session's name are too long for a token")
        return self._session(access_key, token, float(expires_at), role_arn, session_name)

    def open(self, access_key: str, token: str) -> Session | None:
        """Give the session that *token* stands for; None for one that was not minted here, or for another key."""
        match self.opened("session token", token):
            case [str(key), float(expires_at), str(role_arn), str(session_name)] if key == access_key:
                return self._session(access_key, token, expires_at, role_arn, session_name)
            case _:
                return None

    def job_token(self, training_job_arn: str, created_at: float) -> str:
        """Make the bearer token with which one training job asks for its credentials; the same each time."""
        return self.sealed("training job token", [training_job_arn, float(created_at)])

    def job_of_token(self, token: str) -> tuple[str, float] | None:
        """Give the training job's ARN and time of creation that *token* was made for; None for a forged one."""
        match self.opened("training job token", token):
            case [str(arn), float(created_at)]:
                return arn, created_at
            case _:
                return None

    def secret_of(self, access_key: str) -> str:
        """Give the secret key, 40 characters, of a long-term access key."""
        return self._derived("access key secret", access_key.encode())

    def wrapping_key(self) -> bytes:
        """Give the 32 bytes that KMS keys are encrypted with where they are kept."""
        return self._mac("kms keys", b"")

    def sealed(self, purpose: str, members: Sequence[str | float]) -> str:
        """Write *members* down so that anybody can read them and only the installation can have written them."""
        payload = json.dumps(members, separators=(",", ":")).encode()
        return _text(payload + self._mac(purpose, payload))

    def opened(self, purpose: str, token: str) -> object:
        """Read a list of members that was sealed for this very purpose; None for anything else."""
        if not (token.isascii() and len(token) <= LONGEST_TOKEN):
            return None
        try:
            sealed = urlsafe_b64decode(token + "=" * (-len(token) % 4))
        except ValueError:
            return None
        payload, mac = sealed[:-_MAC_BYTES], sealed[-_MAC_BYTES:]
        if not hmac.compare_digest(mac, self._mac(purpose, payload)):
            return None
        if _text(sealed) != token:  # another spelling of the same bytes is no token of ours
            return None
        opened: object = json.loads(payload)
        return opened

    def _session(self, access_key: str, token: str, expires_at: float, role_arn: str, session_name: str) -> Session:
        return Session(
            access_key=access_key,
            secret_key=self._derived("session secret", token.encode()),
            token=token,
            expires_at=expires_at,
            account=role_arn.split(":")[4],
            role_arn=role_arn,
            session_name=session_name,
        )

    def _derived(self, purpose: str, of: bytes) -> str:
        return _text(self._mac(purpose, of))[:_SECRET_CHARACTERS]

    def _mac(self, purpose: str, text: bytes) -> bytes:
        return hmac.digest(self._secret, purpose.encode() + b"\0" + text, hashlib.sha256)


def _text(content: bytes) -> str:
    return urlsafe_b64encode(content).decode().rstrip("=")
