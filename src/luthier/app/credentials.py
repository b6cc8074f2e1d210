"""Whose access key it is: the installation's own, one of the table, or that of somebody in a role."""

from luthier.api.roles import find_role
from luthier.app.keys import Key
from luthier.identity.principals import in_role
from luthier.identity.sessions import TEMPORARY, Session, Sessions
from luthier.records.identity import a_user
from luthier.store.engine import Store
from luthier.wire.sigv4 import Credential, FindCredential


def find_credential(key: Key, store: Store, sessions: Sessions, *, declared_only: bool) -> FindCredential:
    """
    Give the finder of credentials; it asks the database for one row at most, anew for every request.

    So a key that was removed is refused from the next request on, and a role that was narrowed narrows the sessions
    that are under way.
    """
    own = Credential(
        access_key=key.access_key, secret_key=key.secret_key, principal=a_user(key.account, key.access_key)
    )

    def find(access_key: str, token: str | None) -> Credential | None:
        if access_key == own.access_key:
            return own
        if not access_key.startswith(TEMPORARY):
            return _of_user(access_key, store, sessions)
        session = sessions.open(access_key, token or "")
        return None if session is None else _in_role(session, store, declared_only=declared_only)

    return find


def _of_user(access_key: str, store: Store, sessions: Sessions) -> Credential | None:
    kept = store.access_keys.get(access_key)
    if kept is None:
        return None
    return Credential(
        access_key=access_key,
        secret_key=sessions.secret_of(access_key),
        principal=a_user(kept.account, access_key, kept.user),
    )


def _in_role(session: Session, store: Store, *, declared_only: bool) -> Credential | None:
    role = find_role(store.roles, session.role_arn, declared_only=declared_only)
    if role is None:
        return None
    return Credential(
        access_key=session.access_key,
        secret_key=session.secret_key,
        principal=in_role(role, session.session_name),
        session_token=session.token,
        expires_at=session.expires_at,
    )
