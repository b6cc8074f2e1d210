"""Patterns mean what they mean in Java."""

import pytest
from botocore.model import Shape

from luthier.records.call import ApiError
from luthier.wire import patterns
from luthier.wire.model import operation, service
from luthier.wire.patterns import is_match


@pytest.mark.parametrize(
    ("pattern", "text"),
    [
        ("^[a-z]+", "abc"),
        (r"([\p{L}\p{Z}\p{N}_.:/=+\-@]*)", "Überschrift 5"),
        (r"[\p{Alnum}\-]+", "a-1"),
        (r"([\p{L}]*)${1,256}", "abc"),
        (r"[\u0020-\uD7FF\uE000-\uFFFD\uD800\uDC00-\uDBFF\uDFFF\t]*", "a 😀\t"),
        (r"a\.b[.]c.", "a.b.cd"),
        (r".*", ""),
    ],
)
def test_a_match(pattern: str, text: str) -> None:
    """Java matches these."""
    assert is_match(pattern, text)


@pytest.mark.parametrize(
    ("pattern", "text"),
    [
        ("^[a-z]+", "abc_"),
        ("[a-z]+$", "abc\n"),
        (".*", "two\nlines"),
        (".*", "two\u2028lines"),
        (".*", "two\rlines"),
        (r"\d+", "١"),
        (r"\w+", "é"),
        (r"[\p{Alnum}]+", "é"),
        (r"a\.b[.]c", "a.bxc"),
    ],
)
def test_no_match(pattern: str, text: str) -> None:
    """Java matches none of these; Python would match some."""
    assert not is_match(pattern, text)


def test_a_pattern_that_runs_away_is_stopped(monkeypatch: pytest.MonkeyPatch) -> None:
    """The value is refused."""
    monkeypatch.setattr(patterns, "TIMEOUT_S", 0.05)

    with pytest.raises(ApiError, match="too long to be matched"):
        is_match("(?:a|aa|aaa)+b", "a" * 60)


def test_every_pattern_of_the_tuning_operations_can_be_used() -> None:
    """No pattern of the model is in a language we cannot read."""
    found = set[str]()
    for name in service("sagemaker").operations:
        shape = operation("sagemaker", name).input
        if shape is not None:
            _collect(shape, found, set())

    assert len(found) > 100
    assert all(is_match(pattern, "a") in (True, False) for pattern in found)


def _collect(shape: Shape, found: set[str], seen: set[str]) -> None:
    if shape.name in seen:
        return
    seen.add(shape.name)
    if "pattern" in shape.metadata:
        found.add(shape.metadata["pattern"])
    inner = [*getattr(shape, "members", {}).values()]
    inner += [getattr(shape, name) for name in ("member", "key", "value") if hasattr(shape, name)]
    for each in inner:
        _collect(each, found, seen)
