"""The defaults that are known of XGBoost's hyperparameters."""

import pytest

from luthier.algorithms.xgboost.hyperparameters import ALIASES, RULES
from luthier.algorithms.xgboost.known_defaults import known_defaults


@pytest.mark.parametrize(("name", "text"), known_defaults())
def test_a_default_is_a_value_that_the_hyperparameter_may_have(name: str, text: str) -> None:
    RULES[ALIASES.get(name, name)].read(text)


def test_what_must_be_given_has_no_default() -> None:
    assert "num_round" not in dict(known_defaults())
