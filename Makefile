# Hotseat: one word per job. `make help` lists them.
# Needs python3 >= 3.11 and GNU make; everything else is installed into .uv/ and .venv/ here.

PYTHON ?= python3
UV_VERSION := 0.13.9
ARGS ?=

VENV := .venv
PY := $(VENV)/bin/python
# One file stays with one worker, so that what a file sets up is set up once.
WORKERS ?= auto
PYTEST := $(PY) -m pytest -n $(WORKERS) --dist loadfile

# UV_BIN=/path/to/uv uses that uv and skips the private one.
ifdef UV_BIN
UV := $(UV_BIN)
UV_READY :=
else
UV := .uv/bin/uv
UV_READY := .uv/uv-$(UV_VERSION)
endif

export UV_PROJECT_ENVIRONMENT := $(VENV)
export UV_PYTHON_DOWNLOADS := never
# A shell's activated environment is not ours.
unexport VIRTUAL_ENV
# A personal `pip install --user` setting would make pip refuse to work inside a venv.
export PIP_USER := 0

# After a Python upgrade or an interrupted set-up the stamps outlive what they stand for.
$(shell test -x $(PY) || rm -f $(VENV)/.runtime $(VENV)/.discord $(VENV)/.voice* $(VENV)/.dev)

.DEFAULT_GOAL := help
# One reader at a time on standard input: with -j, make would hand it to any job.
.NOTPARALLEL:
.PHONY: help practice web bot voice demo setup test test-core check evals evals-live soak bench client lock clean

help: ## show this list
	@sed -n 's/^\([a-z-]*\):[^#]*## \(.*\)/  make \1|\2/p' Makefile | \
		while IFS='|' read -r word text; do printf '%-16s %s\n' "$$word" "$$text"; done

practice: $(VENV)/.runtime ## a mock interview in this terminal (ARGS="--help" lists the options)
	@$(PY) -m bot practice $(ARGS)

web: $(VENV)/.runtime ## mock interviews in the browser, with a whiteboard; prints the address
	@$(PY) -m bot web $(ARGS)

bot: $(VENV)/.discord ## the Discord bot; needs HOTSEAT_DISCORD_TOKEN (README, "Run it on your server")
	@$(PY) -m bot bot $(ARGS)

voice: $(VENV)/.voice$(if $(GPU),-gpu) ## adds what hears and speaks: libraries, then models (asks first; ARGS="--yes" does not)
	@$(PY) -m bot models download $(ARGS)

demo: $(VENV)/.runtime ## watch a scripted interview from start to scorecard
	@$(PY) -m bot demo $(ARGS)

setup: $(VENV)/.dev ## install everything a developer needs

test: check ## every check, every test and the evals' gate (what CI runs)
	$(PYTEST) $(ARGS)
	$(PY) -m evals

test-core: $(UV_READY) ## the tests of everything but voice, in an environment without it (.venv-core)
	UV_PROJECT_ENVIRONMENT=.venv-core $(UV) sync --frozen --group dev --extra discord --extra tracing --quiet
	.venv-core/bin/python -m pytest -n $(WORKERS) --dist loadfile \
		--ignore-glob='*/voice' --ignore=tests/fixtures $(ARGS)

check: $(VENV)/.dev ## lock file, lint, format, types, packs
	$(UV) lock --check --quiet
	$(PY) -m ruff check .
	$(PY) -m ruff format --check .
	$(PY) -m pyright
	$(PY) -m bot packs check

evals: $(VENV)/.dev ## interviewer and judge against their baseline, offline
	$(PY) -m evals $(ARGS)

evals-live: $(VENV)/.dev ## the same on the API of your settings, under a cost ceiling
	$(PY) -m evals live $(ARGS)

soak: $(VENV)/.dev ## the long proofs
	$(PYTEST) -m soak --timeout 3600 --hypothesis-profile soak $(ARGS)

bench: $(VENV)/.dev ## measure speed; prints a table
	$(PY) -m benchmarks $(ARGS)

client: ## build the page anew after a change of bot/web/client (needs Node 20)
	cd bot/web/client && npm ci --no-audit --no-fund && npm run build

lock: $(UV_READY) ## renew uv.lock after a change of pyproject.toml
	$(UV) lock $(ARGS)

clean: ## remove the environments and every cache; interviews are kept
	rm -rf .uv $(VENV) .venv-core .pytest_cache .ruff_cache .hypothesis dist
	find . -name __pycache__ -type d -prune -exec rm -rf {} +

# --- environments -----------------------------------------------------------------------
# Set-up reads nothing from standard input and writes to standard error, so that
# `printf '...' | make practice > card.txt` works on the first run too.

define NO_PYTHON
Hotseat needs Python 3.11 or newer, and "$(PYTHON)" is missing or older.
Install one from https://www.python.org/downloads/ or your package manager;
if it has another name, say so: make $(MAKECMDGOALS) PYTHON=python3.12
endef
define NO_VENV
"$(PYTHON)" cannot make virtual environments: its venv or ensurepip module is missing.
Debian and Ubuntu: sudo apt install python3-venv
endef
define NO_UV
uv $(UV_VERSION) could not be installed (the reason stands above). The first run needs a network,
or a mirror that pip knows. If uv is installed already: make $(MAKECMDGOALS) UV_BIN=$$(command -v uv)
endef
define NO_PACKAGES
The packages in uv.lock could not be installed (the reason stands above).
The first run needs a network; run the same command again once it is there.
endef
export NO_PYTHON NO_VENV NO_UV NO_PACKAGES

FAIL = { printf '\n%s\n' "$$$(1)" >&2; exit 1; }
USABLE = $(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null

.uv/uv-$(UV_VERSION):
	@$(USABLE) || $(call FAIL,NO_PYTHON)
	@$(PYTHON) -c 'import ensurepip, venv' 2>/dev/null || $(call FAIL,NO_VENV)
	@echo 'First run: installing uv $(UV_VERSION) into .uv ...' >&2
	@{ $(PYTHON) -m venv --clear .uv \
		&& .uv/bin/python -m pip install --quiet --disable-pip-version-check uv==$(UV_VERSION); \
	} </dev/null >&2 || $(call FAIL,NO_UV)
	@touch $@

# --inexact: a run of `make practice` does not throw out what `make test` added.
$(VENV)/.runtime: pyproject.toml uv.lock $(UV_READY)
	@$(USABLE) || $(call FAIL,NO_PYTHON)
	@echo 'Installing Hotseat into $(VENV) ...' >&2
	@$(UV) sync --frozen --compile-bytecode --no-dev --inexact --quiet --python $(PYTHON) </dev/null >&2 \
		|| $(call FAIL,NO_PACKAGES)
	@touch $@

$(VENV)/.discord: $(VENV)/.runtime
	@echo 'Adding the Discord parts to $(VENV) ...' >&2
	@$(UV) sync --frozen --compile-bytecode --no-dev --inexact --extra discord --quiet </dev/null >&2 \
		|| $(call FAIL,NO_PACKAGES)
	@touch $@

# GPU=1 adds cuBLAS for NVIDIA cards, 0.6 GB.
$(VENV)/.voice $(VENV)/.voice-gpu: $(VENV)/.runtime
	@echo 'Adding the voice parts to $(VENV) ...' >&2
	@$(UV) sync --frozen --compile-bytecode --no-dev --inexact --extra discord --extra voice \
		$(if $(GPU),--extra gpu) --quiet </dev/null >&2 || $(call FAIL,NO_PACKAGES)
	@echo 'The voice parts are installed; `hotseat demo --voice` works now. Next: speech models.' >&2
	@touch $@ $(VENV)/.discord

$(VENV)/.dev: $(VENV)/.runtime
	@echo 'Adding the development tools to $(VENV) ...' >&2
	@$(UV) sync --frozen --group dev --extra discord --extra tracing --extra voice --quiet </dev/null >&2 \
		|| $(call FAIL,NO_PACKAGES)
	@touch $@
