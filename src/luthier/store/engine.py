"""The store as the rest of the house sees it: opened, brought up to date, one attribute for each noun."""

from collections.abc import Sequence
from importlib import import_module

from luthier.records.outbox import Outbox
from luthier.store.algorithms import Algorithms
from luthier.store.buckets import Buckets
from luthier.store.census import Census
from luthier.store.creation import create
from luthier.store.database import Database, connect
from luthier.store.histories import Histories
from luthier.store.identities import AccessKeys, Roles
from luthier.store.kms_keys import KmsKeys
from luthier.store.leases import Leases
from luthier.store.proposals import Proposals
from luthier.store.sealed_objects import SealedObjects
from luthier.store.state_changes import StateChanges
from luthier.store.tags import Tags
from luthier.store.training_jobs import TrainingJobs
from luthier.store.tuning_jobs import TuningJobs
from luthier.store.usage import Usage
from luthier.store.usage_samples import UsageSamples
from luthier.store.version import is_behind

MIGRATIONS = "luthier.store.migrations"  # loaded where the tables are to change: it costs a quarter of a second


class Store:
    """Every row there is. All verbs may be called from any thread; each is one transaction."""

    def __init__(self, database: Database, *, outboxes: Sequence[Outbox] = ()) -> None:
        self._database = database
        self.state_changes = StateChanges(database, outboxes)
        self.tuning_jobs = TuningJobs(database, self.state_changes)
        self.training_jobs = TrainingJobs(database, self.state_changes)
        self.proposals = Proposals(database)
        self.histories = Histories(database)
        self.leases = Leases(database)
        self.algorithms = Algorithms(database)
        self.access_keys = AccessKeys(database)
        self.roles = Roles(database)
        self.tags = Tags(database)
        self.buckets = Buckets(database)
        self.kms_keys = KmsKeys(database)
        self.sealed_objects = SealedObjects(database)
        self.usage = Usage(database)
        self.usage_samples = UsageSamples(database)
        self.census = Census(database)

    @staticmethod
    def open(url: str, *, outboxes: Sequence[Outbox] = ()) -> "Store":
        """
        Open the database of an SQLAlchemy URL, with its tables brought up to date.

        Each change of a job's state is also written down in those of *outboxes* that want it. A SQLite file need not
        exist. Several processes may open one database at the same time. Raises StoreError if the URL will not
        do or a newer Luthier wrote the tables, SQLAlchemy's OperationalError if there is no answer.
        """
        database = connect(url)
        if is_behind(database):
            create(database)  # if it is empty, as most are that are behind
        if is_behind(database):
            import_module(MIGRATIONS).migrate(database)
        return Store(database, outboxes=outboxes)

    def is_current(self) -> bool:
        """Ask the database whether its tables are of this version; raises SQLAlchemy's errors if there is no answer."""
        return not is_behind(self._database)

    def close(self) -> None:
        """Let go of every connection; the store is not to be used afterwards."""
        self._database.close()
