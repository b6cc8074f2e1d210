"""
The search through the whole service: tuning jobs of XGBoost, beside peers that drive the same training program.

    datasets ─ ranges ─ program              what is trained, on what; `families/xgboost_image.py` makes it a problem
    tuning_job ─ replay ─ contest ─ ledger   luthier's part: a server, S3, boto3, training jobs, each of them checked
    figures ─ report                         what it means

The peers' part is `benchmarks.search.tournament`, with the problems `xgboost:DATASET`.
"""
