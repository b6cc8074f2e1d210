"""The commands `luthier up` and `luthier serve`: a server, until it is told to end."""

from functools import partial

from rich.console import Console

from luthier.app.announcement import announce
from luthier.app.commands.options import DataFolder, Host, Port
from luthier.app.keys import obtain_key
from luthier.app.server import serve as run_server
from luthier.settings import Settings, read_settings
from luthier.watching.logs import write_log


def up(data_folder: DataFolder = None, host: Host = None, port: Port = None) -> None:
    """Start the server with an embedded S3 on this machine; Ctrl-C stops it, and training jobs go on."""
    _serve(read_settings(data_folder=data_folder, host=host, port=port), with_s3=True)


def serve(data_folder: DataFolder = None, host: Host = None, port: Port = None) -> None:
    """Start the server in front of an S3 of your own (settings s3_endpoint, s3_access_key, s3_secret_key)."""
    _serve(read_settings(data_folder=data_folder, host=host, port=port), with_s3=False)


def _serve(settings: Settings, *, with_s3: bool) -> None:
    settings.data_folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    key, is_new = obtain_key(settings)
    write_log(settings.log_format, settings.log_level)
    console = Console(stderr=True, quiet=settings.log_format == "json")
    run_server(settings, key, with_s3=with_s3, greet=partial(announce, settings, key, is_new, console))
