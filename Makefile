# Two commands are all a new machine needs: `make run` and `make test`. Both set themselves up.
PYTHON ?= python3
PORT ?= 8000
DATA ?= data
BIN := .venv/bin
PIP := $(BIN)/pip --disable-pip-version-check --quiet

.PHONY: help run test lint assets translations bench

help: ## show this list
	@awk -F ':.*## ' '/^[a-z]+:.*## / { printf "  make %-8s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

run: .venv/installed ## start the product with demo data (PORT=8000 DATA=data)
	@$(BIN)/arendegang run --demo --port "$(PORT)" --data "$(DATA)"

test: .venv/installed-dev ## run every test
	@$(BIN)/pytest -n auto

lint: .venv/installed-dev ## check style, types, layers, templates, diagrams and spelling
	@$(BIN)/ruff format --check engine processes web tests
	@$(BIN)/ruff check engine processes web tests
	@$(BIN)/mypy
	@$(BIN)/lint-imports
	@$(BIN)/djlint --quiet --lint web/
	@$(BIN)/codespell engine processes web tests docs README.md
	@$(BIN)/arendegang lint bpmn_models

translations: .venv/installed-dev ## gather what is to be translated, and compile the catalogues
	@mkdir -p .make
	@$(BIN)/pybabel --quiet extract -F web/translations/babel.cfg -k ngettext:1,2 -k marked -k _says \
	  --ignore-dirs "node_modules .* static tests" --add-location=file --no-wrap \
	  -o .make/messages.pot .
	@$(BIN)/pybabel --quiet update -i .make/messages.pot -d web/translations -l en \
	  --no-fuzzy-matching --ignore-obsolete --ignore-pot-creation-date --no-wrap
	@$(BIN)/pybabel --quiet compile -d web/translations -l en

bench: .venv/installed-dev ## measure the speed against bare SpiffWorkflow and the budgets
	@$(BIN)/arendegang bench

assets: ## rebuild the JavaScript bundle (needs Node 20)
	cd web/frontend && npm ci --no-audit --no-fund && npm run build

.venv/installed: requirements.lock pyproject.toml
	@echo "Installerar Ärendegång i .venv (görs en gång) …"
	@test -x $(BIN)/python || $(PYTHON) -c 'import sys; sys.exit(0 if sys.version_info >= (3, 11) else "Ärendegång behöver Python 3.11 eller nyare. Ange en med PYTHON=…")'
	@test -x $(BIN)/python || $(PYTHON) -m venv .venv
	@$(PIP) install --require-hashes -r requirements.lock
	@$(PIP) install --no-deps -e .
	@touch $@

.venv/installed-dev: requirements-dev.lock .venv/installed
	@$(PIP) install --require-hashes -r requirements-dev.lock
	@touch $@
