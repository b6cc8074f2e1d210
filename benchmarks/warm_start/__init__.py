"""
The benchmark of warm starts: what a search finds that has parents, beside the same search without.

    cases ─ who has which parents      searching ─ one search      figures ─ what is left of the regret
"""
