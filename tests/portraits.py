"""A portrait of two hyperparameters that tests start from."""

from luthier.records.portrait import Estimate, Influence, Interaction, Place, Portrait, Slice


def an_estimate(value: float, spread: float = 0.05) -> Estimate:
    """An estimate with *spread* to either side."""
    return Estimate(value=value, low=value - spread, high=value + spread)


def a_slice(name: str) -> Slice:
    """The slice of PORTRAIT along eta or booster."""
    return next(each for each in PORTRAIT.slices if each.name == name)


PORTRAIT = Portrait(
    observed=20,
    failed=2,
    influences=(Influence(name="eta", alone=0.6, total=0.8), Influence(name="booster", alone=0.2, total=0.4)),
    interactions=(Interaction(names=("eta", "booster"), share=0.2),),
    slices=(
        Slice(
            name="eta",
            is_categorical=False,
            places=(
                Place(value=0.001, at=0.0, estimate=an_estimate(0.5)),
                Place(value=0.01, at=1 / 3, estimate=an_estimate(0.25)),
                Place(value=1.0, at=1.0, estimate=an_estimate(0.9)),
            ),
            best=1,
        ),
        Slice(
            name="booster",
            is_categorical=True,
            places=(
                Place(value="gbtree", at=0.25, estimate=an_estimate(0.25)),
                Place(value="dart", at=0.75, estimate=an_estimate(0.5)),
            ),
            best=0,
        ),
    ),
    best=(("eta", 0.01), ("booster", "gbtree")),
    estimate=an_estimate(0.25123456789),
    noise=0.02,
    fidelity=0.9,
)
