"""What instance types are made of, held against botocore's list and AWS's pages."""

import re

import pytest

from luthier.records.instance_type import INSTANCE_TYPES
from luthier.wire import model

NO_RULE = {"ml.c4.8xlarge"}  # its vCPUs are not four for each x


def test_every_instance_type_of_the_model_is_known() -> None:
    asked = model.operation("sagemaker", "CreateTrainingJob").input
    assert asked is not None
    known = asked.members["ResourceConfig"].members["InstanceType"].enum

    assert set(known) <= set(INSTANCE_TYPES)


@pytest.mark.parametrize(
    ("name", "vcpus", "memory_gib", "accelerators", "accelerator_gib"),
    [
        ("ml.t3.medium", 2, 4, 0, 0),
        ("ml.m5.large", 2, 8, 0, 0),
        ("ml.m4.10xlarge", 40, 160, 0, 0),
        ("ml.m5.24xlarge", 96, 384, 0, 0),
        ("ml.m8i.96xlarge", 384, 1536, 0, 0),
        ("ml.c4.xlarge", 4, 7.5, 0, 0),
        ("ml.c4.8xlarge", 36, 60, 0, 0),
        ("ml.c5.18xlarge", 72, 144, 0, 0),
        ("ml.c5n.xlarge", 4, 10.5, 0, 0),
        ("ml.c5n.18xlarge", 72, 192, 0, 0),
        ("ml.r5.24xlarge", 96, 768, 0, 0),
        ("ml.p2.xlarge", 4, 61, 1, 12),
        ("ml.p2.8xlarge", 32, 488, 8, 12),
        ("ml.p2.16xlarge", 64, 732, 16, 12),
        ("ml.p3.2xlarge", 8, 61, 1, 16),
        ("ml.p3.8xlarge", 32, 244, 4, 16),
        ("ml.p3.16xlarge", 64, 488, 8, 16),
        ("ml.p3dn.24xlarge", 96, 768, 8, 32),
        ("ml.p4d.24xlarge", 96, 1152, 8, 40),
        ("ml.p5.4xlarge", 16, 256, 1, 80),
        ("ml.p5.48xlarge", 192, 2048, 8, 80),
        ("ml.p6e-gb200.36xlarge", 144, 960, 4, 185),
        ("ml.g4dn.12xlarge", 48, 192, 4, 16),
        ("ml.g5.16xlarge", 64, 256, 1, 24),
        ("ml.g5.24xlarge", 96, 384, 4, 24),
        ("ml.g6e.xlarge", 4, 32, 1, 48),
        ("ml.g7.12xlarge", 48, 192, 2, 32),
        ("ml.g7e.8xlarge", 32, 256, 1, 96),
        ("ml.g7e.12xlarge", 48, 512, 2, 96),
    ],
)
def test_an_instance_type_is_made_of_what_aws_says(
    name: str, vcpus: int, memory_gib: float, accelerators: int, accelerator_gib: int
) -> None:
    made = INSTANCE_TYPES[name]

    assert (made.vcpus, made.memory_gib, made.accelerators, made.accelerator_gib) == (
        vcpus,
        memory_gib,
        accelerators,
        accelerator_gib,
    )


def test_a_size_says_its_vcpus() -> None:
    by_name = {name: re.fullmatch(r"ml\.[^.]+\.(\d*)xlarge", name) for name in INSTANCE_TYPES}
    named = {name: 4 * int(match[1] or 1) for name, match in by_name.items() if match}

    assert {name for name, vcpus in named.items() if INSTANCE_TYPES[name].vcpus != vcpus} == NO_RULE


def test_trainium_is_no_gpu() -> None:
    made = INSTANCE_TYPES["ml.trn1.32xlarge"]

    assert (made.accelerators, made.gpus) == (16, 0)
