"""Which training job gets which credentials: those of its role, for as long as it is not over."""

from collections.abc import Callable

from luthier.identity.sessions import Session, Sessions
from luthier.records.call import ApiError
from luthier.records.names import TrainingJobArn
from luthier.records.training_job import TrainingJob
from luthier.store.engine import Store
from luthier.wire.credentials_door import Lend

LIFETIME_S = 3600.0  # of credentials; whoever holds them fetches new ones some minutes before they expire
SESSION_NAME = "SageMaker"  # in arn:aws:sts::ACCOUNT:assumed-role/ROLE/SageMaker, as in training jobs on AWS


def token_maker(sessions: Sessions) -> Callable[[TrainingJob], str]:
    """Give what makes the token with which a training job asks for its credentials."""
    return lambda job: sessions.job_token(job.arn, job.created_at)


def credentials_lender(store: Store, sessions: Sessions, clock: Callable[[], float]) -> Lend:
    """
    Give what lends credentials to whoever brings the token of a training job.

    A token is for one training job alone: one of the same name, created after it was deleted, has another.
    """

    def lend(token: str) -> Session:
        job = _job_of(store, sessions, token)
        now = clock()
        return sessions.mint(role_arn=job.definition.role, session_name=SESSION_NAME, expires_at=now + LIFETIME_S)

    return lend


def _job_of(store: Store, sessions: Sessions, token: str) -> TrainingJob:
    if not token:
        raise ApiError("MissingAuthenticationToken", "The Authorization header holds no token.", http_status=401)
    named = sessions.job_of_token(token)
    if named is None:
        raise ApiError("InvalidToken", "The token is not one of a training job of this server.", http_status=401)
    arn, created_at = named
    job = store.training_jobs.get(TrainingJobArn(arn))
    if job is None:
        raise ApiError("ResourceNotFound", f"There is no training job {arn} any more.", http_status=404)
    if job.created_at != created_at:
        raise ApiError("InvalidToken", f"The token is of an earlier training job {arn}.", http_status=401)
    if job.status.is_over:
        raise ApiError("AccessDenied", f"The training job {arn} is over: {job.status}.", http_status=403)
    return job
