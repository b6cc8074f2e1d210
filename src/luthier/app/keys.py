"""The access key of this installation: drawn at random on the first start, kept in a file that only its owner reads."""

import json
import os
import secrets
import string
from dataclasses import dataclass
from pathlib import Path

from luthier.settings import Settings, SettingsError

FILE = "credentials.json"


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
        access_key="AKIA" + "".join(secrets.choice(string.ascii_uppercase + "234567") for _ in range(16)),
        secret_key="".join(secrets.choice(string.ascii_letters + string.digits) for _ in range(40)),
        account=settings.account,
    )
    text = json.dumps({"access_key": key.access_key, "secret_key": key.secret_key, "account": key.account})
    _write_private(path, text)
    return key, True


def exports(settings: Settings, key: Key) -> dict[str, str]:
    """Name the environment variables that point an AWS client here, with their values."""
    return {
        "AWS_ENDPOINT_URL": settings.url,
        "AWS_ACCESS_KEY_ID": key.access_key,
        "AWS_SECRET_ACCESS_KEY": key.secret_key,
        "AWS_REGION": settings.region,
        "AWS_DEFAULT_REGION": settings.region,
        "LUTHIER_ROLE_ARN": settings.role_of(key.account),
    }


def _write_private(path: Path, text: str) -> None:
    """Write a file that is complete, and its owner's alone, from the moment it has its name."""
    draft = path.with_name(f".{path.name}.{os.getpid()}")
    with os.fdopen(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w", encoding="utf-8") as file:
        file.write(text)
        file.flush()
        os.fsync(file.fileno())
    draft.rename(path)
