# discourse: every target installs what it needs into .venv by itself.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
STAMP := $(VENV)/.installed

.DEFAULT_GOAL := help
.PHONY: help figures test check lab notebooks bench model gold-diff validate clean

help: ## list the targets
	@awk -F':.*## ' '/^[a-z-]+:.*## /{printf "  make %-10s %s\n", $$1, $$2}' Makefile

$(STAMP): pyproject.toml constraints.txt
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { \
		echo "Python 3.11 or later is needed. Mend: install it and run  make PYTHON=python3.12 …"; exit 1; }
	@$(PYTHON) -c 'import venv, ensurepip' 2>/dev/null || { \
		echo "Python's venv is missing. Mend, on Debian or Ubuntu:  sudo apt install python3-venv"; exit 1; }
	@test -x $(BIN)/python || $(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --disable-pip-version-check -c constraints.txt -e '.[dev]'
	@touch $@

figures: $(STAMP) ## the main job: read the bundled corpus, annotate it, write every figure
	$(BIN)/discourse figures

test: $(STAMP) ## pytest, and nbval over every notebook
	$(BIN)/python -m pytest
	$(BIN)/python -m pytest -n 2 --dist loadfile --nbval --nbval-sanitize-with tests/nbval_sanitize.cfg notebooks

check: $(STAMP) ## ruff and mypy --strict, and the numbers behind the committed figures
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/discourse figures --check

lab: $(STAMP) ## open JupyterLab on notebooks/00-start-here.ipynb
	$(BIN)/discourse lab

notebooks: $(STAMP) ## run every notebook again and store its outputs
	$(BIN)/python -m discourse.notebooks

bench: $(STAMP) ## speed, as a ratio to a peer in the same run
	$(BIN)/python -m pip install --quiet --disable-pip-version-check -c constraints.txt -e '.[bench]'
	$(BIN)/python tests/bench.py

model: $(STAMP) ## fit the attribution model again from the shared gold
	$(BIN)/python -m discourse.fitting

gold-diff: $(STAMP) ## what a change gained and lost on the gold texts against the last commit
	$(BIN)/python -m discourse.golddiff

validate: $(STAMP) ## check the bundled corpora and their gold
	@for corpus in corpora/*/; do echo "$$corpus"; $(BIN)/discourse validate "$$corpus" || exit 1; done

clean: ## remove .venv and caches
	rm -rf $(VENV) .pytest_cache .mypy_cache .ruff_cache .hypothesis .benchmarks
