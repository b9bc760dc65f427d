# What one does with this project. `make` alone lists it.

BIN = .venv/bin
VENV = sh tools/venv.sh requirements.txt
DEV_VENV = $(VENV) requirements-dev.txt

# What `check --deploy` looks at: the site as it stands on the internet.
AS_PRODUCTION = PRODUCTION=1 ALLOWED_HOSTS=news.example.org SECURE_HSTS_INCLUDE_SUBDOMAINS=1 SECURE_HSTS_PRELOAD=1 \
	SECRET_KEY=only-for-the-check-0123456789-abcdefghijklmnopqrstuvwxyz-ABCDEFG DATA_DIR=var/check

.PHONY: help run dev test quick thorough check format messages bench screenshots clean

help:
	@echo "make run          set up what is missing and serve on http://127.0.0.1:8000 (HOST= PORT= WORKERS= DEMO=no)"
	@echo "make dev          the same with a server that reloads when code changes"
	@echo "make test         all checks and tests, on SQLite and PostgreSQL, in a real browser (ARGS= for pytest)"
	@echo "make quick        in under a minute: the tests without a browser, but for the slow ones, on SQLite"
	@echo "make thorough     make test with many more inputs, others each time, and every database test on both (ARGS=)"
	@echo "make check        the linters and Django's checks"
	@echo "make format       lay out the code as make check wants it"
	@echo "make messages     refresh the translations (newsroom/locale)"
	@echo "make bench        measure"
	@echo "make screenshots  pictures of every page, into screenshots/"
	@echo "make clean        remove what was set up; the newsroom's data (var/) stays"

run:
	@$(VENV)
	@exec $(BIN)/python manage.py start

dev:
	@$(VENV)
	@DEBUG=1 exec $(BIN)/python manage.py start

test:
	@$(DEV_VENV)
	@exec $(BIN)/python -m tools.run_tests $(ARGS)

quick:
	@$(DEV_VENV)
	@exec $(BIN)/python -m tools.run_tests --quick

thorough:
	@$(DEV_VENV)
	@exec $(BIN)/python -m tools.run_tests --thorough $(ARGS)

check:
	@$(DEV_VENV)
	$(BIN)/python -m ruff check --output-format concise
	$(BIN)/python -m ruff format --check --output-format concise
	$(BIN)/python -m mypy
	$(BIN)/lint-imports --no-cache
	$(BIN)/python -m tools.biome lint --error-on-warnings
	$(BIN)/python -m djlint templates --lint --quiet
	$(BIN)/python -m tools.catalogues check
	$(BIN)/python manage.py makemigrations --check --dry-run
	$(AS_PRODUCTION) $(BIN)/python manage.py check --deploy --fail-level WARNING

format:
	@$(DEV_VENV)
	$(BIN)/python -m ruff check --fix --quiet
	$(BIN)/python -m ruff format --quiet

messages:
	@$(DEV_VENV)
	@$(BIN)/python -m tools.catalogues refresh

bench:
	@$(DEV_VENV)
	@exec $(BIN)/python -m benchmarks.run

screenshots:
	@$(DEV_VENV)
	@exec $(BIN)/python -m tests.screenshots

clean:
	rm -rf .venv .pytest_cache .ruff_cache .hypothesis screenshots
