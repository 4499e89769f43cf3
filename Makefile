# Every target does all its own set-up in .venv. Bare `make` prints this help.

PYTHON ?= python3
BIN := .venv/bin
READY := .venv/.ready
DEMO := .demo/index
ENGLISH := pirates board a ship near Bab al-Mandab
ARABIC := زيارة حفتر إلى راولبندي

.PHONY: help demo serve test check docs bench eval clean

help: ## Print this help
	@awk -F ':.*## ' '/^[a-z]+:.*## / { printf "make %-8s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

demo: $(READY) ## Index the seed documents, then ask one question in each language
	$(BIN)/jisr index seeds/documents --index $(DEMO)
	$(BIN)/jisr search --index $(DEMO) --k 3 "$(ENGLISH)"
	$(BIN)/jisr search --index $(DEMO) --k 3 "$(ARABIC)"

serve: $(READY) ## Serve the page and the API over the seed documents on port 8000
	$(BIN)/jisr index seeds/documents --index $(DEMO)
	$(BIN)/jisr serve --index $(DEMO)

test: $(READY) ## Run all tests
	$(BIN)/python -m pytest --numprocesses auto --maxprocesses 3 --dist worksteal

check: $(READY) ## Lint, types, and whether the docs are in step
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/python -m docs.generate --check

docs: $(READY) ## Write the generated parts of the docs anew
	$(BIN)/python -m docs.generate

bench: $(READY) ## Measure speed and memory, and write docs/PERFORMANCE.md
	$(BIN)/python -m bench

eval: $(READY) ## Measure ranking, and write the figures in docs/EVALUATION.md where all test sets are there
	$(BIN)/python -m bench.ranking

clean: ## Remove the environment and everything that was built
	rm -rf .venv .demo build dist .mypy_cache .pytest_cache .ruff_cache .hypothesis

# torch goes first and by its exact version: an open range can pull several GB of CUDA. What is never imported need not
# be compiled: that takes as long as installing it.
$(READY): pyproject.toml constraints.txt
	$(PYTHON) -m venv .venv
	$(BIN)/python -m pip install --quiet --no-compile --constraint constraints.txt torch
	$(BIN)/python -m pip install --quiet --no-compile --constraint constraints.txt --editable ".[dev]"
	touch $(READY)
