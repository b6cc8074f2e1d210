"""All that can be chosen about a Luthier: one frozen record, read from a TOML file and the environment."""

import os
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, fields
from ipaddress import IPv6Address, ip_address
from pathlib import Path
from urllib.parse import urlsplit

PREFIX = "LUTHIER_"
CREDENTIALS_PATH = "/v2/credentials"  # of the front door: where training jobs fetch credentials of their roles
LEAST = {
    "cache_gb": 0,
    "max_training_jobs_per_tuning_job": 1,
    "max_parallel_training_jobs": 1,
    "max_concurrent_tuning_jobs": 0,
    "max_instances_per_type": 0,
    "slots": 0,
    "cpus": 0,
    "memory_gb": 0,
    "gpus": 0,
    "requests_per_second": 0,
}
WORDS = {
    "runtime": ("auto", "bubblewrap", "plain", "container"),
    "pull": ("missing", "never", "always"),
    "capacity": ("slots", "resources"),
    "kms": ("local", "aws"),
    "early_stopping": ("predict", "median"),
    "log_format": ("text", "json"),
    "log_level": ("debug", "info", "warning", "error"),
    "dashboard_sign_in": ("auto", "always"),
}
BOOLEANS = {"true": True, "1": True, "false": False, "0": False}


class SettingsError(Exception):
    """A setting has a wrong name or value; the message says which and what would be right."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    """
    Every setting with its default.

    The environment variable of a setting is its name in capitals behind LUTHIER_; the TOML file is `luthier.toml` in
    the data folder. The environment wins.
    """

    data_folder: Path = Path("~/.luthier")  # state, embedded S3, logs, caches and keys
    host: str = "127.0.0.1"  # address of the front door
    port: int = 8710  # port of the front door
    account: str = "000000000000"  # 12 digits: the account of the keys that are made here
    region: str = "us-east-1"  # the region that `luthier env` exports
    database_url: str = ""  # SQLAlchemy URL; empty: SQLite in the data folder
    s3_endpoint: str = ""  # for `luthier serve`: URL of the S3 server that the front door passes on to
    s3_access_key: str = ""  # for `luthier serve`: the key that S3 server knows us by
    s3_secret_key: str = ""
    s3_region: str = "us-east-1"
    kms: str = "local"  # where new KMS keys are: local, in the data folder, or aws, in AWS KMS
    kms_endpoint: str = ""  # URL of AWS KMS; empty: AWS's own
    kms_access_key: str = ""  # the key that AWS KMS knows us by; empty: what an AWS SDK finds on this machine
    kms_secret_key: str = ""
    runtime: str = "auto"  # bubblewrap, plain, container, or auto: commands in bubblewrap where it works, images else
    container_socket: str = ""  # of Docker Engine or Podman; empty: DOCKER_HOST, else where it usually is
    pull: str = "missing"  # when training images are fetched from their registries: missing, never, always
    images: str = ""  # TOML file of the image catalogue; empty: images.toml in the data folder
    prices: str = ""  # TOML file of what an hour of each instance type costs; empty: costs are not told
    cache_gb: int = 20  # of input that is kept for the training jobs to come; 0: none is
    capacity: str = "slots"  # what instances take up: a slot each, or the resources of their types
    slots: int = 0  # instances at once; 0: as many as there are CPUs, and no fewer than 16
    cpus: int = 0  # of this machine, for training jobs, as the two below; 0: as many as it has
    memory_gb: int = 0  # GiB
    gpus: int = 0
    workers: int = 4  # threads that look after training jobs
    early_stopping: str = "predict"  # by what training jobs are stopped early: predict, or SageMaker's rule: median
    dashboard_sign_in: str = "auto"  # who sees pages: always those alone who sign in, or auto: on loopback, everybody
    declared_roles_only: bool = False  # whether a role must be declared with `luthier roles set` to exist
    max_training_jobs_per_tuning_job: int = 750  # quota, as the three below: ResourceLimitExceeded beyond
    max_parallel_training_jobs: int = 10  # of one tuning job
    max_concurrent_tuning_jobs: int = 100  # of an account in a region
    max_instances_per_type: int = 0  # in use by training jobs of an account in a region; 0: any number
    requests_per_second: int = 0  # of an account, beyond which it is throttled; 0: never
    allow_single_value_ranges: bool = False  # numeric ranges whose MinValue is their MaxValue, which AWS refuses
    allow_metrics_without_pattern: bool = False  # an objective that no metric definition names, which AWS refuses
    allow_small_spaces: bool = False  # fewer combinations of hyperparameters than training jobs, which AWS refuses
    metrics: bool = True  # whether /metrics has numbers for Prometheus
    metrics_token: str = ""  # what a scrape has to send; empty: only this machine may scrape
    log_format: str = "text"  # of the server's log, on stderr: text, or json for machines
    log_level: str = "warning"  # from which on it says something: debug, info, warning, error
    webhook: str = ""  # URL that is told of changes of jobs' states; empty: nobody is
    webhook_secret: str = ""  # with which events are signed; empty: they are not
    webhooks: str = ""  # TOML file of more of them, with filters; empty: webhooks.toml in the data folder

    def __post_init__(self) -> None:
        if not (len(self.account) == 12 and self.account.isdecimal()):
            raise SettingsError(f"account: {self.account!r} is not a 12-digit account number")
        if self.webhook and not is_url(self.webhook):
            raise SettingsError("webhook: not a URL such as https://machine.example/path, without a user and a #")
        for name, words in WORDS.items():
            if getattr(self, name) not in words:
                raise SettingsError(f"{name}: {getattr(self, name)!r} is none of {', '.join(words)}")
        for name, least in LEAST.items():
            if getattr(self, name) < least:
                raise SettingsError(f"{name}: {getattr(self, name)} is below {least}")

    @property
    def url(self) -> str:
        """The address that clients are given as AWS_ENDPOINT_URL."""
        host = f"[{self.host}]" if ":" in self.host else self.host  # an IPv6 address
        return f"http://{host}:{self.port}"

    @property
    def local_host(self) -> str:
        """A loopback address on which the front door listens, whatever *host* is; a name has 127.0.0.1."""
        if self.host == "localhost":
            return self.host
        try:
            address = ip_address(self.host)
        except ValueError:
            return "127.0.0.1"
        if address.is_loopback:
            return self.host
        return "::1" if address == IPv6Address("::") else "127.0.0.1"

    @property
    def asks_to_sign_in(self) -> bool:
        """Whether pages are for those alone who sign in: so it is wherever other machines may reach them."""
        return self.dashboard_sign_in == "always" or self.host != self.local_host

    @property
    def local_url(self) -> str:
        """The front door for processes of this machine: AWS SDKs fetch credentials over http from loopback only."""
        host = f"[{self.local_host}]" if ":" in self.local_host else self.local_host
        return f"http://{host}:{self.port}"

    def role_of(self, account: str) -> str:
        """Name an account's default execution role."""
        return f"arn:aws:iam::{account}:role/luthier-execution"

    @property
    def database(self) -> str:
        """The SQLAlchemy URL in use."""
        return self.database_url or f"sqlite:///{self.data_folder / 'luthier.db'}"

    def for_agents(self) -> dict[str, str]:
        """Give the environment in which `read_settings` settles on the same values, for processes on this machine."""
        told = (
            "data_folder",
            "host",
            "port",
            "account",
            "region",
            "runtime",
            "container_socket",
            "pull",
            "images",
            "cache_gb",
        )
        return {PREFIX + name.upper(): str(getattr(self, name)) for name in told}

    @property
    def training_folder(self) -> Path:
        """Where the hosts of training jobs live: one folder each, with journal, log and what the algorithm sees."""
        return self.data_folder / "training"

    @property
    def networks(self) -> Path:
        """The file that maps what a VpcConfig names to networks of the container engine (it need not exist)."""
        return self.data_folder / "networks.toml"

    @property
    def catalogue(self) -> Path:
        """The image catalogue's file in use (it need not exist)."""
        return Path(self.images) if self.images else self.data_folder / "images.toml"

    @property
    def webhooks_file(self) -> Path:
        """The file of webhooks in use (it need not exist)."""
        return Path(self.webhooks).expanduser() if self.webhooks else self.data_folder / "webhooks.toml"


def read_settings(environment: Mapping[str, str] = os.environ, **given: str | int | bool | Path | None) -> Settings:
    """
    Settle every setting: what is *given* (the command line), else the environment, the TOML file, the default.

    Raises SettingsError for an unknown name in the TOML file or a value of the wrong type.
    """
    chosen: dict[str, object] = {name: value for name, value in given.items() if value is not None}
    named = {each.name: each for each in fields(Settings)}
    for name in named:
        if name not in chosen and PREFIX + name.upper() in environment:
            chosen[name] = environment[PREFIX + name.upper()]
    folder = Path(str(chosen.get("data_folder", Settings.__dataclass_fields__["data_folder"].default))).expanduser()
    chosen["data_folder"] = folder.absolute()
    file = folder / "luthier.toml"
    for name, value in _from_file(file).items():
        if name not in named or name == "data_folder":
            raise SettingsError(f"{file}: there is no setting {name!r}; see docs/reference/settings.md")
        chosen.setdefault(name, value)
    typed = {name: _typed(name, value, named[name].type) for name, value in chosen.items()}
    return Settings(**typed)  # type: ignore[arg-type]  # each value has just been given its field's type


def is_url(text: str) -> bool:
    """Whether a text is the URL of a webhook: plain http or https, without a user and a fragment."""
    try:
        parts = urlsplit(text)
        return (
            parts.scheme in ("http", "https")
            and bool(parts.hostname)
            and parts.port != 0
            and not (parts.username or parts.password or parts.fragment or not text.isascii() or not text.isprintable())
        )
    except ValueError:
        return False


def _from_file(path: Path) -> Mapping[str, object]:
    if not path.exists():
        return {}
    try:
        return tomllib.loads(path.read_text(encoding="utf-8"))
    except tomllib.TOMLDecodeError as error:
        raise SettingsError(f"{path}: not TOML: {error}") from error


def _typed(name: str, value: object, kind: object) -> object:
    if kind is int:
        try:
            return int(str(value))
        except ValueError:
            raise SettingsError(f"{name}: {value!r} is not a whole number") from None
    if kind is bool:
        if str(value).lower() not in BOOLEANS:
            raise SettingsError(f"{name}: {value!r} is neither true nor false")
        return BOOLEANS[str(value).lower()]
    return Path(str(value)) if kind is Path else str(value)
