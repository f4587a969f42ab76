"""Entraîner dans la mémoire qu'il y a : la perte calculée par morceaux, ce qu'un entraînement occupera, ce qui reste."""

import contextlib
import inspect
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import psutil
import torch
from transformers import GPT2LMHeadModel, PreTrainedModel
from transformers.activations import NewGELUActivation
from transformers.modeling_outputs import CausalLMOutput

from aurore import causal
from aurore.loss import head_loss, rows_at_once
from aurore.optimizer import split
from aurore.settings import AuroreError
from aurore.show import count
from aurore.storage import size_in_words

MARGIN = 0.9  # part de la mémoire libre que l'on s'autorise : les autres programmes aussi ont des besoins
AT_ONCE = 500_000_000  # octets d'activations lus à la fois sur un processeur : au-delà, on ne gagne plus de vitesse
LIBRARIES = 60_000_000  # octets de ce que Trainer charge en partant


@contextlib.contextmanager
def lean_training(model: PreTrainedModel, candidates: int = 0) -> Iterator[None]:
    """Le temps d'un entraînement, un GPT-2 calcule sa perte par morceaux, et en apprenant sur `candidates` tokens du vocabulaire
    seulement, s'il n'est pas nul (`loss.head_loss`) ; il ne rend plus de logits quand on lui donne des étiquettes. Sa GELU est calculée d'un trait : opération par opération, comme l'écrit transformers (« gelu_new »),
    elle garde cinq tables de 4 d nombres par token au lieu de deux. Son attention va par tranches (`causal`), s'il est étroit. Les autres
    modèles gardent leur calcul.
    """
    if not isinstance(model, GPT2LMHeadModel):
        yield
        return

    def forward(input_ids=None, attention_mask=None, labels=None, num_items_in_batch=None, **more):
        if labels is None:
            return type(model).forward(model, input_ids, attention_mask=attention_mask, **more)
        found = model.transformer(input_ids, attention_mask=attention_mask, use_cache=False)
        loss = head_loss(found.last_hidden_state, model.lm_head.weight, labels, num_items_in_batch, candidates)
        return CausalLMOutput(loss=loss)

    vars(forward)["__signature__"] = inspect.signature(model.forward)  # Trainer et `generate` la lisent
    model.forward, model.loss_type = forward, "ForCausalLM"  # sans ce nom, Trainer compterait un token de trop par bloc
    slow = [(block.mlp, block.mlp.act) for block in model.transformer.h if isinstance(block.mlp.act, NewGELUActivation)]
    for neurons, _ in slow:
        neurons.act = torch.nn.GELU("tanh")
    usual = model.config._attn_implementation
    if model.config.n_embd <= causal.WIDEST:
        model.set_attn_implementation(causal.NAME)
    try:
        yield
    finally:
        model.set_attn_implementation(usual)
        for neurons, act in slow:
            neurons.act = act
        for name in ("forward", "_original_forward", "loss_type"):  # accelerate y met aussi les siens
            model.__dict__.pop(name, None)


# --- Ce qu'un entraînement occupera ---------------------------------------------------------------------


@dataclass(frozen=True)
class Need:
    """Ce qu'un entraînement prendra en plus de ce que le processus occupe déjà, en octets.

    `weights` : gradients, mémoires d'AdamW, copies des poids ; `block` : ce que garde un bloc lu, jusqu'à la passe
    arrière ; `loss` : les logits d'un morceau et leurs gradients.
    """

    weights: int
    block: int
    loss: int

    def total(self, blocks: int) -> int:
        """Pour `blocks` blocs lus à la fois."""
        return self.weights + self.block * blocks + self.loss


def need(model: PreTrainedModel, context: int, bf16: bool, averaged: bool, muon: bool = False) -> Need:
    """Estime la mémoire d'un entraînement sur des blocs de `context` tokens.

    Par poids qui apprend : 4 octets de gradient, et 8 pour les deux moyennes d'AdamW, 4 pour celle de Muon ; par poids, 2
    pour la copie en bfloat16, et 4 pour ce qui est appris, à garder tant qu'on le mêle au départ. Par token et par couche de dimension d, les activations
    gardées font 19 d nombres : entrées des deux normes, requêtes, clés, valeurs, sortie de l'attention deux fois, et
    deux fois les 4 d neurones ; en bfloat16, les deux flux qui s'additionnent restent en 32 bits.
    """
    config = model.config
    numbers = sum(parameter.numel() for parameter in model.parameters())
    learning = sum(parameter.numel() for parameter in model.parameters() if parameter.requires_grad)
    vocabulary, width = config.vocab_size, getattr(config, "n_embd", None) or config.hidden_size
    layers = config.num_hidden_layers
    matrices = sum(parameter.numel() for parameter in split(model)[0]) if muon else 0
    weights = LIBRARIES + 12 * learning - 4 * matrices + (2 * numbers if bf16 else 0) + (4 * numbers if averaged else 0)
    block = context * layers * width * (44 if bf16 else 68)
    sliced = isinstance(model, GPT2LMHeadModel) and width <= causal.WIDEST and context <= causal.LONGEST
    if bf16 and sliced:  # `causal` garde les poids de ce qu'il voit
        block += layers * config.num_attention_heads * context * (context + causal.QUESTIONS)
    if getattr(config, "attn_pdrop", 0.0):  # l'oubli aléatoire écrit toute la grille de l'attention
        block += layers * config.num_attention_heads * context**2 * (7 if bf16 else 13)
    rows = min(16 * context, rows_at_once(vocabulary, not bf16)) if isinstance(model, GPT2LMHeadModel) else 0
    loss = rows * vocabulary * (12 if bf16 else 6) + vocabulary * width * (2 + 4)
    if not rows:  # tous les logits d'un bloc, leurs logarithmes, leurs gradients
        block += context * vocabulary * (16 if bf16 else 12)
    return Need(weights, block, loss)


def available() -> int:
    """Ce que ce processus peut encore prendre, en octets : la plus petite des limites de la machine, du conteneur et du
    système (`ulimit`).
    """
    found = [psutil.virtual_memory().available, *_container_room(), *_process_room()]
    return max(0, min(found))


def _container_room(root: Path = Path("/sys/fs/cgroup"), own: Path = Path("/proc/self/cgroup")) -> Iterator[int]:
    """Ce que laisse chaque groupe de contrôle de Linux où se trouve ce processus, version 1 ou 2."""
    with contextlib.suppress(OSError):
        for line in own.read_text().splitlines():
            _, kinds, path = line.split(":", 2)
            if kinds not in ("", "memory"):
                continue
            base, limit, usage = root / kinds, "memory.max", "memory.current"
            if kinds:
                limit, usage = "memory.limit_in_bytes", "memory.usage_in_bytes"
            place = base / path.lstrip("/")
            for folder in (place, *place.parents):
                if folder == base.parent:
                    break
                with contextlib.suppress(OSError, ValueError):  # « max » : pas de limite ; un dossier peut manquer
                    taken = int((folder / usage).read_text()) - _file_cache(folder)
                    yield int((folder / limit).read_text()) - taken


def _file_cache(folder: Path) -> int:
    """Les fichiers gardés en mémoire, que le système rend dès qu'on la lui demande."""
    with contextlib.suppress(OSError, ValueError):
        for line in (folder / "memory.stat").read_text().splitlines():
            name, _, size = line.partition(" ")
            if name in ("inactive_file", "total_inactive_file"):
                return int(size)
    return 0


def _process_room() -> Iterator[int]:
    """Ce que laissent les limites posées sur ce processus (`ulimit -v`, `ulimit -d`), sous Linux."""
    if not sys.platform.startswith("linux"):
        return
    import resource

    used = psutil.Process().memory_info()
    for limit, taken in ((resource.RLIMIT_AS, used.vms), (resource.RLIMIT_DATA, used.data)):
        most, _ = resource.getrlimit(limit)
        if most != resource.RLIM_INFINITY:
            yield most - taken


def blocks_at_once(
    wanted: Need, batch: int, model: PreTrainedModel, context: int, room: int, most: int = AT_ONCE
) -> int:
    """Combien de blocs d'un lot lire à la fois : le plus grand diviseur de `batch` dont les activations tiennent en `most`
    octets, et le tout dans la mémoire. Dit quand c'est elle qui manque.

    `room` : ce qui reste, en octets. Lève `AuroreError` si un seul bloc n'y tient pas,
    avec ce qu'il faut réduire : sans cela, le système arrêterait le noyau sans un mot.
    """
    sizes = [size for size in range(batch, 0, -1) if batch % size == 0]
    sizes = [size for size in sizes if size == 1 or size * wanted.block <= most]
    for blocks in sizes:
        if wanted.total(blocks) <= MARGIN * room:
            if blocks < sizes[0]:
                print(
                    f"Il reste {size_in_words(room)} de mémoire : chaque lot de {batch} blocs est lu en {batch // blocks} fois. Le résultat est le même."
                )
            return blocks
    parameters = sum(parameter.numel() for parameter in model.parameters())
    raise AuroreError(
        f"La mémoire ne suffit pas : cet entraînement en demande {size_in_words(wanted.total(1))} de plus, même un bloc à la fois, et il en reste {size_in_words(room)}. {_advice(wanted, room)} Rien n'a commencé. (modèle de {count(parameters, 'poids', 'poids')}, blocs de {context} tokens)"
    )


def _advice(wanted: Need, room: int) -> str:
    close = "Arrêtez les noyaux des autres carnets et les programmes qui ne servent pas"
    if wanted.weights + wanted.loss > MARGIN * room:  # même un bloc d'un token n'y tiendrait pas
        return f"{close}, ou prenez un modèle plus petit (AURORE_MODEL)."
    return f"{close}, ou réduisez la longueur des blocs."


@contextlib.contextmanager
def explained() -> Iterator[None]:
    """Dit en français qu'une mémoire a manqué malgré l'estimation."""
    try:
        yield
    except (MemoryError, torch.OutOfMemoryError) as error:
        raise _lacking() from error
    except RuntimeError as error:
        if "allocate memory" in str(error) or "out of memory" in str(error):  # PyTorch, sur un processeur
            raise _lacking() from error
        raise


def _lacking() -> AuroreError:
    return AuroreError(
        "La mémoire a manqué pendant l'entraînement. Ce qui était enregistré est gardé : relancez, il reprendra. Arrêtez d'abord les noyaux des autres carnets, ou réduisez le lot ou la longueur des blocs, ou prenez un modèle plus petit (AURORE_MODEL)."
    )
