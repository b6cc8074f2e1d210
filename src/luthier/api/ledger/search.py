"""Search."""

from collections.abc import Mapping

from luthier.api.ledger.entry import NOTHING, Honoured, Refusal
from luthier.api.ledger.listing import LIMITED, PAGED

_FILTERED = Honoured("only those of which it holds", "test_a_filter_finds_what_it_holds_of")
_NESTED = Honoured("only those with one element of a list of which all of it holds", "test_nested_filters_hold_of_one")

HONOURED: Mapping[str, Mapping[str, Honoured]] = {
    "Search": {
        "Resource": Honoured("what is searched", "test_both_kinds_of_jobs_can_be_searched"),
        "SearchExpression.Filters[].Name": _FILTERED,
        "SearchExpression.Filters[].Operator": _FILTERED,
        "SearchExpression.Filters[].Value": _FILTERED,
        "SearchExpression.NestedFilters[].NestedPropertyName": _NESTED,
        "SearchExpression.NestedFilters[].Filters[].Name": _NESTED,
        "SearchExpression.NestedFilters[].Filters[].Operator": _NESTED,
        "SearchExpression.NestedFilters[].Filters[].Value": _NESTED,
        "SearchExpression.SubExpressions": Honoured("expressions in expressions", "test_expressions_can_be_nested"),
        "SearchExpression.Operator": Honoured("`And`, the default, or `Or`", "test_one_of_several_filters_is_enough"),
        "SortBy": Honoured("any property; LastModifiedTime where left out", "test_results_can_be_sorted"),
        "SortOrder": Honoured("`Descending`, the default, or `Ascending`", "test_results_can_be_sorted"),
        "NextToken": PAGED,
        "MaxResults": LIMITED,
        "CrossAccountFilterOption": NOTHING,
    },
}

REFUSALS: Mapping[str, Mapping[str, Refusal]] = {
    "Search": {
        "Resource": Refusal(
            "training jobs and tuning jobs can be searched; write TrainingJob or HyperParameterTuningJob",
            ("TrainingJob", "HyperParameterTuningJob"),
        ),
        "CrossAccountFilterOption": Refusal("nothing is shared between accounts; write SameAccount", ("SameAccount",)),
        "VisibilityConditions": Refusal("whoever may search sees all of the account's jobs; leave it out"),
    },
}
