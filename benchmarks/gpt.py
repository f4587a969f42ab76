"""Notre GPT-2 contre celui de transformers : mêmes poids, même machine, un seul passage ; et la mémoire de chacun.

Les deux alternent, et l'on garde le meilleur temps de chacun : ce que la machine fait d'autre pèse alors autant sur
l'un que sur l'autre. La mémoire se mesure dans un processus à part, au-dessus de ce que tient déjà le modèle chargé.
"""

import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import torch
from transformers import GPT2Config, GPT2LMHeadModel

from aurore import gpt, settings

PROMPT, WRITTEN = 16, 200  # tokens
SIZES = {"aurore-base": (8, 256), "GPT-2 small, poids tirés au sort": (2, 256)}  # nom → lot (B, T) d'un pas
LEARN, WRITE, REREAD, PLAIN = "un pas, avant et arrière", "écrire 200 tokens", "sans cache", "avec cache, sans deviner"


def load(size: str) -> GPT2LMHeadModel:
    """Le modèle de transformers, en 32 bits."""
    if size == "aurore-base":
        return GPT2LMHeadModel.from_pretrained(settings.EMBEDDED_MODEL, dtype=torch.float32, trust_remote_code=False)
    torch.manual_seed(settings.SEED)
    return GPT2LMHeadModel(GPT2Config(resid_pdrop=0.0, embd_pdrop=0.0, attn_pdrop=0.0))


def actions(size: str, theirs: GPT2LMHeadModel, ours: gpt.GPT) -> dict[tuple[str, str], Callable]:
    """Ce qu'on mesure : (geste, qui) → la fonction qui le fait ; celles qui écrivent rendent le texte."""
    draw = torch.Generator().manual_seed(settings.SEED)
    lot = torch.randint(theirs.config.vocab_size, SIZES[size], generator=draw)
    prompt = lot[:1, :PROMPT]

    def learn(model, loss):
        model.train().zero_grad()
        loss().backward()

    def write():
        return theirs.eval().generate(
            prompt,
            attention_mask=torch.ones_like(prompt),
            max_new_tokens=WRITTEN,
            do_sample=False,
            pad_token_id=0,
            eos_token_id=None,
        )

    def complete(**options):
        return gpt.complete(ours.eval(), prompt, WRITTEN, **options)

    return {
        (LEARN, "transformers"): lambda: learn(theirs, lambda: theirs(input_ids=lot, labels=lot, use_cache=False).loss),
        (LEARN, "aurore"): lambda: learn(ours, lambda: ours.loss(lot)),
        (WRITE, "transformers"): write,
        (WRITE, "aurore"): complete,
        (PLAIN, "aurore"): lambda: complete(guess=False),
        (REREAD, "aurore"): lambda: complete(cache=False),
    }


def best_times(chosen: dict[tuple[str, str], Callable], repeats: int) -> dict[tuple[str, str], float]:
    """Le meilleur temps de chacun, en secondes ; ils alternent."""
    best = dict.fromkeys(chosen, float("inf"))
    for _ in range(repeats):
        for name, action in chosen.items():
            start = time.perf_counter()
            action()
            best[name] = min(best[name], time.perf_counter() - start)
    return best


def run(repeats: int = 3) -> Iterator[tuple[str, ...]]:
    """Donne une ligne par comparaison : modèle, geste, les deux débits en tokens/s, rapport, visé, les deux mémoires en Mo."""
    for size, lot in SIZES.items():
        theirs = load(size)
        ours = gpt.GPT.from_tensors(theirs.config.to_dict(), theirs.state_dict())
        every = actions(size, theirs, ours)
        texts = [action() for (gesture, _), action in every.items() if gesture != LEARN]
        if not all(torch.equal(text, texts[0]) for text in texts):
            raise AssertionError(f"{size} : les textes diffèrent, les vitesses ne se comparent pas")
        # Relire tout à chaque pas prend une minute à GPT-2 small, sans presque varier : une fois suffit.
        turns = {LEARN: repeats + 1, WRITE: repeats, REREAD: 1}
        seconds = {}
        for gestures in ((LEARN,), (WRITE, PLAIN), (REREAD,)):
            chosen = {name: action for name, action in every.items() if name[0] in gestures}
            seconds |= best_times(chosen, turns[gestures[0]])
        speed = {name: (lot[0] * lot[1] if name[0] == LEARN else WRITTEN) / spent for name, spent in seconds.items()}
        memory = {name: peak_memory(size, *name) for name in every}
        for one, other, aim in (
            ((LEARN, "transformers"), (LEARN, "aurore"), "1,1"),
            ((WRITE, "transformers"), (WRITE, "aurore"), "1,3"),
            ((WRITE, "transformers"), (PLAIN, "aurore"), ""),
            ((REREAD, "aurore"), (WRITE, "aurore"), "6"),
            ((REREAD, "aurore"), (PLAIN, "aurore"), ""),
        ):
            yield (
                size,
                f"{other[0]}, contre {one[1] if one[1] != 'aurore' else one[0]}",
                f"{speed[one]:.0f}",
                f"{speed[other]:.0f}",
                f"{speed[other] / speed[one]:.2f}",
                aim,
                memory[one],
                memory[other],
            )


def peak_memory(size: str, gesture: str, who: str) -> str:
    """Mo pris par un geste au-dessus du modèle chargé, dans un processus neuf ; vide hors de Linux."""
    if not Path("/proc/self/clear_refs").exists():
        return ""
    code = "import sys; from benchmarks import gpt; gpt.show_peak(*sys.argv[1:])"
    done = subprocess.run(
        [sys.executable, "-c", code, size, gesture, who],
        cwd=settings.ROOT,
        capture_output=True,
        text=True,
        encoding="utf-8",
        check=True,
    )
    return done.stdout.split()[-1]


def show_peak(size: str, gesture: str, who: str) -> None:
    """Écrit la mémoire d'un geste, en Mo : le plus haut qu'il atteint, moins ce que tient le modèle."""
    theirs = load(size)
    ours = gpt.GPT.from_tensors(theirs.config.to_dict(), theirs.state_dict())
    action = actions(size, theirs, ours)[gesture, who]
    Path("/proc/self/clear_refs").write_text("5", encoding="utf-8")  # remet le plus haut à l'état présent
    before = _highest()
    action()
    print(round((_highest() - before) / 1000))


def _highest() -> int:
    """Le plus haut de la mémoire tenue, en milliers d'octets."""
    lines = Path("/proc/self/status").read_text(encoding="utf-8").splitlines()
    return int(next(line for line in lines if line.startswith("VmHWM")).split()[1])
