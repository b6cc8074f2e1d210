"""
The early-stopping benchmark: what rules of `luthier.strategies.early_stopping` save, and what they lose.

    recorded, live       whole curves of many training jobs
    replay               a tuning job over them, stopped by a rule
    measures             what was spent, lost and kept

`README.md` says how to run it.
"""
