.DEFAULT_GOAL := help
PYTHON ?= python3
BIN := .venv/bin
export PATH := $(CURDIR)/$(BIN):$(PATH)

.PHONY: help install parts tables tests-need demo test check bench bench-large docs lock clean

help: ## Show this list
	@awk -F ':.*## ' '/^[a-z-]+:.*## /{printf "  make %-12s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

demo: install ## Build the practice company, bring its five sources together, serve the result on http://127.0.0.1:8000
	$(BIN)/guanxi demo

test: install tests-need ## Run every test (installs Chromium when it is missing)
	$(BIN)/python -m pytest -n 2 --dist loadfile --no-loadscope-reorder

check: install ## Format, lint, types, imports, translations: what a change must pass
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/lint-imports
	$(BIN)/python -m guanxi.web.translations --check

bench: install ## Run the benchmarks and rewrite their tables in benchmarks/
	$(BIN)/python -m benchmarks

bench-large: install ## The same with 1,000,000 rows
	$(BIN)/python -m benchmarks --large

docs: install ## Rewrite the reference pages that are made from the code
	$(BIN)/python docs/make.py

install: .venv/installed parts ## Install everything the program needs into .venv

.venv/installed: requirements.lock pyproject.toml
	test -x $(BIN)/python || $(PYTHON) -m venv .venv
	awk '/^uv==/ {on = 1; print; next} /^[^ ]/ {on = 0} on' requirements.lock > .venv/uv.txt
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r .venv/uv.txt
	$(BIN)/uv pip install --quiet --python $(BIN)/python --require-hashes -r requirements.lock
	$(BIN)/uv pip install --quiet --python $(BIN)/python --no-deps --no-build-isolation --editable .
	touch $@

parts: .venv/parts ## Put the parts of the pages and the tables of the standards in place

tables: parts

.venv/parts: .venv/installed package-lock.json src/guanxi/web/parts.py src/guanxi/integration/standards/tables/build.py
	$(BIN)/python -m guanxi.web.parts
	$(BIN)/python -m guanxi.integration.standards.tables.build
	touch $@

tests-need: ## Install what tests need beside Python: a Chromium and a Chinese font
	$(BIN)/python tests/browser_setup.py

lock: ## Renew requirements.lock from pyproject.toml
	$(BIN)/uv pip compile --quiet --universal --generate-hashes --no-emit-index-url --no-header --python-version 3.11 --extra dev pyproject.toml -o requirements.lock

clean: ## Remove what was installed and built
	rm -rf .venv node_modules build src/guanxi/web/static/vendor src/guanxi/integration/standards/tables/built
