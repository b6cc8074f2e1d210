"""
Changes of states as events, and what proves where an event comes from (pure).

An event has the shape that EventBridge gives those of SageMaker. Source: "Events that Amazon SageMaker AI sends to
Amazon EventBridge", Amazon SageMaker Developer Guide. The signature is that of Standard Webhooks
(github.com/standard-webhooks), for which there are libraries:

    webhook-signature = "v1," + base64(HMAC-SHA256(secret, id + "." + timestamp + "." + body))
"""

import base64
import binascii
import hashlib
import hmac
import json
from collections.abc import Mapping
from datetime import UTC, datetime

from luthier.records.json_value import JsonObject
from luthier.records.state_change import JobKind, StateChange

DETAIL_TYPES = {
    JobKind.TUNING: "SageMaker HyperParameter Tuning Job State Change",
    JobKind.TRAINING: "SageMaker Training Job State Change",
}
PREFIX = "whsec_"  # of a secret in base64


def event_of(change: StateChange, detail: JsonObject) -> bytes:
    """Write the event of a change as JSON, all ASCII."""
    return json.dumps(
        {
            "version": "0",
            "id": change.id,
            "detail-type": DETAIL_TYPES[change.kind],
            "source": "aws.sagemaker",
            "account": change.scope.account,
            "time": f"{datetime.fromtimestamp(change.at, UTC):%Y-%m-%dT%H:%M:%SZ}",
            "region": change.scope.region,
            "resources": [change.arn],
            "detail": detail,
        }
    ).encode()


def headers_of(identifier: str, body: bytes, secret: str, now: float) -> Mapping[str, str]:
    """Give the headers of an attempt to deliver an event; without a *secret*, it is not signed."""
    at = str(int(now))
    headers = {"Content-Type": "application/json", "webhook-id": identifier, "webhook-timestamp": at}
    if secret:
        signed = hmac.digest(key_of(secret), b".".join((identifier.encode(), at.encode(), body)), hashlib.sha256)
        headers["webhook-signature"] = f"v1,{base64.b64encode(signed).decode()}"
    return headers


def key_of(secret: str) -> bytes:
    """Give the key that a secret stands for: `whsec_` and base64, or else the text itself."""
    if secret.startswith(PREFIX):
        try:
            return base64.b64decode(secret.removeprefix(PREFIX), validate=True)
        except binascii.Error:
            return secret.encode()
    return secret.encode()
