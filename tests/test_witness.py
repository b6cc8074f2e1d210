"""Several witnesses as one."""

from collections.abc import Iterator
from contextlib import contextmanager

from luthier.witness import Deed, Everybody, Facts


class Diary:
    """Writes down what it sees."""

    def __init__(self) -> None:
        self.lines: list[str] = []

    @contextmanager
    def watch(self, deed: Deed, facts: Facts) -> Iterator[None]:
        self.lines.append(f"{deed} begins")
        yield
        self.lines.append(f"{deed} ends {facts}")

    def count(self, what: str, number: int) -> None:
        self.lines.append(f"{number} {what}")


def test_everybody_sees_everything() -> None:
    one, other = Diary(), Diary()
    everybody = Everybody([one, other])

    with everybody.watch(Deed.PASS, {"lane": "tuning"}):
        everybody.count("metric_points", 2)

    assert one.lines == other.lines == ["pass begins", "2 metric_points", "pass ends {'lane': 'tuning'}"]
