# Aurore : les commandes de l'atelier. « make lab » pour commencer.

PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
TORCH := $(shell sed -n 's/^torch==\([0-9.]*\).*/\1/p' requirements.txt)
# La construction « processeur seul » de PyTorch : sans elle, sous Linux, PyPI ajoute plusieurs Go de CUDA.
TORCH_CPU_INDEX ?= https://download.pytorch.org/whl/cpu

PORT ?= 8000

.PHONY: help venv lab serve test test-livres test-parcours lint notebooks pipeline bench clean

help:  ## affiche cette aide
	@sed -n 's/^\([a-z-]*\):.*## \(.*\)/  make \1\t\2/p' $(MAKEFILE_LIST) | expand -t 22

venv: $(VENV)/.installed  ## crée ou met à jour l'environnement

$(VENV)/.installed: requirements.txt pyproject.toml
	@command -v $(PYTHON) >/dev/null || { echo "« $(PYTHON) » est introuvable : installez Python 3.11 (python.org), ou donnez son chemin : « make venv PYTHON=… »." >&2; exit 1; }
	@$(PYTHON) -m aurore.before
	@$(BIN)/python -m pip --version >/dev/null 2>&1 || $(PYTHON) -m venv $(VENV) || { $(PYTHON) -m aurore.before --after; exit 1; }
	@$(BIN)/python -c "import aurore"
	@if [ "$$(uname -s)" = Linux ] && ! command -v nvidia-smi >/dev/null 2>&1; then \
	  echo "Pas de carte NVIDIA : PyTorch est pris dans sa version « processeur seul » si un dépôt la propose."; \
	  $(BIN)/python -m pip install --quiet --retries 0 --timeout 15 --no-deps \
	    --extra-index-url $(TORCH_CPU_INDEX) torch==$(TORCH) 2>/dev/null \
	  || echo "Version « processeur seul » introuvable : celle de PyPI sera prise (plusieurs Go)."; \
	fi
	@# La bibliothèque s'installe sur place : un carnet la trouve d'où qu'on l'ouvre, et la modifier suffit.
	@{ $(BIN)/python -m pip install --quiet -r requirements.txt && $(BIN)/python -m pip install --quiet --no-deps --editable . ; } \
	|| { $(BIN)/python -m aurore.before --after; exit 1; }
	@touch $@

lab: venv  ## ouvre JupyterLab
	@$(BIN)/python -m aurore lab

serve: venv  ## sert la page web, sur cette machine (PORT=8000)
	@$(BIN)/python -m aurore serve --port $(PORT)

lint: venv  ## le style et les types, carnets compris
	@$(BIN)/ruff check --quiet .
	@$(BIN)/ruff format --quiet --check . || { echo "À remettre en forme : $(BIN)/ruff format ."; exit 1; }
	@$(BIN)/mypy

notebooks: venv  ## exécute les carnets et range leurs sorties (LESSON=02 pour un seul)
	@$(BIN)/python -m aurore.notebooks $(LESSON)

test: lint  ## toute la suite, sans réseau
	@HF_HUB_OFFLINE=1 $(BIN)/python -m pytest -n 2 --dist worksteal -m "not livres and not parcours"

test-livres: venv  ## les mêmes vérifications sur les vrais livres (../shared/gutenberg ou LIVRES=dossier)
	@HF_HUB_OFFLINE=1 $(BIN)/python -m pytest -m livres

test-parcours: venv  ## l'atelier entier dans Chromium, leçon par leçon, dans les deux états (une demi-heure)
	@HF_HUB_OFFLINE=1 AURORE_BROWSER=required $(BIN)/python -m pytest -m parcours

pipeline: venv  ## corpus, tokenizer, entraînement, génération, évaluation, avec un compte rendu
	@$(BIN)/python -m aurore pipeline --report rapport.json
	@echo "Compte rendu : rapport.json"

bench: venv  ## les mesures, livres dans AURORE_MIRROR ; écrit benchmarks/RESULTS.md
	@$(BIN)/python -m benchmarks

clean:  ## efface l'environnement et ce que l'atelier a produit, jamais les livres téléchargés
	rm -rf $(VENV) data/dataset data/tokenizer data/model data/checkpoints data/sentences.json rapport.json
