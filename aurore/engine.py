"""Leçon 13, le moteur : un GPT-2 écrit comme un graphe ONNX, en 32, 8 ou 4 bits, et calculé par onnxruntime.

Le graphe tient en une soixantaine de nœuds, dont les plus lourds sont des opérations fondues d'onnxruntime : une norme et
son addition, une attention et son cache. Plusieurs textes s'y lisent ensemble, chacun où il en est : c'est ce que la
page web demande (`aurore.serving`).

B textes dans le lot, T tokens lus d'un coup, C nombres par token, H têtes, d = C / H, V tokens au vocabulaire, P places au
contexte. Les notes (logits) sont sans unité.
"""

import itertools
import os
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import numpy as np
import onnxruntime
import torch
from numpy.typing import NDArray
from onnx import TensorProto, helper, numpy_helper
from torch import Tensor
from transformers import PreTrainedModel

from aurore.gpt import Dimensions
from aurore.settings import AuroreError

BITS = (32, 8, 4)
BLOCK = 64  # poids par échelle : 64 divise les largeurs des GPT-2, de 64 à 1 600
CHUNK = 128  # tokens d'une amorce lus d'un coup : les autres textes n'attendent pas plus longtemps
_FUSED = "com.microsoft"  # le domaine des opérations fondues d'onnxruntime


# --- Les poids en peu de bits ---------------------------------------------------------------------------


def quantize(matrix: NDArray, bits: int, block: int = BLOCK) -> tuple[NDArray, NDArray]:
    """Range chaque bloc de `block` poids d'une ligne en entiers de 8 ou 4 bits, et une échelle.

    `matrix` (N, K) → entiers (N, K / block, block) de 0 à 2^bits − 1, dont le milieu vaut zéro, et échelles
    (N, K / block) en float16 : poids ≈ (entier − milieu) × échelle. Le plus grand poids du bloc tombe juste sur l'entier 0, comme chez
    onnxruntime. Lève `AuroreError` si `block` ne divise pas K.
    """
    if matrix.shape[1] % block:
        raise AuroreError(
            f"Une ligne de {matrix.shape[1]} poids ne se coupe pas en blocs de {block}. Prenez un diviseur."
        )
    middle = 2 ** (bits - 1)
    blocks = matrix.reshape(len(matrix), -1, block)
    ranks = np.abs(blocks).argmax(-1, keepdims=True)
    scales = np.take_along_axis(blocks, ranks, -1) / -middle  # (N, K / block, 1)
    scales = np.where(scales == 0, 1, scales).astype(np.float16)  # rangées en 16 bits : un quart de bit par poids
    integers = np.clip(np.round(blocks / scales.astype(np.float32)) + middle, 0, 2 * middle - 1).astype(np.uint8)
    return integers, scales[..., 0]


def dequantize(integers: NDArray, scales: NDArray, bits: int) -> NDArray:
    """Les poids (N, K) que valent des entiers et leurs échelles."""
    blocks = (integers.astype(np.float32) - 2 ** (bits - 1)) * scales.astype(np.float32)[..., None]
    return blocks.reshape(len(integers), -1)


def pack(integers: NDArray, bits: int) -> NDArray:
    """Les entiers tels qu'onnxruntime les lit : un par octet, ou deux, celui de rang pair en bas."""
    return integers if bits == 8 else integers[..., ::2] | (integers[..., 1::2] << 4)


# --- Le graphe ------------------------------------------------------------------------------------------


class _Graph:
    """Un graphe ONNX qui s'écrit nœud après nœud ; chaque geste rend le nom de son résultat."""

    def __init__(self, bits: int) -> None:
        self.bits = bits
        self.nodes: list[Any] = []
        self.weights: list[Any] = []

    def const(self, name: str, value: NDArray) -> str:
        self.weights.append(numpy_helper.from_array(np.ascontiguousarray(value), name))
        return name

    def add(self, kind: str, inputs: list[str], *outputs: str, domain: str = "", **attributes) -> str:
        self.nodes.append(helper.make_node(kind, inputs, list(outputs), domain=domain, **attributes))
        return outputs[0]

    def linear(self, x: str, matrix: NDArray, name: str, bits: int, bias: NDArray | None = None) -> str:
        """x (…, K) par la matrice (N, K), plus un biais (N,) : (…, N)."""
        if bits == 32:
            found = self.add("MatMul", [x, self.const(f"{name}.weight", matrix.T)], f"{name}.product")
            return found if bias is None else self.add("Add", [found, self.const(f"{name}.bias", bias)], name)
        integers, scales = self.integers(matrix, name, bits)
        more = () if bias is None else ("", "", self.const(f"{name}.bias", bias))
        return self.product(x, integers, scales, matrix.shape, name, bits, *more)

    def product(
        self, x: str, integers: str, scales: str, shape: tuple[int, ...], name: str, bits: int, *more: str
    ) -> str:
        """x (…, K) par une matrice (N, K) d'entiers : (…, N)."""
        sizes = {"N": shape[0], "K": shape[1], "bits": bits, "block_size": BLOCK}
        # Niveau 4 : les activations passent aussi en 8 bits, bloc par bloc ; un texte ne change rien à son voisin.
        return self.add("MatMulNBits", [x, integers, scales, *more], name, domain=_FUSED, accuracy_level=4, **sizes)

    def integers(self, matrix: NDArray, name: str, bits: int) -> tuple[str, str]:
        """Une matrice (N, K) en entiers, et ses échelles, rangées en 16 bits et dépliées au chargement."""
        found, scales = quantize(matrix, bits)
        half = self.const(f"{name}.scales16", scales.reshape(-1))
        return self.const(f"{name}.weight", pack(found, bits)), self.add(
            "Cast", [half], f"{name}.scales", to=TensorProto.FLOAT
        )

    def norm(
        self, x: str, skip: str, weights: tuple[NDArray, NDArray], name: str, bias: NDArray | None, epsilon: float
    ):
        """La norme de x + skip + biais, et cette somme."""
        inputs = [x, skip, self.const(f"{name}.weight", weights[0]), self.const(f"{name}.shift", weights[1])]
        inputs += [] if bias is None else [self.const(f"{name}.bias", bias)]
        self.add("SkipLayerNormalization", inputs, name, "", "", f"{name}.sum", domain=_FUSED, epsilon=epsilon)
        return name, f"{name}.sum"


def build_graph(config: dict, tensors: dict[str, NDArray], bits: int = 32) -> bytes:
    """Le graphe ONNX d'un GPT-2, cache compris, en un fichier que tout programme qui connaît onnxruntime sait lire.

    `config` est celui de `config.json`, `tensors` les poids sous leurs noms de transformers. `bits` vaut 32, 8 ou 4, pour
    toutes les matrices ; la table des tokens, qui sert à l'entrée et à la sortie, reste en 8 bits quand le reste passe à 4.
    Les entrées : `ids` et `ranks` (B, T), `last` (B,), le rang du dernier token lu, `total` (), le nombre de tokens du plus
    long texte, `places` (n,), les places dont on veut les notes, et le cache `keys.i`, `values.i` (B, H, P, d). Les sorties :
    `logits` (B, n, V), et le cache, écrit sur place. Lève `AuroreError` si ce n'est pas un GPT-2.
    """
    if bits not in BITS:
        raise AuroreError(f"{bits} bits ne se calcule pas ici. Choisissez 32, 8 ou 4.")
    shape, graph = Dimensions.from_config(config), _Graph(bits)
    w = {name.removeprefix("transformer."): np.asarray(value, np.float32) for name, value in tensors.items()}
    x, skip, head = _embedding(graph, w, bits)
    bias: NDArray | None = None
    for layer in range(shape.n_layer):
        part = {name.removeprefix(f"h.{layer}."): v for name, v in w.items() if name.startswith(f"h.{layer}.")}
        x, skip, bias = _block(graph, x, skip, bias, part, layer, shape)
    read, _ = graph.norm(x, skip, (w["ln_f.weight"], w["ln_f.bias"]), "ln_f", bias, shape.epsilon)
    head(graph.add("Gather", [read, "places"], "wanted", axis=1))
    made = helper.make_graph(graph.nodes, "gpt2", *_doors(shape), graph.weights)
    versions = [helper.make_opsetid("", 21), helper.make_opsetid(_FUSED, 1)]
    model = helper.make_model(made, opset_imports=versions, ir_version=10)
    helper.set_model_props(model, {"n_positions": str(shape.n_positions), "vocab_size": str(shape.vocab_size)})
    return model.SerializeToString()


def _doors(shape: Dimensions) -> tuple[list[Any], list[Any]]:
    """Les entrées et les sorties du graphe ; une lettre est une longueur que l'on ne connaît pas d'avance."""
    real, whole, short = TensorProto.FLOAT, TensorProto.INT64, TensorProto.INT32
    cache = ["B", shape.n_head, "P", shape.n_embd // shape.n_head]
    names = [f"{kind}.{layer}" for layer in range(shape.n_layer) for kind in ("keys", "values")]
    inputs: list[Any] = [
        ("ids", whole, ["B", "T"]),
        ("ranks", whole, ["B", "T"]),
        ("last", short, ["B"]),
        ("total", short, []),
    ]
    inputs += [("places", whole, ["n"]), *((name, real, cache) for name in names)]
    outputs: list[Any] = [
        ("logits", real, ["B", "n", shape.vocab_size]),
        *((f"new.{name}", real, cache) for name in names),
    ]
    make: Any = helper.make_tensor_value_info
    return [make(*one) for one in inputs], [make(*one) for one in outputs]


def _embedding(graph: _Graph, w: dict[str, NDArray], bits: int):
    """Le vecteur de chaque token, celui de son rang, et la tête qui se sert de la même table."""
    table = w["wte.weight"]
    places = graph.add("Gather", [graph.const("wpe", w["wpe.weight"]), "ranks"], "positions")
    if bits == 32:
        name = graph.const("wte", table)

        def exact(x: str) -> str:
            return graph.add("FusedMatMul", [x, name], "logits", domain=_FUSED, transB=1)

        return graph.add("Gather", [name, "ids"], "tokens"), places, exact
    integers, scales = graph.integers(table, "wte", 8)
    found = graph.add("Cast", [graph.add("Gather", [integers, "ids"], "rows8")], "rows", to=TensorProto.FLOAT)
    centred = graph.add(
        "Sub", [found, graph.const("middle", np.array(128, np.float32))], "centred"
    )  # (B, T, K / bloc, bloc)
    by_token = graph.add("Reshape", [scales, graph.const("by_token", np.array([len(table), -1, 1]))], "scales_by_token")
    unfolded = graph.add("Mul", [centred, graph.add("Gather", [by_token, "ids"], "row_scales")], "unfolded")
    tokens = graph.add("Reshape", [unfolded, graph.const("joined", np.array([0, 0, table.shape[1]]))], "tokens")

    def rounded(x: str) -> str:
        return graph.product(x, integers, scales, table.shape, "logits", 8)

    return tokens, places, rounded


def _block(
    graph: _Graph, x: str, skip: str, bias: NDArray | None, w: dict[str, NDArray], layer: int, shape: Dimensions
):
    """Un bloc de GPT-2. Ce qui s'ajoute au courant est rendu avec lui : la norme suivante fera l'addition."""
    name, bits = f"h.{layer}", graph.bits
    normed, skip = graph.norm(x, skip, (w["ln_1.weight"], w["ln_1.bias"]), f"{name}.ln_1", bias, shape.epsilon)
    qkv = graph.linear(normed, w["attn.c_attn.weight"].T, f"{name}.qkv", bits, w["attn.c_attn.bias"])
    cache = [f"keys.{layer}", f"values.{layer}"]
    attended = graph.add(
        "GroupQueryAttention",
        [qkv, "", "", *cache, "last", "total"],
        f"{name}.attention",
        *(f"new.{one}" for one in cache),
        domain=_FUSED,
        num_heads=shape.n_head,
        kv_num_heads=shape.n_head,
    )
    x = graph.linear(attended, w["attn.c_proj.weight"].T, f"{name}.projection", bits)
    after = (w["ln_2.weight"], w["ln_2.bias"])
    normed, skip = graph.norm(x, skip, after, f"{name}.ln_2", w["attn.c_proj.bias"], shape.epsilon)
    wide = graph.linear(normed, w["mlp.c_fc.weight"].T, f"{name}.expand", bits)
    curved = graph.add(
        "FastGelu", [wide, graph.const(f"{name}.gelu", w["mlp.c_fc.bias"])], f"{name}.fast", domain=_FUSED
    )
    return graph.linear(curved, w["mlp.c_proj.weight"].T, f"{name}.contract", bits), skip, w["mlp.c_proj.bias"]


# --- Le calcul ------------------------------------------------------------------------------------------


def _cores() -> int:
    """Les cœurs que ce processus a le droit d'occuper."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


class Engine:
    """Un GPT-2 prêt à écrire `slots` textes à la fois, chacun dans sa rangée de cache.

    Les rangées occupées sont toujours les premières : le lot d'un pas est alors un morceau du cache, sans copie.
    """

    def __init__(self, graph: bytes | str | Path, slots: int = 8, threads: int = 0) -> None:
        """`graph` : celui de `build_graph`, ou son fichier ; `threads` : fils de calcul, un par cœur si 0."""
        source = graph if isinstance(graph, bytes) else Path(graph).read_bytes()
        threads = threads or _cores()
        # Un produit d'entiers ne gagne rien à se partager entre des fils, quand le lot est petit : chaque fil prend plutôt sa part
        # des textes. En 32 bits, c'est l'inverse.
        self._hands = threads if b"MatMulNBits" in source else 1
        self._pool = ThreadPoolExecutor(self._hands)
        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = threads // self._hands
        # Un fil qui attend dort, au lieu de tourner à vide : sur une machine partagée, tourner prend le temps des autres.
        options.add_session_config_entry("session.intra_op.allow_spinning", "0")
        self.session = onnxruntime.InferenceSession(source, options, providers=["CPUExecutionProvider"])
        caches = [one for one in self.session.get_inputs() if one.name.startswith("keys.")]
        _, heads, _, size = caches[0].shape
        known = self.session.get_modelmeta().custom_metadata_map
        self.context, self.vocabulary, self.slots = int(known["n_positions"]), int(known["vocab_size"]), slots
        # (blocs, clés ou valeurs, rangées, H, P, d)
        self.cache = np.zeros((len(caches), 2, slots, heads, self.context, size), np.float32)
        self._notes = np.empty((slots, 1, self.vocabulary), np.float32)  # d'un pas, une rangée par texte
        self._steps: dict[int, list[_Step]] = {}

    @classmethod
    def from_model(cls, model: PreTrainedModel, bits: int = 32, **options) -> "Engine":
        """Le moteur d'un GPT-2 de transformers, chargé en mémoire."""
        tensors = {name: value.float().numpy() for name, value in model.state_dict().items()}
        return cls(build_graph(model.config.to_dict(), tensors, bits), **options)

    def read(self, ids: list[int], slot: int = 0, past: int = 0, places: list[int] | None = None) -> NDArray:
        """Lit `ids` à la suite des `past` tokens déjà dans la rangée `slot` ; rend les notes (n, V) des `places`.

        `places` : des rangs dans `ids`, le dernier à défaut. Lève `AuroreError` si le contexte n'y suffit pas.
        """
        if not ids or past + len(ids) > self.context:
            raise AuroreError(
                f"Ce modèle lit de 1 à {self.context} tokens, et non {past + len(ids)}. Raccourcissez le texte."
            )
        wanted = [len(ids) - 1] if places is None else places
        step = _Step(self, slice(slot, slot + 1), len(ids), wanted)
        return step.run(np.array([ids]), np.array([past]))[0]

    def step(self, tokens: list[int], lengths: list[int]) -> NDArray:
        """Lit un token de plus dans chacune des premières rangées ; rend les notes (B, V) de ce qui suit.

        `lengths` : combien de tokens chaque rangée avait déjà. Le résultat ne vaut que jusqu'au pas suivant.
        """
        if (size := len(tokens)) not in self._steps:
            ends = np.linspace(0, size, min(self._hands, size) + 1).astype(int).tolist()
            parts = [slice(*pair) for pair in itertools.pairwise(ends)]
            self._steps[size] = [_Step(self, part, 1, [0], self._notes[part]) for part in parts]
        ids, past = np.array(tokens)[:, None], np.array(lengths)
        first, *others = self._steps[size]
        running = [self._pool.submit(step.run, ids[step.rows], past[step.rows]) for step in others]
        first.run(ids[first.rows], past[first.rows])
        for step in running:
            step.result()
        return self._notes[:size, 0]

    def move(self, source: int, target: int, length: int) -> None:
        """Recopie les `length` premiers tokens d'une rangée dans une autre : une rangée libérée se comble par la dernière."""
        self.cache[:, :, target, :, :length] = self.cache[:, :, source, :, :length]


class _Step:
    """Les tableaux d'un pas, liés au graphe une fois pour toutes : d'un pas à l'autre, seuls leurs nombres changent."""

    def __init__(
        self, engine: Engine, rows: slice, length: int, places: list[int], notes: NDArray | None = None
    ) -> None:
        """`rows` : ses rangées de cache ; `notes` : où écrire, (B, n, V), un tableau neuf à défaut."""
        self.rows, size = rows, rows.stop - rows.start
        self.session, self.binding = engine.session, engine.session.io_binding()
        self.ids, self.ranks = np.zeros((size, length), np.int64), np.zeros((size, length), np.int64)
        self.last, self.total = np.zeros(size, np.int32), np.zeros((), np.int32)
        self.places = np.array(places, np.int64)
        self.logits = np.empty((size, len(places), engine.vocabulary), np.float32) if notes is None else notes
        for name in ("ids", "ranks", "last", "total", "places"):
            self._bind(self.binding.bind_input, name, getattr(self, name))
        self._bind(self.binding.bind_output, "logits", self.logits)
        for layer, pair in enumerate(engine.cache[:, :, rows]):
            for name, part in zip((f"keys.{layer}", f"values.{layer}"), pair, strict=True):
                self._bind(self.binding.bind_input, name, part)  # (B, H, P, d), d'un seul tenant
                self._bind(self.binding.bind_output, f"new.{name}", part)  # écrit sur place

    @staticmethod
    def _bind(to, name: str, array: NDArray) -> None:
        to(name, "cpu", 0, array.dtype.type, array.shape, array.ctypes.data)

    def run(self, ids: NDArray, past: NDArray) -> NDArray:
        """Lit `ids` (B, T) après `past` (B,) tokens ; rend les notes (B, n, V)."""
        self.ids[:], self.ranks[:] = ids, past[:, None] + np.arange(ids.shape[1])
        self.last[:] = past + ids.shape[1] - 1
        self.total[...] = self.last.max() + 1
        self.session.run_with_iobinding(self.binding)
        return self.logits


class Reader:
    """Un moteur sous les dehors d'un modèle de transformers : `evaluation.score` le mesure comme les autres."""

    device = torch.device("cpu")

    def __init__(self, engine: Engine) -> None:
        self.engine = engine
        self.config = SimpleNamespace(max_position_embeddings=engine.context, vocab_size=engine.vocabulary)

    def eval(self) -> "Reader":
        return self

    def __call__(self, ids: Tensor) -> SimpleNamespace:
        """(B, T) → un objet dont `logits` (B, T, V) sont les notes de chaque place."""
        every = list(range(ids.shape[1]))
        rows = [torch.from_numpy(self.engine.read(row, places=every)) for row in ids.tolist()]
        return SimpleNamespace(logits=torch.stack(rows))
