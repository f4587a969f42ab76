"""Leçon 06 : d'une configuration au nombre de poids, couche par couche, sans poids ni réseau.

Une configuration est le dictionnaire d'un `config.json`. Celles des modèles que nomment les documents de départ sont
dans `data/hub/configurations.json`. Les formes d'ici portent les noms de transformers ; un essai les compare aux siennes.
"""

import functools
import json
from collections.abc import Callable
from dataclasses import dataclass

from aurore import settings
from aurore.settings import AuroreError

Config = dict
FLOAT32 = 4  # octets


@dataclass(frozen=True)
class Layer:
    """Un tenseur appris : son nom (« * » pour le numéro du bloc), sa forme, et combien de blocs l'ont."""

    name: str
    shape: tuple[int, ...]
    copies: int = 1

    @property
    def weights(self) -> int:
        """Le nombre de poids, toutes copies comprises."""
        total = self.copies
        for size in self.shape:
            total *= size
        return total


@functools.cache
def _stored() -> dict[str, dict]:
    return json.loads((settings.DATA / "hub" / "configurations.json").read_text(encoding="utf-8"))


def names() -> list[str]:
    """Les modèles dont la configuration est embarquée."""
    return list(_stored())


def read(name: str) -> Config:
    """La configuration embarquée d'un modèle ; lève `AuroreError` si elle n'y est pas."""
    if name not in _stored():
        raise AuroreError(
            f"La configuration de « {name} » n'est pas embarquée. Celles qui le sont : {', '.join(names())}."
        )
    return dict(_stored()[name]["config"])


def source(name: str) -> str:
    """D'où vient la configuration embarquée d'un modèle."""
    return _stored()[name]["source"]


# --- À la main ------------------------------------------------------------------------------------------


def count_gpt2(config: Config) -> int:
    """Le nombre de poids d'un GPT-2, d'après sa configuration (Radford 2019).

    Lit `vocab_size`, `n_positions`, `n_embd`, `n_layer` et `n_inner`, qui vaut 4 × `n_embd` quand il manque ou vaut `None`.
    """
    width = config["n_embd"]
    inner = config.get("n_inner") or 4 * width
    tables = (config["vocab_size"] + config["n_positions"]) * width  # la sortie se sert de la première
    attention = (3 * width * width + 3 * width) + (width * width + width)
    feed_forward = (width * inner + inner) + (inner * width + width)
    norm = 2 * width
    return tables + config["n_layer"] * (attention + feed_forward + 2 * norm) + norm


def training_memory(weights: int, bytes_per_weight: int = FLOAT32) -> int:
    """La mémoire qu'il faut pour entraîner avec Adam, en octets : poids, gradients et deux moyennes par poids (Kingma 2014).

    Les activations viennent en plus ; elles dépendent du lot et de la longueur des textes.
    """
    return 4 * weights * bytes_per_weight


def count(config: Config) -> int:
    """Le nombre de poids d'un modèle ; lève `AuroreError` si sa famille n'est pas connue ici."""
    if config.get("model_type") == "gpt2":
        return count_gpt2(config)
    return sum(layer.weights for layer in layers(config))


# --- Couche par couche ----------------------------------------------------------------------------------


def layers(config: Config) -> list[Layer]:
    """Les tenseurs appris d'un modèle, dans l'ordre de la lecture ; ceux qui sont partagés n'y sont qu'une fois."""
    family = config.get("model_type", "inconnue")
    if family not in _FAMILIES:
        raise AuroreError(f"Famille inconnue : {family}. Familles connues : {', '.join(_FAMILIES)}.")
    return _FAMILIES[family](config)


def _linear(name: str, inputs: int, outputs: int, copies: int = 1, bias: bool = True) -> list[Layer]:
    weight = Layer(f"{name}.weight", (outputs, inputs), copies)
    return [weight, Layer(f"{name}.bias", (outputs,), copies)] if bias else [weight]


def _conv1d(name: str, inputs: int, outputs: int, copies: int) -> list[Layer]:
    """Une couche de GPT-2 : la même multiplication, la matrice rangée dans l'autre sens."""
    return [Layer(f"{name}.weight", (inputs, outputs), copies), Layer(f"{name}.bias", (outputs,), copies)]


def _norm(name: str, width: int, copies: int = 1, bias: bool = True) -> list[Layer]:
    weight = Layer(f"{name}.weight", (width,), copies)
    return [weight, Layer(f"{name}.bias", (width,), copies)] if bias else [weight]


def _table(name: str, rows: int, width: int) -> list[Layer]:
    return [Layer(f"{name}.weight", (rows, width))]


def _gpt2(config: Config) -> list[Layer]:
    c, n = config["n_embd"], config["n_layer"]
    inner, block = config.get("n_inner") or 4 * c, "transformer.h.*"
    return [
        *_table("transformer.wte", config["vocab_size"], c),
        *_table("transformer.wpe", config["n_positions"], c),
        *_norm(f"{block}.ln_1", c, n),
        *_conv1d(f"{block}.attn.c_attn", c, 3 * c, n),
        *_conv1d(f"{block}.attn.c_proj", c, c, n),
        *_norm(f"{block}.ln_2", c, n),
        *_conv1d(f"{block}.mlp.c_fc", c, inner, n),
        *_conv1d(f"{block}.mlp.c_proj", inner, c, n),
        *_norm("transformer.ln_f", c),
    ]


def _gpt_neo(config: Config) -> list[Layer]:
    c, n = config["hidden_size"], config["num_layers"]
    inner, block = config.get("intermediate_size") or 4 * c, "transformer.h.*"
    attention = f"{block}.attn.attention"
    return [
        *_table("transformer.wte", config["vocab_size"], c),
        *_table("transformer.wpe", config["max_position_embeddings"], c),
        *_norm(f"{block}.ln_1", c, n),
        *(layer for part in "kvq" for layer in _linear(f"{attention}.{part}_proj", c, c, n, bias=False)),
        *_linear(f"{attention}.out_proj", c, c, n),
        *_norm(f"{block}.ln_2", c, n),
        *_linear(f"{block}.mlp.c_fc", c, inner, n),
        *_linear(f"{block}.mlp.c_proj", inner, c, n),
        *_norm("transformer.ln_f", c),
    ]


def _phi(config: Config) -> list[Layer]:
    c, n, inner, block = (
        config["hidden_size"],
        config["num_hidden_layers"],
        config["intermediate_size"],
        "model.layers.*",
    )
    return [
        *_table("model.embed_tokens", config["vocab_size"], c),
        *(layer for part in "qkv" for layer in _linear(f"{block}.self_attn.{part}_proj", c, c, n)),
        *_linear(f"{block}.self_attn.dense", c, c, n),
        *_linear(f"{block}.mlp.fc1", c, inner, n),
        *_linear(f"{block}.mlp.fc2", inner, c, n),
        *_norm(f"{block}.input_layernorm", c, n),
        *_norm("model.final_layernorm", c),
        *_linear("lm_head", c, config["vocab_size"]),
    ]


def _mistral(config: Config) -> list[Layer]:
    c, n, inner, block = (
        config["hidden_size"],
        config["num_hidden_layers"],
        config["intermediate_size"],
        "model.layers.*",
    )
    shared = c * config["num_key_value_heads"] // config["num_attention_heads"]  # plusieurs questions par clé
    sizes = {"q": (c, c), "k": (c, shared), "v": (c, shared), "o": (c, c)}
    mlp = {"gate": (c, inner), "up": (c, inner), "down": (inner, c)}
    return [
        *_table("model.embed_tokens", config["vocab_size"], c),
        *(layer for part, size in sizes.items() for layer in _linear(f"{block}.self_attn.{part}_proj", *size, n, bias=False)),
        *(layer for part, size in mlp.items() for layer in _linear(f"{block}.mlp.{part}_proj", *size, n, bias=False)),
        *_norm(f"{block}.input_layernorm", c, n, bias=False),
        *_norm(f"{block}.post_attention_layernorm", c, n, bias=False),
        *_norm("model.norm", c, bias=False),
        *_linear("lm_head", c, config["vocab_size"], bias=False),
    ]  # fmt: skip


def _bert(config: Config) -> list[Layer]:
    """BERT et CamemBERT, et la tête que dit `architectures` : classer, trouver une réponse, ou deviner un mot caché."""
    c, n, inner = config["hidden_size"], config["num_hidden_layers"], config["intermediate_size"]
    head = config["architectures"][0]
    root = "roberta" if head.startswith("Camembert") else "bert"
    block = f"{root}.encoder.layer.*"
    found = [
        *_table(f"{root}.embeddings.word_embeddings", config["vocab_size"], c),
        *_table(f"{root}.embeddings.position_embeddings", config["max_position_embeddings"], c),
        *_table(f"{root}.embeddings.token_type_embeddings", config["type_vocab_size"], c),
        *_norm(f"{root}.embeddings.LayerNorm", c),
        *(layer for part in ("query", "key", "value") for layer in _linear(f"{block}.attention.self.{part}", c, c, n)),
        *_linear(f"{block}.attention.output.dense", c, c, n),
        *_norm(f"{block}.attention.output.LayerNorm", c, n),
        *_linear(f"{block}.intermediate.dense", c, inner, n),
        *_linear(f"{block}.output.dense", inner, c, n),
        *_norm(f"{block}.output.LayerNorm", c, n),
    ]
    if head.endswith("ForSequenceClassification"):
        return [*found, *_linear("bert.pooler.dense", c, c), *_linear("classifier", c, 2)]
    if head.endswith("ForQuestionAnswering"):
        return [*found, *_linear("qa_outputs", c, 2)]
    return [
        *found,
        *_linear("lm_head.dense", c, c),
        *_norm("lm_head.layer_norm", c),
        Layer("lm_head.bias", (config["vocab_size"],)),
    ]


def _bart(config: Config) -> list[Layer]:
    """BART et Marian : un encodeur et un décodeur ; BART numérote ses rangs à partir de deux et norme ses plongements."""
    c = config["d_model"]
    bart = config["model_type"] == "bart"
    found = _table("model.shared", config["vocab_size"], c)
    for side in ("encoder", "decoder"):
        n, inner, block = config[f"{side}_layers"], config[f"{side}_ffn_dim"], f"model.{side}.layers.*"
        found += _table(f"model.{side}.embed_positions", config["max_position_embeddings"] + 2 * bart, c)
        for attention in ("self_attn", "encoder_attn")[: 1 + (side == "decoder")]:
            for part in ("k_proj", "v_proj", "q_proj", "out_proj"):
                found += _linear(f"{block}.{attention}.{part}", c, c, n)
            found += _norm(f"{block}.{attention}_layer_norm", c, n)
        found += _linear(f"{block}.fc1", c, inner, n) + _linear(f"{block}.fc2", inner, c, n)
        found += _norm(f"{block}.final_layer_norm", c, n)
        found += _norm(f"model.{side}.layernorm_embedding", c) if bart else []
    return found


def _t5(config: Config) -> list[Layer]:
    """T5 : pas de table des rangs, mais une note par distance et par tête, dans le premier bloc de chaque côté."""
    c, inner, heads = config["d_model"], config["d_ff"], config["num_heads"]
    across = heads * config["d_kv"]
    found = _table("shared", config["vocab_size"], c)
    for side, n in (
        ("encoder", config["num_layers"]),
        ("decoder", config.get("num_decoder_layers") or config["num_layers"]),
    ):
        block = f"{side}.block.*.layer"
        kinds = ("SelfAttention", "EncDecAttention")[: 1 + (side == "decoder")]
        for rank, kind in enumerate(kinds):
            for part in "qkv":
                found += _linear(f"{block}.{rank}.{kind}.{part}", c, across, n, bias=False)
            found += _linear(f"{block}.{rank}.{kind}.o", across, c, n, bias=False)
            found += _norm(f"{block}.{rank}.layer_norm", c, n, bias=False)
        found += _linear(f"{block}.{len(kinds)}.DenseReluDense.wi", c, inner, n, bias=False)
        found += _linear(f"{block}.{len(kinds)}.DenseReluDense.wo", inner, c, n, bias=False)
        found += _norm(f"{block}.{len(kinds)}.layer_norm", c, n, bias=False)
        distances = f"{side}.block.0.layer.0.SelfAttention.relative_attention_bias"
        found += _table(distances, config["relative_attention_num_buckets"], heads)
        found += _norm(f"{side}.final_layer_norm", c, bias=False)
    return found


_FAMILIES: dict[str, Callable[[Config], list[Layer]]] = {
    "gpt2": _gpt2,
    "gpt_neo": _gpt_neo,
    "phi": _phi,
    "mistral": _mistral,
    "bert": _bert,
    "camembert": _bert,
    "bart": _bart,
    "marian": _bart,
    "t5": _t5,
}
