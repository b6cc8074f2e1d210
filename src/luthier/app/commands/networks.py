"""The commands `luthier networks`: which networks of the container engine a VpcConfig stands for."""

from typing import Annotated

import typer

from luthier.app.commands.answer import AsJson, answer
from luthier.app.commands.options import DataFolder
from luthier.runtimes.vpc_file import map_to_networks, read_vpc
from luthier.settings import read_settings

app = typer.Typer(
    help="Virtual private clouds: which networks of the container engine stand for subnets and security groups.",
    no_args_is_help=True,
)


@app.command("list")
def list_networks(as_json: AsJson = False, data_folder: DataFolder = None) -> None:
    """Show every subnet and security group that is mapped, and the networks that stand for it."""
    vpc = read_vpc(read_settings(data_folder=data_folder).networks)
    found = {**vpc.subnets, **vpc.security_groups}
    lines = [f"{identifier}\t{' '.join(networks) or '(none besides)'}" for identifier, networks in found.items()]
    answer({identifier: list(networks) for identifier, networks in found.items()}, lines, as_json=as_json)


@app.command("map")
def map_networks(
    identifier: Annotated[str, typer.Argument(help="A subnet's id (subnet-...) or a security group's (sg-...).")],
    networks: Annotated[
        list[str] | None, typer.Argument(help="Networks of the container engine; none, for a group that adds nothing.")
    ] = None,
    as_json: AsJson = False,
    data_folder: DataFolder = None,
) -> None:
    """Have networks of the container engine stand for a subnet or a security group, from the next job on."""
    settings = read_settings(data_folder=data_folder)
    settings.data_folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    map_to_networks(settings.networks, identifier, tuple(networks or ()))
    said = f"{settings.networks}: {identifier} stands for {' '.join(networks or ()) or 'no network'}"
    answer({identifier: list(networks or ())}, [said], as_json=as_json)
