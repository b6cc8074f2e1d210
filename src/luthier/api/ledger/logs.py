"""CloudWatch Logs."""

from collections.abc import Mapping

from luthier.api.ledger.entry import NOTHING, Honoured, Refusal

_GROUP = Honoured("the log group of training jobs, the only one", "test_another_log_group_does_not_exist")
_FROM = Honoured("only lines from then on", "test_lines_can_be_bounded_in_time")
_UNTIL = Honoured("only lines before then", "test_lines_can_be_bounded_in_time")
_LIMIT = Honoured("entries of a page, at most", "test_pages_of_a_log_follow_one_another")
_TOKEN = Honoured("goes on where the page that gave it ended", "test_pages_of_a_log_follow_one_another")
_PREFIX = Honoured("only streams whose name begins so", "test_a_training_job_with_a_log_has_a_stream")

HONOURED: Mapping[str, Mapping[str, Honoured]] = {
    "DescribeLogGroups": {
        "logGroupNamePrefix": Honoured("only groups whose name begins so", "test_there_is_one_log_group"),
        "logGroupNamePattern": Honoured("only groups with this in their name", "test_there_is_one_log_group"),
        "limit": Honoured("there is one group at most", "test_there_is_one_log_group"),
    },
    "DescribeLogStreams": {
        "logGroupName": _GROUP,
        "logGroupIdentifier": _GROUP,
        "logStreamNamePrefix": _PREFIX,
        "orderBy": Honoured(
            "by name, or by when it was last written to", "test_streams_can_be_ordered_by_their_last_line"
        ),
        "descending": Honoured("turns the order round", "test_streams_come_in_pages"),
        "nextToken": Honoured("goes on where the page that gave it ended", "test_streams_come_in_pages"),
        "limit": Honoured("streams of a page, at most", "test_streams_come_in_pages"),
    },
    "FilterLogEvents": {
        "logGroupName": _GROUP,
        "logGroupIdentifier": _GROUP,
        "logStreamNames": Honoured("only these streams", "test_lines_of_named_streams_are_found"),
        "logStreamNamePrefix": _PREFIX,
        "startTime": _FROM,
        "endTime": Honoured("only lines until then", "test_lines_are_found_until_the_end_of_their_time"),
        "filterPattern": Honoured("only lines with these terms", "test_lines_are_found_by_their_terms"),
        "nextToken": Honoured("goes on where the page that gave it ended", "test_found_lines_come_in_pages"),
        "limit": Honoured("lines of a page, at most", "test_found_lines_come_in_pages"),
        "unmask": NOTHING,
        "startFromHead": NOTHING,
        "interleaved": Honoured(
            "taken for true, as AWS does", "test_lines_of_several_streams_come_in_the_order_of_time"
        ),
    },
    "GetLogEvents": {
        "logGroupName": _GROUP,
        "logGroupIdentifier": _GROUP,
        "logStreamName": Honoured("the stream", "test_a_stream_that_is_not_there_does_not_exist"),
        "startTime": _FROM,
        "endTime": _UNTIL,
        "nextToken": _TOKEN,
        "limit": _LIMIT,
        "unmask": NOTHING,
        "startFromHead": Honoured("from the log's start, else its end", "test_a_log_is_read_from_its_end_unless_told"),
    },
}

_DATA = Refusal("there are no data protection policies; leave it out", (False,))

REFUSALS: Mapping[str, Mapping[str, Refusal]] = {
    "DescribeLogGroups": {
        "accountIdentifiers": Refusal("accounts see themselves alone; leave it out"),
        "nextToken": Refusal("there is one page at most; leave it out"),
        "includeLinkedAccounts": Refusal("accounts see themselves alone; leave it out"),
        "logGroupClass": Refusal("there are no classes; leave it out"),
        "logGroupIdentifiers": Refusal("use logGroupNamePrefix"),
    },
    "FilterLogEvents": {
        "unmask": _DATA,
        "startFromHead": Refusal("lines are found from the log's start; write true or leave it out", (True,)),
    },
    "GetLogEvents": {"unmask": _DATA},
}
