"""Identity and Access Management."""

from collections.abc import Mapping

from luthier.api.ledger.entry import Honoured, Refusal

_OTHER_POLICIES = Refusal("only what roles were declared to do is simulated; leave it out")

HONOURED: Mapping[str, Mapping[str, Honoured]] = {
    "GetRole": {"RoleName": Honoured("which role", "test_a_role_of_the_account_is_described")},
    "SimulatePrincipalPolicy": {
        "PolicySourceArn": Honoured("whose permissions", "test_a_simulation_is_of_the_role_that_is_named"),
        "ActionNames": Honoured("one result each", "test_a_simulation_judges_each_action"),
        "ResourceArns": Honoured(
            "one result for each action and resource; S3's actions are judged by their place",
            "test_a_simulation_judges_s3_by_its_place",
        ),
        "MaxItems": Honoured("results of a page, at most; 100 where left out", "test_a_simulation_comes_in_pages"),
        "Marker": Honoured("goes on where the page that gave it ended", "test_a_simulation_comes_in_pages"),
    },
}

REFUSALS: Mapping[str, Mapping[str, Refusal]] = {
    "SimulatePrincipalPolicy": {
        "PolicyInputList": _OTHER_POLICIES,
        "PermissionsBoundaryPolicyInputList": _OTHER_POLICIES,
        "PolicyExclusionList": _OTHER_POLICIES,
        "ResourcePolicy": _OTHER_POLICIES,
        "ResourceOwner": _OTHER_POLICIES,
        "CallerArn": _OTHER_POLICIES,
        "ContextEntries": Refusal("no role here has a condition; leave it out"),
        "ResourceHandlingOption": Refusal("it is for EC2, which is not there; leave it out"),
    },
}
