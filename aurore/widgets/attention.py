"""Figures de la leçon 04 : les poids d'une tête, les masques, les positions, ce que tout cela coûte."""

import functools
from collections.abc import Sequence

import torch
from matplotlib.figure import Figure
from matplotlib.ticker import FuncFormatter, NullFormatter
from torch import Tensor
from torch.nn import functional
from transformers import GPT2LMHeadModel, PreTrainedTokenizerBase

from aurore import attention
from aurore.lessons import find_lesson
from aurore.settings import SEED, AuroreError
from aurore.show import BLUE, GREEN, GREY, ORANGE, Live, Plate, Table, count, french_number
from aurore.slider import slider
from aurore.widgets.tokenizer import visible

LONGEST = 40  # tokens d'une phrase montrée : au-delà, les noms des colonnes se chevauchent
_NUMBERS = FuncFormatter(lambda value, _: french_number(value))


# --- L'échelle ------------------------------------------------------------------------------------------


def scale_plate(widths: Sequence[int], seen: int = 10) -> Plate:
    """Courbes : écart type des scores et entropie des poids selon d, divisés ou non par √d. `seen` tokens à regarder."""
    torch.manual_seed(SEED)
    measures: dict[str, list[tuple[float, float]]] = {"tels quels": [], "divisés par √d": []}
    for width in widths:
        query, key = torch.randn(2, 500, seen, width)
        scores = query @ key.mT
        for label, scaled in zip(measures, (scores, scores / width**0.5), strict=True):
            measures[label].append((scaled.std().item(), attention.entropy(scaled.softmax(-1))))
    figure = Figure(figsize=(8, 3.2), layout="constrained")
    left, right = figure.subplots(1, 2)
    for (label, values), color, marker in zip(measures.items(), (ORANGE, BLUE), ("s", "o"), strict=True):
        for axes, column in ((left, 0), (right, 1)):
            axes.plot(widths, [value[column] for value in values], color=color, marker=marker, label=f"scores {label}")
    left.set_title("écart type des scores", fontsize=10)
    right.set_title(f"entropie des poids ({seen} tokens regardés)", fontsize=10)
    uniform = torch.tensor(float(seen)).log().item()
    right.axhline(uniform, color=GREY, linestyle=":", label=f"poids égaux : ln {seen}")
    for axes in (left, right):
        axes.set_xscale("log", base=2)
        axes.set_xticks(widths, [str(width) for width in widths])
        axes.set_xlabel("d, nombres par tête")
        axes.yaxis.set_major_formatter(_NUMBERS)
        axes.set_ylim(bottom=0)
        axes.legend(fontsize=9)
    sentences = [
        f"scores {label}, écart type {_numbers(value[0] for value in values)} et entropie {_numbers(value[1] for value in values)}"
        for label, values in measures.items()
    ]
    return Plate(
        figure,
        f"Pour d de {', '.join(map(str, widths))} : {' ; '.join(sentences)}. Des poids égaux auraient une entropie de {french_number(uniform, 2)}.",
    )


def _numbers(values) -> str:
    return " · ".join(french_number(value, 2) for value in values)


# --- Les masques ----------------------------------------------------------------------------------------


def mask_plate(masks: dict[str, Tensor]) -> Plate:
    """Une grille par masque booléen (Tq, Tk) : un point là où l'on peut regarder, du gris hachuré ailleurs."""
    figure = Figure(figsize=(2.6 * len(masks), 2.9), layout="constrained")
    panels = figure.subplots(1, len(masks), squeeze=False)[0]
    for axes, (name, mask) in zip(panels, masks.items(), strict=True):
        rows, columns = mask.shape
        for row in range(rows):
            for column in range(columns):
                if mask[row, column]:
                    axes.plot(column, row, "o", color=BLUE, markersize=9)
                else:
                    axes.fill_between(
                        [column - 0.5, column + 0.5],
                        row - 0.5,
                        row + 0.5,
                        facecolor="#dddddd",
                        hatch="////",
                        edgecolor="#aaaaaa",
                    )
        axes.set(xlim=(-0.5, columns - 0.5), ylim=(rows - 0.5, -0.5), aspect="equal")
        axes.set_xticks(range(columns), range(1, columns + 1))
        axes.set_yticks(range(rows), range(1, rows + 1))
        axes.set_title(name, fontsize=10)
        axes.set_xlabel("token regardé", fontsize=9)
        axes.set_ylabel("token qui regarde", fontsize=9)
    sentences = [
        f"{name} : {' '.join(''.join('●' if seen else '·' for seen in row) for row in mask.tolist())}, soit {int((~mask).sum())} cases cachées"
        for name, mask in masks.items()
    ]
    return Plate(figure, f"Une ligne par token qui regarde, ● pour vu, · pour caché. {' ; '.join(sentences)}.")


# --- Les têtes d'un vrai modèle -------------------------------------------------------------------------


def heads_plate(
    model: GPT2LMHeadModel, tokenizer: PreTrainedTokenizerBase, sentence: str, block: int = 1, head: int = 1
) -> Live:
    """Ce que regarde une tête sur une phrase qu'on tape ; `block` et `head` se comptent à partir de 1."""

    def draw(sentence: str, block: int, head: int) -> Plate:
        tokens, weights = look(sentence)
        return head_plate(tokens, weights[block - 1, head - 1], f"bloc {block}, tête {head}")

    @functools.lru_cache(maxsize=8)
    def look(sentence: str) -> tuple[list[str], Tensor]:
        ids = tokenizer(sentence, return_tensors="pt", verbose=False)["input_ids"]
        if not 1 <= ids.shape[1] <= LONGEST:
            raise AuroreError(
                f"Cette phrase fait {count(ids.shape[1], 'token')}. Donnez-en une de 1 à {LONGEST}, pour que la figure se lise."
            )
        tokens = [visible(token) for token in tokenizer.convert_ids_to_tokens(ids[0].long())]
        return tokens, attention.head_weights(model, ids.long())

    def controls() -> dict:
        import ipywidgets

        wide = ipywidgets.Layout(width="95%")
        return {
            "sentence": ipywidgets.Text(description="Phrase", continuous_update=False, layout=wide),
            "block": slider("Bloc", 1, model.config.n_layer),
            "head": slider("Tête", 1, model.config.n_head),
        }

    return Live(draw, controls, sentence=sentence, block=block, head=head)


def head_plate(tokens: list[str], weights: Tensor, name: str) -> Plate:
    """La carte des poids (T, T) d'une tête : une ligne par token qui regarde, plus foncée là où il regarde plus."""
    size = 1.6 + 0.24 * len(tokens)
    figure = Figure(figsize=(size + 1, size), layout="constrained")
    axes = figure.add_subplot()
    image = axes.imshow(weights, cmap="Blues", vmin=0, vmax=1)
    axes.set_xticks(range(len(tokens)), tokens, rotation=90)
    axes.set_yticks(range(len(tokens)), tokens)
    axes.set_xlabel("token regardé")
    axes.set_ylabel("token qui regarde")
    axes.set_title(name, fontsize=10)
    figure.colorbar(image, ax=axes, shrink=0.7, format=_NUMBERS)
    looked, most = weights.argmax(-1).tolist(), weights.amax(-1).tolist()
    sentences = [
        f"{rank + 1} {token} → {looked[rank] + 1} {tokens[looked[rank]]} {french_number(most[rank], 2)}"
        for rank, token in enumerate(tokens)
    ]
    return Plate(figure, f"{name.capitalize()}, ce que chaque token regarde le plus : {' ; '.join(sentences)}.")


def all_heads_plate(weights: Tensor) -> Plate:
    """Les poids (blocs, H, T, T) de toutes les têtes, en vignettes : un bloc par ligne, une tête par colonne."""
    n_blocks, n_heads, length, _ = weights.shape
    figure = Figure(figsize=(1.25 * n_heads + 0.6, 1.25 * n_blocks + 0.3), layout="constrained")
    for axes, (rank, map_) in zip(
        figure.subplots(n_blocks, n_heads, squeeze=False).flat, enumerate(weights.flatten(0, 1)), strict=True
    ):
        axes.imshow(map_, cmap="Blues", vmin=0, vmax=1)
        axes.set_xticks([])
        axes.set_yticks([])
        block, head = divmod(rank, n_heads)
        if block == 0:
            axes.set_title(f"tête {head + 1}", fontsize=9)
        if head == 0:
            axes.set_ylabel(f"bloc {block + 1}", fontsize=9)
    previous = weights.diagonal(offset=-1, dim1=-2, dim2=-1).mean(-1)
    first = weights[..., 2:, 0].mean(-1)
    best = f"{_best(previous, 'le token précédent')} ; {_best(first, 'le premier token')}"
    return Plate(
        figure,
        f"Les {n_blocks * n_heads} têtes sur une phrase de {length} tokens. Celle qui regarde le plus {best}.",
    )


def _best(scores: Tensor, what: str) -> str:
    block, head = divmod(int(scores.argmax()), scores.shape[1])
    return f"{what} : bloc {block + 1}, tête {head + 1}, poids moyen {french_number(scores.max().item(), 2)}"


def effects_plate(effects: Tensor) -> Plate:
    """Ce que coûte chaque tête coupée, (blocs, H), écrit dans sa case : plus foncé, plus elle manque."""
    n_blocks, n_heads = effects.shape
    figure = Figure(figsize=(1.0 * n_heads + 1.4, 0.5 * n_blocks + 1), layout="constrained")
    axes = figure.add_subplot()
    # Un maximum au-dessus du plus grand : la case la plus foncée laisse encore lire son nombre.
    axes.imshow(effects, cmap="Oranges", vmin=0, vmax=1.6 * effects.max().item(), aspect="auto")
    for block in range(n_blocks):
        for head in range(n_heads):
            value = effects[block, head].item()
            axes.text(head, block, french_number(value, 2, signed=True), ha="center", va="center", color="black")
    axes.set_xticks(range(n_heads), [f"tête {head + 1}" for head in range(n_heads)])
    axes.set_yticks(range(n_blocks), [f"bloc {block + 1}" for block in range(n_blocks)])
    ranked = sorted(((value, rank) for rank, value in enumerate(effects.flatten().tolist())), reverse=True)[:3]
    sentences = [
        f"bloc {rank // n_heads + 1}, tête {rank % n_heads + 1} : {french_number(value, 2, signed=True)}"
        for value, rank in ranked
    ]
    low = effects.min().item()
    return Plate(
        figure,
        f"Hausse de la perte, en nats par token, quand on coupe une tête. Les trois qui manquent le plus : {' ; '.join(sentences)}. La plus petite hausse : {french_number(low, 2, signed=True)}.",
    )


# --- Les positions --------------------------------------------------------------------------------------


def positions_plate(length: int = 64, width: int = 64) -> Plate:
    """Les positions sinusoïdales : une ligne par rang, une colonne par nombre."""
    table = attention.sinusoidal_positions(length, width)
    figure = Figure(figsize=(7, 3.6), layout="constrained")
    axes = figure.add_subplot()
    image = axes.imshow(table, cmap="PuOr", vmin=-1, vmax=1, aspect="auto")
    axes.set_xlabel("colonne : sinus aux paires, cosinus aux impaires")
    axes.set_ylabel("rang du token")
    figure.colorbar(image, ax=axes, format=_NUMBERS)
    changes = (table[1:].sign() != table[:-1].sign()).sum(0)
    return Plate(
        figure,
        f"{length} rangs, {width} colonnes, des valeurs de −1 à 1. Changements de signe d'un rang à l'autre : {changes[0]} dans la première colonne, {changes[width // 2]} dans la colonne {width // 2}, {changes[-1]} dans la dernière. Chaque paire tourne moins vite que la précédente.",
    )


def similarity_plate(tables: dict[str, Tensor], longest: int = 60) -> Plate:
    """Courbes : ressemblance moyenne (cosinus) de deux positions selon leur distance, et son écart type en bande."""
    figure = Figure(figsize=(7, 3.4), layout="constrained")
    axes = figure.add_subplot()
    sentences = []
    for (name, table), color, style in zip(tables.items(), (BLUE, ORANGE, GREEN), ("-", "--", "-."), strict=False):
        unit = functional.normalize(table, dim=1)
        products = unit @ unit.T
        means = torch.stack([products.diagonal(gap).mean() for gap in range(longest)])
        spreads = torch.stack([products.diagonal(gap).std() for gap in range(longest)])
        axes.plot(means, color=color, linestyle=style, label=name)
        axes.fill_between(range(longest), means - spreads, means + spreads, color=color, alpha=0.15)
        shown = [
            f"{french_number(means[gap].item(), 2)} (± {french_number(spreads[gap].item(), 2)}) à {gap}"
            for gap in (1, 5, 30)
        ]
        sentences.append(f"{name} : {', '.join(shown)}")
    axes.set_xlabel("distance entre les deux rangs, en tokens")
    axes.set_ylabel("ressemblance (cosinus)")
    axes.yaxis.set_major_formatter(_NUMBERS)
    axes.legend(fontsize=9)
    return Plate(figure, f"Ressemblance de deux positions selon leur distance. {' ; '.join(sentences)}.")


# --- Le coût --------------------------------------------------------------------------------------------


def cost_plate(lengths: Sequence[int]) -> Plate:
    """Courbes : temps et mémoire d'une attention selon la longueur, la nôtre et le noyau de PyTorch."""
    ours = [attention.attention_cost(length) for length in lengths]
    fused = [attention.attention_cost(length, fused=True)[0] for length in lengths]
    figure = Figure(figsize=(8, 3.2), layout="constrained")
    left, right = figure.subplots(1, 2)
    times = {
        "à la main": [1000 * seconds for seconds, _ in ours],
        "noyau de PyTorch": [1000 * value for value in fused],
    }
    for (name, values), color, marker in zip(times.items(), (ORANGE, BLUE), ("s", "o"), strict=True):
        left.plot(lengths, values, color=color, marker=marker, label=name)
    sizes = [size / 1e6 for _, size in ours]
    right.plot(lengths, sizes, color=ORANGE, marker="s", label="les poids")
    left.set_title("temps, en millisecondes", fontsize=10)
    right.set_title("mémoire, en Mo", fontsize=10)
    for axes in (left, right):
        axes.set_xscale("log", base=2)
        axes.set_yscale("log")
        axes.set_xticks(lengths, [str(length) for length in lengths])
        axes.set_xlabel("T, en tokens")
        axes.yaxis.set_major_formatter(_NUMBERS)
        axes.yaxis.set_minor_formatter(NullFormatter())
        axes.legend(fontsize=9)
    return Plate(
        figure,
        f"Pour {' · '.join(map(str, lengths))} tokens : à la main {_numbers(times['à la main'])} ms ; noyau de PyTorch {_numbers(times['noyau de PyTorch'])} ms ; poids d'une couche de 5 têtes {_numbers(sizes)} Mo.",
    )


# --- Où est traité chaque chapitre ----------------------------------------------------------------------

_CHAPTERS = (
    ("Introduction", "attention", "relier les mots, en une moyenne pondérée"),
    ("Historique : avant les Transformers", "gpt", "un petit réseau récurrent, sur les mêmes données"),
    ("L'architecture", "attention", "le bloc ; la leçon 05 les empile"),
    ("Le mécanisme d'attention", "attention", "la formule, le jouet calculé à la main, √d, le coût"),
    ("Les sortes d'attention", "attention", "sur soi-même, à plusieurs têtes ; croisée, en bonus"),
    ("L'encodeur", "attention", "bonus : encodeur et décodeur"),
    ("Le décodeur", "attention", "bonus : encodeur et décodeur"),
    ("Activations et normalisation", "attention", "bonus : ReLU et GELU, LayerNorm et BatchNorm"),
    ("Les masques", "attention", "causal, de remplissage, combinés"),
    ("Préparer les données", "tokenizer", "découper, numéroter, remplir"),
    ("Les positions", "attention", "sinusoïdes, positions apprises"),
    ("Un petit Transformer", "gpt", "GPT-2, puis l'encodeur-décodeur"),
    ("L'entraînement", "gpt", "la perte, un pas, un lot appris par cœur"),
    ("Un exemple simple : traduire", "gpt", "des nombres en toutes lettres aux chiffres"),
    ("L'évaluation", "evaluation", "perplexité, bits par caractère, BLEU"),
    ("Les modèles pré-entraînés", "models", "choisir, charger, compter"),
    ("Le fine-tuning", "finetune", "spécialiser sur Sand"),
    ("Applications : résumer, traduire", "tasks", "traduction, résumé"),
    ("Classer un texte", "tasks", "« Sand ou pas Sand ? »"),
    ("Écrire un texte", "generation", "température, top-k, top-p, faisceaux"),
    ("Questions et entités", "tasks", "répondre, extraire"),
    ("Optimiser et déployer", "deploy", "quantifier, mesurer, servir"),
    ("Défis et limites", "attention", "le coût en T × T ; regarder n'est pas expliquer"),
)


def chapters_table() -> Table:
    """Où l'atelier traite chacun des 23 chapitres du cours sur les Transformers dont cette leçon part."""
    rows = [
        (f"{rank}. {chapter}", find_lesson(module).label, where)
        for rank, (chapter, module, where) in enumerate(_CHAPTERS, 1)
    ]
    return Table("Les 23 chapitres du cours", ("chapitre", "leçon", "ce qu'on y trouve"), rows)
