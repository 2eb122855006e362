# `make` alone prints the menu. Every target is idempotent.
.DEFAULT_GOAL := help
.PHONY: help setup setup-test run dev test lint bench lock messages clean

PYTHON ?= python3
PY := .venv/bin/python
PORT ?= 8000

help: ## Show this menu
	@grep -hE '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/^([a-z-]+):.*## (.*)/  make \1|\2/' | column -t -s '|'

setup: .venv/run.stamp ## Install what the site needs and compile the catalogues
	@$(PY) manage.py compile_catalogues

setup-test: .venv/test.stamp ## The same, and what the tests need
	@$(PY) manage.py compile_catalogues

.venv/bin/python:
	@$(PYTHON) deploy/check_python.py
	@echo "Making .venv"
	@$(PYTHON) -m venv .venv

.venv/run.stamp: requirements.lock | .venv/bin/python
	@echo "Installing the site's packages"
	@sh deploy/system-packages.sh espeak-ng libpango-1.0-0 libpangoft2-1.0-0 libharfbuzz-subset0
	@$(PY) -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements.lock
	@touch $@

.venv/test.stamp: requirements-test.lock tests/ace/package-lock.json | .venv/bin/python
	@echo "Installing the packages of site and tests"
	@sh deploy/system-packages.sh chromium gettext fonts-noto-core espeak-ng libpango-1.0-0 libpangoft2-1.0-0 libharfbuzz-subset0 poppler-utils minisign unzip nginx=nginx-light java=default-jre-headless soffice=libreoffice-writer-nogui localc=libreoffice-calc-nogui curl=curl npm=npm
	@$(PY) -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements-test.lock
	@if command -v npm >/dev/null; then npm ci --prefix tests/ace --ignore-scripts --no-audit --no-fund --silent; fi
	@touch $@ .venv/run.stamp

run: setup ## Make the database, load the demo, serve http://127.0.0.1:8000
	@$(PY) manage.py start --port $(PORT)

dev: setup ## Serve with automatic reload and debug pages
	@$(PY) manage.py start --prepare-only
	@DEBUG=1 $(PY) manage.py runserver 127.0.0.1:$(PORT)

test: setup-test ## Run the whole test suite (DATABASE_URL chooses the database)
	@$(PY) -m pytest $(PYTEST_ARGS)

lint: setup-test ## Ruff and mypy
	@$(PY) -m ruff check .
	@$(PY) -m ruff format --check .
	@$(PY) -m mypy .

bench: setup-test ## Measure search, import, curricula, releases and page weight (docs/benchmarks.md)
	@$(PY) manage.py bench

lock: setup-test ## Resolve pyproject.toml into the two lock files anew
	@$(PY) -m pip install --quiet uv
	@$(PY) -m uv pip compile -q --universal --python-version 3.11 --upgrade pyproject.toml --generate-hashes --no-emit-index-url --no-header --no-annotate -o requirements.lock
	@$(PY) -m uv pip compile -q --universal --python-version 3.11 -c requirements.lock pyproject.toml --group test --generate-hashes --no-emit-index-url --no-header --no-annotate -o requirements-test.lock

messages: setup-test ## Gather translatable strings into locale/ (needs gettext)
	@$(PY) manage.py makemessages -l lo -l vi --no-location --no-obsolete --no-wrap -i .venv -i var -i tests
	@$(PY) manage.py makemessages -d djangojs -l lo -l vi --no-location --no-obsolete --no-wrap -i .venv -i var -i tests

clean: ## Remove the demo database, uploads and gathered files (not .venv)
	@rm -rf var
