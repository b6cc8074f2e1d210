"""One decoded request, and the one error that a caller may see."""

from dataclasses import dataclass

from luthier.records.identity import Principal
from luthier.records.json_value import JsonObject
from luthier.records.names import Scope


@dataclass(frozen=True, slots=True, kw_only=True)
class Call:
    """A request whose signature and shape are right."""

    service: str  # botocore's name of the service: sagemaker, sts
    operation: str  # such as CreateHyperParameterTuningJob
    scope: Scope  # whose it is
    principal: Principal  # who asks
    parameters: JsonObject
    now: float  # when it arrived, seconds since the epoch
    is_dry_run: bool = False  # check everything, change nothing


class ApiError(Exception):
    """A client's mistake, or a limit it met, with AWS's code and wording."""

    def __init__(self, code: str, message: str, *, http_status: int = 400) -> None:
        super().__init__(f"{code}: {message}")
        self.code = code
        self.message = message
        self.http_status = http_status


def validation_error(message: str) -> ApiError:
    """The error for anything wrong with what was asked."""
    return ApiError("ValidationException", message)
