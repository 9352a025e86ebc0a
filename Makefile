# Each target sets up what it needs on a machine that has only Python 3.11+ and make.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin

.PHONY: run sandbox test check bench chaos migrate lock clean

run: $(VENV)/run.stamp
	@exec $(BIN)/python -m bot run

sandbox: $(VENV)/run.stamp
	@exec $(BIN)/python -m sandbox

test: $(VENV)/dev.stamp
	$(BIN)/python -m pytest

check: $(VENV)/dev.stamp
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/pyright
	$(BIN)/lint-imports

bench: $(VENV)/dev.stamp
	@$(BIN)/python -m benchmarks

# The long tests of failure, then a storm: 200 posts due, services that misbehave, 200 kills. SEED=n makes the same chances again.
chaos: $(VENV)/dev.stamp
	COPYDESK_CHAOS=1 $(BIN)/python -m pytest -n 0 tests/chaos tests/memory
	COPYDESK_RACES=1000 COPYDESK_CARDS=200 $(BIN)/python -m pytest -n 0 tests/workflow/test_races.py tests/wire/test_reconciled.py
	$(BIN)/python -m tests.chaos $(if $(SEED),--seed $(SEED))

migrate: $(VENV)/run.stamp
	$(BIN)/python -m bot migrate

lock: $(VENV)/dev.stamp
	$(BIN)/uv pip compile --universal --python-version 3.11 --generate-hashes --no-header --no-annotate requirements/run.in -o requirements.txt
	$(BIN)/uv pip compile --universal --python-version 3.11 --generate-hashes --no-header --no-annotate -c requirements.txt requirements/dev.in -o requirements-dev.txt

clean:
	rm -rf $(VENV) .pytest_cache .ruff_cache .import_linter_cache

$(VENV)/bin/python:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "Copydesk needs Python 3.11 or newer: make PYTHON=python3.11 …")'
	@$(PYTHON) -c 'import ensurepip' 2>/dev/null || { echo "Python lacks its venv module: on Debian and Ubuntu, apt-get install python3-venv"; exit 1; }
	$(PYTHON) -m venv $(VENV)

$(VENV)/run.stamp: requirements.txt | $(VENV)/bin/python
	$(BIN)/pip install --quiet --disable-pip-version-check --require-hashes -r requirements.txt
	@touch $@

$(VENV)/dev.stamp: requirements-dev.txt | $(VENV)/bin/python
	$(BIN)/pip install --quiet --disable-pip-version-check --require-hashes -r requirements-dev.txt
	@touch $@ $(VENV)/run.stamp
