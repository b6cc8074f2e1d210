"""
Random requests of the JSON operations: never a 5xx, never a hang, always an error that AWS's clients can read.

What is refused leaves no trace; what is accepted can be described and listed. The quick tier is the same every time,
the slow one another every time.
"""

from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from fuzz.hostile import as_json, broken_text, mutated, odd_values, shaped, varied
from fuzz.house import House, good_requests
from luthier.api.operations import operations
from luthier.wire.model import operation as described
from luthier.wire.model import service

JSON = sorted(each for each in operations(None) if service(each[0]).target_prefix)  # type: ignore[arg-type]
SAGEMAKER = sorted(name for of, name in JSON if of == "sagemaker")
CREATES = [name for name in SAGEMAKER if name.startswith("Create")]

_ANY = (
    HealthCheck.function_scoped_fixture,
    HealthCheck.too_slow,
    HealthCheck.data_too_large,
    HealthCheck.large_base_example,
)
QUICK = settings(max_examples=60, deadline=None, derandomize=True, database=None, suppress_health_check=_ANY)
LONG = settings(QUICK, max_examples=350, derandomize=False)


def try_shaped(house: House, data: st.DataObject) -> None:
    of, name = data.draw(st.sampled_from(JSON))
    request = data.draw(shaped(described(of, name).input))
    house.try_json(name, as_json(request), service=of)


def try_mutated(house: House, data: st.DataObject, names: list[str]) -> None:
    name = data.draw(st.sampled_from(names))
    request = data.draw(mutated(good_requests(house, name)))
    house.try_json(name, as_json(request))


def try_varied(house: House, data: st.DataObject, names: list[str]) -> None:
    name = data.draw(st.sampled_from(names))
    shape = described("sagemaker", name).input
    assert shape is not None
    request = data.draw(varied(good_requests(house, name), shape))
    house.try_json(name, as_json(request))


def try_broken(house: House, data: st.DataObject) -> None:
    name = data.draw(st.sampled_from(SAGEMAKER))
    house.try_json(name, data.draw(broken_text(as_json(good_requests(house, name)))))


def try_anything(house: House, data: st.DataObject) -> None:
    of, name = data.draw(st.sampled_from(JSON))
    house.try_json(name, as_json(data.draw(odd_values)), service=of)


@pytest.mark.parametrize("name", [each for each in SAGEMAKER if not each.startswith(("Delete", "Stop"))])
def test_the_requests_that_are_mutated_are_right(house: House, name: str) -> None:
    assert house.try_json(name, as_json(good_requests(house, name))).status == 200


@QUICK
@given(data=st.data())
def test_requests_by_the_shape_of_the_model(house: House, data: Any) -> None:
    try_shaped(house, data)


@QUICK
@given(data=st.data())
def test_good_requests_gone_wrong(house: House, data: Any) -> None:
    try_mutated(house, data, SAGEMAKER)


@settings(QUICK, max_examples=120)
@given(data=st.data())
def test_good_creations_gone_wrong(house: House, data: Any) -> None:
    try_mutated(house, data, CREATES)


@settings(QUICK, max_examples=120)
@given(data=st.data())
def test_good_requests_that_ask_for_odd_things(house: House, data: Any) -> None:
    try_varied(house, data, [*SAGEMAKER, *CREATES * 4])


@QUICK
@given(data=st.data())
def test_documents_that_were_damaged(house: House, data: Any) -> None:
    try_broken(house, data)


@QUICK
@given(data=st.data())
def test_documents_of_anything(house: House, data: Any) -> None:
    try_anything(house, data)


@pytest.mark.slow
@LONG
@given(data=st.data())
def test_many_requests_by_the_shape_of_the_model(house: House, data: Any) -> None:
    try_shaped(house, data)


@pytest.mark.slow
@settings(LONG, max_examples=700)
@given(data=st.data())
def test_many_good_creations_that_ask_for_odd_things(house: House, data: Any) -> None:
    try_varied(house, data, CREATES)


@pytest.mark.slow
@LONG
@given(data=st.data())
def test_many_good_creations_gone_wrong(house: House, data: Any) -> None:
    try_mutated(house, data, CREATES)


@pytest.mark.slow
@LONG
@given(data=st.data())
def test_many_good_requests_gone_wrong(house: House, data: Any) -> None:
    try_mutated(house, data, SAGEMAKER)


@pytest.mark.slow
@LONG
@given(data=st.data())
def test_many_documents_that_were_damaged(house: House, data: Any) -> None:
    try_broken(house, data)
