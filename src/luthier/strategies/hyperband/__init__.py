"""
Hyperband: many trials are begun, and the more resource one is given, the fewer are left. Pure.

    rungs ─ halving       which running trials do not go on

One report of the objective is one unit of resource. Which points are tried next is the Bayesian search's to say, which
learns from every trial; of one that was stopped it learns where that would have ended (`early_stopping.outlook`).

| taken                                                              | from                                        |
|--------------------------------------------------------------------|---------------------------------------------|
| successive halving, one in three trials going on                   | Li et al., "Hyperband", 2018                |
| rungs at which no trial waits for others                           | Li et al., ASHA: "A System for Massively    |
|                                                                    | Parallel Hyperparameter Tuning", 2020       |
| points that a model chooses, and not chance                        | Falkner et al., "BOHB", 2018                |
| a Gaussian process for model, and trials that are stopped for good | Klein et al., "Model-based Asynchronous     |
| rather than paused                                                 | Hyperparameter and Architecture Search", 2020 |
"""
