# The tests start the program hundreds of times: it is compiled once, whatever the environment says.
export PYTHONDONTWRITEBYTECODE :=

# Everything a fresh machine needs is python3 with its venv module.
PYTHON ?= python3
VENV   := .venv
BIN    := $(VENV)/bin

.PHONY: demo test test-long test-consumers lint types check bench clean

demo: $(VENV)/.app                ## install and open the app on the sample articles
	$(BIN)/annotator demo

test: $(VENV)/.test               ## install and run all tests
	$(BIN)/pytest -n 2 --dist worksteal

test-long: $(VENV)/.test          ## the full counts (1,000 kills, large projects), then all with projects on a server
	ANNOTATOR_LONG=1 $(BIN)/pytest -n 2 --dist worksteal
	$(BIN)/pytest -n 2 --dist worksteal --engine server

test-consumers: $(VENV)/.test     ## exports before Label Studio, doccano and mlcroissant themselves
	$(BIN)/python tests/consumers/run.py

lint: $(VENV)/.lint               ## style and docstrings
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .

types: $(VENV)/.lint              ## strict types
	$(BIN)/mypy

check: lint types test            ## what CI runs

bench: $(VENV)/.bench             ## figures beside SLATE and a bare line view
	$(BIN)/python -m benchmarks

$(VENV)/.app: pyproject.toml
	@$(PYTHON) -m venv $(VENV) || { echo "The venv module is missing: apt-get install python3-venv"; exit 1; }
	$(BIN)/pip install --quiet --disable-pip-version-check --upgrade "pip>=25.1"
	$(BIN)/pip install --quiet --disable-pip-version-check --editable .
	@touch $@

$(VENV)/.test $(VENV)/.lint $(VENV)/.bench: $(VENV)/.%: $(VENV)/.app
	$(BIN)/pip install --quiet --disable-pip-version-check --group $*
	@touch $@

clean:
	rm -rf $(VENV) .venv-consumers dist build .pytest_cache .mypy_cache .ruff_cache .hypothesis
