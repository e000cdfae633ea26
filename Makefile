# The two commands: `make demo` and `make test`. Both build .venv first and do nothing twice.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
STAMP := $(VENV)/.ready

.PHONY: setup demo test lint evaluate fit pictures bench lock wheel clean

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
	$(BIN)/python -m pytest -n auto --dist loadfile

lint: setup
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy

# Measures against the corpora beside the project (../shared); a part whose corpus is absent says so.
evaluate: setup
	@status=0; \
	$(BIN)/python -m enrich.evaluation || status=1; \
	$(BIN)/python -m pipeline.evaluation company || status=1; \
	$(BIN)/python -m pipeline.evaluation events || status=1; \
	exit $$status

# Fits the weights of the linker anew: data/link_weights_*.json. scikit-learn is needed here only, so it stays outside .venv.
SHARED ?= ../shared
FIT := OMP_NUM_THREADS=1 PYTHONPATH=build/fit $(BIN)/python -m enrich.nlp.fitting
GERMAN := $(SHARED)/corpora/written_de/pieces.jsonl $(wildcard data/training/pieces_[qxyz]*.jsonl)
fit: setup
	$(BIN)/python -m pip install --quiet --upgrade --no-deps --target build/fit scikit-learn==1.9.1 joblib==1.6.0 threadpoolctl cloudpickle narwhals
	$(FIT) --language de --beta 0.7 --noise --pieces $(GERMAN) --real $(wildcard data/training/real_leads_*.jsonl) --real-texts $(SHARED)/ner_de -o data/link_weights_de.json
	$(FIT) --language en --beta 0.85 --noise --pieces $(SHARED)/corpora/written_en/pieces.jsonl $(wildcard data/training/pieces_e*.jsonl) --foreign $(GERMAN) -o data/link_weights_en.json

# Takes the pictures of README anew: a list of the demo and a report on a simulated quarter; needs Chromium.
pictures: setup
	$(BIN)/python -m tests.report.pictures data/pictures

bench: setup
	$(BIN)/python -m pipeline.benchmark

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

# The oldest DuckDB that the project runs on (1.5), in an environment of its own: store, identity, contacts and lists.
.PHONY: oldest
OLDEST := build/oldest
oldest: setup
	test -x $(OLDEST)/bin/python || $(PYTHON) -m venv $(OLDEST)
	$(OLDEST)/bin/python -m pip install --quiet --disable-pip-version-check --require-hashes --prefer-binary -r requirements.lock
	$(OLDEST)/bin/python -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation --editable .
	$(OLDEST)/bin/python -m pip install --quiet --disable-pip-version-check --no-deps 'duckdb>=1.5,<1.6'
	SNAPSHOT_READER=$(abspath $(OLDEST)/bin/python) $(BIN)/python -m pytest -q tests/identity/test_snapshot_reader.py
	$(OLDEST)/bin/python -m pytest -q tests/identity tests/contacts tests/lists
