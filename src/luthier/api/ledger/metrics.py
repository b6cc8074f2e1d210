"""CloudWatch."""

from collections.abc import Mapping

from luthier.api.ledger.entry import Honoured, Refusal

_OF = Honoured("a training job, by TrainingJobName, or a host of one, by Host", "test_what_a_host_used_is_told_by_host")
_WHEN = Honoured("from the start, before the end", "test_points_outside_the_times_are_left_out")

HONOURED: Mapping[str, Mapping[str, Honoured]] = {
    "GetMetricStatistics": {
        "Namespace": Honoured("only training jobs have metrics", "test_what_nobody_knows_has_no_points"),
        "MetricName": Honoured("the metric", "test_what_nobody_knows_has_no_points"),
        "Dimensions[].Name": _OF,
        "Dimensions[].Value": _OF,
        "StartTime": _WHEN,
        "EndTime": _WHEN,
        "Period": Honoured("seconds of each data point", "test_a_metric_is_averaged_over_its_period"),
        "Unit": Honoured("only what is in this unit", "test_what_is_in_another_unit_is_left_out"),
        "Statistics": Honoured("what is given of each period", "test_every_statistic_is_given"),
    },
}

REFUSALS: Mapping[str, Mapping[str, Refusal]] = {
    "GetMetricStatistics": {
        "ExtendedStatistics": Refusal("percentiles are not computed; use Statistics"),
        "Unit": Refusal(
            "what is known is in Percent or has no unit; write one, None, or leave it out", ("None", "Percent")
        ),
    },
}
