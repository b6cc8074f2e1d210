"""
Runs at a tracking server of MLflow, read by its REST API.

Straight and nowhere else: no proxy, no redirect; certificates are verified. Who asks is said as MLflow's own client
says it, by MLFLOW_TRACKING_TOKEN, or by MLFLOW_TRACKING_USERNAME and MLFLOW_TRACKING_PASSWORD.

MLflow: REST API 2.0, experiments/get-by-name, runs/search, metrics/get-history.
"""

import base64
import http.client
import json
from collections.abc import Iterator, Mapping
from urllib.parse import quote, urlencode, urlsplit

from luthier.dashboard.wording import printable
from luthier.histories.mlflow import MOST_VALUES, PARENT, Choice, LoggedRun, LoggedValue
from luthier.records.json_value import JsonObject
from luthier.settings import SettingsError

PATIENCE_S = 30.0  # to connect, and then for each part of an answer
MOST_BYTES = 64 << 20  # of an answer
MOST_RUNS = 100_000
PAGE = 1000  # runs of an answer
_NO_ADDRESS = "{}: no address of a tracking server; write http://HOST:PORT"


class MlflowServer:
    """One tracking server, asked as *environment* says; raises SettingsError for whatever it does not answer well."""

    def __init__(self, url: str, environment: Mapping[str, str]) -> None:
        is_secure, self._host, self._port, self._path = _place(url)
        self._kind = http.client.HTTPSConnection if is_secure else http.client.HTTPConnection
        self._headers = {"Content-Type": "application/json", **_authorization(environment)}

    def runs(self, experiment: str | None, choice: Choice) -> list[LoggedRun]:
        """Give the runs of an experiment, by its name, that have not been deleted, with the objective's values."""
        if experiment is None:
            raise SettingsError(f"--experiment: name one of those at {self._host}")
        given = self._get("experiments/get-by-name", {"experiment_name": experiment})
        identifier = _text(_object(given, "experiment"), "experiment_id")
        found = list(self._search(identifier))
        if len(found) > MOST_RUNS:
            raise SettingsError(
                f"--experiment: {experiment!r} has more than {MOST_RUNS} runs; delete the worst of them"
            )
        return [self._logged(each, choice) for each in found]

    def _search(self, experiment: str) -> Iterator[JsonObject]:
        asked: dict[str, object] = {
            "experiment_ids": [experiment],
            "max_results": PAGE,
            "run_view_type": "ACTIVE_ONLY",
            "order_by": ["attributes.start_time ASC"],
        }
        for _ in range(MOST_RUNS // PAGE + 1):
            page = self._ask("POST", "runs/search", json.dumps(asked).encode())
            yield from _list(page, "runs")
            token = _text(page, "next_page_token")
            if not token:
                return
            asked["page_token"] = token

    def _logged(self, run: JsonObject, choice: Choice) -> LoggedRun:
        info, data = _object(run, "info"), _object(run, "data")
        latest = {_text(each, "key"): each for each in _list(data, "metrics")}
        identifier, values = _text(info, "run_id"), list[LoggedValue]()
        if choice.objective in latest:
            asks_for_all = choice.has_curves
            values = self._history(identifier, choice) if asks_for_all else [_value(latest[choice.objective])]
        return LoggedRun(
            identifier=identifier,
            status=_text(info, "status"),
            began_ms=_number(info, "start_time"),
            ended_ms=_number(info, "end_time"),
            parameters={_text(each, "key"): _text(each, "value") for each in _list(data, "params")},
            metrics=latest,
            values=values,
            parent=next((_text(each, "value") for each in _list(data, "tags") if _text(each, "key") == PARENT), None),
        )

    def _history(self, run: str, choice: Choice) -> list[LoggedValue]:
        values, asked = list[LoggedValue](), {"run_id": run, "metric_key": choice.objective}
        while True:
            page = self._get("metrics/get-history", asked)
            found = [_value(each) for each in _list(page, "metrics")]
            values += found
            if len(values) > MOST_VALUES:
                raise SettingsError(f"run {printable(run)}: more than {MOST_VALUES} values; give --no-curves")
            token = _text(page, "next_page_token")
            if not token or not found:
                return values
            asked["page_token"] = token

    def _get(self, call: str, asked: Mapping[str, str]) -> JsonObject:
        return self._ask("GET", f"{call}?{urlencode(asked, quote_via=quote)}", b"")

    def _ask(self, method: str, call: str, body: bytes) -> JsonObject:
        connection = self._kind(self._host, self._port, timeout=PATIENCE_S)
        try:
            connection.request(method, f"{self._path}/api/2.0/mlflow/{call}", body, self._headers)
            answer = connection.getresponse()
            status, text = answer.status, answer.read(MOST_BYTES + 1)
        except (OSError, http.client.HTTPException) as error:
            raise SettingsError(
                f"{self._host}: it does not answer: {type(error).__name__}; check the address"
            ) from error
        finally:
            connection.close()
        if len(text) > MOST_BYTES:
            raise SettingsError(f"{self._host}: an answer of more than {MOST_BYTES >> 20} MiB; give --no-curves")
        return _read(self._host, call.partition("?")[0], status, text)


def _place(url: str) -> tuple[bool, str, int | None, str]:
    """Take an address apart: whether it is https, host, port, path; raises SettingsError for what is none."""
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError:
        raise SettingsError(_NO_ADDRESS.format(printable(url))) from None
    if parts.username is not None or parts.password is not None:
        raise SettingsError("leave user and password out of the address; set MLFLOW_TRACKING_USERNAME and _PASSWORD")
    if not parts.hostname or not url.isascii() or not url.isprintable() or " " in url:
        raise SettingsError(_NO_ADDRESS.format(printable(url)))
    return parts.scheme == "https", parts.hostname, port, parts.path.rstrip("/")


def _authorization(environment: Mapping[str, str]) -> Mapping[str, str]:
    token, user = environment.get("MLFLOW_TRACKING_TOKEN"), environment.get("MLFLOW_TRACKING_USERNAME")
    if token and not user:
        return {"Authorization": f"Bearer {token}"}
    if not user:
        return {}
    both = f"{user}:{environment.get('MLFLOW_TRACKING_PASSWORD', '')}"
    return {"Authorization": f"Basic {base64.b64encode(both.encode()).decode()}"}


def _read(host: str, call: str, status: int, body: bytes) -> JsonObject:
    try:
        read = json.loads(body)
    except (ValueError, RecursionError):
        read = None
    told = read if isinstance(read, dict) else {}
    if status != http.client.OK:
        said = " ".join(printable(_text(told, "message")).split())[:300]
        raise SettingsError(f"{host}: {call} was answered with {status} {said or 'and nothing to read'}".rstrip())
    if not isinstance(read, dict):
        raise SettingsError(f"{host}: {call} was answered with no JSON object; is it a tracking server of MLflow?")
    return read


def _value(given: JsonObject) -> LoggedValue:
    step, value = _number(given, "step"), _number(given, "value")
    at_ms = _number(given, "timestamp")
    return LoggedValue(value=float("nan") if value is None else value, at_ms=at_ms or 0.0, step=int(step or 0))


def _number(given: JsonObject, name: str) -> float | None:
    """Read a number, which may be told as text; None for none."""
    value = given.get(name)
    if isinstance(value, bool) or not isinstance(value, int | float | str):
        return None
    try:
        return float(value)
    except (ValueError, OverflowError):
        raise SettingsError(f"{name} is {printable(str(value)[:80])}, which is no number") from None


def _text(given: JsonObject, name: str) -> str:
    value = given.get(name)
    return value if isinstance(value, str) else ""


def _object(given: JsonObject, name: str) -> JsonObject:
    value = given.get(name)
    return value if isinstance(value, dict) else {}


def _list(given: JsonObject, name: str) -> list[JsonObject]:
    value = given.get(name)
    return [each for each in value if isinstance(each, dict)] if isinstance(value, list) else []
