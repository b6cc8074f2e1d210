"""What an installation signs with: its access key and its secret, drawn on the first start, in files of its owner's."""

import json
import os
import secrets
import string
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from luthier.app.sdk_config import VARIABLE as SDK_CONFIG
from luthier.app.sdk_config import write_sdk_config
from luthier.identity.sessions import Sessions
from luthier.settings import Settings, SettingsError

FILE = "credentials.json"
SECRET_FILE = "secret"  # noqa: S105  # a file's name
_SECRET_BYTES = 32


@dataclass(frozen=True, slots=True, kw_only=True)
class Key:
    """An access key: what a client signs its requests with."""

    access_key: str  # 20 characters, as AWS's are
    secret_key: str  # 40 characters
    account: str  # 12 digits


def read_key(settings: Settings) -> Key:
    """Read the key of the data folder; raises SettingsError if there is none yet or the file makes no sense."""
    path = settings.data_folder / FILE
    try:
        return Key(**json.loads(path.read_text(encoding="utf-8")))
    except FileNotFoundError:
        raise SettingsError(f"{path}: there is no access key yet; `luthier up` makes one") from None
    except (ValueError, TypeError) as error:
        raise SettingsError(
            f"{path}: not an access key ({error}); remove it and `luthier up` makes a new one"
        ) from error


def obtain_key(settings: Settings) -> tuple[Key, bool]:
    """Give the key of the data folder, made now if need be, and say whether it is new."""
    path = settings.data_folder / FILE
    if path.exists():
        return read_key(settings), False
    key = Key(
        access_key=draw_access_key(),
        secret_key="".join(secrets.choice(string.ascii_letters + string.digits) for _ in range(40)),
        account=settings.account,
    )
    text = json.dumps({"access_key": key.access_key, "secret_key": key.secret_key, "account": key.account})
    _write_private(path, text.encode())
    return read_key(settings), True


def obtain_sessions(settings: Settings) -> Sessions:
    """
    Give what derives every other secret from the data folder's own, which is made now if need be.

    Raises SettingsError where the file does not hold what was written.
    """
    path = settings.data_folder / SECRET_FILE
    if not path.exists():
        _write_private(path, secrets.token_bytes(_SECRET_BYTES))
    secret = path.read_bytes()
    if len(secret) != _SECRET_BYTES:
        raise SettingsError(
            f"{path}: not the secret of an installation ({len(secret)} bytes, not {_SECRET_BYTES}); put it back, or "
            "remove it and make every key of `luthier keys list` anew"
        )
    return Sessions(secret)


def draw_access_key() -> str:
    """Draw an access key that nobody has."""
    return "AKIA" + "".join(secrets.choice(string.ascii_uppercase + "234567") for _ in range(16))


def exports(settings: Settings, key: Key) -> dict[str, str]:
    """Name the environment variables that point an AWS client here, with their values."""
    return {
        "AWS_ENDPOINT_URL": settings.url,
        "AWS_ACCESS_KEY_ID": key.access_key,
        "AWS_SECRET_ACCESS_KEY": key.secret_key,
        "AWS_REGION": settings.region,
        "AWS_DEFAULT_REGION": settings.region,
        "LUTHIER_ROLE_ARN": settings.role_of(key.account),
        SDK_CONFIG: str(write_sdk_config(settings, key.account)),
    }


def _write_private(path: Path, content: bytes) -> None:
    """Write a file that is whole, and its owner's alone, from the moment it has its name; an earlier one stays."""
    draft = path.with_name(f".{path.name}.{secrets.token_hex(8)}")
    with os.fdopen(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())
    with suppress(FileExistsError):  # another process was first: its file counts
        os.link(draft, path)
    draft.unlink()
