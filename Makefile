# Everything a user or developer runs. `make help` lists it.
PYTHON ?= python3.11
VENV := .venv
BIN := $(VENV)/bin
INSTALLED := $(VENV)/.installed
TORCH := 2.13.0
# The index that carries PyTorch without the 2 GB of CUDA libraries; the package index is the fallback.
TORCH_INDEX ?= https://download.pytorch.org/whl/cpu
CHECKOV := $(VENV)/checkov
SUPPLY := $(VENV)/supply-chain
# What builds images: docker, or something that takes the same words, such as podman.
CONTAINERS ?= docker
IMAGES := services/transcriber services/vision services/audio services/judge orchestrator gateway
# Images of nothing but model weights, which pods mount.
WEIGHTS := servicekit/weights k8s/components/vllm
PAGES := gateway/web/assets
VERSION := $(shell sed -n 's/^version = "\(.*\)"/\1/p' pyproject.toml)
export PYTHONPATH := .:gen
# Where this is set, every process compiles every module again when it starts: seconds each time.
unexport PYTHONDONTWRITEBYTECODE

.DEFAULT_GOAL := help
.PHONY: help setup models weights prepare demo run stop test rehearse torture check lint format types proto generate docs lock clean \
  train-judge bench bench-speech bench-vision bench-judge bench-fairness bench-fusion bench-recordings bench-gateway bench-workspace

help: ## List the targets
	@grep -hE '^[a-z0-9-]+:.*## ' $(MAKEFILE_LIST) | awk -F ':.*## ' '{printf "  make %-12s %s\n", $$1, $$2}'

setup: ## Create the environment and install every package
	@scripts/timed.sh "make setup" $(MAKE) --no-print-directory $(INSTALLED)

$(VENV)/pyvenv.cfg:
	@command -v $(PYTHON) >/dev/null || { echo "Python 3.11 is needed: install it or set PYTHON=/path/to/python3.11" >&2; exit 1; }
	@$(PYTHON) -m venv $(VENV) || { rm -rf $(VENV); exit 1; }

$(INSTALLED): locks/dev.txt locks/uv.txt pyproject.toml | $(VENV)/pyvenv.cfg
	@echo "Installing packages (about 2.5 GB, once) ..."
	@scripts/system-libraries.sh & libraries=$$!; \
	  $(BIN)/python -m scripts.packages dev --torch $(TORCH) --torch-index "$(TORCH_INDEX)" --project; packages=$$?; \
	  wait $$libraries && exit $$packages
	@touch $@

models: ## Put the embedded model weights into the model folder (1.2 GB, once) while packages are installed
	@scripts/timed.sh "make models" $(MAKE) --no-print-directory -j2 prepare

weights: | $(VENV)/pyvenv.cfg
	@$(BIN)/python -m servicekit.weights install

# What a service makes of its weights once, so that it starts sooner.
prepare: $(INSTALLED) weights
	@$(BIN)/python -m services.judge.prepare

train-judge: models ## Train the judge's head from the graded answers again (an hour; resumes where it stopped)
	@$(BIN)/python -m training.judge

demo: ## Assess the sample interview with real models, print the findings as they come in, then stop
	@started=$$(date +%s.%N); $(MAKE) --no-print-directory models && $(BIN)/python -m local demo --since $$started

run: models ## Start the whole system and keep it running; open http://127.0.0.1:8000/
	@$(BIN)/python -m local run

stop: ## Stop a system that `make run` started
	@$(BIN)/python -m local stop

test: models ## Run every test (uses Chromium, PostgreSQL and node if present, else installs them)
	@scripts/browser.sh $(BIN)/python
	@scripts/test-servers.sh
	@scripts/prometheus.sh
	@scripts/sign-in-server.sh
	@$(BIN)/pytest -n logical --maxprocesses 4 --dist loadfile --no-loadscope-reorder

rehearse: $(INSTALLED) ## Run the system as on a cluster while its processes start and stop (SHORT=1: a minute, as in CI)
	@scripts/test-servers.sh
	@scripts/prometheus.sh
	@$(BIN)/python -m rehearsal $(if $(SHORT),--short)

torture: $(INSTALLED) ## Hostile recordings, dying processes, many callers; counts what must be zero (SHORT=1: under 4 minutes)
	@scripts/test-servers.sh
	@$(BIN)/python -m torture $(if $(SHORT),--short) $(TORTURE)

check: lint types proto test ## What must pass before a commit

lint: $(INSTALLED) ## Check the style of Python and of the pages' modules
	@$(BIN)/ruff check .
	@$(BIN)/ruff format --check .
	@$(BIN)/oxlint $(PAGES)
	@$(BIN)/oxfmt --check $(PAGES)

format: $(INSTALLED) ## Format Python and the pages' modules as `make lint` requires
	@$(BIN)/ruff check --fix --quiet .
	@$(BIN)/ruff format .
	@$(BIN)/oxfmt $(PAGES)

types: $(INSTALLED) ## Check types
	@$(BIN)/mypy

proto: $(INSTALLED) ## Check the contract's style, and that gen/ belongs to it
	@$(BIN)/buf lint
	@scripts/generate.sh --check

generate: $(INSTALLED) ## Generate gen/ from protos/, and the blocking client from the asyncio client
	@scripts/generate.sh
	@$(BIN)/python -m scripts.generate_client

docs: $(INSTALLED) ## Generate docs/configuration.md from the settings, docs/result.schema.json from the types
	@$(BIN)/python -m scripts.document_settings
	@$(BIN)/python -m scripts.document_result

.PHONY: images test-images chart check-k8s check-cluster

chart: $(INSTALLED) ## Make the Helm chart from the kustomize base, components and overlays
	@$(BIN)/python -m scripts.helm_chart

images: ## Build one image per service, the transcriber's for GPUs and the weights'
	@command -v $(CONTAINERS) >/dev/null || { echo "Images need $(CONTAINERS), which is not installed: install it, or set CONTAINERS=podman" >&2; exit 1; }
	@$(CONTAINERS) info >/dev/null 2>&1 || { echo "$(CONTAINERS) is installed, but its daemon does not answer: start it" >&2; exit 1; }
	@for folder in $(IMAGES); do \
	  $(CONTAINERS) build --file $$folder/Dockerfile --tag interview/$$(basename $$folder):$(VERSION) $(IMAGE_ARGUMENTS) . || exit 1; done
	@$(CONTAINERS) build --file services/transcriber/Dockerfile --build-arg LOCK=transcriber-cuda \
	  --tag interview/transcriber:$(VERSION)-cuda $(IMAGE_ARGUMENTS) .
	@$(CONTAINERS) build --file servicekit/weights/Dockerfile --build-arg JUDGE=interview/judge:$(VERSION) \
	  --tag interview/weights:$(VERSION) $(IMAGE_ARGUMENTS) .

test-images: models $(SUPPLY)/.installed ## Build each image, look into it and run it as its pods (root; ONLY="gateway vision": some of them)
	@scripts/containers.sh
	@scripts/test-servers.sh
	@$(BIN)/python -m scripts.check_images $(ONLY) --torch $(TORCH) --torch-index "$(TORCH_INDEX)" --tools $(SUPPLY)/bin

check-k8s: $(INSTALLED) $(CHECKOV)/.installed ## Check images, Kubernetes manifests and alerts, without a cluster (an API server in KUBEBUILDER_ASSETS is asked too)
	@$(BIN)/hadolint $(IMAGES:%=%/Dockerfile) $(WEIGHTS:%=%/Dockerfile)
	@$(BIN)/python -m scripts.check_k8s .state/k8s
	@scripts/prometheus.sh
	@$(BIN)/python -m scripts.check_k8s.alerts
	@$(BIN)/python -m scripts.check_k8s.server
	@$(CHECKOV)/bin/checkov --config-file .checkov.yaml --file .state/k8s/*.yaml $(IMAGES:%=%/Dockerfile)

check-cluster: ## Ask the current cluster's API server about every overlay, changing nothing
	@command -v kubectl >/dev/null || { echo "kubectl is needed, with a cluster to ask" >&2; exit 1; }
	@for overlay in local staging production; do echo "$$overlay:"; \
	  kubectl apply --dry-run=server --validate=strict --kustomize k8s/overlays/$$overlay || exit 1; done

# In an environment of its own: it pins packages that others need in newer versions.
$(CHECKOV)/.installed: $(INSTALLED) locks/checkov.txt
	@$(BIN)/python -m venv $(CHECKOV)
	@$(BIN)/python -m scripts.packages checkov --python $(CHECKOV)/bin/python \
	  || { echo "checkov could not be installed; the other checks of Kubernetes are in make test" >&2; exit 1; }
	@touch $@

.PHONY: sbom audit

sbom: $(SUPPLY)/.installed ## List the contents of each image (CycloneDX) in out/sbom
	@$(BIN)/python -m scripts.supply_chain sbom --tools $(SUPPLY)/bin --torch $(TORCH)

audit: $(SUPPLY)/.installed ## Check the locked packages for known weaknesses (needs pypi.org)
	@$(BIN)/python -m scripts.supply_chain audit --tools $(SUPPLY)/bin --torch $(TORCH)

$(SUPPLY)/.installed: $(INSTALLED) locks/supply-chain.txt
	@$(BIN)/python -m venv $(SUPPLY)
	@$(BIN)/python -m scripts.packages supply-chain --python $(SUPPLY)/bin/python
	@touch $@

lock: ## Resolve every package again into locks/
	@test -x $(BIN)/uv || $(BIN)/pip install -q --disable-pip-version-check uv
	@for extra in transcriber vision audio judge orchestrator gateway dev; do \
	  $(BIN)/uv pip compile -q pyproject.toml --extra $$extra --python-version 3.11 --generate-hashes --no-annotate \
	    --no-header --no-emit-package torch --overrides locks/overrides.txt -o locks/$$extra.txt >/dev/null; done
	@$(BIN)/uv pip compile -q pyproject.toml --extra transcriber-cuda -c locks/transcriber.txt --python-version 3.11 --generate-hashes \
	  --no-annotate --no-header --no-emit-package torch --overrides locks/overrides.txt -o locks/transcriber-cuda.txt >/dev/null
	@echo uv | $(BIN)/uv pip compile -q - --upgrade --python-version 3.11 --generate-hashes --no-annotate --no-header \
	  -o locks/uv.txt >/dev/null
	@echo checkov | $(BIN)/uv pip compile -q - --python-version 3.11 --generate-hashes --no-annotate --no-header \
	  -o locks/checkov.txt >/dev/null
	@printf 'pip-audit\ncyclonedx-bom\n' | $(BIN)/uv pip compile -q - --python-version 3.11 --generate-hashes --no-annotate \
	  --no-header -o locks/supply-chain.txt >/dev/null

bench: models ## Measure speed, memory and accuracy (BENCH_DATA=folder adds real recordings)
	@$(BIN)/python -m bench

bench-speech: models ## Measure words, voices, memory and time of the speech services (BENCH_DATA as above)
	@$(BIN)/python -m bench.speech

bench-vision: models ## Measure the vision service on synthetic and real clips (BENCH_DATA=folder adds real ones)
	@$(BIN)/python -m bench.vision

bench-fairness: models ## Measure whether names, ways of speaking, faces and light move scores and findings
	@$(BIN)/python -m bench.fairness

bench-fusion: models ## Measure findings and verdicts on composed sessions (BENCH_DATA as above)
	@$(BIN)/python -m bench.fusion

bench-recordings: models ## Read recordings of every kind that goes wrong elsewhere, and count what is right (BENCH_DATA as above)
	@$(BIN)/python -m bench.recordings

bench-gateway: models ## Measure the gateway: pollers, large uploads, dashboard, report
	@scripts/browser.sh $(BIN)/python
	@$(BIN)/python -m bench.gateway

bench-workspace: models ## Measure the recruiter's pages: a job of 2,000 candidates, four side by side
	@scripts/browser.sh $(BIN)/python
	@$(BIN)/python -m bench.workspace

bench-judge: models ## Measure the judge with the embedded model (resumable; BENCH_DATA=folder adds human grades)
	@$(BIN)/python -m bench.judge

clean: ## Delete the environment and everything that was generated or stored here
	@rm -rf $(VENV) .state out .mypy_cache .ruff_cache .pytest_cache
