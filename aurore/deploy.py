"""Leçon 13 : alléger un modèle sans se mentir, et le servir.

On mesure d'abord : des octets, des bits par caractère, des tokens par seconde. Puis on allège : des entiers au lieu de
réels, des poids ôtés, un élève plus petit. Enfin on sert. Le moteur est dans `aurore.engine`, le service dans
`aurore.serving`, la page dans `aurore.web`.

Une matrice de PyTorch est (N, K) : N sorties, K entrées. Celle d'un `Conv1D` de GPT-2 est (K, N). V tokens au vocabulaire.
"""

import copy
import io
import tempfile
import time
import warnings
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import numpy as np
import torch
from torch import Tensor, nn
from torch.nn import functional
from torch.nn.utils import prune
from transformers import GPT2LMHeadModel, PreTrainedModel, PreTrainedTokenizerBase
from transformers.pytorch_utils import Conv1D

from aurore import evaluation, generation, gpt, models
from aurore.engine import Engine, Reader, build_graph
from aurore.generation import Settings
from aurore.serving import Service
from aurore.settings import AuroreError

# --- Mesurer --------------------------------------------------------------------------------------------


def state_bytes(state: Mapping[str, Tensor]) -> int:
    """Les octets d'un état, `{nom: tenseur}` : pour chaque mémoire, une seule fois, ses éléments × leur taille."""
    seen = {value.data_ptr(): value.numel() * value.element_size() for value in state.values()}
    return sum(seen.values())


def file_bytes(model: nn.Module) -> int:
    """Les octets du fichier qu'écrirait `torch.save` : ce que pèse vraiment un modèle, poids rangés à part compris."""
    buffer = io.BytesIO()
    torch.save(model.state_dict(), buffer)
    return buffer.tell()


def tensors_of(model: nn.Module) -> dict[str, Tensor]:
    """Tous les tenseurs de l'état, ceux que PyTorch range dans des paquets (poids et biais d'un calcul en entiers) compris."""
    found: dict[str, Tensor] = {}
    for name, value in model.state_dict().items():
        parts = value if isinstance(value, tuple) else (value,)
        found |= {f"{name}.{rank}": part for rank, part in enumerate(parts) if isinstance(part, Tensor)}
    return found


def parameters_as_bytes(model: nn.Module) -> int:
    """Ce que mesure le document de départ : quatre octets par « paramètre ». Un poids en entiers n'en est plus un."""
    return 4 * gpt.count_parameters(model)


def weigh(model: nn.Module) -> dict[str, int]:
    """Les trois mesures d'un modèle, en octets : par ses paramètres, par son état, par son fichier."""
    return {
        "paramètres": parameters_as_bytes(model),
        "état": state_bytes(tensors_of(model)),
        "fichier": file_bytes(model),
    }


# --- Des entiers ----------------------------------------------------------------------------------------


def quantize_rows(matrix: Tensor) -> tuple[Tensor, Tensor]:
    """Une matrice (N, K) en entiers de 8 bits, et une échelle par ligne : poids ≈ entier × échelle.

    L'échelle (N,) est le plus grand poids de la ligne, en valeur absolue, divisé par 127 ; 1 si la ligne est nulle. Les
    entiers (N, K), de type int8, vont de -127 à 127 (Jacob et al. 2018).
    """
    scales = matrix.abs().amax(1) / 127
    scales = torch.where(scales == 0, torch.ones_like(scales), scales)
    return (matrix / scales[:, None]).round().to(torch.int8), scales


def rounded(model: PreTrainedModel) -> PreTrainedModel:
    """Une copie du modèle dont chaque matrice est passée par `quantize_rows` et revenue : ce que perdent 8 bits, seuls."""
    changed = copy.deepcopy(model)
    with torch.no_grad():
        for module in changed.modules():
            if isinstance(module, Conv1D):
                module.weight.copy_(_there_and_back(module.weight.T).T)
            elif isinstance(module, nn.Linear | nn.Embedding) and module is not changed.get_output_embeddings():
                module.weight.copy_(_there_and_back(module.weight))  # la table sert aussi de sortie : une fois suffit
    return changed


def _there_and_back(matrix: Tensor) -> Tensor:
    integers, scales = quantize_rows(matrix)
    return integers * scales[:, None]


def linear_of(conv: Conv1D) -> nn.Linear:
    """La couche `nn.Linear` qui calcule ce que calcule `conv`. Un `Conv1D` range sa matrice (K, N), un `Linear` (N, K)."""
    linear = nn.Linear(*conv.weight.shape)
    linear.weight.data, linear.bias.data = conv.weight.data.T.contiguous(), conv.bias.data
    return linear


def with_linears(model: PreTrainedModel) -> PreTrainedModel:
    """Une copie du modèle dont chaque `Conv1D` est devenu un `nn.Linear`, par `linear_of`."""
    changed = copy.deepcopy(model)
    for module in list(changed.modules()):
        for name, child in list(module.named_children()):
            if isinstance(child, Conv1D):
                setattr(module, name, linear_of(child))
    return changed


def quantize_dynamic(model: nn.Module) -> nn.Module:
    """La recette du document, `torch.ao.quantization.quantize_dynamic` : elle ne change que les `nn.Linear`."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # PyTorch annonce qu'elle s'en ira : la leçon le dit
        return torch.ao.quantization.quantize_dynamic(model, {nn.Linear}, dtype=torch.qint8)


# --- Des zéros ------------------------------------------------------------------------------------------


def prune_smallest(matrix: Tensor, share: float) -> Tensor:
    """La matrice, où la part `share` des poids les plus petits en valeur absolue vaut zéro (Han et al. 2015).

    Le nombre de poids ôtés est `share` × leur nombre, arrondi à l'entier inférieur. La matrice reçue ne change pas.
    """
    count = int(share * matrix.numel())
    kept = matrix.flatten().clone()
    kept[matrix.abs().flatten().argsort(stable=True)[:count]] = 0
    return kept.reshape(matrix.shape)


def pruned(model: PreTrainedModel, share: float) -> PreTrainedModel:
    """Une copie du modèle dont chaque matrice des blocs est élaguée par `prune_smallest`."""
    changed = copy.deepcopy(model)
    with torch.no_grad():
        for module in changed.modules():
            if isinstance(module, Conv1D):
                module.weight.copy_(prune_smallest(module.weight, share))
    return changed


def masked(model: PreTrainedModel, share: float) -> PreTrainedModel:
    """La même chose par `torch.nn.utils.prune`, qui garde chaque poids et lui ajoute un masque."""
    changed = copy.deepcopy(model)
    for module in changed.modules():
        if isinstance(module, Conv1D):
            prune.l1_unstructured(module, "weight", amount=share)
    return changed


# --- Un élève -------------------------------------------------------------------------------------------


def distillation_loss(student: Tensor, teacher: Tensor, temperature: float = 2.0) -> Tensor:
    """De combien l'élève s'écarte du maître, en nats par token : la divergence de leurs chances, T² fois (Hinton et al. 2015).

    `student` et `teacher` (…, V) sont des logits. Le facteur T² rend aux gradients la taille que la température leur ôte.
    """
    logs, wanted = ((one / temperature).log_softmax(-1).flatten(0, -2) for one in (student, teacher))
    return functional.kl_div(logs, wanted, reduction="batchmean", log_target=True) * temperature**2


class _Student(gpt.GPT):
    """Un élève : sa perte est moitié celle du texte, moitié celle du maître."""

    teacher: list[PreTrainedModel]

    def loss(self, ids: Tensor, labels: Tensor | None = None) -> Tensor:
        logits = self(ids)
        with torch.no_grad():
            wanted = self.teacher[0](ids).logits
        return 0.5 * gpt.next_token_loss(logits, ids) + 0.5 * distillation_loss(logits, wanted)


def new_student(teacher: PreTrainedModel, layers: int, imitates: bool = True) -> gpt.GPT:
    """Un élève de `layers` blocs, pris à intervalles réguliers chez le maître, tables comprises (Sanh et al. 2019).

    S'il n'imite pas (`imitates=False`), il n'apprend que du texte.
    """
    config = {**teacher.config.to_dict(), "n_layer": layers}
    kept = [rank * teacher.config.n_layer // layers for rank in range(layers)]
    tensors = {}
    for name, value in teacher.state_dict().items():
        parts = name.removeprefix("transformer.").split(".")
        if parts[0] != "h":
            tensors[name] = value.clone()
        elif int(parts[1]) in kept:
            tensors[".".join(["h", str(kept.index(int(parts[1]))), *parts[2:]])] = value.clone()
    student = (_Student if imitates else gpt.GPT).from_tensors(config, tensors)
    if isinstance(student, _Student):
        student.teacher = [teacher]  # dans une liste : ses poids ne sont pas ceux de l'élève
    return student


# --- Plusieurs à la fois --------------------------------------------------------------------------------


def fixed_steps(lengths: Sequence[int], slots: int) -> int:
    """Les pas qu'il faut pour écrire des textes de ces longueurs, en tokens, par lots de `slots` que l'on finit avant le suivant."""
    return sum(max(lengths[start : start + slots]) for start in range(0, len(lengths), slots))


def continuous_steps(lengths: Sequence[int], slots: int) -> int:
    """Les pas qu'il faut quand une rangée libérée est aussitôt prise par le texte suivant (Yu et al. 2022, Orca).

    Un pas ajoute un token à chacun des textes en cours, `slots` au plus. Les textes se prennent dans l'ordre donné.
    """
    ends = [0] * slots  # le pas où chaque rangée se libère
    for length in lengths:
        first = ends.index(min(ends))
        ends[first] += length
    return max(ends)


def compare_batching(lengths: Sequence[int], slots: int) -> tuple[int, int]:
    """Les pas qu'il faut par lots fermés, et par lots continus."""
    return fixed_steps(lengths, slots), continuous_steps(lengths, slots)


# --- Le tableau -----------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Measure:
    """Une façon de servir un modèle : octets, bits par caractère, tokens par seconde pour un client et pour huit."""

    name: str
    size: int
    bits_per_character: float
    one: float
    eight: float


_PROMPTS = (
    *generation.PROMPTS,
    "La petite fille",
    "Mon cher ami,",
    "Dans la cour,",
    "Elle se leva et",
    "Quand il fut seul,",
)
_GREEDY = Settings(do_sample=False)


class Rival:
    """CTranslate2, un autre moteur, sous les dehors d'un modèle de transformers : `evaluation.score` le mesure comme les autres.

    `kind` est le type des poids, « float32 » ou « int8 » ; `size` compte les octets de ses fichiers.
    """

    device = torch.device("cpu")

    @models.bars_in_terminals_only()
    def __init__(self, model: GPT2LMHeadModel, tokenizer: PreTrainedTokenizerBase, kind: str, threads: int = 0) -> None:
        import ctranslate2  # une seconde à charger, seulement ici

        self.tokenizer = tokenizer
        self.config = SimpleNamespace(
            max_position_embeddings=model.config.max_position_embeddings, vocab_size=model.config.vocab_size
        )
        with tempfile.TemporaryDirectory() as folder:
            source, converted = Path(folder) / "source", Path(folder) / kind
            model.save_pretrained(source)
            tokenizer.save_pretrained(source)
            ctranslate2.converters.TransformersConverter(str(source)).convert(str(converted), quantization=kind)
            self.size = sum(path.stat().st_size for path in converted.iterdir())
            self.engine = ctranslate2.Generator(str(converted), compute_type=kind, intra_threads=threads)

    def eval(self) -> "Rival":
        return self

    def __call__(self, ids: Tensor) -> SimpleNamespace:
        """(B, T) → un objet dont `logits` (B, T, V) sont des logarithmes de probabilités."""
        found = self.engine.forward_batch(ids.tolist(), return_log_probs=True)
        return SimpleNamespace(logits=torch.from_numpy(np.array(found)))

    def write(self, prompts: Sequence[str], tokens: int) -> list[str]:
        """Les suites gloutonnes de ces amorces, `tokens` tokens au plus, écrites ensemble."""
        pieces = [self.tokenizer.convert_ids_to_tokens(self.tokenizer(one)["input_ids"]) for one in prompts]
        done = self.engine.generate_batch(pieces, max_length=tokens, sampling_topk=1, include_prompt_in_result=False)
        return [generation.answer(self.tokenizer, torch.tensor(one.sequences_ids[0]), 0) for one in done]


def compare_engines(
    model: GPT2LMHeadModel, tokenizer: PreTrainedTokenizerBase, text: str, tokens: int = 40, rounds: int = 2
) -> list[Measure]:
    """Mesure `generate`, nos moteurs et CTranslate2 sur cette machine, l'un après l'autre, plusieurs fois, le plus rapide tour de chacun.

    `text` sert aux bits par caractère ; chaque texte écrit fait `tokens` tokens au plus.
    """

    def reference(prompts: Sequence[str]) -> int:
        texts = [generation.generate(model, tokenizer, one, tokens, do_sample=False)[len(one) :] for one in prompts[:1]]
        return sum(len(tokenizer(one)["input_ids"]) for one in texts)  # il écrit un texte à la fois : un seul suffit

    entries: list[tuple[str, int, Any, Callable[[Sequence[str]], int]]] = [
        ("generate, 32 bits", state_bytes(model.state_dict()), model, reference)
    ]
    tensors = {name: value.numpy() for name, value in model.state_dict().items()}
    services = []
    for bits in (32, 8, 4):
        graph = build_graph(model.config.to_dict(), tensors, bits)
        service = Service(Engine(graph), tokenizer)
        services.append(service)

        def served(prompts: Sequence[str], service: Service = service) -> int:
            jobs = [service.submit(one, _GREEDY, tokens) for one in prompts]
            return sum(len(job.text()) and job.written for job in jobs)

        entries.append((f"onnxruntime, {bits} bits", len(graph), Reader(service.engine), served))
    for kind, bits in (("float32", 32), ("int8", 8)):
        rival = Rival(model, tokenizer, kind, torch.get_num_threads())

        def rivalled(prompts: Sequence[str], rival: Rival = rival) -> int:
            return sum(len(tokenizer(one)["input_ids"]) for one in rival.write(prompts, tokens))

        entries.append((f"CTranslate2, {bits} bits", rival.size, rival, rivalled))
    for _, _, _, write in entries:
        write(_PROMPTS[:1])  # le premier passage échauffe, et ne compte pas
    best: dict[tuple[str, int], float] = {}
    for _ in range(rounds):
        for name, _, _, write in entries:
            for clients in (1, 8):
                speed = _speed(write, _PROMPTS[:clients])
                best[name, clients] = max(best.get((name, clients), 0.0), speed)
    measures = []
    for name, size, scored, _ in entries:
        bits_per_character = evaluation.score(scored, tokenizer, text).bits_per_character
        measures.append(Measure(name, size, bits_per_character, best[name, 1], best[name, 8]))
    for service in services:
        service.close()
    return measures


def _speed(write: Callable[[Sequence[str]], int], prompts: Sequence[str]) -> float:
    start = time.perf_counter()
    written = write(prompts)
    return written / (time.perf_counter() - start)


def same_text(model: GPT2LMHeadModel, tokenizer: PreTrainedTokenizerBase, prompt: str, tokens: int = 30) -> bool:
    """Dit si onnxruntime, en 32 bits, écrit pour `prompt` le même texte glouton que `generate`."""
    service = Service(Engine.from_model(model, slots=1), tokenizer)
    try:
        found = service.submit(prompt, _GREEDY, tokens).text()
    finally:
        service.close()
    return prompt + found == generation.generate(model, tokenizer, prompt, tokens, do_sample=False)


def docker_line(image: str, port: int) -> str:
    """La commande qui sert la page depuis une image : la même adresse des deux côtés, et rien d'ouvert hors de la machine.

    Lève `AuroreError` pour un port que le système réserve.
    """
    if not 1024 <= port <= 65_535:
        raise AuroreError(f"Le port {port} demande les droits d'administrateur. Prenez-en un entre 1024 et 65535.")
    return f"docker run --rm -p 127.0.0.1:{port}:{port} {image} python -m aurore serve --ip 0.0.0.0 --port {port}"
