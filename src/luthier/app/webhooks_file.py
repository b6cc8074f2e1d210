"""
The user's file of webhooks, `webhooks.toml`: who is told of which changes of jobs' states.

    [[webhook]]
    name = "chat"                                   # its outbox; a new name begins with an empty one
    url = "https://chat.example/hook"
    secret = "whsec_..."                            # may be left out, as may all filters
    kinds = ["tuning"]
    tuning_jobs = ["churn-*"]
    statuses = ["Completed", "Failed", "Stopped"]
"""

import re
import tomllib
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from luthier.records.outbox import WEBHOOK, Outbox
from luthier.records.state_change import JobKind
from luthier.records.status import TrainingStatus, TuningStatus
from luthier.settings import Settings, SettingsError, is_url

MOST = 20  # each has threads of its own
STATUSES = tuple(dict.fromkeys([*map(str, TuningStatus), *map(str, TrainingStatus)]))
_FILTERS = ("kinds", "tuning_jobs", "statuses")
_KEYS = ("name", "url", "secret", *_FILTERS)
_NAME = re.compile(r"[a-z0-9][a-z0-9-]{0,31}")


@dataclass(frozen=True, slots=True, kw_only=True)
class Destination:
    """Where events of an outbox go."""

    outbox: Outbox
    url: str
    secret: str  # with which they are signed; empty: they are not


def read_destinations(settings: Settings) -> tuple[Destination, ...]:
    """Give the setting's webhook, if there is one, and the file's; raises SettingsError for a file that is no good."""
    path = settings.webhooks_file
    if settings.webhooks and not path.exists():
        raise SettingsError(f"webhooks: there is no file {path}")
    own = Destination(outbox=Outbox(name=WEBHOOK), url=settings.webhook, secret=settings.webhook_secret)
    found = [_destination(f"{path}: webhook {number}", each) for number, each in enumerate(_tables(path), 1)]
    names = [each.outbox.name for each in found]
    twice = next((name for name in names if names.count(name) > 1), None)
    if twice is not None:
        raise SettingsError(f"{path}: two webhooks are called {twice!r}; an outbox has one destination")
    if len(found) > MOST:
        raise SettingsError(f"{path}: {len(found)} webhooks; there may be {MOST}")
    return (*([own] if settings.webhook else []), *found)


def _tables(path: Path) -> Sequence[Mapping[str, object]]:
    try:
        document = tomllib.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        return []
    except OSError as error:
        raise SettingsError(f"{path} cannot be read: {error.strerror}") from error
    except ValueError as error:
        raise SettingsError(f"{path}: not TOML: {error}") from error
    tables = document.pop("webhook", [])
    if document or not isinstance(tables, list) or not all(isinstance(each, Mapping) for each in tables):
        raise SettingsError(f"{path}: it holds [[webhook]] tables only")
    return tables


def _destination(place: str, given: Mapping[str, object]) -> Destination:
    strange = sorted(given.keys() - set(_KEYS))
    if strange:
        raise SettingsError(f"{place}: there is no {strange[0]!r}; there are {', '.join(_KEYS)}")
    name, url, secret = (_text(place, given, key) for key in ("name", "url", "secret"))
    if not _NAME.fullmatch(name) or name == WEBHOOK:
        raise SettingsError(
            f"{place}: name: {name!r} is none; write 1 to 32 small letters, digits and hyphens, other than {WEBHOOK!r}"
        )
    if not is_url(url):
        raise SettingsError(f"{place}: url: not a URL such as https://machine.example/path, without a user and a #")
    kinds, tuning_jobs, statuses = (_texts(place, given, key) for key in _FILTERS)
    _check(place, "kinds", kinds, tuple(map(str, JobKind)))
    _check(place, "statuses", statuses, STATUSES)
    outbox = Outbox(
        name=name,
        kinds=tuple(JobKind(each) for each in kinds),
        tuning_jobs=tuple(each.lower() for each in tuning_jobs),
        statuses=statuses,
    )
    return Destination(outbox=outbox, url=url, secret=secret)


def _check(place: str, key: str, given: Collection[str], known: Collection[str]) -> None:
    strange = next((each for each in given if each not in known), None)
    if strange is not None:
        raise SettingsError(f"{place}: {key}: {strange!r} is none of {', '.join(known)}")


def _text(place: str, given: Mapping[str, object], key: str) -> str:
    value = given.get(key, "")
    if not isinstance(value, str):
        raise SettingsError(f"{place}: {key}: {value!r} is no text")
    return value


def _texts(place: str, given: Mapping[str, object], key: str) -> tuple[str, ...]:
    """Read a list of texts; an empty one would let everything through, which is said by leaving it out."""
    if key not in given:
        return ()
    value = given[key]
    if not isinstance(value, list) or not value or not all(isinstance(each, str) and each for each in value):
        raise SettingsError(f"{place}: {key}: {value!r} is no list of texts; leave it out for all")
    return tuple(map(str, value))
