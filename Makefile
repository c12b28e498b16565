# Everything runs in .venv/ of this checkout; `make demo` and `make test` set it up themselves.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
STAMP := $(VENV)/.installed

.PHONY: demo test install check lint types layers addon peers clean
.DEFAULT_GOAL := demo

$(STAMP): pyproject.toml requirements.lock
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || \
		{ echo "Python 3.11 or newer is needed; say which: make PYTHON=python3.11 $(MAKECMDGOALS)"; exit 1; }
	test -x $(BIN)/python || $(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --requirement requirements.lock
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --editable .
	$(BIN)/python -m compileall -q src
	@touch $@

install: $(STAMP)  ## put the command and every extra but hear into .venv

demo: $(STAMP)  ## let simulated people live with the assistant, learn at night, and measure what that did
	$(BIN)/uptake demo

test: $(STAMP)  ## run the tests, on both cores; `make test TESTS=all` also those that take long
	$(BIN)/python -m pytest --numprocesses 2 --dist worksteal $(if $(filter all,$(TESTS)),,-m "not long")

check: TESTS := all
check: lint types layers test  ## what continuous integration runs

lint: $(STAMP)
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .

types: $(STAMP)
	$(BIN)/mypy

layers: $(STAMP)
	$(BIN)/lint-imports

addon: $(STAMP)  ## put the wheel beside the Dockerfile of the Home Assistant add-on
	$(BIN)/python -m pip wheel --quiet --no-deps --wheel-dir addon/uptake .

PEERS := build/peers
PYTHON313 ?= $(shell for it in python3.13 $$HOME/.pyenv/versions/3.13*/bin/python; do $$it -c '' 2>/dev/null && echo $$it && break; done)

peers: $(PEERS)/ovos/.installed $(PEERS)/llm/.installed $(if $(PYTHON313),$(PEERS)/home_assistant/.installed)  ## the programs we meet, for tests: OVOS; a small language model; Home Assistant, where Python 3.13 is there
	@$(if $(PYTHON313),true,echo "no Python 3.13: tests against Home Assistant itself are passed over")

$(PEERS)/ovos/.installed: tests/platforms/real_ovos.txt pyproject.toml
	$(PYTHON) -m venv $(PEERS)/ovos
	$(PEERS)/ovos/bin/python -m pip install --quiet --disable-pip-version-check --requirement tests/platforms/real_ovos.txt .
	@touch $@

$(PEERS)/llm/.installed: tests/assistant/readers/real_llm.txt $(STAMP)
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --target $(PEERS)/llm --requirement tests/assistant/readers/real_llm.txt
	@touch $@

$(PEERS)/home_assistant/.installed: tests/platforms/real_home.txt
	$(PYTHON313) -m venv $(PEERS)/home_assistant
	$(PEERS)/home_assistant/bin/python -m pip install --quiet --disable-pip-version-check --requirement tests/platforms/real_home.txt
	@touch $@

clean:
	rm -rf $(VENV) build dist .pytest_cache .mypy_cache .ruff_cache
