"""An S3 door with two accounts and a narrowed role, and an embedded S3 server behind it."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import boto3
import pytest
from botocore.config import Config
from botocore.exceptions import ClientError

from luthier.app.bucket_rights import BucketRights
from luthier.app.object_keys import object_encryption
from luthier.objects.folder import embedded_s3
from luthier.objects.vault import LocalVault, Vault
from luthier.records.identity import Principal, Role, a_user
from luthier.store.buckets import Buckets
from luthier.store.engine import Store
from luthier.wire.asgi import make_app
from luthier.wire.passthrough import Upstream
from luthier.wire.sigv4 import Credential
from serving import serving
from wire.signing import now

OWN, OTHER = "000000000000", "111111111111"
ROLE = Role(
    arn=f"arn:aws:iam::{OWN}:role/narrow",
    account=OWN,
    name="narrow",
    read=("s3://mine/data/",),
    write=("s3://mine/output/",),
)
VAULT = LocalVault(b"the wrapping key of 256 bits ...")
NO_KMS = replace(ROLE, actions=(), write=None)
KEYS = {
    "AKIAOWN": a_user(OWN, "AKIAOWN"),
    "AKIAOTHER": a_user(OTHER, "AKIAOTHER"),
    "AKIANOKMS": Principal(account=OWN, arn=f"{ROLE.arn}/nokms", user_id="AROA:nokms", role=NO_KMS),
    "AKIAROLE": Principal(account=OWN, arn=f"{ROLE.arn}/job", user_id="AROA:job", role=ROLE),
}


@dataclass
class Site:
    url: str
    folder: Path  # of the embedded server: a folder for each bucket
    buckets: Buckets
    store: Store

    def s3(self, key: str, **config: Any) -> Any:
        return boto3.client(
            "s3",
            endpoint_url=self.url,
            region_name="us-east-1",
            aws_access_key_id=key,
            aws_secret_access_key="secret",
            config=Config(s3={"addressing_style": "path"}, retries={"total_max_attempts": 1}, **config),
        )


def find(access_key: str, _: str | None) -> Credential | None:
    principal = KEYS.get(access_key)
    return principal and Credential(access_key=access_key, secret_key="secret", principal=principal)


@contextmanager
def a_site(folder: Path, vault: Vault | None = None) -> Iterator[Site]:
    """Serve buckets of two accounts, `mine` and `theirs`."""
    store = Store.open(f"sqlite:///{folder / 'luthier.db'}")
    with embedded_s3(folder / "s3", digests=folder / "digests", log=folder / "s3.log") as server:
        upstream = Upstream(
            endpoint=server.endpoint,
            access_key=server.access_key,
            secret_key=server.secret_key,
            region=server.region,
            socket=server.socket,
            is_plain=True,
        )
        rights = BucketRights(buckets=store.buckets, own_account=OWN, clock=now)
        encryption = object_encryption(store, vault or VAULT, VAULT.draw, now)
        app = make_app(handlers={}, keys=find, s3=upstream, pages=None, clock=now, rights=rights, encryption=encryption)
        with serving(app) as url:
            made = Site(url, folder / "s3", store.buckets, store)
            mine, theirs = made.s3("AKIAOWN"), made.s3("AKIAOTHER")
            mine.create_bucket(Bucket="mine")
            theirs.create_bucket(Bucket="theirs")
            for key in ("data/rows.csv", "output/old", "secret/plan"):
                mine.put_object(Bucket="mine", Key=key, Body=b"mine")
            theirs.put_object(Bucket="theirs", Key="rows.csv", Body=b"theirs")
            yield made
    store.close()


def code_of(call: Any, **asked: Any) -> str:
    with pytest.raises(ClientError) as caught:
        call(**asked)
    return str(caught.value.response["Error"]["Code"])
