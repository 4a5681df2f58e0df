# Every target sets up what it needs; `make help` lists them.

PYTHON ?= $(firstword $(foreach name,python3 python3.14 python3.13 python3.12 python3.11,\
	$(shell command -v $(name) >/dev/null 2>&1 && $(name) -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null && echo $(name))))
BIN := .venv/bin
ECOCTRL := $(BIN)/ecoctrl

.DEFAULT_GOAL := help
.PHONY: help run worker migrate generate push seed refresh studio schema doctor test check bench lock clients clean

help: ## List the targets
	@awk 'BEGIN {FS = ":.*## "} /^[a-z]+:.*## / {printf "  make %-10s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

run: .venv/.run ## Start the server: database, API, GraphiQL and studio
	@$(ECOCTRL) serve

worker: .venv/.run ## Run workflows without serving the API; any number may run
	@$(ECOCTRL) worker

migrate: .venv/.run ## Apply the migrations that the database lacks
	@$(ECOCTRL) migrate

generate: .venv/.run ## Write a migration from the models: make generate m="add a note to alerts"
	@$(ECOCTRL) generate --message "$(m)"

push: .venv/.run ## Bring the database to the models directly (development only)
	@$(ECOCTRL) push

seed: .venv/.run ## Add sample users, dashboards and a building with a year of data
	@$(ECOCTRL) seed

refresh: .venv/.run ## Drop everything, push, seed, open the studio (asks first)
	@$(ECOCTRL) refresh

studio: .venv/.run ## Serve the data browser on the configured database
	@$(ECOCTRL) studio

schema: .venv/.run ## Write schema.graphql
	@$(ECOCTRL) schema

doctor: .venv/.run ## Look whether everything the server needs is in order
	@$(ECOCTRL) doctor

test: .venv/.test clients ## Install what tests need and run the whole suite
	@$(BIN)/pytest

check: .venv/.test ## Linters, types, import rules; schema.graphql and migrations fit the code
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports
	$(ECOCTRL) schema --check

bench: .venv/.test ## Measure the server beside PostGraphile and hand-written SQL, subscriptions, workflows; writes docs/benchmarks.md
	@if command -v npm >/dev/null 2>&1; then \
		test bench/node_modules/.package-lock.json -nt bench/package-lock.json \
			|| npm ci --silent --no-audit --no-fund --prefix bench || exit 1; \
	fi
	@$(BIN)/python -m bench --output docs/benchmarks.md $(ARGS)

lock: .venv/.test ## Pin the dependencies anew after a change of pyproject.toml
	$(BIN)/uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-emit-index-url \
		--no-header --no-annotate --extra embedded --group build pyproject.toml --output-file requirements.txt
	$(BIN)/uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-emit-index-url \
		--no-header --no-annotate --extra embedded --group build --group dev --constraint requirements.txt \
		pyproject.toml --output-file requirements-dev.txt

clients: ## Install the Node packages of the browser and client tests, where there is Node
	@if command -v npm >/dev/null 2>&1; then \
		for folder in tests/browser tests/clients; do \
			test $$folder/node_modules/.package-lock.json -nt $$folder/package-lock.json \
				|| npm ci --silent --no-audit --no-fund --prefix $$folder || exit 1; \
		done; \
	else echo "No Node here: the browser and client tests are skipped."; fi

clean: ## Remove the virtual environment and caches; data stay
	rm -rf .venv .mypy_cache .ruff_cache .pytest_cache .import_linter_cache tests/*/node_modules bench/node_modules

.venv/bin/python:
	@test -n "$(PYTHON)" || { echo "Python 3.11 or newer is needed: install it, or name it with PYTHON=…"; exit 1; }
	@$(PYTHON) -m venv .venv

.venv/.run: requirements.txt pyproject.toml | .venv/bin/python
	@echo "Installing …"
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements.txt
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation --editable .
	@touch $@

.venv/.test: requirements-dev.txt .venv/.run
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements-dev.txt
	@touch $@
