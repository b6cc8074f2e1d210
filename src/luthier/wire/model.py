"""botocore's service models: which operations there are, and the shapes of what goes in and comes out."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from functools import cache

from botocore.loaders import Loader
from botocore.model import OperationModel, ServiceModel, StructureShape

API_VERSIONS = {"sagemaker": "2017-07-24"}  # of other services, the newest


@dataclass(frozen=True, slots=True, kw_only=True)
class Service:
    """One AWS service as its own model describes it."""

    name: str  # botocore's name: sagemaker, sts, logs, cloudwatch
    signing_name: str  # as it stands in a credential scope
    target_prefix: str | None  # of X-Amz-Target, for JSON protocols
    json_version: str  # 1.0 or 1.1
    api_version: str  # the Version of query protocols
    xml_namespace: str
    protocols: Collection[str]  # json, query, smithy-rpc-v2-cbor
    operations: Collection[str]
    error_shapes: Mapping[str, str] | None  # by code, where every protocol is to tell the codes of the query protocol


@dataclass(frozen=True, slots=True, kw_only=True)
class Operation:
    """One operation of a service."""

    service: Service
    name: str
    input: StructureShape | None
    output: StructureShape | None  # None: the reply's body is empty
    result_wrapper: str | None  # the XML element around the output, in query protocols


@cache
def service(name: str) -> Service:
    """Describe a service by botocore's name; raises botocore's UnknownServiceError where there is none."""
    model = _model(name)
    facts: Mapping[str, str] = model.metadata
    return Service(
        name=name,
        signing_name=model.signing_name,
        target_prefix=facts.get("targetPrefix"),
        json_version=facts.get("jsonVersion", "1.1"),
        api_version=facts["apiVersion"],
        xml_namespace=facts.get("xmlNamespace", ""),
        protocols=frozenset(facts["protocols"]),
        operations=frozenset(model.operation_names),
        error_shapes=_error_shapes(model) if "awsQueryCompatible" in facts else None,
    )


@cache
def operation(service_name: str, operation_name: str) -> Operation:
    """Describe an operation; raises KeyError where the service has none of that name."""
    described = service(service_name)
    if operation_name not in described.operations:
        raise KeyError(operation_name)
    model: OperationModel = _model(service_name).operation_model(operation_name)
    output = model.output_shape
    return Operation(
        service=described,
        name=operation_name,
        input=model.input_shape,
        output=output,
        result_wrapper=output.serialization.get("resultWrapper") if output else None,
    )


def _error_shapes(model: ServiceModel) -> Mapping[str, str]:
    return {each.metadata.get("error", {}).get("code", each.name): each.name for each in model.error_shapes}


@cache
def _model(name: str) -> ServiceModel:
    loader = Loader(extra_search_paths=[Loader.BUILTIN_DATA_PATH], include_default_search_paths=False)
    return ServiceModel(loader.load_service_model(name, "service-2", API_VERSIONS.get(name)), name)
