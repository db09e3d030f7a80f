# Everything here needs only Python 3.11 or newer with pip, and make. `make` lists what there is.

# Makes .venv; name another one with `make setup PYTHON=/path/to/python`.
PYTHON ?= $(shell for python in python3.11 python3 python; do \
	$$python -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null && echo $$python && break; done)
UV := uv==0.13.9
WHAT := --editable '.[all,test,check]' --constraint constraints.txt
RUN := .venv/bin/
# Other people's tools that judge our files, away from .venv: parts of them are GPL and AGPL.
JUDGES := pywb cdxj-indexer warcio fastwarc spidermon \
	frictionless[json] mlcroissant bagit wacz datasets pandas pyarrow duckdb
# Other extractors, which benchmarks/extraction.py measures beside ours: their versions never mix with those of .venv.
PEERS := trafilatura[all] newspaper4k[ja,zh,th,hi,nlp] readability-lxml resiliparse goose3
# What grows the trees of archiver/rules/line_model.json.
TRAINER := lightgbm
# Debian packages that tests need, installed where root runs them.
DEBIAN_PACKAGES := wget systemd chromium

.PHONY: help setup demo test check lint format types imports judges peers bench bench-extraction train lock upgrade clean debian

help: ## this list
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "make %-16s %s\n", $$1, $$2 }' Makefile

setup: .venv/.complete ## .venv with everything in it (once, and after a change of pyproject.toml or constraints.txt)

.venv/.complete: .venv/.made pyproject.toml constraints.txt
	@echo "Installing into .venv (some ten seconds)"
	@if .venv/bin/uv pip install --quiet --python .venv/bin/python $(WHAT); then :; \
		else echo "uv did not succeed; installing with pip"; .venv/bin/python -m pip install --quiet $(WHAT); fi
	@touch $@

.venv/.made:
	@$(if $(PYTHON),,$(error no Python 3.11 or newer found: install one, or name it with make setup PYTHON=/path/to/python))
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null || \
		{ echo "$(PYTHON) does not run or is older than 3.11: name another with make setup PYTHON=/path/to/python" >&2; exit 2; }
	@$(PYTHON) -m venv --clear .venv >/dev/null 2>&1 || \
		{ $(PYTHON) -m venv --clear --without-pip .venv && $(PYTHON) -m pip --python .venv/bin/python install --quiet pip; }
	@.venv/bin/python -m pip install --quiet $(UV) || echo "no uv to be had; pip does it alone"
	@touch $@

demo: setup ## crawl the sample newsroom on this machine and say what to try next
	@$(RUN)archiver demo

test: setup judges debian ## every test
	$(RUN)pytest --numprocesses auto --dist loadfile

check: lint types imports test ## what CI runs: style, types, the import contract, every test

lint: setup ## style: ruff's rules and its format
	$(RUN)ruff check
	$(RUN)ruff format --check

format: setup ## let ruff mend what it can
	$(RUN)ruff check --fix
	$(RUN)ruff format

types: setup ## strict mypy
	$(RUN)mypy

imports: setup ## the floors: who may import whom
	$(RUN)lint-imports

judges: .venv-judges/.complete ## .venv-judges with other people's tools, which the tests ask about our files

.venv-judges/.complete: .venv/.made tests/judges.txt
	$(call pinned,.venv-judges,tests/judges.txt)

peers: .venv-peers/.complete ## .venv-peers with other extractors, which bench-extraction measures beside ours

.venv-peers/.complete: .venv/.made benchmarks/peers.txt
	$(call pinned,.venv-peers,benchmarks/peers.txt)

# An environment of its own for what a file pins: $(call pinned,FOLDER,FILE).
define pinned
	@echo "Installing other people's tools into $(1) (some twenty seconds)"
	@.venv/bin/python -m venv --clear --without-pip $(1)
	@if .venv/bin/uv pip install --quiet --python $(1)/bin/python --requirement $(2); then :; \
		else echo "uv did not succeed; installing with pip"; \
		.venv/bin/python -m pip --python $(1)/bin/python install --quiet --requirement $(2); fi
	@touch $@
endef

bench: setup ## pages per second beside a no-op spider and BeautifulSoup
	$(RUN)python benchmarks/crawl.py

bench-extraction: setup peers ## fields of real news pages beside other extractors (eight minutes; needs the pages)
	@$(RUN)python benchmarks/extraction.py

train: setup .venv-train/.complete ## archiver/rules/line_model.json anew (needs the pages of bench-extraction)
	.venv-train/bin/python benchmarks/train_lines.py

.venv-train/.complete: .venv/.made benchmarks/trainer.txt
	$(call pinned,.venv-train,benchmarks/trainer.txt)
	@.venv/bin/uv pip install --quiet --python .venv-train/bin/python --editable . --constraint constraints.txt

lock: COMPILE = $(RUN)uv pip compile --quiet --universal --python-version 3.11 --no-annotate \
		--custom-compile-command "make lock (newest versions of all: make upgrade)" $(UPGRADE)
lock: .venv/.made ## write the pinned versions of all environments again; versions that still fit stay
	$(COMPILE) --all-extras pyproject.toml --output-file constraints.txt
	@echo '$(JUDGES)' | tr ' ' '\n' | $(COMPILE) - --output-file tests/judges.txt
	@echo '$(PEERS)' | tr ' ' '\n' | $(COMPILE) - --output-file benchmarks/peers.txt
	@echo $(TRAINER) | $(COMPILE) - --output-file benchmarks/trainer.txt

upgrade: UPGRADE := --upgrade
upgrade: lock ## the newest versions of everything in them

clean: ## remove what these targets made, .venv too; never data/
	rm -rf .venv .venv-judges .venv-peers .venv-train .pytest_cache .mypy_cache .ruff_cache .hypothesis .import_linter_cache dist build *.egg-info
	find archiver tests benchmarks -name __pycache__ -prune -exec rm -rf {} +

debian:
ifneq ($(strip $(DEBIAN_PACKAGES)),)
	@if [ "$$(id -u)" = 0 ] && command -v apt-get >/dev/null && ! dpkg -s $(DEBIAN_PACKAGES) >/dev/null 2>&1; then \
		apt-get update -qq && apt-get install -y -qq --no-install-recommends $(DEBIAN_PACKAGES); fi
endif
