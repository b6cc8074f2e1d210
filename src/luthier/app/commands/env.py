"""The command `luthier env`: the variables that point AWS clients here."""

from luthier.app.commands.answer import AsJson, answer
from luthier.app.commands.options import DataFolder, Host, Port
from luthier.app.keys import exports, read_key
from luthier.settings import read_settings


def print_variables(
    as_json: AsJson = False, data_folder: DataFolder = None, host: Host = None, port: Port = None
) -> None:
    """Print the variables that point AWS clients here: eval "$(luthier env)"."""
    settings = read_settings(data_folder=data_folder, host=host, port=port)
    variables = exports(settings, read_key(settings))
    answer(variables, [f"export {name}={value}" for name, value in variables.items()], as_json=as_json)
