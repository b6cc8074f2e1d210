"""The temporary credentials of a training job's role, as its host fetches them from the front door."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field

from botocore.awsrequest import AWSRequest
from botocore.exceptions import ConnectionError, HTTPClientError
from botocore.httpsession import URLLib3Session

from luthier.objects import ObjectError

TIMEOUT_S = 10
REFUSALS = (401, 403, 404)
MEMBERS = {
    "AccessKeyId": "access_key",
    "SecretAccessKey": "secret_key",
    "Token": "token",
    "Expiration": "expiry_time",
}
"""The endpoint's words, and botocore's."""


@dataclass(slots=True)
class RoleCredentials:
    """Fetches credentials each time it is called. A host may get ready before it knows its training job's *token*."""

    url: str  # of the front door's credentials endpoint
    token: str | None = field(default=None, repr=False)

    def __call__(self) -> Mapping[str, str]:
        """
        Fetch credentials, in the words of botocore's RefreshableCredentials.

        Raises OSError while the front door is away or failing, and ObjectError when it refuses.
        """
        request = AWSRequest(method="GET", url=self.url, headers={"Authorization": self.token or ""})
        try:
            response = URLLib3Session(proxies={}, timeout=TIMEOUT_S).send(request.prepare())
            document = _members(response.text)
        except (ConnectionError, HTTPClientError) as error:
            raise OSError(f"{self.url}: the role's credentials cannot be fetched: {error}") from error
        if document.keys() >= MEMBERS.keys():
            return {name: document[member] for member, name in MEMBERS.items()}
        if response.status_code in REFUSALS and "message" in document:
            raise ObjectError(f"the role's credentials are refused: {document['message']}")
        raise OSError(f"{self.url}: the role's credentials cannot be fetched: status {response.status_code}")


def _members(text: str) -> Mapping[str, str]:
    """Read a JSON object of texts; anything else is not from the front door, and has no members."""
    try:
        document = json.loads(text)
    except ValueError:
        return {}
    return {name: str(value) for name, value in document.items()} if isinstance(document, dict) else {}
