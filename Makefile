# What a person does with this checkout. Needs make, Python 3.11 or newer, and the package registry
# of pip's own configuration; no uv, no Node, no browser.

VENV := .venv
BIN := $(VENV)/bin
PIP := $(BIN)/python -m pip --disable-pip-version-check
CITY ?= examples/jinchang
HOST ?= 127.0.0.1
PORT ?= 8000
JOBS ?= 2

.PHONY: help demo test check bench bench-peers lock messages front install install-dev catalogues \
        style types layers sentences files locks audit

help:  ## list these targets
	@sed -n 's/^\([a-z-]*\):.*## \(.*\)/make \1\t\2/p' Makefile | expand -t 16

demo: install  ## load the demo city, make somebody of each role, serve on http://127.0.0.1:8000 (CITY, HOST, PORT)
	LIANTU_DEMO=1 $(BIN)/liantu serve $(CITY) --host $(HOST) --port $(PORT)

test: install-dev  ## run the tests (JOBS at a time, ARGS for pytest)
	$(BIN)/python -m pytest -q -n $(JOBS) --dist loadgroup $(ARGS)

check: style types layers sentences files locks audit  ## everything but the tests

bench: install-dev  ## run every benchmark
	@files=$$(grep -l '__name__ == "__main__"' benchmarks/*.py) || { echo "no benchmark there" >&2; exit 1; }; \
	for file in $$files; do echo "== $$file"; $(BIN)/python "$$file" || exit 1; done

PEERS ?= /tmp/liantu-peers

bench-peers:  ## an environment in PEERS with the solvers that benchmarks/scale.py sets beside ours
	@set -eu; $(FIND_PYTHON); $$python -m venv $(PEERS); \
	$(BIN)/python -c "import tomllib; extras = tomllib.load(open('pyproject.toml', 'rb')); \
	print(*extras['project']['optional-dependencies']['peers'], sep='\n')" > $(PEERS)/requirements.txt; \
	$(PEERS)/bin/python -m pip install -q -r $(PEERS)/requirements.txt

messages: install-dev  ## after adding a sentence: bring the catalogue up to date, list what to translate
	@$(BIN)/python tools/catalogue.py update

front:  ## at a release, with Node: build the charts bundle anew from front/
	cd front && npm ci --no-audit --no-fund && npm run build

openapi: install-dev
	$(BIN)/python tools/openapi.py

lock:  ## resolve pyproject.toml into the two lock files (UPGRADE=1: to the newest versions)
	@set -eu; folder=$$(mktemp -d); trap 'rm -rf "$$folder"' EXIT; $(FIND_PYTHON); \
	$$python -m venv "$$folder"; "$$folder/bin/python" -m pip install -q uv; \
	compile() { \
	  "$$folder/bin/uv" pip compile -q $(if $(UPGRADE),--upgrade) --universal --generate-hashes \
	    --python-version 3.11 --custom-compile-command "make lock" "$$@" >/dev/null; \
	}; \
	compile --extra build pyproject.toml -o requirements.lock; \
	compile --extra dev -c requirements.lock pyproject.toml -o requirements-dev.lock; \
	git diff --stat -- requirements.lock requirements-dev.lock

# The parts of `make check`

style: install-dev
	$(BIN)/python -m ruff check
	$(BIN)/python -m ruff format --check

types: install-dev
	$(BIN)/python -m mypy

layers: install-dev
	$(BIN)/python $(BIN)/lint-imports

sentences: install-dev
	$(BIN)/python tools/catalogue.py check

files: install-dev
	$(BIN)/python tools/tracked.py

locks: install-dev
	$(BIN)/python tools/locks.py
	$(PIP) check

audit: install-dev
	$(BIN)/python tools/audit.py

# The environment. A stamp is older than its lock exactly when the lock has changed since. An environment
# whose Python is gone is made anew; one that came here with a copied folder is told where the source is.

ifneq ($(shell test -x $(BIN)/python && echo works),works)
.PHONY: $(VENV)/pyvenv.cfg
endif
ifneq ($(shell cat $(VENV)/.package 2>/dev/null),$(CURDIR))
.PHONY: $(VENV)/.package
endif

install: $(VENV)/.package catalogues
install-dev: $(VENV)/.dev $(VENV)/.package catalogues

catalogues: $(VENV)/.package
	@$(BIN)/python -c "from liantu.i18n import compile_catalogues; compile_catalogues()"

# The first Python that is new enough and able to make a virtual environment.
FIND_PYTHON = for python in $(or $(PYTHON),python3.11 python3.12 python3.13 python3) none; do \
	  $$python -c 'import ensurepip, sys, venv; sys.exit(sys.version_info < (3, 11))' 2>/dev/null && break; \
	done; \
	if [ $$python = none ]; then \
	  echo "liantu needs Python 3.11 or newer with its venv module (on Debian: python3-venv)" >&2; exit 1; \
	fi

$(VENV)/pyvenv.cfg:
	@$(FIND_PYTHON); $$python -m venv --clear $(VENV)

$(VENV)/.runtime: requirements.lock $(VENV)/pyvenv.cfg
	@echo "Installing what requirements.lock holds; the first time takes a few minutes."
	@$(PIP) install -q --require-hashes -r requirements.lock
	@touch $@

$(VENV)/.dev: requirements-dev.lock $(VENV)/.runtime
	@echo "Installing what requirements-dev.lock holds."
	@$(PIP) install -q --require-hashes -r requirements-dev.lock
	@touch $@

$(VENV)/.package: pyproject.toml $(VENV)/.runtime
	@$(PIP) install -q --no-index --no-deps --no-build-isolation -e .
	@echo "$(CURDIR)" > $@
