"""
What binds a sandbox to the process that starts it, so that none outlives it, at whatever instant it is killed.

    agent ──dies with── unshare ──dies with── bwrap, first process of a pid namespace
                                                └── reaper, first process of the sandbox's ── the algorithm

Who wants to die with its parent has to say so, and if the parent is dead by then, nothing happens; so whoever has said
it looks whether the parent still lives. bubblewrap's reaper says it late: without more, an agent that is killed while
the sandbox is being made would leave it running. Here bwrap itself is the first process of a namespace, and the kernel
ends all that is in one with its first process.

- unshare says it, and bwrap reports the reaper's number to a pipe which only the agent reads: if nobody does, it ends.
- What becomes bwrap says it, and ends if its parent is not unshare. The agent's pipe says nothing of that: the threads
  of an agent die one after another, the one that started unshare perhaps first, and unshare with it, while another
  still keeps the pipe open.
"""

from luthier.runtimes.programs import program

_START = (
    "looks=$1 unshare=$2 setpriv=$3; shift 3; "
    'exec "$unshare" --pid --fork -- "$setpriv" --pdeathsig KILL -- "$0" -c "$looks" $$ "$@"'
)
"""The number of this shell, whose name is its path, is that of unshare, which it becomes."""

_LOOKS = (
    'while read -r name pid; do [ "$name $pid" = "PPid: $0" ] && exec "$@" </dev/null; done </proc/self/status; exit 1'
)
"""Its name is unshare's number, by the /proc from outside: in the new namespace a parent has none."""


def bond() -> tuple[str, ...]:
    """Give the words to be put before bubblewrap's, in a user namespace whose root it is; it has no input."""
    setpriv, unshare, sh = program("setpriv", "util-linux"), program("unshare", "util-linux"), program("sh", "dash")
    start = (setpriv, "--pdeathsig", "KILL", "--", sh, "-c", _START, sh, _LOOKS, unshare, setpriv)
    return (*start, unshare, "--mount-proc", "--")


def alone() -> tuple[str, ...]:
    """Give the words that start a program as the root of a user namespace of its own."""
    return (program("unshare", "util-linux"), "--user", "--map-root-user", "--")
