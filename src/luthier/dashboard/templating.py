"""How templates are filled in: with everything escaped, and the words for figures that pages share."""

from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup

from luthier.dashboard import portrait_wording, wording
from luthier.dashboard.training_view import secondary_status


def templates() -> Environment:
    """Set the templates up: everything is escaped, what has no shape is made visible, and an unknown name is a bug."""
    environment = Environment(
        loader=PackageLoader("luthier.dashboard"),
        autoescape=True,
        undefined=StrictUndefined,
        finalize=_shown,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters.update(
        duration=wording.duration,
        roughly=wording.roughly,
        moment=wording.moment,
        iso=wording.iso,
        number=wording.number,
        short=wording.short,
        secondary=secondary_status,
        percent=portrait_wording.percent,
        middle=portrait_wording.middle,
        between=portrait_wording.between,
        basis=portrait_wording.basis,
        trust=portrait_wording.trust,
        noise=portrait_wording.noise,
    )
    return environment


def _shown(value: object) -> object:
    """Clean text that comes from outside; templates' own markup is left alone."""
    return wording.printable(value) if isinstance(value, str) and not isinstance(value, Markup) else value
