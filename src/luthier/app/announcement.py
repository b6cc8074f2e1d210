"""What `luthier up` says in a terminal when it starts."""

import logging
import shlex

from rich.console import Console

from luthier.app.containers import runtime_of
from luthier.app.keys import Key, exports
from luthier.app.saying import say
from luthier.runtimes.choice import RuntimeMissingError
from luthier.settings import Settings, SettingsError

log = logging.getLogger(__name__)

DEFAULTS = Settings()


def announce(settings: Settings, key: Key, is_new: bool, console: Console) -> None:
    """
    Say where the server is and how to use it; on the first start, show the key. A quiet console has the log say it.

    Raises SettingsError if the runtime that the settings demand does not work here.
    """
    say(console, "Luthier", "bold")
    say(console, f"  address      {settings.url}")
    say(console, f"  web page     {settings.url}/")
    say(console, f"  data folder  {settings.data_folder}")
    if is_new:
        say(console, "A new access key has been made. Point AWS clients here with:")
        for name, value in exports(settings, key).items():
            say(console, f"  export {name}={value}")
        say(console, f"or, in any terminal: {_env_command(settings)}")
    else:
        say(console, f"Point AWS clients here with: {_env_command(settings)}")
    try:
        _, warning = runtime_of(settings)
    except RuntimeMissingError as error:
        raise SettingsError(f"runtime: {error}") from error
    if warning is not None:
        say(console, f"Warning: {warning}", "bold yellow")
    if console.quiet:  # where machines read, the log says it, without the key
        log.info("the server starts at %s", settings.url)
        if warning is not None:
            log.warning(warning)


def _env_command(settings: Settings) -> str:
    """Say how to set the variables: with the options that lead `luthier env` to this very server."""
    options = []
    if settings.data_folder != DEFAULTS.data_folder.expanduser():
        options += ["--data-folder", str(settings.data_folder)]
    if settings.host != DEFAULTS.host:
        options += ["--host", settings.host]
    if settings.port != DEFAULTS.port:
        options += ["--port", str(settings.port)]
    return f'eval "$({shlex.join(["luthier", "env", *options])})"'
