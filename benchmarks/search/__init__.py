"""
The search benchmark: how good the proposals of luthier's strategy are, beside those of public optimisers.

    spaces ─ problem ─ families ─ catalogue ─ serving      problems, in a process of their own
    optimisers ─ runs ─ entrant                            one optimiser, in an interpreter of its own
    lines ─ tournament ─ ledger                            who runs what, and what is finished
    references ─ regret ─ standings ─ report, plot         what it means

`README.md` says how to run it. An optimiser's side needs nothing but NumPy and the optimiser.
"""
