# `make lab` opens a demo, `make test` runs everything, `make help` lists the rest.
# Works with the GNU make 3.81 that macOS has.

PYTHON ?= python3
VENV   ?= .venv
BIN    := $(VENV)/bin
PY     := $(BIN)/python
NPM    := npm --prefix labextension --loglevel=error --silent
REPORTS := .make

WORKERS ?= 2

BUNDLE := jupyter_speccollab/labextension/static/style.js
TYPESCRIPT := $(shell find labextension/src labextension/style labextension/schema -type f 2>/dev/null) \
	labextension/package.json labextension/tsconfig.json

.DEFAULT_GOAL := help
.PHONY: help lab test lint format bench soak wheel wheel-check clean install browser proxy

help: ## this list
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  make %-12s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

lab: install ## install everything here and open JupyterLab with a demo spec beside a notebook
	@$(PY) -m jupyter_speccollab.demo

test: install browser proxy ## every test: TypeScript, Python, a real browser
	@rm -rf $(REPORTS)/results && mkdir -p $(REPORTS)/results
	@status=0; \
	 sh tests/packaging/beside.sh vitest $(REPORTS)/results/vitest.log \
	   env SPECCOLLAB_VITEST_REPORT="$(CURDIR)/$(REPORTS)/results/vitest.json" SPECCOLLAB_PYTHON="$(abspath $(PY))" $(NPM) run test & vitest=$$!; \
	 echo "== pytest, $(WORKERS) at a time"; \
	 $(PY) -m pytest -q -n $(WORKERS) --junit-xml=$(REPORTS)/results/pytest.xml $(PYTEST_ARGS) || status=1; \
	 wait $$vitest || { status=1; echo "vitest failed: see above, or $(REPORTS)/results/vitest.log"; }; \
	 $(PY) tests/packaging/shared_data_count.py $(REPORTS)/results; \
	 exit $$status

lint: install ## style, types and import rules of both languages
	@status=0; \
	 echo "== ruff";        $(BIN)/ruff check . && $(BIN)/ruff format --check . || status=1; \
	 echo "== mypy";        $(BIN)/mypy || status=1; \
	 echo "== import-linter"; $(BIN)/lint-imports --no-cache --no-logo || status=1; \
	 echo "== tsc, eslint, prettier"; $(NPM) run lint || status=1; \
	 exit $$status

format: install ## let ruff, eslint and prettier rewrite what they can
	@$(BIN)/ruff check --fix . && $(BIN)/ruff format .
	@$(NPM) run format

bench: install ## the figures in docs/performance.md: ours beside others, and how cost grows
	@$(PY) -m tests.bench $(BENCH_ARGS)

soak: install ## long random runs, and all properties with new random values
	@$(PY) -m pytest -q -m soak $(PYTEST_ARGS)
	@SPECCOLLAB_PROPERTIES=random SPECCOLLAB_PYTHON="$(abspath $(PY))" $(NPM) run test
	@SPECCOLLAB_PROPERTIES=random $(PY) -m pytest -q -n $(WORKERS) tests/text tests/document tests/markdown tests/service tests/store

wheel: $(REPORTS)/python $(BUNDLE) ## build dist/*.whl
	@rm -rf dist && $(PY) -m build --wheel --outdir dist .

wheel-check: $(REPORTS)/python $(BUNDLE) ## install the wheel into a new environment without Node and look whether Jupyter finds it
	@$(PY) -m pytest -q -m wheel tests/packaging

clean: ## remove what the other targets made
	@rm -rf $(VENV) $(REPORTS) dist speccollab-demo .coverage .pytest_cache .mypy_cache .ruff_cache .hypothesis
	@rm -rf labextension/node_modules labextension/lib tests/hub/node_modules tests/bench/peers/node_modules jupyter_speccollab/labextension
	@find . -name __pycache__ -type d -prune -exec rm -rf {} +

# --- what the targets above stand on; each is quick when nothing changed

install: $(REPORTS)/linked

$(PY):
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { echo "Python 3.11 or newer is needed: make PYTHON=..."; exit 1; }
	@echo "making $(VENV)"
	@$(PYTHON) -m venv $(VENV)

$(REPORTS)/node: labextension/package-lock.json labextension/package.json labextension/.npmrc
	@command -v npm >/dev/null || { echo "Node.js 20.19 or newer is needed: https://nodejs.org"; exit 1; }
	@echo "installing the labextension's packages"
	@$(NPM) ci
	@mkdir -p $(REPORTS) && touch $@

$(BUNDLE): $(REPORTS)/node $(TYPESCRIPT)
	@echo "building the labextension"
	@$(NPM) run build:prod >$(REPORTS)/build.log 2>&1 || { cat $(REPORTS)/build.log; exit 1; }
	@touch $@

LINK := $(VENV)/share/jupyter/labextensions/jupyter-speccollab

# An existing bundle is not rebuilt by pip, so it has to be there, and new, before. The link goes first: pip would write through it.
$(REPORTS)/python: $(PY) pyproject.toml jupyter_speccollab/_version.py | $(BUNDLE)
	@echo "installing the Python packages"
	@rm -rf $(LINK)
	@HATCH_JUPYTER_BUILDER_SKIP_NPM=1 $(PY) -m pip install --quiet --disable-pip-version-check --editable '.[dev]'
	@mkdir -p $(REPORTS) && touch $@

# A link instead of pip's copy: the next `make` then only has to rebuild the bundle.
$(REPORTS)/linked: $(REPORTS)/python $(BUNDLE)
	@mkdir -p $(dir $(LINK)) && rm -rf $(LINK) && ln -s "$(CURDIR)/jupyter_speccollab/labextension" $(LINK)
	@touch $@

proxy: $(REPORTS)/proxy

$(REPORTS)/proxy: tests/hub/package-lock.json tests/hub/package.json tests/hub/.npmrc
	@echo "installing the proxy that JupyterHub needs, for its tests"
	@npm --prefix tests/hub --loglevel=error --silent ci
	@mkdir -p $(REPORTS) && touch $@

browser: $(REPORTS)/python
	@PYTHON=$(PY) sh tests/packaging/browser.sh
