# The portal's commands. Each brings what it needs; none needs root, a database or Node on the machine.
#   make run     the whole portal on http://localhost:8000 (PORT= and DATA_DIR= change port and place)
#   make test    every test, against real servers of their own
#   make quick   the tests without browser and without waiting
#   make check   format, lint, types, import arrows, templates, migrations, deployment settings
#   make bench   times of the main pages beside a floor page, of notices, circulations and meetings (ARGS=pages, notices, circulations or meetings: one)
#   make prove   the promises at full counts

PYTHON ?= python3
BIN := .venv/bin
WITH_SERVERS := $(BIN)/python -m portal.embedded exec --
# Several processes, each with its own database; tests of one xdist_group share a process (the browser's do, in two groups).
TESTS := $(BIN)/python -m pytest -n auto --dist loadgroup
ARGS ?=

# Production-like values for the checks; nothing listens at these addresses and nothing is asked of them.
DEPLOYED := HTTPS=1 BASE_URL=https://portal.example ALLOWED_HOSTS=portal.example EMAIL_URL=smtp://mail.example:25 \
	SECRET_KEY=only-for-checks-0123456789-abcdefghijklmnopqrstuvwxyz-ABCDEFGH

.PHONY: help setup setup-dev run test quick check bench prove
.DEFAULT_GOAL := help

help:
	@sed -n 's/^#   //p' Makefile

setup:
	@$(PYTHON) tools/setup_venv.py requirements-embedded.txt

setup-dev:
	@$(PYTHON) tools/setup_venv.py requirements-dev.txt

# `exec` puts the supervisor in the place of the recipe's shell: a signal to make reaches it, and it never outlives make.
run: setup
	@exec $(BIN)/python -m portal.embedded run

test: setup-dev
	@exec $(WITH_SERVERS) $(TESTS) $(ARGS)

quick: setup-dev
	@exec $(WITH_SERVERS) $(TESTS) -m "not slow and not browser" $(ARGS)

bench: setup-dev
	@exec $(WITH_SERVERS) $(BIN)/python -m tests.bench $(ARGS)

prove: setup-dev
	@exec $(WITH_SERVERS) env PROVE=full $(BIN)/python -m pytest -m prove -rA $(ARGS)

check: setup-dev
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(WITH_SERVERS) $(BIN)/mypy
	$(BIN)/lint-imports
	$(BIN)/djlint templates --lint --quiet
	$(WITH_SERVERS) $(BIN)/python -W error manage.py makemigrations --check --dry-run
	$(WITH_SERVERS) env $(DEPLOYED) $(BIN)/python -W error manage.py check --deploy --fail-level WARNING
