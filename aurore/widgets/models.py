"""Figures de la leçon 06 : le catalogue que l'on trie, la fiche, les couches, la mémoire, ce que l'on a mesuré."""

from collections.abc import Sequence
from pathlib import Path

from aurore import catalogue, configurations, gpt, models
from aurore.show import Live, Table, french_number

ALL = "toutes"
_LANGUAGES = {ALL: "", "français": "fr", "anglais": "en", "portugais": "pt", "japonais": "ja"}
_ORDERS = {
    "par nom": lambda model: model["name"],
    "par poids": lambda model: model["parameters"],
    "par année": lambda model: model["card"],
}


def _millions(weights: int) -> str:
    return french_number(weights / 1e6, 1 if weights > 1e6 else 2)


def gigabytes(size: int) -> str:
    """Des octets en Go (10⁹), avec deux décimales en dessous de dix."""
    return french_number(size / 1e9, 2 if size < 1e10 else 0)


def catalogue_panel() -> Live:
    """Ce que répond le catalogue à « gpt2 », avec de quoi trier et garder une langue."""

    def controls():
        import ipywidgets

        return {
            "language": ipywidgets.Dropdown(options=list(_LANGUAGES), description="langue"),
            "order": ipywidgets.Dropdown(options=list(_ORDERS), description="ordre"),
        }

    return Live(_catalogue, controls, language=ALL, order="par nom")


def _catalogue(language: str, order: str) -> Table:
    wanted = _LANGUAGES[language]
    found = [model for model in catalogue.search_result() if not wanted or model["language"] == wanted]
    rows = [
        (
            model["name"],
            model["language"] or "aucune",
            model["licence"] or "non dite",
            _millions(model["parameters"]),
            str(model["card"]),
            model["data"] + (f". {model['note']}" if "note" in model else ""),
        )
        for model in sorted(found, key=_ORDERS[order])
    ]
    columns = ("modèle", "langue", "licence", "millions", "paru", "données, et remarque")
    return Table(f"« gpt2 » : {len(rows)} réponses ; langue : {language} ; {order} ; poids en millions", columns, rows)


def card_table(folder: str | Path) -> Table:
    """Ce que dit la fiche d'un modèle, ligne par ligne."""
    card = catalogue.read_card(Path(folder))
    return Table(f"La fiche de {Path(folder).name}", ("question", "réponse"), list(card.items()))


def layers_panel(name: str = "openai-community/gpt2") -> Live:
    """Les couches d'un modèle, d'après sa configuration : nom, forme, copies, poids ; on change de modèle par la liste."""

    def controls():
        import ipywidgets

        return {"name": ipywidgets.Dropdown(options=configurations.names(), description="modèle")}

    return Live(layers_table, controls, name=name)


def layers_table(name: str) -> Table:
    """Une ligne par tenseur appris, puis le total."""
    found = configurations.layers(configurations.read(name))
    rows: list[tuple] = [
        (
            layer.name.replace("transformer.", ""),
            f"({', '.join(map(french_number, layer.shape))})",
            layer.copies,
            layer.weights,
        )
        for layer in found
    ]
    rows.append(("total", "", "", sum(layer.weights for layer in found)))
    return Table(name, ("tenseur", "forme", "copies", "poids"), rows)


def needs_table(names: Sequence[str] = ()) -> Table:
    """Poids, mémoire pour lire et mémoire pour entraîner avec Adam, en 32 bits, de chaque modèle que nomment les documents."""
    rows = []
    for name in names or configurations.names():
        weights, reading, training = catalogue.needs(name)
        rows.append((name, weights, gigabytes(reading), gigabytes(training)))
    return Table(
        "D'après les configurations, sans charger un poids", ("modèle", "poids", "Go à lire", "Go à entraîner"), rows
    )


def three_counts_table(model, name: str = "dbddv01/gpt2-french-small") -> Table:
    """Trois façons de compter : les poids, le `state_dict` (la table partagée deux fois), et le fichier d'un modèle du Hub.

    `model` : le GPT-2 de transformers, avec ses poids ou sur l'appareil « meta ».
    """
    weights = configurations.count(configurations.read(name))
    masks = 12 * 1024 * 1024  # un masque causal par bloc, rangé avec les poids par les anciennes versions
    rows = [
        ("parameters() : chaque poids une fois", gpt.count_parameters(model)),
        ("state_dict() : la table partagée deux fois", sum(tensor.numel() for tensor in model.state_dict().values())),
        (f"le fichier de {name} : poids et masques", weights + masks),
    ]
    return Table("Un même GPT-2, trois comptes", ("ce que l'on compte", "nombres"), rows)


def comparison_table(measured: Sequence) -> Table:
    """Les modèles mesurés par `comparison.compare`, dans l'ordre reçu."""
    rows = [
        (
            Path(found.name).name,
            _millions(found.weights),
            found.vocab_size,
            french_number(found.tokens_per_word, 2),
            french_number(found.score.perplexity, 1),
            french_number(found.score.bits_per_character, 3),
            french_number(found.bytes_to_read / 1e6, 0),
        )
        for found in measured
    ]
    columns = (
        "modèle",
        "millions",
        "vocabulaire",
        "tokens/mot",
        "perplexité",
        "bits/caractère",
        "Mo",
    )
    return Table(
        "Sur le livre tenu à l'écart, du meilleur au moins bon ; millions de poids, Mo pour les lire", columns, rows
    )


def rankings_table(rows: Sequence[dict]) -> Table:
    """Chaque modèle, son rang par perplexité et son rang par bits par caractère."""
    by_perplexity = [row["name"] for row in sorted(rows, key=lambda row: row["perplexity"])]
    ranked = models.rank(rows)
    lines = [
        (
            Path(row["name"]).name,
            french_number(row["characters"] / row["tokens"], 2),
            french_number(row["perplexity"], 1),
            by_perplexity.index(row["name"]) + 1,
            ranked.index(row["name"]) + 1,
        )
        for row in rows
    ]
    columns = ("modèle", "caractères par token", "perplexité", "rang par perplexité", "rang par caractère")
    return Table("Deux classements du même texte", columns, lines)


def routes_table(routes: Sequence) -> Table:
    """Les deux chemins vers le français de `comparison.two_routes`."""
    rows = [
        (f"parti {r.name}", french_number(r.tokens_per_word, 2), french_number(r.before, 2), french_number(r.after, 2))
        for r in routes
    ]
    return Table(
        "Deux petits réseaux, même forme, mêmes pas, mêmes pages de Sand",
        ("réseau", "tokens par mot", "bits par caractère avant Sand", "après Sand"),
        rows,
    )


def names_table() -> Table:
    """Ce que nomment les documents, ce qu'il en est, et ce que l'on prend à la place."""
    rows = [(entry["name"], entry["verdict"], entry["instead"]) for entry in catalogue.documented_names()]
    return Table("Ce que nomment les documents de départ", ("nom", "ce qu'il en est", "à la place"), rows)


# Chaque champ de la configuration de GPT-2 : ce qu'il fait, et s'il change le nombre de poids.
FIELDS = {
    "_name_or_path": ("d'où ce fichier vient", False),
    "activation_function": ("la courbe du milieu d'un bloc : GELU approchée", False),
    "architectures": ("la classe qui sait le lire : GPT-2 avec sa tête", False),
    "attn_pdrop": ("part des poids d'attention éteinte à l'apprentissage", False),
    "bos_token_id": ("token de début : le même que la fin, et GPT-2 ne le pose jamais seul", False),
    "embd_pdrop": ("part des plongements éteinte à l'apprentissage", False),
    "eos_token_id": ("token de fin de texte", False),
    "initializer_range": ("écart type des poids d'un réseau neuf ; sans effet une fois appris", False),
    "layer_norm_epsilon": ("ce qui évite de diviser par zéro dans une norme", False),
    "model_type": ("la famille", False),
    "n_ctx": ("ancien nom de n_positions ; n'est plus lu", False),
    "n_embd": ("largeur d'un vecteur, C", True),
    "n_head": ("têtes : elles se partagent C, sans poids de plus", False),
    "n_inner": ("milieu d'un bloc ; null veut dire 4 × n_embd, soit 3 072", True),
    "n_layer": ("blocs", True),
    "n_positions": ("rangs qui ont une ligne : on ne l'augmente pas sans lignes neuves à apprendre", True),
    "reorder_and_upcast_attn": ("calculer l'attention en 32 bits même si le reste est en 16", False),
    "resid_pdrop": ("part de la sortie de chaque couche éteinte à l'apprentissage", False),
    "scale_attn_by_inverse_layer_idx": ("diviser aussi les notes par le numéro du bloc", False),
    "scale_attn_weights": ("diviser les notes par la racine de la largeur d'une tête", False),
    "summary_activation": ("pour une tête de classement ; ne résume aucun texte", False),
    "summary_first_dropout": ("de même", False),
    "summary_proj_to_labels": ("de même", False),
    "summary_type": ("de même : quel vecteur donner à cette tête", False),
    "summary_use_proj": ("de même", False),
    "task_specific_params": ("réglages d'écriture que pipeline() lit, et que generate() ignore", False),
    "torch_dtype": ("précision des poids du fichier", False),
    "transformers_version": ("la version qui a écrit ce fichier", False),
    "use_cache": ("garder clés et valeurs en écrivant", False),
    "vocab_size": ("lignes de la table des tokens, V", True),
}


def fields_table() -> Table:
    """Les trente champs de la configuration de GPT-2 que citent les documents, et ce que chacun change."""
    config = configurations.read("openai-community/gpt2")
    rows = [
        (f"{name} : {_value(config[name])}", "oui" if counts else "", text) for name, (text, counts) in FIELDS.items()
    ]
    columns = ("champ et valeur", "poids\u00a0?", "sens")
    return Table("La configuration de GPT-2 ; « poids\u00a0? » : le champ en change-t-il le nombre", columns, rows)


def _value(value) -> str:
    if isinstance(value, dict):
        return "do_sample, max_length 50"
    written = {None: "null", True: "true", False: "false"}
    return written[value] if value is None or isinstance(value, bool) else str(value).strip("[]'")
