"""
What binds a sandbox to the process that starts it, so that none outlives it, at whatever instant it is killed.

    agent ──dies with── unshare ──dies with── sh, first process of a pid namespace
                                              └── bwrap ── reaper, first process of the sandbox's ── the algorithm

Who wants to die with its parent has to say so, and if the parent is dead by then, nothing happens; so whoever has said
it looks whether the parent still lives. bubblewrap's reaper says it late: without more, an agent that is killed while
the sandbox is being made would leave it running. Here all of it is in a namespace, and the kernel ends what is in one
with its first process.

- unshare says it, and bwrap reports the reaper's number to a pipe which only the agent reads: if nobody does, it ends.
- The namespace's first process says it, and ends if its parent is not unshare. The agent's pipe says nothing of that:
  the threads of an agent die one after another, the one that started unshare perhaps first, and unshare with it, while
  another still keeps the pipe open.

The first process waits for bwrap, and then ends the reaper, whom bwrap leaves to it, and waits for that too. What the
algorithm has had of processors counts with who waits for it: of processes that end with their namespace the kernel
forgets it. A bwrap that nobody reads ends before it has told the reaper to go on, and that one would wait for ever.
"""

from luthier.runtimes.programs import program

_START = (
    "first=$1 unshare=$2 setpriv=$3; shift 3; "
    'exec "$unshare" --pid --fork -- "$setpriv" --pdeathsig KILL -- "$0" -c "$first" $$ "$@"'
)
"""The number of this shell, whose name is its path, is that of unshare, which it becomes."""

_FIRST = """
while read -r name pid; do [ "$name $pid" = "PPid: $0" ] && lives=yes; done </proc/self/status
[ "$lives" ] || exit 1
"$@" </dev/null
code=$?
[ $$ = 1 ] && while read -r left </proc/thread-self/children; [ "$left" ]; do kill -s KILL -- -1; (:); done 2>/dev/null
exit $code
"""
"""
The program of the first process, whose name is unshare's number, by the /proc from outside: in the namespace a parent
has none. All that there is besides is what bwrap leaves, but in a namespace of its own only: so it looks whether it is
the first in one. A shell takes in whoever has ended when it waits for anybody.
"""


def bond() -> tuple[str, ...]:
    """Give the words to be put before bubblewrap's, in a user namespace whose root it is; it has no input."""
    setpriv, unshare, sh = program("setpriv", "util-linux"), program("unshare", "util-linux"), program("sh", "dash")
    start = (setpriv, "--pdeathsig", "KILL", "--", sh, "-c", _START, sh, _FIRST, unshare, setpriv)
    return (*start, unshare, "--mount-proc", "--")


def alone() -> tuple[str, ...]:
    """Give the words that start a program as the root of a user namespace of its own."""
    return (program("unshare", "util-linux"), "--user", "--map-root-user", "--")
