# Everything here sets up .venv by itself when needed, once, and keeps every cache inside the clone.
PYTHON ?= python3
VENV   := .venv
BIN    := $(VENV)/bin
READY  := $(VENV)/.ready
CACHE  := $(CURDIR)/.cache

export PIP_CACHE_DIR       := $(CACHE)/pip
export PIP_DISABLE_PIP_VERSION_CHECK := 1
export JUPYTER_CONFIG_DIR  := $(CACHE)/jupyter/config
export JUPYTER_DATA_DIR    := $(CACHE)/jupyter/data
export JUPYTER_RUNTIME_DIR := $(CACHE)/jupyter/runtime
export JUPYTERLAB_SETTINGS_DIR := $(CACHE)/jupyter/lab/settings
export JUPYTERLAB_WORKSPACES_DIR := $(CACHE)/jupyter/lab/workspaces
export IPYTHONDIR          := $(CACHE)/ipython
export MPLCONFIGDIR        := $(CACHE)/matplotlib
export MPLBACKEND          := agg
export NUMBA_CACHE_DIR     := $(CACHE)/numba
export XDG_CACHE_HOME      := $(CACHE)/xdg
export XDG_CONFIG_HOME     := $(CACHE)/xdg-config
export XDG_DATA_HOME       := $(CACHE)/xdg-data
export PRE_COMMIT_HOME     := $(CACHE)/pre-commit
export PYTHONPYCACHEPREFIX :=
# small matrices in several processes: one thread each, or they wait for one another
export OPENBLAS_NUM_THREADS := 1
export OMP_NUM_THREADS     := 1

OUT       ?= out/reports
CLIENTS   ?= $(sort $(dir $(wildcard data/example/*/client.yaml)))
FORMATS   ?= html,json,pdf,xlsx,pptx
# the reports of each client; the portfolio is made from the first
TEMPLATES ?= partnership_health_review operating_model_assessment staffing_what_if
PYTEST    ?=

.PHONY: help report test check bench lab examples docs backtest setup clean

help:  ## list the targets
	@grep -hE '^[a-z]+:.*##' $(MAKEFILE_LIST) | sed 's/:.*## /\t/' | expand -t 12

$(READY): pyproject.toml constraints.txt
	@test -x $(BIN)/python || $(PYTHON) -m venv $(VENV)
	@echo "Setting up .venv (once; about a minute)"
	@$(BIN)/python -m pip install --quiet --constraint constraints.txt --editable '.[dev,cluster]'
	@touch $(READY)

setup: $(READY)  ## set up .venv, once

report: $(READY)  ## write the reports of the example clients, and the portfolio of all
	@for template in $(TEMPLATES); do \
		$(BIN)/workbench report $(CLIENTS) --template $$template --out $(OUT) --formats $(FORMATS) || exit $$?; \
	done
	@$(BIN)/workbench portfolio $(OUT) --formats $(FORMATS)

test: $(READY)  ## run the tests
	@$(BIN)/python -m pytest --numprocesses 2 --dist worksteal $(PYTEST)

check: $(READY)  ## lint, format, types, layers, spelling
	@$(BIN)/ruff check .
	@$(BIN)/ruff format --check .
	@$(BIN)/mypy
	@$(BIN)/lint-imports --no-cache
	@$(BIN)/codespell

bench: $(READY)  ## measure speed and memory, each beside its comparison
	@$(BIN)/python -m benchmarks $(BENCH)

lab: $(READY)  ## open JupyterLab on the notebooks
	@MPLBACKEND= $(BIN)/jupyter lab --notebook-dir=notebooks

examples: $(READY)  ## make data/example anew from its seeded script
	@$(BIN)/python -m tools.clientgen

docs: $(READY)  ## make the generated pages of docs/ anew
	@$(BIN)/python -m tools.docs

backtest: $(READY)  ## write docs/backtest-of-a-bank.md anew from LOG=path
	@$(BIN)/python -m tools.docs.backtest $(LOG)

clean:  ## remove what the targets made
	rm -rf $(VENV) .cache out build dist .pytest_cache .mypy_cache .ruff_cache .hypothesis
