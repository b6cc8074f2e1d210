"""
Search expressions: what is asked for, read once, and held against one record after another.

    SearchExpression = Operator (And, where left out) over
        Filters         a property, an operator, a value
        NestedFilters   the same of one element of a list: all of them must hold of it
        SubExpressions  more of these

AWS: SearchExpression, Filter and NestedFilters, Amazon SageMaker API Reference.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

from botocore.model import StructureShape

from luthier.api.members import structures, text
from luthier.api.search_properties import Kind, Property, find_list, find_property
from luthier.api.search_values import Comparison, comparison
from luthier.records.call import validation_error
from luthier.records.json_value import JsonObject, JsonValue

MOST_FILTERS = 100  # of an expression with all that is nested in it

Test = Callable[[JsonValue], bool]


@dataclass(frozen=True, slots=True, kw_only=True)
class Expression:
    """A question to a record, and the members of it that the answer depends on."""

    holds: Test
    members: frozenset[str]


@dataclass(slots=True)
class _Reader:
    """Reads one expression, and counts what it has come across."""

    shape: StructureShape
    members: set[str] = field(default_factory=set)
    filters: int = 0
    containing: int = 0

    def expression(self, given: JsonObject) -> Test:
        parts = list(self._parts(given))
        every = any if text(given, "Operator") == "Or" else all
        return lambda record: not parts or every(part(record) for part in parts)

    def _parts(self, given: JsonObject) -> Iterator[Test]:
        for each in structures(given, "Filters"):
            yield self._filter(each, self.shape, "")
        for each in structures(given, "NestedFilters"):
            yield self._nested(each)
        for each in structures(given, "SubExpressions"):
            yield self.expression(each)

    def _filter(self, given: JsonObject, shape: StructureShape, prefix: str) -> Test:
        name, operator = text(given, "Name"), text(given, "Operator", "Equals")
        self._count(operator)
        if not name.startswith(prefix):
            raise validation_error(
                f"The nested filter {name!r} is not of {prefix[:-1]}; begin its Name with {prefix!r}."
            )
        found = find_property(shape, name.removeprefix(prefix))
        if not prefix:
            self.members.add(found.top)
        return _test(found, comparison(found, operator, text(given, "Value") or None))

    def _nested(self, given: JsonObject) -> Test:
        name = text(given, "NestedPropertyName")
        found, inner = find_list(self.shape, name)
        self.members.add(found.top)
        tests = [self._filter(each, inner, f"{name}.") for each in structures(given, "Filters")]
        return lambda record: any(all(test(element) for test in tests) for element in found.values(record))

    def _count(self, operator: str) -> None:
        self.filters += 1
        self.containing += operator == "Contains"
        if self.filters > MOST_FILTERS:
            raise validation_error(f"SearchExpression holds more than {MOST_FILTERS} filters; ask for less at a time.")
        if self.containing > 1:
            raise validation_error("'CONTAINS' operator usage limit of 1 exceeded.")


def parse_expression(given: JsonObject, shape: StructureShape) -> Expression:
    """
    Read a SearchExpression over records of *shape*; an empty one holds of every record.

    Raises a ValidationException for a property that there is not, an operator that its values do not have, and a value
    that is not of their kind.
    """
    reader = _Reader(shape)
    holds = reader.expression(given)
    return Expression(holds=holds, members=frozenset(reader.members))


def _test(found: Property, compare: Comparison) -> Test:
    if found.kind is Kind.WHOLE:
        return lambda record: compare([each for each in found.values(record) if each not in ({}, [], ())])
    return lambda record: compare(found.values(record))
