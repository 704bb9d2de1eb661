# One command each: `make run` shows the gateway at work, `make test` checks everything. `make` lists the rest.

PYTHON ?= python3
BIN := .venv/bin
TOOLS := scripts/environment.py requirements/install.lock pyproject.toml
RUNTIME := .venv/.runtime
DEV := .venv/.dev
ARGS ?=

unexport PYTHONDONTWRITEBYTECODE # the tests start hundreds of processes, and each would compile the gateway again

.DEFAULT_GOAL := help
.PHONY: help run test long check bench coverage lock clean

help: ## this list
	@echo "sp4n-gateway"
	@sed -n 's/^\([a-z]*\):.*## \(.*\)/  make \1#\2/p' $(MAKEFILE_LIST) | awk -F'#' '{ printf "%-16s %s\n", $$1, $$2 }'

run: $(RUNTIME) ## install what is needed and start the demonstration (ARGS="--help" shows its options)
	@$(BIN)/sp4n-gateway demo $(ARGS)

test: check ## check, then run every test (ARGS="-k retry" chooses some)
	@$(if $(ARGS),,$(BIN)/python -m scripts.complete)
	@$(BIN)/python -m scripts.services $(BIN)/python -m pytest --numprocesses 4 --dist loadgroup $(or $(ARGS),-m "not traced or many_rounds")

long: check ## the long forms of the tests that have one; half a day (docs/testing.md)
	@SP4N_TEST_LONG=1 $(BIN)/python -m scripts.services $(BIN)/python -m pytest tests/acceptance tests/chaos tests/contracts/test_fuzz.py tests/integration/operations/test_described.py tests/integration/path/test_import.py tests/integration/path/test_every_fault_at_every_step.py tests/integration/path/test_simulated_month.py tests/unit/gateway/test_story.py $(ARGS)

check: $(DEV) ## format, lint, types, layers, dependencies, known vulnerabilities
	@$(BIN)/python -m scripts.check

bench: $(DEV) ## measure what a report costs here and elsewhere, ten minutes (benchmarks/README.md)
	@$(BIN)/python -m benchmarks $(ARGS)

coverage: $(DEV) ## run every test and show which lines none of them reached
	@$(BIN)/python -m scripts.services $(BIN)/python -m pytest --cov --cov-report=term $(ARGS)

lock: $(DEV) ## take the newest versions that pyproject.toml allows into requirements/*.lock
	@$(BIN)/python -m scripts.lock

clean: ## remove everything that make and the demonstration made here
	@rm -rf .venv .venv-bench build dist var .mypy_cache .pytest_cache .ruff_cache .import_linter_cache .hypothesis .coverage .coverage.* htmlcov *.egg-info
	@find . -name __pycache__ -type d -prune -exec rm -rf {} +

$(RUNTIME): $(TOOLS) requirements/runtime.lock
	@$(need-python)
	@$(PYTHON) scripts/environment.py runtime
	@touch $@

$(DEV): $(TOOLS) requirements/runtime.lock requirements/dev.lock
	@$(need-python)
	@$(PYTHON) scripts/environment.py dev
	@touch $@ $(RUNTIME)

define need-python
command -v $(PYTHON) >/dev/null || { echo "There is no $(PYTHON) here. Debian: apt-get install python3 python3-venv" >&2; exit 1; }
endef
