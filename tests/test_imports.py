"""Importer un module de l'atelier ne change rien au-dehors : ni le système, ni les bibliothèques des autres."""

import json
import subprocess
import sys

import pytest
from conftest import ROOT

MODULES = sorted(
    ".".join(path.relative_to(ROOT).with_suffix("").parts).removesuffix(".__init__")
    for path in (ROOT / "aurore").glob("**/*.py")
)

# Les bibliothèques d'abord, par les lignes mêmes qui les importent : ce qu'elles changent n'est pas de notre fait.
SCRIPT = """
import argparse, ast, importlib, json, logging, os, sys, warnings
from pathlib import Path

modules = json.loads(sys.argv[1])

def libraries(path):
    for node in ast.parse(path.read_text(encoding="utf-8")).body:
        names = [alias.name for alias in node.names] if isinstance(node, ast.Import) else [getattr(node, "module", "")]
        if isinstance(node, ast.Import | ast.ImportFrom) and not names[0].startswith("aurore"):
            yield ast.unparse(node)

for name in modules:
    folder = Path(*name.split("."))
    for line in libraries(folder / "__init__.py" if folder.is_dir() else folder.with_suffix(".py")):
        exec(line, {})

import datasets.utils.logging, huggingface_hub.utils, matplotlib, numpy, torch, transformers.utils.logging

def umask():
    mask = os.umask(0)
    os.umask(mask)
    return mask

# Le lire seulement pourrait passer inaperçu : chaque appel compte.
calls, real = [], os.umask
os.umask = lambda mask: calls.append(mask) or real(mask)

def outside():
    loggers = {name: logger.level for name, logger in logging.root.manager.loggerDict.items()
               if isinstance(logger, logging.Logger) and not name.startswith("aurore")}
    seen = len(calls)
    found = {
        "umask": umask(),
        "argparse": (argparse._ is argparse.__dict__["_"], id(argparse._)),
        "environnement": dict(os.environ),
        "avertissements": [str(one) for one in warnings.filters],
        "journaux": {name: level for name, level in loggers.items() if level} | {"": logging.root.level},
        "barres": [datasets.are_progress_bars_disabled(), huggingface_hub.utils.are_progress_bars_disabled(),
                   transformers.utils.logging.is_progress_bar_enabled()],
        "bavardage": [transformers.utils.logging.get_verbosity(), datasets.utils.logging.get_verbosity()],
        "calcul": [torch.get_num_threads(), torch.get_default_dtype(), torch.initial_seed(), torch.is_grad_enabled()],
        "nombres": [str(numpy.get_printoptions()), numpy.random.get_state()[1].tolist()],
        "figures": dict(matplotlib.rcParams),
        "sorties": [id(sys.stdout), id(sys.stderr), sys.stdout.encoding, id(sys.excepthook)],
        "dossier": os.getcwd(),
    }
    del calls[seen:]
    return found | {"appels": list(calls)}

before, changed = outside(), {}
for name in modules:
    importlib.import_module(name)
    after = outside()
    if different := [key for key in before if before[key] != after[key]]:
        changed[name] = different
    before = after
print(json.dumps(changed))
"""


def test_importing_changes_nothing_outside():
    assert "aurore.storage" in MODULES and "aurore.__main__" in MODULES
    done = subprocess.run(
        [sys.executable, "-c", SCRIPT, json.dumps(MODULES)],
        cwd=ROOT,
        capture_output=True,
        text=True,
        encoding="utf-8",
        timeout=300,
    )
    assert done.returncode == 0, done.stderr[-3000:]
    assert json.loads(done.stdout.splitlines()[-1]) == {}


@pytest.mark.parametrize("name", ["aurore", "aurore.__main__", "aurore.settings", "aurore.lessons", "aurore.show"])
def test_the_command_line_starts_without_the_heavy_libraries(name):
    script = (
        f"import sys, {name}\n"
        "print([one for one in ('torch', 'transformers', 'datasets', 'matplotlib', 'ipywidgets', 'numpy') if one in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", script], cwd=ROOT, capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"
