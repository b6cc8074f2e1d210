"""What a VpcConfig stands for, in the user's file."""

from pathlib import Path

import pytest

from luthier.runtimes.vpc_file import Vpc, VpcError, map_to_networks, read_vpc


def test_no_file_maps_nothing(tmp_path: Path) -> None:
    assert read_vpc(tmp_path / "networks.toml") == Vpc()


def test_one_network_may_be_a_text(tmp_path: Path) -> None:
    file = tmp_path / "networks.toml"
    file.write_text('[subnets]\nsubnet-1 = "training"\n[security_groups]\nsg-1 = ["a", "b"]\nsg-2 = []\n')

    assert read_vpc(file) == Vpc(subnets={"subnet-1": ("training",)}, security_groups={"sg-1": ("a", "b"), "sg-2": ()})


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("subnets =", "cannot be read"),
        ("[subnet]", "no table 'subnet'"),
        ("subnets = 1", "must be a table"),
        ("[subnets]\nsubnet-1 = []", "subnet-1"),
        ("[subnets]\nsubnet-1 = 1", "subnet-1"),
        ('[security_groups]\nsg-1 = [""]', "sg-1"),
    ],
)
def test_a_file_that_makes_no_sense_is_told_with_its_name(tmp_path: Path, text: str, said: str) -> None:
    file = tmp_path / "networks.toml"
    file.write_text(text)

    with pytest.raises(VpcError, match=said) as refused:
        read_vpc(file)
    assert str(file) in str(refused.value)


def test_what_is_mapped_is_read_again(tmp_path: Path) -> None:
    file = tmp_path / "networks.toml"
    file.write_text('# mine\n[subnets]\nsubnet-1 = "training"\n')

    map_to_networks(file, "subnet-1", ("other",))
    map_to_networks(file, "sg-1", ())

    assert read_vpc(file) == Vpc(subnets={"subnet-1": ("other",)}, security_groups={"sg-1": ()})
    assert file.read_text().startswith("# mine")


@pytest.mark.parametrize(("identifier", "networks"), [("vpc-1", ("a",)), ("subnet-1", ())])
def test_what_cannot_be_mapped_is_refused(tmp_path: Path, identifier: str, networks: tuple[str, ...]) -> None:
    with pytest.raises(VpcError, match=identifier):
        map_to_networks(tmp_path / "networks.toml", identifier, networks)
