"""
What binds a sandbox to the process that starts it, so that none outlives it, at whatever instant it is killed.

    agent ──dies with── unshare ──dies with── bwrap, first process of a pid namespace
                                                └── reaper, first process of the sandbox's ── the algorithm

Who wants to die with its parent has to say so, and if the parent is dead by then, nothing happens. bubblewrap's reaper
says so late: without more, an agent that is killed while the sandbox is being made would leave it running. Here
bwrap itself is the first process of a namespace, and the kernel ends all that is in one with its first process. bwrap
and unshare have said their word before bwrap reports the reaper's number to a pipe which only the agent reads; if
nobody reads it, bwrap ends.
"""

from luthier.runtimes.programs import program


def bond() -> tuple[str, ...]:
    """Give the words to be put before bubblewrap's, in a user namespace whose root it is."""
    setpriv, unshare = program("setpriv", "util-linux"), program("unshare", "util-linux")
    return (setpriv, "--pdeathsig", "KILL", "--", unshare, "--pid", "--fork", "--mount-proc", "--")


def alone() -> tuple[str, ...]:
    """Give the words that start a program as the root of a user namespace of its own."""
    return (program("unshare", "util-linux"), "--user", "--map-root-user", "--")
