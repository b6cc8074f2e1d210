"""Every installed client's story against a server of its own, and what left the machine meanwhile."""

import os
import socket
import subprocess
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path

from rich.console import Console
from rich.table import Table

from luthier.algorithms.catalogue import CatalogueEntry, add_image
from luthier.app.borrowed_server import borrowed_server
from luthier.app.commands.answer import answer
from luthier.app.doctor.clients import Client
from luthier.app.doctor.outside import watched
from luthier.app.keys import exports, obtain_key
from luthier.settings import Settings

IMAGE = "luthier-doctor:1"
_STORIES = Path(__file__).parent / "stories"
_PATIENCE_S = 300.0
_SAID = 2000  # characters of a failed story that are shown, its last ones
_KEPT = ("PATH", "LANG", "TMPDIR", "SSL_CERT_FILE")


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """What became of one client's story."""

    client: Client
    complaint: str | None  # None: it ran to its end
    left: Sequence[str]  # hosts outside this machine that it asked for

    @property
    def is_well(self) -> bool:
        """Whether all went well, and nothing left the machine."""
        return self.complaint is None and not self.left


def examine(clients: Sequence[Client], settings: Settings, console: Console, *, as_json: bool = False) -> int:
    """Run each client's story, tell what it saw, and give the exit code: 0 if all is well, 2 if there is no client."""
    if not clients:
        answer([], ["no AWS client was found; name one with --python or --aws"], as_json=as_json)
        return 2
    findings = []
    for client in clients:
        with (
            console.status(f"{client.name} {client.version}: a tuning job from its creation to its end"),
            _server(settings) as (folder, variables),
        ):
            findings.append(_run(client, variables, folder))
    if as_json:
        answer([_document(each) for each in findings], [], as_json=True)
    else:
        _tell(findings, console)
    return 0 if all(each.is_well for each in findings) else 1


@contextmanager
def _server(settings: Settings) -> Iterator[tuple[Path, Mapping[str, str]]]:
    """Have a server with a data folder and a port of its own, ended and cleared away afterwards."""
    with tempfile.TemporaryDirectory(prefix="luthier-doctor-") as name:
        folder = Path(name)
        own = replace(settings, data_folder=folder / "data", port=_free_port(), host="127.0.0.1")
        own = replace(own, database_url="", images="")
        own.data_folder.mkdir(mode=0o700)
        add_image(
            own.catalogue,
            CatalogueEntry(pattern="luthier-doctor:*", command=("python", "trainer.py"), code=_code(folder)),
        )
        key, _ = obtain_key(own)
        with borrowed_server(own, key, is_silent=True):
            yield folder, exports(own, key)


def _code(folder: Path) -> str:
    """Put the training program where a sandbox may show it."""
    code = folder / "code"
    code.mkdir()
    (code / "trainer.py").write_bytes((_STORIES / "trainer.py").read_bytes())
    return str(code)


def _free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as free:
        port: int = free.getsockname()[1]
        return port


def _run(client: Client, variables: Mapping[str, str], folder: Path) -> Finding:
    home = Path(tempfile.mkdtemp(dir=folder))  # nothing of the user's own configuration is meant
    with watched(home / "outside") as outside:
        kept = {name: os.environ[name] for name in _KEPT if name in os.environ}
        environment = {**kept, **variables, **outside.variables, "HOME": str(home), "DOCTOR_IMAGE": IMAGE}
        try:
            done = subprocess.run(
                client.command,
                env=environment,
                cwd=home,
                capture_output=True,
                text=True,
                timeout=_PATIENCE_S,
                check=False,
            )
            complaint = None if done.returncode == 0 else (done.stderr or done.stdout)[-_SAID:]
        except subprocess.TimeoutExpired:
            complaint = f"not over after {_PATIENCE_S:.0f} s"
        return Finding(client=client, complaint=complaint, left=outside.hosts())


def _document(finding: Finding) -> dict[str, object]:
    client = finding.client
    where = {"client": client.name, "version": client.version, "place": client.place}
    return {**where, "complaint": finding.complaint, "left": list(finding.left)}


def _tell(findings: Sequence[Finding], console: Console) -> None:
    table = Table("client", "version", "where", "story", "left this machine")
    for each in findings:
        story = "ran to its end" if each.complaint is None else "failed"
        table.add_row(
            each.client.name, each.client.version, each.client.place, story, ", ".join(each.left) or "nothing"
        )
    console.print(table)
    for each in findings:
        if each.complaint is not None:
            console.print(f"{each.client.name} {each.client.version}:", style="bold")
            console.print(each.complaint, markup=False, highlight=False)
    if any(each.left for each in findings):
        console.print(
            "Set every variable that `luthier env` prints; docs/guides/clients.md says what each client asks for."
        )
