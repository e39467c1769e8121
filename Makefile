# Sets Attest up, shows it and proves it. Needs Python 3.11 or newer, git and make.
#
#   make demo   sample data and four accounts, served at http://127.0.0.1:8000/
#               (SERVE=0 stops before serving, DEMO_PASSWORD=... gives all four that password)
#   make serve  serve what is there
#   make test   every test on SQLite, then on PostgreSQL all that ask for a database
#               (REQUIRE_ALL=1 makes a skip a failure, EXAMPLES=10 tries more of each rule)
#   make lint   style, types, migrations
#   make scale  fill a database with 50,000 incidents and time every desk page (PART=... of them)
#   make bench  measure speed beside the databases' own programs and peers (INCIDENTS, ENGINES, PARTS)
#   make pictures   take docs/pictures anew from the sample data; needs Chromium
#   make messages   bring the catalogues of translations up to date; says what they lack
#   make lock   work requirements*.lock out of pyproject.toml anew (UPGRADE=1: newest versions)

VENV := .venv
BIN := $(VENV)/bin
MANAGE := $(BIN)/python manage.py
INSTALL := $(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes
PYTEST := $(BIN)/python -m pytest
# Files as they come: what is pure runs last, in small pieces, so that no worker waits for long.
TOGETHER := --numprocesses 3 --dist loadscope --no-loadscope-reorder --ignore tests/browser
BROWSING := --numprocesses 3 --dist loadfile --override-ini testpaths=tests/browser
ADDRESS := 127.0.0.1:8000
PYTHONS := $(PYTHON) python3 python3.14 python3.13 python3.12 python3.11 python
COMPILE := $(BIN)/uv pip compile pyproject.toml --quiet --python-version 3.11 --universal \
	--generate-hashes --no-emit-index-url --no-header $(if $(UPGRADE),--upgrade)

.PHONY: demo serve test test-sqlite test-postgres test-beside-postgres lint scale bench lock messages pictures
.NOTPARALLEL:
.DELETE_ON_ERROR:

demo: $(VENV)/run.stamp .env
	@$(MANAGE) migrate --verbosity 0
	@$(MANAGE) collectstatic --no-input --verbosity 0
	@$(MANAGE) load_places
	@$(MANAGE) load_demo
	@echo "Attest with sample data: http://$(ADDRESS)/"
	@$(MANAGE) demo_accounts
ifeq ($(SERVE),0)
	@echo "Nothing is served yet: make serve"
else
	@$(MAKE) --no-print-directory serve
endif

serve: $(VENV)/run.stamp .env
	@exec $(BIN)/gunicorn config.wsgi --config config/serving.py --bind $(ADDRESS) --workers 2 \
		--worker-class gthread --threads 4 --no-control-socket

test: test-sqlite test-postgres

# What Python compiles is kept for the other workers and runs, whatever the shell says.
test-sqlite test-postgres: export PYTHONDONTWRITEBYTECODE :=

# The browser's tests empty the database after each, so they run apart from the others; each of
# the workers has a database and a server of its own. Three keep two processors busy.
test-sqlite: $(VENV)/dev.stamp
	$(PYTEST) $(TOGETHER) -m "not browser" $(ARGS)
	$(PYTEST) $(BROWSING) -m browser $(ARGS)

test-postgres: $(VENV)/dev.stamp
	@$(BIN)/python -m tests.postgres $(MAKE) --no-print-directory test-beside-postgres

test-beside-postgres:
	$(PYTEST) $(TOGETHER) -m "not browser and not pure and not looks" $(ARGS)
	$(PYTEST) $(BROWSING) -m "browser and not looks" $(ARGS)

lint: $(VENV)/dev.stamp
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	DJANGO_SETTINGS_MODULE=tests.settings $(MANAGE) makemigrations --check --dry-run

scale: $(VENV)/dev.stamp
	@rm -f $(VENV)/scale.sqlite3*
	TEST_DATABASE_URL=sqlite:///$(abspath $(VENV))/scale.sqlite3 $(BIN)/python -m tests.scale $(PART)
	$(BIN)/python -m tests.postgres $(BIN)/python -m tests.scale $(PART)

# INCIDENTS="10000 100000 1000000" makes several sizes; KEEP=1 writes docs/benchmarks.md.
bench: $(VENV)/dev.stamp .bench/peers.stamp
	@$(BIN)/python -m bench

.bench/peers.stamp: bench/requirements.lock | $(BIN)/python
	@echo "Installing the peers into .bench/venv ..."
	@$(BIN)/python -m venv --clear .bench/venv
	@.bench/venv/bin/python -m pip install --quiet --disable-pip-version-check --require-hashes -r $<
	@touch $@

pictures: $(VENV)/dev.stamp
	$(BIN)/python docs/screenshots.py

messages: $(VENV)/dev.stamp
	$(BIN)/python -m tests.messages

lock: $(VENV)/dev.stamp
	$(COMPILE) --extra dev --extra places --output-file requirements-dev.lock
	$(COMPILE) --extra places --constraint requirements-dev.lock --output-file requirements.lock
	$(COMPILE) bench/requirements.in --constraint requirements-dev.lock \
		--output-file bench/requirements.lock

# The first Python that is new enough; a half-made environment is taken away again.
$(BIN)/python:
	@for python in $(PYTHONS); do \
		if $$python -c 'import ensurepip, sys, venv; sys.exit(sys.version_info < (3, 11))' \
			2>/dev/null; then \
			$$python -m venv --clear $(VENV) || { rm -rf $(VENV); exit 1; }; exit 0; \
		fi; \
	done; \
	echo "No Python 3.11 or newer with its venv module was found. Install one (on Debian:" \
		"apt install python3 python3-venv) or name it: make demo PYTHON=/path/to/python3" >&2; \
	exit 1

$(VENV)/run.stamp: requirements.lock | $(BIN)/python
	@echo "Installing what Attest needs into $(VENV) ..."
	@$(INSTALL) -r $<
	@touch $@

$(VENV)/dev.stamp: requirements-dev.lock | $(BIN)/python
	@echo "Installing what the tests need into $(VENV) ..."
	@$(INSTALL) -r $<
	@touch $@

# Variables of the environment win over this file; .env.example explains each.
.env: | $(BIN)/python
	@umask 077; { \
		$(BIN)/python -c 'import secrets; print("SECRET_KEY=" + secrets.token_urlsafe(50))' && \
		echo "ALLOWED_HOSTS=127.0.0.1,localhost" && \
		echo "SITE_URL=http://$(ADDRESS)" && \
		echo "DEBUG=0"; \
	} > $@
