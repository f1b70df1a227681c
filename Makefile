# What a user and a developer run. `make run` and `make test` need nothing done before.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
PIP := $(BIN)/python -m pip install --disable-pip-version-check
HOST ?= 127.0.0.1
PORT ?= 8000
export HOST PORT
# processes that share the tests by folder, each on a core of its own (tests/workers.py)
WORKERS ?= 2
# another folder of Markdown: make run GUIDES=../mie-guide
ifdef GUIDES
export BUSSOLA_GUIDES := $(GUIDES)
endif

.PHONY: run test soak sbom audit lint check bench lock publish editor

# the first start takes minutes: each part says what it does and, at its end, how long it took
run: $(VENV)/.run
	@$(BIN)/bussola index build
	@$(BIN)/python server.py

$(VENV)/.run: requirements.lock pyproject.toml
	@echo "Installo i pacchetti in $(VENV): la prima volta sono minuti, PyTorch è grande."; \
	start=$$(date +%s); set -e; \
	$(PYTHON) -m venv $(VENV); \
	$(PIP) -r requirements.lock; \
	$(PIP) --quiet --no-deps -e .; \
	echo "Pacchetti installati in $$(($$(date +%s) - start)) s."
	@touch $@

$(VENV)/.test: requirements-test.lock $(VENV)/.run
	$(PIP) --quiet -r requirements-test.lock
	touch $@

test: $(VENV)/.test
	$(BIN)/python tests/chromium.py
	$(BIN)/python -m pytest -n $(WORKERS) $(if $(DAY),--day $(DAY))

lint: $(VENV)/.test
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy

# hours: thousands of generated requests, 30,000 questions
soak: $(VENV)/.test
	$(BIN)/python -m pytest -m soak --timeout 7200

# what the environment is made of, with licences (CycloneDX)
sbom: $(VENV)/.test
	$(BIN)/cyclonedx-py environment --pyproject pyproject.toml --output-reproducible --output-file var/sbom.json $(BIN)/python

# known vulnerabilities of the locked versions; asks pypi.org, so it needs the network
audit: $(VENV)/.test
	$(BIN)/pip-audit --requirement requirements.lock --no-deps --disable-pip

check: $(VENV)/.run
	$(BIN)/bussola index check

# A draft, what it changes in the answers, and its publication: refused when a case that passed now
# fails, unless FORCE="reason" says why; the reason stays in the manifest with who gave it.
publish: export FORCE := $(FORCE)
publish: $(VENV)/.run
	@if ! $(BIN)/bussola index status >/dev/null 2>&1; then exec $(BIN)/bussola index build; fi; \
	summary=$$($(BIN)/bussola index build --draft --json) || exit 1; \
	draft=$$(printf '%s' "$$summary" | $(BIN)/python -c 'import json, sys; print(json.load(sys.stdin)["snapshot"])'); \
	$(BIN)/bussola eval impact "$$draft"; found=$$?; \
	if [ $$found -eq 0 ]; then exec $(BIN)/bussola index publish "$$draft"; fi; \
	if [ $$found -eq 1 ] && [ -n "$$FORCE" ]; then exec $(BIN)/bussola index publish "$$draft" --reason "$$FORCE"; fi; \
	echo "Non pubblico la bozza $$draft: ci sono regressioni. Per pubblicare lo stesso: make publish FORCE=\"perché\"" >&2; \
	exit 1

bench: $(VENV)/.run
	$(BIN)/bussola eval benchmark speed

lock: $(VENV)/.test
	$(BIN)/python -m piptools compile --quiet --strip-extras --no-header --no-emit-index-url --no-emit-find-links --output-file requirements.lock pyproject.toml
	$(BIN)/python -m piptools compile --quiet --strip-extras --no-header --no-emit-index-url --no-emit-find-links --extra postgres --output-file requirements-postgres.lock pyproject.toml
	$(BIN)/python -m piptools compile --quiet --strip-extras --no-header --no-emit-index-url --no-emit-find-links --extra test --output-file requirements-test.lock pyproject.toml

# the editor of the desk's texts, bundled anew from its package-lock; needs Node.js and npm
EDITOR_PARTS := chatbot/web/vendor/codemirror
editor:
	place=$$(mktemp -d) && trap 'rm -rf "$$place"' EXIT && cp $(EDITOR_PARTS)/* "$$place" && \
	(cd "$$place" && npm ci --ignore-scripts --no-audit --no-fund && npm run --silent build) && \
	cp "$$place/codemirror.js" "$$place/LICENSE" $(EDITOR_PARTS)/
