"""The command in the place of an image's own, as a request names it."""

from typing import Any

from desk import BOXED_IMAGE, AnyImage, Desk
from luthier.records.names import training_job_arn
from training_requests import a_training_request


def asking(**members: Any) -> dict[str, Any]:
    request = a_training_request()
    request["AlgorithmSpecification"] = {**request["AlgorithmSpecification"], **members}
    return request


def test_an_entrypoint_and_its_arguments_are_kept_with_the_training_job(desk: Desk) -> None:
    desk.ask("CreateTrainingJob", **asking(ContainerEntrypoint=["/bin/sh", "-c"], ContainerArguments=["exit 3", ""]))

    job = desk.store.training_jobs.get(training_job_arn(desk.scope, "alone"))
    assert job is not None
    assert job.definition.command == ("/bin/sh", "-c", "exit 3", "")


def test_an_entrypoint_and_its_arguments_are_described(desk: Desk) -> None:
    given = {"ContainerEntrypoint": ["/bin/sh", "-c"], "ContainerArguments": ["exit 3"]}
    desk.ask("CreateTrainingJob", **asking(**given))

    seen = desk.ask("DescribeTrainingJob", TrainingJobName="alone")["AlgorithmSpecification"]

    assert {name: seen[name] for name in given} == given


def test_without_an_entrypoint_the_images_own_program_runs(desk: Desk) -> None:
    desk.ask("CreateTrainingJob", **asking())

    job = desk.store.training_jobs.get(training_job_arn(desk.scope, "alone"))
    assert job is not None
    assert job.definition.command == ()


def test_a_containers_own_entrypoint_may_have_other_arguments(desk: Desk) -> None:
    desk.containers = AnyImage()

    desk.ask("CreateTrainingJob", **asking(TrainingImage=BOXED_IMAGE, ContainerArguments=["fit", "--fast"]))

    job = desk.store.training_jobs.get(training_job_arn(desk.scope, "alone"))
    assert job is not None
    assert (job.definition.command, job.definition.arguments) == ((), ("fit", "--fast"))


def test_arguments_without_an_entrypoint_are_refused(desk: Desk) -> None:
    refused = desk.refusal("CreateTrainingJob", **asking(ContainerArguments=["train"]))

    assert refused.code == "ValidationException"
    assert refused.message.startswith("AlgorithmSpecification.ContainerArguments is not supported")
    assert desk.ask("ListTrainingJobs")["TrainingJobSummaries"] == []
