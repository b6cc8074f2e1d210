"""Data keys, as hosts ask the front door for them."""

import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from desk import VAULT, Desk
from luthier.objects import ObjectError
from luthier.objects.data_keys import DataKeys
from luthier.records.identity import a_user
from luthier.records.kms_key import KmsKey
from luthier.store.engine import Store
from luthier.wire.asgi import make_app
from luthier.wire.sigv4 import Credential
from s3_server import SESSIONS, TOKEN, lend
from serving import serving
from things import SCOPE

ARN = f"arn:aws:kms:{SCOPE.region}:{SCOPE.account}:key/11111111-1111-1111-1111-111111111111"


def find(access_key: str, token: str | None) -> Credential | None:
    session = SESSIONS.open(access_key, token or "")
    return session and Credential(
        access_key=access_key,
        secret_key=session.secret_key,
        principal=a_user(SCOPE.account, access_key),
        session_token=session.token,
        expires_at=session.expires_at,
    )


def fetch() -> dict[str, str]:
    session = lend(TOKEN)
    return {
        "access_key": session.access_key,
        "secret_key": session.secret_key,
        "token": session.token,
        "expiry_time": "2999-01-01T00:00:00Z",
    }


@pytest.fixture
def keys(tmp_path: Path) -> Iterator[DataKeys]:
    store = Store.open(f"sqlite:///{tmp_path / 'luthier.db'}")
    store.kms_keys.add(
        KmsKey(arn=ARN, account=SCOPE.account, region=SCOPE.region, created_at=1.0, material=VAULT.draw(ARN))
    )
    clock = time.time  # noqa: TID251  # clients sign at the present time
    with serving(make_app(handlers=Desk(store).handlers(), keys=find, s3=None, pages=None, clock=clock)) as url:
        yield DataKeys(url, SCOPE.region, fetch)
    store.close()


def test_a_data_key_is_32_bytes_that_were_drawn_for_it_alone(keys: DataKeys) -> None:
    one, other = keys.draw(ARN), keys.draw(ARN)

    assert (len(one), len(other)) == (32, 32)
    assert one != other


def test_a_key_that_is_not_there_is_refused(keys: DataKeys) -> None:
    with pytest.raises(ObjectError, match="does not exist"):
        keys.draw(ARN.replace("1111-1", "2222-1"))


def test_a_front_door_that_is_away_is_an_outage() -> None:
    with pytest.raises(OSError, match="no data key can be drawn"):
        DataKeys("http://127.0.0.1:1", SCOPE.region, fetch).draw(ARN)
