# Two commands for a new user: `make demo` and `make test`. Both set up what they need in .venv.

PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
CLIENTS := .venv-clients
# The environments are installed side by side: most of that is waiting.
MAKEFLAGS += --jobs=3

.PHONY: help demo test check site format clean

help:
	@echo 'make demo    tune a real model with plain boto3 against a server of your own (about three minutes)'
	@echo 'make test    set up and run everything that checks the project'
	@echo 'make check   the same without the slow tests'
	@echo 'make site    build the documentation as a site in build/site'
	@echo 'make format  format the code'
	@echo 'make clean   remove the virtual environment and caches'

demo: $(VENV)/demo.stamp
	@$(BIN)/luthier demo examples/tune_xgboost.py

test: $(VENV)/dev.stamp $(CLIENTS)/cli.stamp $(CLIENTS)/sdk2.stamp $(CLIENTS)/sdk3.stamp lint
	$(BIN)/pytest -n auto

check: $(VENV)/dev.stamp lint
	$(BIN)/pytest -n auto -m 'not slow'

.PHONY: lint
lint: $(VENV)/dev.stamp
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/lint-imports --no-cache

site: $(VENV)/site.stamp
	$(BIN)/sphinx-build -q -W --keep-going -c docs/site . build/site

format: $(VENV)/dev.stamp
	$(BIN)/ruff format .
	$(BIN)/ruff check --fix .

clean:
	rm -rf $(VENV) $(CLIENTS) .mypy_cache .ruff_cache .pytest_cache .hypothesis

$(BIN)/python:
	$(PYTHON) -c 'import sys; sys.exit("Luthier needs Python 3.11 or newer") if sys.version_info < (3, 11) else None'
	$(PYTHON) -m venv $(VENV)

$(VENV)/demo.stamp: $(BIN)/python pyproject.toml
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --editable '.[demo]'
	@touch $@

# Each client in an environment of its own: what a user has who has nothing of Luthier.
$(CLIENTS)/cli.stamp: WANTED := awscli
$(CLIENTS)/sdk2.stamp: WANTED := 'sagemaker<3'
$(CLIENTS)/sdk3.stamp: WANTED := 'sagemaker>=3'
$(CLIENTS)/%.stamp:
	$(PYTHON) -m venv $(CLIENTS)/$*
	$(CLIENTS)/$*/bin/python -m pip install --quiet --disable-pip-version-check $(WANTED)
	@touch $@

# What checks the project is not needed to read of it.
$(VENV)/site.stamp: $(BIN)/python pyproject.toml
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --editable '.[site]'
	@touch $@

$(VENV)/dev.stamp: $(BIN)/python pyproject.toml
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --editable '.[dev]'
	@touch $@
