"""The end of a dry run: everything was checked, and nothing is changed."""

from luthier.records.call import ApiError, Call

CODE = "DryRunOperation"
MESSAGE = "Request would have succeeded, but DryRun flag is set."


def end_dry_run(call: Call) -> None:
    """
    Raise DryRunOperation (412) if *call* is a dry run; say it after the last check and before the first change.

    AWS: "Common errors" and the DryRun parameter, Amazon EC2 API Reference; SageMaker itself has no such flag, so here
    a header asks for it: `x-luthier-dry-run: true`.
    """
    if call.is_dry_run:
        raise ApiError(CODE, MESSAGE, http_status=412)
