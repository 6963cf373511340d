# Every step a person or a build server takes. `make` alone lists them.
# Needs: make, a POSIX shell and Python 3.11 or newer; everything else goes into $(VENV).

PYTHON ?=
VENV   ?= .venv
N      ?= 1000
SEED   ?= 1
JOBS   ?= 2

PY  := $(VENV)/bin/python
PIP := $(PY) -m pip --disable-pip-version-check install --quiet

pip_failed = { printf '\n%s\n%s\n%s\n' \
	"pip could not install the packages (its own message is above)." \
	"Usual reasons: no network or proxy settings missing (see 'pip config list'), or a Python without ready-made packages yet." \
	"Then: fix it and run the same command again, or choose another Python: make clean && make PYTHON=/path/to/python3.12 $(MAKECMDGOALS)" >&2; exit 1; }

.DEFAULT_GOAL := help
.PHONY: help demo test check oracle thirdparty unit packages bench soak testnet fuzz fmt docs clean

help: ## list these targets
	@echo "make TARGET   (variables: PYTHON=interpreter, N=cases, SEED=seed, JOBS=test processes)"
	@sed -n 's/^\([a-z]*\):.*## \(.*\)/  \1	\2/p' $(firstword $(MAKEFILE_LIST)) | expand -t 14

# --- environments: each step leaves a stamp, so the second run starts at once ---------

$(VENV)/.stamp-venv:
	@if $(PY) -c '' 2>/dev/null; then exit 0; fi; \
	 python=$$(sh tools/find_python.sh $(PYTHON)) || exit 1; \
	 echo "Making $(VENV) with $$("$$python" --version) ($$python)"; \
	 "$$python" -m venv --clear $(VENV)
	@touch $@

$(VENV)/.stamp-run: $(VENV)/.stamp-venv pyproject.toml backtrader/_version.py
	@echo "Installing the package (first run only)"
	@$(PIP) -e . || $(pip_failed)
	@touch $@

$(VENV)/.stamp-dev: $(VENV)/.stamp-venv pyproject.toml backtrader/_version.py
	@echo "Installing the package and the development tools (first run only)"
	@$(PIP) -e '.[dev]' || $(pip_failed)
	@touch $@ $(VENV)/.stamp-run

$(VENV)/.stamp-docs: $(VENV)/.stamp-venv pyproject.toml
	@echo "Installing the documentation tools (first run only)"
	@$(PIP) -e '.[docs]' || $(pip_failed)
	@touch $@

# The original engine has an environment of its own; the product cannot import it. No stamp: it needs
# the releases of TA-Lib, matplotlib and statsmodels that are installed here, which change; looking
# takes a second. On a build server its absence is an error, elsewhere the tests that need it say so
# and skip.
oracle: $(VENV)/.stamp-dev ## the original engine in .oracle/, with the packages of here
	@if $(PY) tools/oracle.py >/dev/null; then :; \
	 elif [ "$(CI)" = true ]; then exit 1; \
	 else echo "Going on without the original engine: comparisons with it will be skipped." >&2; fi

# The report is tested in a real browser, which is no Python package. Where it is missing and
# cannot be installed from here, the tests that need it say so and skip; a build server fails.
$(VENV)/.stamp-browser: tools/browser.py | $(VENV)/.stamp-dev
	@if $(PY) -m tools.browser --install >/dev/null; then touch $@; \
	 elif [ "$(CI)" = true ]; then exit 1; \
	 else echo "Going on without a browser: its tests will be skipped." >&2; fi

# --- for users -------------------------------------------------------------------------

demo: $(VENV)/.stamp-run ## run a strategy on bundled data, print the result, write out/quickstart.html
	@$(PY) examples/quickstart.py --report out/quickstart.html

# --- for those who change it -------------------------------------------------------------

test: check unit ## everything a build server runs: checks, then tests

check: $(VENV)/.stamp-dev ## format, lint, types, import contracts, sizes, text
	$(VENV)/bin/ruff format --check .
	$(VENV)/bin/ruff check .
	$(VENV)/bin/mypy
	$(VENV)/bin/lint-imports --no-logo --no-cache
	$(PY) tools/check_sizes.py
	$(PY) tools/check_text.py

# Packages built on backtrader need two environments of 800 MB each: only a build server makes them
# without being asked, elsewhere `make packages` does and their tests say so and skip.
THIRDPARTY := $(if $(filter true,$(CI)),thirdparty)

thirdparty: $(VENV)/.stamp-dev ## install the packages that `packages` runs
	$(PY) -m tools.thirdparty

unit: $(VENV)/.stamp-dev oracle $(VENV)/.stamp-browser $(THIRDPARTY) ## the tests alone
	$(PY) -m pytest -n $(JOBS)

fuzz: $(VENV)/.stamp-dev oracle ## random cases under both engines: make fuzz N=5000 SEED=7
	$(PY) -m tests.parity.fuzz --cases $(N) --seed $(SEED)

soak: $(VENV)/.stamp-dev oracle ## the long fuzz, all faults of live trading, the crash test; records the results
	$(PY) -m tests.parity.fuzz --cases 5000 --seed $(SEED) --record
	$(PY) -m tests.live.matrix --record
	$(PY) -m tests.live.matrix --resend --record
	$(PY) -m tests.live.crash.trials --record

testnet: $(VENV)/.stamp-dev ## orders on Binance's test network; needs keys, see tests/testnet/README.md
	REAL_TRADE_TESTNET=1 $(PY) -m pytest tests/testnet

packages: thirdparty ## packages built on backtrader: the same scripts with this engine and the original
	$(PY) -m pytest tests/thirdparty

bench: $(VENV)/.stamp-dev oracle ## time this engine, the original and (if it installs) the C++ peer
	@peer=$$($(PY) tools/oracle.py --peer --python) || echo "Going on without the peer." >&2; \
	 BACKTRADER_PEER_PYTHON=$$peer $(PY) -m benchmarks.bench

fmt: $(VENV)/.stamp-dev ## format and fix what can be fixed
	$(VENV)/bin/ruff check --fix-only --quiet .
	$(VENV)/bin/ruff format .

docs: $(VENV)/.stamp-docs ## build the documentation into site/
	$(VENV)/bin/mkdocs build --strict

clean: ## remove environments, caches and what was built
	rm -rf $(VENV) .oracle .peer .thirdparty out site build dist .pytest_cache .mypy_cache .ruff_cache .hypothesis *.egg-info
	find . -name __pycache__ -type d -prune -exec rm -rf {} +
