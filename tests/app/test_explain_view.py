"""A portrait as a screen of text and as JSON."""

import json
from dataclasses import replace

import pytest
from rich.console import Console

from luthier.app.explain_view import LINE, document, explanation, profile
from luthier.records.portrait import NotEnough, Portrayal
from luthier.records.tuning_job import Objective, ObjectiveType
from luthier.tuning.portraits import Portrayed
from portraits import PORTRAIT, a_slice
from things import a_tuning_definition


def portrayed(portrayal: Portrayal = PORTRAIT, kind: ObjectiveType = ObjectiveType.MINIMIZE) -> Portrayed:
    definition = a_tuning_definition(objective=Objective(type=kind, metric="loss"))
    return Portrayed(definition=definition, portrayal=portrayal)


def printed(*found: Portrayed, width: int = 100) -> str:
    console = Console(width=width, record=True, file=None, force_terminal=False)
    with console.capture() as caught:
        console.print(explanation("tune", found))
    return caught.get()


def test_the_screen_says_which_way_is_better() -> None:
    assert "tune: loss, lower is better" in printed(portrayed())
    assert "tune: loss, higher is better" in printed(portrayed(kind=ObjectiveType.MAXIMIZE))


def test_bars_are_as_long_as_the_shares_they_stand_for() -> None:
    lines = {line.split()[0]: line for line in printed(portrayed()).splitlines() if "by itself" in line}

    assert lines["eta"].count("█") == 12
    assert lines["eta"].count("▒") == 4
    assert "80 %" in lines["eta"]
    assert lines["booster"].count("█") == 4


def test_the_best_point_is_told_with_every_value() -> None:
    text = printed(portrayed())

    assert "Believed to be the best of those tried: 0.25" in text
    assert "0.01" in text
    assert "gbtree" in text


@pytest.mark.parametrize(
    ("fidelity", "words"),
    [(0.9, "predicts well"), (0.6, "fairly"), (0.3, "a hint"), (-0.2, "do not rely on this"), (None, "too few")],
)
def test_how_far_to_believe_it_is_said_in_words(fidelity: float | None, words: str) -> None:
    assert words in printed(portrayed(replace(PORTRAIT, fidelity=fidelity)), width=200)


def test_the_best_of_a_slice_is_the_highest_where_more_is_better() -> None:
    assert "best at 0.01" in printed(portrayed())
    assert "best at 1:" in printed(portrayed(kind=ObjectiveType.MAXIMIZE))


def test_a_slice_of_numbers_is_a_line_of_fixed_width_and_one_of_categories_has_a_block_each() -> None:
    assert len(profile(a_slice("eta"), 0.0, 1.0)) == LINE
    assert profile(a_slice("booster"), 0.25, 0.5) == "▁█"


def test_too_little_to_tell_is_told_with_its_reason() -> None:
    found = portrayed(NotEnough(observed=1, reason="1 training job has an objective; 5 are needed."))

    assert "Not enough to tell. 1 training job has an objective; 5 are needed." in printed(found)


def test_a_name_from_outside_is_shown_and_never_obeyed() -> None:
    influence = replace(PORTRAIT.influences[0], name="\x1b[2J[red]eta")

    text = printed(portrayed(replace(PORTRAIT, influences=(influence,))))

    assert "\x1b" not in text
    assert "[red]" in text


def test_the_document_is_json_with_everything_unrounded() -> None:
    [found] = json.loads(json.dumps(document("tune", [portrayed()])))["Definitions"]

    assert found["Importance"][0] == {"Name": "eta", "Total": 0.8, "Alone": 0.6}
    assert found["Best"]["HyperParameters"] == {"eta": 0.01, "booster": "gbtree"}
    assert found["Best"]["Value"] == 0.25123456789
    assert [place["HyperParameter"] for place in found["Slices"][1]["Places"]] == ["gbtree", "dart"]


def test_the_document_says_where_there_is_nothing_to_tell() -> None:
    [found] = document("tune", [portrayed(NotEnough(observed=0, reason="None."))])["Definitions"]  # type: ignore[union-attr, misc]

    assert found == {
        "DefinitionName": None,
        "MetricName": "loss",
        "Type": "Minimize",
        "Observed": 0,
        "NotEnough": "None.",
    }
