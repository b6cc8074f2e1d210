"""Security Token Service."""

from collections.abc import Mapping

from luthier.api.ledger.entry import Honoured, Refusal

_POLICY = Refusal("sessions may do what their role may; narrow the role with `luthier roles set`")
_TAGS = Refusal("sessions have no tags; leave it out")
_MFA = Refusal("there are no MFA devices; leave it out")

HONOURED: Mapping[str, Mapping[str, Honoured]] = {
    "GetCallerIdentity": {},
    "AssumeRole": {
        "RoleArn": Honoured("the role whose permissions the credentials have", "test_a_role_that_is_taken_on_narrows"),
        "RoleSessionName": Honoured(
            "the last part of the caller's ARN", "test_the_session_is_named_in_the_callers_arn"
        ),
        "DurationSeconds": Honoured(
            "how long the credentials are good for; an hour where left out",
            "test_temporary_credentials_are_good_for_as_long_as_was_asked",
        ),
    },
}

REFUSALS: Mapping[str, Mapping[str, Refusal]] = {
    "AssumeRole": {
        "PolicyArns": _POLICY,
        "Policy": _POLICY,
        "Tags": _TAGS,
        "TransitiveTagKeys": _TAGS,
        "ExternalId": Refusal("no role here has a condition; leave it out"),
        "SerialNumber": _MFA,
        "TokenCode": _MFA,
        "SourceIdentity": Refusal("sessions have no identity but their name; use RoleSessionName"),
        "ProvidedContexts": Refusal("there is no identity provider; leave it out"),
        "MinimumSessionTokenSize": Refusal("tokens are as long as they need to be; leave it out"),
    },
}
