"""Tags."""

from collections.abc import Mapping

from luthier.api.ledger.entry import Honoured, Refusal

_RESOURCE = Honoured("a tuning job, training job or algorithm of the caller", "test_what_is_not_ones_own_has_no_tags")
_TAG = Honoured("kept, and listed by ListTags", "test_tags_are_added_in_place_of_those_with_the_same_key")

TAGGED: Mapping[str, Honoured] = {
    "Tags[].Key": Honoured("a tag of the job and of its training jobs", "test_a_tuning_jobs_tags_reach_its_children"),
    "Tags[].Value": Honoured("a tag of the job and of its training jobs", "test_a_tuning_jobs_tags_reach_its_children"),
}

HONOURED: Mapping[str, Mapping[str, Honoured]] = {
    "AddTags": {"ResourceArn": _RESOURCE, "Tags[].Key": _TAG, "Tags[].Value": _TAG},
    "DeleteTags": {
        "ResourceArn": _RESOURCE,
        "TagKeys": Honoured("the tags that go", "test_a_deleted_tag_is_gone"),
    },
    "ListTags": {
        "ResourceArn": _RESOURCE,
        "NextToken": Honoured("none is ever given, so any is refused", "test_a_token_that_no_page_gave_is_refused"),
        "MaxResults": Honoured("50 or more, which is every tag there can be", "test_one_page_has_every_tag"),
    },
}

REFUSALS: Mapping[str, Mapping[str, Refusal]] = {}
