# One line each; `earned COMMAND --help` says more. Works without make: see the README.
# Options go in ARGS, for instance: make start ARGS="--no-browser --port 8890"
PYTHON ?= python3
VENV := .venv
EARNED := $(VENV)/bin/earned
INSTALLED := $(VENV)/installed
# The files of tests are shared out among the processors; much of the time is waiting for a browser or a server.
AT_ONCE := -n logical --dist loadfile

.DEFAULT_GOAL := help
.PHONY: help install start book print check class bench test test-all test-core test-pythons coverage lint lock vendor

help:
	@echo "make start     open the course"
	@echo "make book      build the book into _build/html"
	@echo "make print     book.pdf, book.epub, handouts and the checklist in _build/print; needs Chromium"
	@echo "make check     check all content"
	@echo "make class     watch a class go through a whole grading cycle"
	@echo "make test      the tests of every day        make test-all  and the slow ones"
	@echo "make test-pythons  the tests without a browser on Python 3.12 and 3.13, where they are found"
	@echo "make coverage  which lines the tests of every day run"
	@echo "make bench     speed and memory              make lint      style and types"
	@echo "make lock      renew requirements.lock       make vendor    renew front-end files"

$(INSTALLED): requirements.lock pyproject.toml
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "Python 3.11 or newer is needed; this is %d.%d. Say which one: make start PYTHON=python3.12" % sys.version_info[:2])'
	@echo "Installing into $(VENV): once, a few minutes ..."
	@$(PYTHON) -m venv $(VENV)
	@$(VENV)/bin/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements.lock
	@$(VENV)/bin/python -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation --editable .
	@touch $@

install: $(INSTALLED)

start book print check class bench: $(INSTALLED)
	@$(EARNED) $@ $(ARGS)

lint: $(INSTALLED)
	@$(VENV)/bin/ruff check . && $(VENV)/bin/ruff format --check . && $(VENV)/bin/mypy && $(VENV)/bin/lint-imports

test: $(INSTALLED) lint
	@$(EARNED) check
	@$(VENV)/bin/python -m pytest -m "not slow" $(AT_ONCE) $(ARGS)

# Apart from the tests, because it doubles the time of what Python computes.
coverage: $(INSTALLED)
	@$(VENV)/bin/coverage erase
	@$(VENV)/bin/coverage run -m pytest -m "not slow" $(AT_ONCE) $(ARGS)
	@$(VENV)/bin/coverage combine --quiet
	@$(VENV)/bin/coverage report

test-all: $(INSTALLED) lint
	@$(EARNED) check
	@EARNED_REQUIRE_BROWSER=1 $(VENV)/bin/python -m pytest $(AT_ONCE) $(ARGS)

# The course runs on every Python from 3.11; browser tests do not depend on which.
test-pythons:
	@for python in python3.12 python3.13; do \
	  if $$python --version >/dev/null 2>&1; then \
	    echo "== $$python"; $(MAKE) --no-print-directory PYTHON=$$python VENV=.venv-$$python test-core || exit 1; \
	  else echo "$$python was not found, so the tests did not run on it."; fi; done

test-core: $(INSTALLED)
	@$(VENV)/bin/python -m pytest -q -m "not slow and not browser" $(AT_ONCE) $(ARGS)

lock:
	uv pip compile pyproject.toml --all-extras --group dev --universal --python-version 3.11 --generate-hashes \
	  --no-emit-index-url --no-emit-find-links --custom-compile-command "make lock" --output-file requirements.lock
	uv pip compile src/earned_security/publishing/lite/lite-requirements.in --constraint requirements.lock --python-version 3.14 \
	  --python-platform wasm32-pyodide2025 --generate-hashes --no-emit-index-url --no-emit-find-links --no-annotate \
	  --no-emit-package jupyterlab-widgets --no-emit-package widgetsnbextension --custom-compile-command "make lock" \
	  --output-file src/earned_security/publishing/lite/lite-requirements.txt
	@# The images for Kubernetes hold what the lock says, but the JupyterHub of the chart's hub.
	mkdir -p _build
	grep -E '^[a-z0-9].*==' requirements.lock | sed 's/ *\\$$//' | grep -v '^jupyterhub==' > _build/constraints.txt
	uv pip compile pyproject.toml deploy/kubernetes/build.txt --extra learn --extra teach --extra server \
	  --constraint _build/constraints.txt --only-binary :all: \
	  --override deploy/kubernetes/jupyterhub.txt --python-version 3.12 --python-platform x86_64-manylinux_2_28 \
	  --generate-hashes --no-emit-index-url --no-emit-find-links --no-annotate --custom-compile-command "make lock" \
	  --output-file deploy/kubernetes/requirements.txt

vendor:
	node vendor.mjs
