"""Leçon 05 : GPT-2, assemblé pièce à pièce, et à la taille qu'on veut.

`GPT` est le nôtre, fait des pièces de la leçon 04 ; il lit les poids de n'importe quel GPT-2 et donne les mêmes
logits que transformers. `build_gpt2` rend celui de transformers, que les leçons suivantes entraînent : ce qui
s'apprend là se recharge partout. Les deux portent les mêmes poids, sous d'autres noms.

Les lettres sont celles de la leçon 04 : B textes dans le lot, T tokens par texte, C nombres par token, H têtes, d = C / H,
et V tokens au vocabulaire. Les logits sont des notes sans unité, une perte est en nats par token.
"""

import copy
import json
import math
import pickle
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import NamedTuple, Protocol

import torch
from safetensors import SafetensorError
from safetensors.torch import load_file
from torch import Tensor, nn
from torch.nn import functional
from transformers import GPT2Config, GPT2LMHeadModel
from transformers.utils import cached_file

from aurore import attention
from aurore.loss import head_loss
from aurore.settings import SEED, AuroreError

# --- Le modèle de transformers --------------------------------------------------------------------------


class Shape(Protocol):
    """Les dimensions d'un GPT-2 ; un profil (`settings.Profile`) et un plan (`pretrain.Plan`) en donnent."""

    @property
    def context_length(self) -> int: ...
    @property
    def n_layer(self) -> int: ...
    @property
    def n_head(self) -> int: ...
    @property
    def n_embd(self) -> int: ...


DROPOUTS = ("resid_pdrop", "embd_pdrop", "attn_pdrop")  # où GPT-2 oublie au hasard


def build_gpt2(
    shape: Shape,
    vocab_size: int,
    end_of_text: int,
    seed: int = SEED,
    dropout: float = 0.0,
    activation: str = "gelu_new",
) -> GPT2LMHeadModel:
    """Rend un GPT-2 neuf (Radford 2019) de ces dimensions ; les poids tirés au sort ne dépendent que de `seed`.

    `vocab_size` en tokens ; `end_of_text` est l'identifiant du token de fin de texte ; `dropout` est la part des
    valeurs oubliées au hasard : aucune par défaut, car sur peu de passages elle ralentit plus qu'elle ne protège.
    """
    torch.manual_seed(seed)
    config = GPT2Config(
        vocab_size=vocab_size,
        n_positions=shape.context_length,
        n_embd=shape.n_embd,
        n_layer=shape.n_layer,
        n_head=shape.n_head,
        bos_token_id=end_of_text,
        eos_token_id=end_of_text,
        activation_function=activation,
        **dict.fromkeys(DROPOUTS, dropout),
    )
    return GPT2LMHeadModel(config)


def count_parameters(model: torch.nn.Module) -> int:
    """Nombre de poids, ceux que l'entrée et la sortie partagent n'étant comptés qu'une fois."""
    return sum(parameter.numel() for parameter in model.parameters())


# --- Les gestes -----------------------------------------------------------------------------------------


def embed(ids: Tensor, ranks: Tensor, tokens: Tensor, positions: Tensor) -> Tensor:
    """Un vecteur par token : celui de son identifiant plus celui de son rang (Radford 2019), (B, T, C).

    `ids` (B, T) ; `ranks` (T,) ou (B, T), le rang de chacun dans son texte ; `tokens` (V, C) et `positions` (P, C) sont
    les deux tables.
    """
    return functional.embedding(ids, tokens) + functional.embedding(ranks, positions)


def read(model: "GPT", ids: Tensor, ranks: Tensor, mask: Tensor | None = None) -> Tensor:
    """Lit `ids` (B, T) : plongements, blocs l'un après l'autre, dernière norme ; un vecteur par place, (B, T, C).

    `ranks` est celui d'`embed` ; `mask`, booléen, dit ce que chaque place voit et se diffuse jusqu'à (B, 1, T, T).
    """
    x = embed(ids, ranks, model.tokens.weight, model.positions.weight)  # (B, T, C)
    for block in model.blocks:
        x = block(x, mask)
    return model.ln_f(x)


def head(states: Tensor, tokens: Tensor) -> Tensor:
    """Les logits : (…, C) → (…, V). La table d'entrée `tokens` (V, C) sert aussi de sortie (Press 2017).

    La note d'un token est le produit scalaire de sa ligne et du vecteur lu.
    """
    return functional.linear(states, tokens)


def next_token_loss(logits: Tensor, labels: Tensor) -> Tensor:
    """L'entropie croisée, en nats par token : la note de la place t juge le token t + 1.

    `logits` (B, T, V) ; `labels` (B, T), d'ordinaire les identifiants lus. Une étiquette de -100 ne compte pas.
    """
    return functional.cross_entropy(logits[:, :-1].flatten(0, 1), labels[:, 1:].flatten())


def training_step(model: nn.Module, optimizer: torch.optim.Optimizer, ids: Tensor) -> float:
    """Un pas d'apprentissage sur le lot `ids` (B, T) ; rend la perte d'avant le pas, en nats par token.

    Le gradient est écrêté à une norme de 1 : un lot inhabituel ne doit pas défaire ce qui est appris.
    """
    optimizer.zero_grad()
    loss = model.loss(ids)
    loss.backward()
    nn.utils.clip_grad_norm_(model.parameters(), 1.0)
    optimizer.step()
    return loss.item()


# --- Le modèle assemblé ---------------------------------------------------------------------------------


@dataclass(frozen=True)
class Dimensions:
    """Les dimensions d'un GPT-2 : V, P, C, le nombre de blocs et de têtes, la largeur au milieu d'un bloc (4C à défaut)."""

    vocab_size: int
    n_positions: int
    n_embd: int
    n_layer: int
    n_head: int
    n_inner: int | None = None
    epsilon: float = 1e-5

    @classmethod
    def of(cls, shape: Shape, vocab_size: int) -> "Dimensions":
        """Celles d'un profil ou d'un plan de l'atelier."""
        return cls(vocab_size, shape.context_length, shape.n_embd, shape.n_layer, shape.n_head)

    @classmethod
    def from_config(cls, config: dict) -> "Dimensions":
        """La forme que décrit un `config.json` ; lève `AuroreError` si ce n'est pas un GPT-2 que `GPT` sache calculer."""
        if config.get("model_type") != "gpt2":
            raise AuroreError(
                f"Ce modèle est de la famille « {config.get('model_type', 'inconnue')} ». Notre GPT ne lit que des GPT-2 : prenez gpt2, distilgpt2, benjamin/gpt2-wechsel-french ou data/models/aurore-base."
            )
        for name, usual in _USUAL_CHOICES.items():
            value = config.get(name, usual[0])
            if value not in usual:
                raise AuroreError(
                    f"Ce GPT-2 a un réglage rare, {name} = {value}, que notre GPT ne calcule pas. Chargez-le avec AutoModelForCausalLM."
                )
        names = ("vocab_size", "n_positions", "n_embd", "n_layer", "n_head")
        missing = [name for name in names if name not in config]
        if missing:
            raise AuroreError(f"config.json ne dit pas {', '.join(missing)}. Reprenez le fichier d'origine du modèle.")
        sizes = {name: config[name] for name in names}
        return cls(**sizes, n_inner=config.get("n_inner"), epsilon=config.get("layer_norm_epsilon", 1e-5))


_USUAL_CHOICES = {
    "activation_function": ("gelu_new", "gelu_pytorch_tanh", "gelu_fast"),  # trois écritures de la même formule
    "scale_attn_weights": (True,),
    "scale_attn_by_inverse_layer_idx": (False,),
    "add_cross_attention": (False,),
    "tie_word_embeddings": (True,),
}


class GPT(nn.Module):
    """GPT-2 (Radford 2019), fait des blocs de la leçon 04. Neuf, ses poids ne dépendent que de `seed`."""

    def __init__(self, shape: Dimensions, seed: int = SEED) -> None:
        super().__init__()
        torch.manual_seed(seed)
        self.shape = shape
        self.tokens = nn.Embedding(shape.vocab_size, shape.n_embd)
        self.positions = nn.Embedding(shape.n_positions, shape.n_embd)
        self.blocks = nn.ModuleList(
            attention.Block(shape.n_embd, shape.n_head, shape.n_inner) for _ in range(shape.n_layer)
        )
        self.ln_f = attention.LayerNorm(shape.n_embd)
        for module in self.modules():
            _start(module, shape)
        # Chaque bloc ajoute deux fois au même vecteur : sans cette division, sa taille croîtrait avec la profondeur.
        for block in self.blocks:
            for last in (block.attention.projection, block.feed_forward.contract):
                nn.init.normal_(last.weight, std=0.02 / math.sqrt(2 * shape.n_layer))
        _lay_by_columns(self)

    @classmethod
    def from_folder(cls, folder: str | Path) -> "GPT":
        """Notre GPT-2 avec les poids d'un dossier, ou d'un nom du Hub (`gpt2`), prêt à lire, en 32 bits.

        Les poids peuvent être en un ou plusieurs fichiers, en 16 ou 32 bits. Lève `AuroreError` si le dossier n'est pas
        celui d'un GPT-2, ou s'il y manque quelque chose.
        """
        try:
            config = json.loads(_find(folder, "config.json").read_text(encoding="utf-8"))
        except (UnicodeDecodeError, json.JSONDecodeError) as error:
            raise AuroreError(f"{folder}/config.json est illisible. Reprenez le fichier d'origine.") from error
        return cls.from_tensors(config, _read_tensors(folder))

    @classmethod
    def from_tensors(cls, config: dict, tensors: dict[str, Tensor]) -> "GPT":
        """Le même, depuis un `config.json` et des poids nommés comme dans transformers, avec ou sans « transformer. »."""
        shape = Dimensions.from_config(config)
        with torch.device("meta"):  # des poids tirés au sort seraient aussitôt remplacés
            model = cls(shape)
        model.to_empty(device="cpu")
        weights = {name.removeprefix("transformer."): tensor.float() for name, tensor in tensors.items()}
        try:
            model.tokens.load_state_dict({"weight": weights["wte.weight"]})
            model.positions.load_state_dict({"weight": weights["wpe.weight"]})
            for rank, block in enumerate(model.blocks):
                start = f"h.{rank}."
                block.load_gpt2({name.removeprefix(start): w for name, w in weights.items() if name.startswith(start)})
            model.ln_f.load_state_dict({"weight": weights["ln_f.weight"], "bias": weights["ln_f.bias"]})
        except KeyError as error:
            raise AuroreError(
                f"Il manque le poids « {error.args[0]} » : le modèle est incomplet. Reprenez tous ses fichiers."
            ) from error
        except RuntimeError as error:
            raise AuroreError(
                "Les poids n'ont pas les dimensions que dit config.json. Reprenez les fichiers d'un même modèle."
            ) from error
        return model.eval()

    def forward(self, ids: Tensor, attention_mask: Tensor | None = None) -> Tensor:
        """(B, T) → logits (B, T, V). `attention_mask` (B, T), 1 ou 0, dit où est le remplissage, de quelque côté qu'il soit.

        Le rang d'un token se compte sans le remplissage. Lève `AuroreError` si T dépasse le contexte du modèle.
        """
        return head(read(self, ids, *self.placed(ids, attention_mask)), self.tokens.weight)

    def placed(self, ids: Tensor, attention_mask: Tensor | None = None, past: int = 0) -> tuple[Tensor, Tensor | None]:
        """Le rang de chaque token, (T,) ou (B, T), et ce qu'il voit, à diffuser jusqu'à (B, 1, T, past + T) ; `None` ne cache rien.

        `past` compte les tokens lus avant ceux-ci ; `attention_mask` (B, past + T) les couvre aussi.
        """
        length = ids.shape[1]
        if past + length > self.shape.n_positions:
            raise AuroreError(
                f"Ce modèle lit {self.shape.n_positions} tokens au plus, et le texte en fait {past + length}. Raccourcissez-le."
            )
        # Un token seul voit tout ce qui précède : rien à cacher.
        mask = attention.causal_mask(length, past).to(ids.device) if length > 1 else None
        if attention_mask is None:
            return torch.arange(past, past + length, device=ids.device), mask
        ranks = (attention_mask.long().cumsum(-1) - 1).clamp(min=0)[:, past:]
        return ranks, attention.combine_masks(mask, attention.padding_mask(attention_mask))

    def loss(self, ids: Tensor, labels: Tensor | None = None) -> Tensor:
        """`next_token_loss` des logits de `ids` (B, T) ; `labels` vaut `ids` à défaut.

        Tant que tête et perte sont les nôtres, elles se calculent ensemble, sans jamais garder tous les logits.
        """
        labels = ids if labels is None else labels
        if not (_is_ours(head) and _is_ours(next_token_loss)):
            return next_token_loss(self(ids), labels)
        return head_loss(read(self, ids, *self.placed(ids)), self.tokens.weight, labels)


_OURS = {function.__code__ for function in (head, next_token_loss)}


def _is_ours(function: Callable) -> bool:
    return getattr(function, "__code__", None) in _OURS


# --- Lire les poids d'un dossier ------------------------------------------------------------------------


def _start(module: nn.Module, shape: Dimensions) -> None:
    """Les poids d'un GPT-2 neuf (Radford 2019) : tirés autour de zéro, écart-type 0,02, biais nuls."""
    if isinstance(module, nn.Linear | nn.Embedding):
        nn.init.normal_(module.weight, std=0.02)
    if isinstance(module, nn.Linear):
        nn.init.zeros_(module.bias)
    if isinstance(module, attention.LayerNorm):
        module.epsilon = shape.epsilon


def _lay_by_columns(model: GPT) -> None:
    """Range chaque matrice colonne après colonne en mémoire, sans rien changer à ses nombres ni à sa forme.

    Écrire un token, c'est multiplier chaque matrice par un seul vecteur : le temps de la lire. Par colonnes, la
    bibliothèque de calcul la lit d'un trait, deux fois plus vite pour la table de GPT-2. Cette table reste en lignes,
    car on y prend des lignes ; `Memory` en a une copie.
    """
    for module in model.modules():
        if isinstance(module, nn.Linear):
            module.weight.data = by_columns(module.weight.data)


def by_columns(matrix: Tensor) -> Tensor:
    """La même matrice, ses colonnes l'une après l'autre en mémoire."""
    return matrix.t().contiguous().t()


def _find(folder: str | Path, name: str) -> Path:
    """Le fichier `name` d'un dossier, ou d'un modèle du Hub : d'abord dans le cache, puis par le réseau."""
    found = _find_or_none(folder, name)
    if found is None:
        where = "Indiquez le dossier d'un modèle" if Path(folder).is_dir() else "Vérifiez ce nom, et le réseau"
        raise AuroreError(f"{folder} : {name} est introuvable. {where}, par exemple data/models/aurore-base.")
    return found


def _find_or_none(folder: str | Path, name: str) -> Path | None:
    if Path(folder).is_dir():
        path = Path(folder) / name
        return path if path.is_file() else None
    for offline in (True, False):
        try:
            found = cached_file(str(folder), name, local_files_only=offline)
        except (OSError, ValueError):  # absent du cache, ou pas de réseau, ou pas un nom de modèle
            continue
        return Path(found)
    return None


def _read_tensors(folder: str | Path) -> dict[str, Tensor]:
    """Tous les poids : un fichier safetensors, plusieurs et leur index, ou l'ancien `pytorch_model.bin`."""
    index = _find_or_none(folder, "model.safetensors.index.json")
    try:
        if index is not None:
            shards = sorted(set(json.loads(index.read_text(encoding="utf-8"))["weight_map"].values()))
            return {name: w for shard in shards for name, w in load_file(_find(folder, shard)).items()}
        single = _find_or_none(folder, "model.safetensors")
        if single is not None:
            return load_file(single)
        return torch.load(_find(folder, "pytorch_model.bin"), map_location="cpu", weights_only=True)
    except (SafetensorError, pickle.UnpicklingError, json.JSONDecodeError, EOFError) as error:
        raise AuroreError(
            f"Les poids de {folder} sont illisibles ({error}). Reprenez les fichiers d'origine."
        ) from error


# --- Écrire, et se souvenir -----------------------------------------------------------------------------


class Memory:
    """Le cache : les clés et les valeurs de chaque bloc pour tout ce qui est déjà lu, à leur place d'avance.

    `keys` et `values` (blocs, B, H, capacité, d). Allouées une fois : les allonger d'un token recopierait tout à chaque pas.
    `table` (V, C) est celle de sortie, rangée par colonnes.
    """

    def __init__(self, model: GPT, batch: int, capacity: int) -> None:
        shape, table = model.shape, model.tokens.weight
        size = (shape.n_layer, batch, shape.n_head, capacity, shape.n_embd // shape.n_head)
        self.keys, self.values = table.new_empty(size), table.new_empty(size)
        self.table = by_columns(table.detach())
        self.length = 0

    def extend(self, layer: int, key: Tensor, value: Tensor) -> tuple[Tensor, Tensor]:
        """Range les nouvelles clés et valeurs (B, H, T, d) après les autres, et rend toutes celles de ce bloc."""
        end = self.length + key.shape[2]
        self.keys[layer, :, :, self.length : end] = key
        self.values[layer, :, :, self.length : end] = value
        return self.keys[layer, :, :, :end], self.values[layer, :, :, :end]


def read_on(model: GPT, ids: Tensor, memory: Memory, attention_mask: Tensor | None = None) -> Tensor:
    """`read`, qui ne lit que les tokens nouveaux et retrouve les autres dans `memory` : (B, T) → (B, T, C).

    Les lignes marquées « # NEW » sont tout ce qui change.
    """
    ranks, mask = model.placed(ids, attention_mask, memory.length)  # NEW
    x = embed(ids, ranks, model.tokens.weight, model.positions.weight)
    for layer, block in enumerate(model.blocks):
        query, key, value = block.attention.project(block.ln_1(x))
        key, value = memory.extend(layer, key, value)  # NEW
        x = x + block.attention.mix(query, key, value, mask)
        x = x + block.feed_forward(block.ln_2(x))
    memory.length += ids.shape[1]  # NEW
    return model.ln_f(x)


@torch.inference_mode()
def complete(
    model: GPT, ids: Tensor, n: int, cache: bool = True, attention_mask: Tensor | None = None, guess: bool = True
) -> Tensor:
    """Prolonge `ids` (B, T) de `n` tokens, chaque fois le mieux noté : (B, T + n), amorce comprise.

    Avec `cache`, chaque token n'est lu qu'une fois ; sans, tout est relu à chaque pas. `guess`, pour un texte seul avec
    cache, devine plusieurs tokens que le modèle vérifie d'un coup (voir `Guesser`). Le texte est le même. Pour des
    amorces inégales, remplissez à gauche et donnez l'`attention_mask` (B, T). Ne s'arrête pas à la fin de texte.
    Lève `AuroreError` si T + n dépasse le contexte du modèle.
    """
    goal = ids.shape[1] + n
    if goal > model.shape.n_positions:
        raise AuroreError(
            f"L'amorce et la suite feraient {goal} tokens, et ce modèle en lit {model.shape.n_positions}. Demandez-en moins."
        )
    memory = Memory(model, len(ids), goal) if cache else None
    guesser = Guesser(ids[0].tolist()) if guess and cache and len(ids) == 1 and attention_mask is None else None
    table, unread = (memory.table if memory else model.tokens.weight), ids
    while ids.shape[1] < goal:
        guessed = guesser.guess(goal - ids.shape[1] - 1) if guesser else []
        if memory is None:
            states = read(model, ids, *model.placed(ids, attention_mask))
        else:
            fresh = torch.cat([unread, unread.new_tensor([guessed] * len(ids))], 1)
            states = read_on(model, fresh, memory, *([] if attention_mask is None else [attention_mask]))
        best = head(states[:, -1 - len(guessed) :], table).argmax(-1)  # (B, 1 + devinés)
        if guesser:
            best = best[:, : 1 + guesser.count_right(guessed, best[0].tolist())]
            memory.length -= 1 + len(guessed) - best.shape[1]  # ce qui suit une erreur est oublié
        ids, unread = torch.cat([ids, best], dim=1), best[:, -1:]
        if attention_mask is not None:
            attention_mask = torch.cat([attention_mask, torch.ones_like(unread)], dim=1)
    return ids


class Guesser:
    """Devine la suite d'un texte : après trois tokens déjà vus ensemble, ce qui les avait suivis (Saxena 2023).

    Lire huit tokens coûte à peine plus que d'en lire un : à ce compte, c'est la lecture des poids qui prend le temps.
    Le modèle lit donc la devinette d'un coup, et l'on garde ce qu'il aurait écrit lui-même : le texte ne change pas.
    """

    RUN, MOST = 3, 8  # tokens à retrouver, tokens à deviner

    def __init__(self, ids: list[int]) -> None:
        self.ids: list[int] = []
        self.followed: dict[tuple[int, ...], int] = {}  # trois tokens → le rang de ce qui les a suivis
        for token in ids:
            self.add(token)

    def add(self, token: int) -> None:
        """Note un token de plus."""
        if len(self.ids) >= self.RUN:
            self.followed[tuple(self.ids[-self.RUN :])] = len(self.ids)
        self.ids.append(token)

    def guess(self, most: int) -> list[int]:
        """Au plus `most` tokens ; aucun si les trois derniers n'ont jamais été vus ensemble. Ce qui tourne en rond continue."""
        start = self.followed.get(tuple(self.ids[-self.RUN :]))
        if start is None:
            return []
        turn = len(self.ids) - start  # ce qui a suivi, jusqu'à maintenant : on le redit s'il est trop court
        return [self.ids[start + rank % turn] for rank in range(min(most, self.MOST))]

    def count_right(self, guessed: list[int], best: list[int]) -> int:
        """Compte les tokens devinés juste, et note tout ce que le modèle écrit : eux et le suivant."""
        right = next(
            (i for i, (one, other) in enumerate(zip(guessed, best, strict=False)) if one != other), len(guessed)
        )
        for token in best[: right + 1]:
            self.add(token)
        return right


# --- Presque GPT-2 --------------------------------------------------------------------------------------


def _exact_gelu(model: GPT) -> None:
    for block in model.blocks:
        part = block.feed_forward
        part.forward = lambda x, part=part: part.contract(functional.gelu(part.expand(x)))


def _smaller_epsilon(model: GPT) -> None:
    for module in model.modules():
        if isinstance(module, attention.LayerNorm):
            module.epsilon = 1e-6


def _scale_of_the_whole(model: GPT) -> None:
    width = model.shape.n_embd
    for block in model.blocks:  # diviser les scores par √C au lieu de √d revient à rapetisser les questions
        for weight in block.attention.query_key_value.parameters():
            weight.data[:width] *= model.shape.n_head**-0.5


def _ranks_from_one(model: GPT) -> None:
    model.positions.weight.data = model.positions.weight.data.roll(-1, 0)


def _no_last_norm(model: GPT) -> None:
    model.ln_f = nn.Identity()


# Cinq erreurs qui ne plantent pas : chacune change une copie du modèle, sur place.
NEAR_MISSES: dict[str, Callable[[GPT], None]] = {
    "GELU exacte": _exact_gelu,
    "epsilon de 1e-6 dans les normes": _smaller_epsilon,
    "scores divisés par √C": _scale_of_the_whole,
    "rangs comptés à partir de 1": _ranks_from_one,
    "sans la dernière norme": _no_last_norm,
}


def near_miss(model: GPT, name: str) -> GPT:
    """Une copie de `model` qui porte l'erreur `name` de `NEAR_MISSES`."""
    altered = copy.deepcopy(model)
    NEAR_MISSES[name](altered)
    return altered


# --- Apprendre de zéro, et à quoi se comparer -----------------------------------------------------------


def batches(tokens: Tensor, context: int, batch_size: int, seed: int = SEED) -> Iterator[Tensor]:
    """Des lots sans fin, (batch_size, context), coupés au hasard dans la suite `tokens` (N,).

    Lève `AuroreError` si la suite est plus courte que `context`.
    """
    if len(tokens) < context:
        raise AuroreError(f"Le texte fait {len(tokens)} tokens, et un bloc {context}. Donnez un texte plus long.")
    draw = torch.Generator().manual_seed(seed)
    while True:
        starts = torch.randint(len(tokens) - context + 1, (batch_size, 1), generator=draw)
        yield tokens[starts + torch.arange(context)]


class Point(NamedTuple):
    """Un point de la courbe : pas déjà faits, secondes écoulées, perte du lot en nats par token."""

    step: int
    seconds: float
    loss: float


def train(
    model: nn.Module,
    lots: Iterator[Tensor],
    learning_rate: float,
    steps: int | None = None,
    seconds: float = math.inf,
    watch: Callable[[int], None] = lambda step: None,
) -> list[Point]:
    """Répète `training_step` pendant `steps` pas ou `seconds` secondes, au premier des deux ; rend la courbe.

    `watch` reçoit le nombre de pas faits avant chaque pas et une fois à la fin ; son temps ne compte pas. Le taux monte
    en vingt pas : les premiers gradients d'un modèle neuf sont violents.
    """
    if steps is None and seconds == math.inf:
        raise AuroreError("L'entraînement n'aurait pas de fin : donnez steps, ou seconds.")
    optimizer = torch.optim.AdamW(model.parameters(), lr=learning_rate, weight_decay=0.1)
    curve: list[Point] = []
    elapsed = 0.0
    model.train()
    while (steps is None or len(curve) < steps) and elapsed < seconds:
        watch(len(curve))
        start = time.perf_counter()
        optimizer.param_groups[0]["lr"] = learning_rate * min(1.0, (len(curve) + 1) / 20)
        loss = training_step(model, optimizer, next(lots))
        elapsed += time.perf_counter() - start
        curve.append(Point(len(curve), elapsed, loss))
    watch(len(curve))
    model.eval()
    return curve


def average(losses: list[float], counts: list[int]) -> float:
    """La perte moyenne par token, de pertes moyennes par lot et du nombre de tokens que chacune juge."""
    return sum(loss * count for loss, count in zip(losses, counts, strict=True)) / sum(counts)


@torch.no_grad()
def held_out_loss(model: Callable[[Tensor], Tensor], tokens: Tensor, context: int, batch_size: int = 16) -> float:
    """La perte, en nats par token, sur une suite (N,) lue d'un bout à l'autre par blocs de `context` tokens.

    Le dernier bloc est plus court, s'il reste au moins deux tokens : lui aussi compte, à son poids.
    """
    blocks = list(tokens.split(context))
    full = torch.stack([block for block in blocks if len(block) == context] or blocks)
    lots = [*full.split(batch_size), *(block[None] for block in blocks[len(full) :] if len(block) > 1)]
    losses = [next_token_loss(model(lot), lot).item() for lot in lots]
    return average(losses, [len(lot) * (lot.shape[1] - 1) for lot in lots])


class Bigrams:
    """La table la plus simple : combien de fois chaque token a suivi chaque autre (Shannon 1948).

    Ce qui n'a pas été vu garde une part, d'autant plus grande que le token d'avant a eu de suites différentes
    (Witten et Bell 1991) ; elle se partage selon la fréquence des tokens.
    """

    def __init__(self, tokens: Tensor, vocab_size: int) -> None:
        """`tokens` (N,), la suite apprise."""
        frequency = torch.bincount(tokens, minlength=vocab_size) + 1.0
        counts = torch.zeros(vocab_size, vocab_size)
        counts.index_put_((tokens[:-1], tokens[1:]), torch.ones(len(tokens) - 1), accumulate=True)
        kinds = (counts > 0).sum(1, keepdim=True).clamp(min=1)  # (V, 1)
        share = kinds * frequency / frequency.sum()  # (V, V)
        self.logs = ((counts + share) / (counts.sum(1, keepdim=True) + kinds)).log()  # (V, V)

    def __call__(self, ids: Tensor) -> Tensor:
        """(B, T) → logits (B, T, V) : les logarithmes des probabilités."""
        return self.logs[ids]


class Recurrent(nn.Module):
    """Un réseau récurrent : un seul vecteur (C,), remanié à chaque token, porte tout ce qui a été lu (GRU, Cho 2014)."""

    def __init__(self, vocab_size: int, width: int, seed: int = SEED) -> None:
        super().__init__()
        torch.manual_seed(seed)
        self.tokens = nn.Embedding(vocab_size, width)
        nn.init.normal_(self.tokens.weight, std=0.02)
        self.memory = nn.GRU(width, width, batch_first=True)
        self.norm = nn.LayerNorm(width)

    def forward(self, ids: Tensor) -> Tensor:
        """(B, T) → logits (B, T, V)."""
        states, _ = self.memory(self.tokens(ids))  # (B, T, C)
        return head(self.norm(states), self.tokens.weight)

    def loss(self, ids: Tensor, labels: Tensor | None = None) -> Tensor:
        """`next_token_loss` des logits de `ids` (B, T)."""
        return next_token_loss(self(ids), ids if labels is None else labels)


def recall_lots(distance: int, vocab_size: int, batch_size: int, seed: int = SEED) -> Iterator[Tensor]:
    """Une dépendance longue : un token, `distance` tokens tirés au sort, un signal, puis le premier token encore.

    Lots sans fin de (batch_size, distance + 3). Le signal est l'identifiant 0 ; les autres sont tirés de 1 à `vocab_size` - 1.
    """
    draw = torch.Generator().manual_seed(seed)
    while True:
        ids = torch.randint(1, vocab_size, (batch_size, distance + 3), generator=draw)
        ids[:, -2], ids[:, -1] = 0, ids[:, 0]
        yield ids


def only_last(ids: Tensor) -> Tensor:
    """Les étiquettes qui ne jugent que le dernier token : -100 partout ailleurs."""
    labels = torch.full_like(ids, -100)
    labels[:, -1] = ids[:, -1]
    return labels
