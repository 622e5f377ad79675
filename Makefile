# Every target installs what it needs into .venv first. PYTHON is the interpreter (3.11 or newer) it is made with.
PYTHON ?= python3
BIN := .venv/bin
STAMP := .venv/.installed
WEEK := 2026-11-30

.PHONY: plan test lint bench example clean

plan: $(STAMP)  ## plan the bundled office's week into out/plan
	$(BIN)/schedopt plan examples/office --week $(WEEK) --out out/plan --time-limit 20

test: lint  ## everything that must hold before a commit
	$(BIN)/pytest -n auto

lint: $(STAMP)
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy

bench: $(STAMP)  ## print the benchmark table
	$(BIN)/python -m benchmarks

example: $(STAMP)  ## write the bundled office anew
	rm -rf examples/office
	$(BIN)/python -c "from schedopt.example import write_example; write_example('examples/office', sites=2, providers=6)"

clean:
	rm -rf .venv out build dist .pytest_cache .mypy_cache .ruff_cache .hypothesis
	find . -name __pycache__ -type d -prune -exec rm -rf {} +

$(STAMP): pyproject.toml constraints.txt
	$(PYTHON) -m venv .venv
	$(BIN)/pip install --quiet --disable-pip-version-check -c constraints.txt -e '.[dev]'
	touch $@
