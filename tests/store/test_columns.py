"""What comes back out of a column."""

from pathlib import Path

from luthier.store.engine import Store
from things import a_definition, a_training_job, a_tuning_job


def test_rows_of_the_same_definition_share_one_and_others_have_their_own(tmp_path: Path) -> None:
    store = Store.open(f"sqlite:///{tmp_path / 'luthier.db'}")
    tuning = a_tuning_job()
    store.tuning_jobs.add(tuning)
    other = a_definition(image="another:1")
    children = [a_training_job(1), a_training_job(2), a_training_job(3, definition=other)]
    assert store.training_jobs.add_children(tuning, children)

    first, second, third = store.training_jobs.of_tuning_job(tuning.arn)
    store.close()

    assert first.definition is second.definition
    assert first.definition == children[0].definition
    assert third.definition == other
