"""The pages that say why."""

from dataclasses import replace
from typing import TYPE_CHECKING

from luthier.records.names import TrainingJobName
from luthier.records.status import TrainingStatus
from luthier.strategies.bayesian import Bayesian
from luthier.strategies.early_stopping.prediction_rule import predicted
from luthier.tuning.reconcile import TuningController
from things import a_training_job, a_tuning_job

if TYPE_CHECKING:
    from dashboard.conftest import Site


def propose(site: "Site") -> TrainingJobName:
    """Have the first training jobs of the tuning job `tune` proposed, and name the first."""
    job = a_tuning_job()
    site.store.tuning_jobs.add(job)
    TuningController(store=site.store, strategies={"Bayesian": Bayesian()}, stops=predicted).reconcile(job.arn, 10.0)
    return site.store.training_jobs.of_tuning_job(job.arn)[0].name


def test_a_training_job_is_told_why_it_was_proposed(site: "Site") -> None:
    page = site.get(f"/ui/training-jobs/us-east-1/{propose(site)}/why")

    assert page.status == 200
    assert "Proposed, knowing 0 training jobs that were over and 0 that ran: a search begins in the middle" in page.text


def test_its_own_page_leads_there(site: "Site") -> None:
    name = propose(site)

    assert f'href="/ui/training-jobs/us-east-1/{name}/why"' in site.get(f"/ui/training-jobs/us-east-1/{name}").text


def test_a_tuning_job_is_told_what_was_decided(site: "Site") -> None:
    name = propose(site)

    page = site.get("/ui/tuning-jobs/us-east-1/tune/why")

    assert page.status == 200
    assert f'href="/ui/training-jobs/us-east-1/{name}/why"' in page.text
    assert "/ui/tuning-jobs/us-east-1/tune/why" in site.get("/ui/tuning-jobs/us-east-1/tune").text


def test_what_was_decided_since_is_told_too(site: "Site") -> None:
    site.store.tuning_jobs.add(a_tuning_job())
    job = a_training_job(1, TrainingStatus.STOPPED, stop_requested_at=20.0, stop_reason="<b>hopeless</b>")
    site.store.training_jobs.add(job)

    page = site.get(f"/ui/training-jobs/us-east-1/{job.name}/why")

    assert "it was proposed by a Luthier that kept no record of why" in page.text
    assert "Asked to stop: &lt;b&gt;hopeless&lt;/b&gt;." in page.text


def test_a_training_job_of_its_own_was_decided_by_nobody(site: "Site") -> None:
    job = replace(a_training_job(1), tuning_job=None, ordinal=None)
    site.store.training_jobs.add(job)

    assert "nothing was decided about it" in site.get(f"/ui/training-jobs/us-east-1/{job.name}/why").text


def test_who_is_not_there_is_not_found(site: "Site") -> None:
    assert site.get("/ui/training-jobs/us-east-1/nobody/why").status == 404
    assert site.get("/ui/tuning-jobs/us-east-1/nobody/why").status == 404
