"""What a tuning job knew whenever it proposed something."""

from luthier.records.proposal import Proposal
from luthier.records.status import TrainingStatus
from luthier.tuning.history import History, view_at
from things import a_training_job, a_tuning_job


def a_proposal(version: int, ordinal: int, *running: int) -> Proposal:
    return Proposal(
        tuning_job=a_tuning_job().arn,
        version=version,
        ordinal=ordinal,
        asked=1,
        running=running,
        shown="0123456789abcdef",
        made_by="luthier 0",
    )


def a_history(count: int, *proposals: Proposal) -> History:
    children = tuple(a_training_job(ordinal, TrainingStatus.COMPLETED) for ordinal in range(1, count + 1))
    return History(job=a_tuning_job(), children=children, finals={}, curves={}, parents=(), proposals=proposals)


def written(history: History) -> list[list[int | None]]:
    return [[child.ordinal for child in children] for _, children in history.written()]


def test_a_training_job_is_of_the_last_proposal_up_to_it() -> None:
    assert written(a_history(6, a_proposal(1, 1), a_proposal(2, 3), a_proposal(3, 6))) == [[1, 2], [3, 4, 5], [6]]


def test_an_ordinal_that_was_given_again_is_of_the_later_proposal() -> None:
    """The fifth and the sixth training job were deleted before the third proposal."""
    assert written(a_history(6, a_proposal(1, 1), a_proposal(2, 6), a_proposal(3, 5))) == [[1, 2, 3, 4], [], [5, 6]]


def test_training_jobs_before_the_first_proposal_are_not_recorded() -> None:
    history = a_history(4, a_proposal(9, 3))

    assert [child.ordinal for child in history.unrecorded()] == [1, 2]


def test_without_a_log_none_is_recorded() -> None:
    assert len(a_history(4).unrecorded()) == 4


def test_a_proposal_knew_what_was_before_it_and_what_of_that_was_running() -> None:
    proposal = a_proposal(3, 5, 2, 4)

    view = view_at(a_history(6, proposal), proposal)

    assert [(child.ordinal, child.status.is_over) for child in view.children] == [
        (1, True),
        (2, False),
        (3, True),
        (4, False),
    ]
