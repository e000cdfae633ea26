# The two commands: `make demo` and `make test`. Both build .venv first and do nothing twice.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
STAMP := $(VENV)/.ready

.PHONY: setup demo test lint evaluate bench lock wheel clean

setup: $(STAMP)

$(STAMP): requirements.lock pyproject.toml
	$(PYTHON) -c 'import sys; v = sys.version_info[:2]; sys.exit(0 if (3, 11) <= v <= (3, 13) else "Door Opener needs Python 3.11 to 3.13, this is %d.%d: set PYTHON=" % v)'
	$(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes --prefer-binary -r requirements.lock
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation --editable .
	touch $(STAMP)

demo: setup
	$(BIN)/opener demo

test: setup lint
	$(BIN)/python -m pytest

lint: setup
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy

# Measures against the corpora beside the project (../shared); a part whose corpus is absent says so.
evaluate: setup
	$(BIN)/python -m enrich.training evaluate
	$(BIN)/python -m enrich.article.evaluation
	$(BIN)/python -m enrich.company.evaluation ../shared/corpora/company_sites
	$(BIN)/python -m enrich.events.evaluation

bench: setup
	$(BIN)/python -m spiders.benchmark

# Rewrites requirements.lock; needs `uv` on the path. Hashes only, no host names.
lock:
	uv pip compile pyproject.toml --extra dev --universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-header --no-annotate -o requirements.lock

wheel: setup
	$(BIN)/python -m pip wheel --quiet --no-deps --no-build-isolation --wheel-dir dist .

clean:
	rm -rf $(VENV) dist build .mypy_cache .ruff_cache .pytest_cache

# 5,000 hostile pages through a real crawl and reading; kills at 100 random points. Both take long and print a summary.
.PHONY: hostile kill
hostile: setup
	$(BIN)/python -m tests.hostile.hostile_night 5000

kill: setup
	$(BIN)/python -m tests.kill.kill_points 100
