"""Lance les mesures et récrit leurs sections de `RESULTS.md`, datées ; les autres sections sont gardées.

`python -m benchmarks` lance les mesures courantes, une dizaine de minutes ; `python -m benchmarks specialisation`
et `python -m benchmarks recipe`, celles qui entraînent des modèles ; `python -m benchmarks gpt` compare notre GPT-2 à
celui de transformers, sans livres ; `python -m benchmarks authors`, ce que vaut le juge des auteurs ; `python -m benchmarks
novels --model NOM --file LIVRE.txt`, un modèle du Hub ou d'un dossier, et des livres apportés, à côté des nôtres.
"""

import argparse
import datetime
import os
import platform
import re
import sys
import tempfile
from collections.abc import Iterable, Iterator
from pathlib import Path
from unittest import mock

from aurore import corpus, settings
from aurore.storage import write_atomic
from benchmarks import (
    authors,
    cleaning,
    console,
    copies,
    deploy,
    duel,
    generation,
    gpt,
    hub,
    instructions,
    language,
    memories,
    novels,
    numerals,
    pace,
    recall,
    recipe,
    resume,
    room,
    serving,
    specialisation,
    speed,
    training_memory,
)

RESULTS = settings.ROOT / "benchmarks" / "RESULTS.md"
USUAL = ["cleaning", "language", "room"]
BOOKLESS = {"gpt", "memories", "pace", "serving", "console", "hub", "training_memory", "instructions"}
RAW = {"cleaning", "recall", "generation"}  # celles-ci prennent elles-mêmes leurs livres


def main(arguments: list[str]) -> int:
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description="Lance les mesures.")
    parser.add_argument("names", nargs="*", metavar="MESURE", help=f"au choix : {', '.join(SECTIONS)}")
    parser.add_argument(
        "--model", action="append", default=[], help="pour novels : un modèle de plus, dossier ou nom du Hub"
    )
    parser.add_argument(
        "--file",
        action="append",
        default=[],
        type=Path,
        help="pour novels et authors : un livre de plus, au format de Gutenberg",
    )
    options = parser.parse_args(arguments)
    names = options.names or USUAL
    unknown = [name for name in names if name not in SECTIONS]
    if unknown:
        print(f"Mesure inconnue : {', '.join(unknown)}. Au choix : {', '.join(SECTIONS)}.", file=sys.stderr)
        return 2
    bookish = not set(names) <= BOOKLESS
    if bookish and not Path(settings.mirror() or "rien").is_dir():
        print("Rien n'est mesuré : indiquez un dossier de livres avec AURORE_MIRROR.", file=sys.stderr)
        return 1
    if (options.model and names != ["novels"]) or (options.file and names not in (["novels"], ["authors"])):
        print("--model va avec la mesure « novels », seule ; --file, avec elle ou avec « authors ».", file=sys.stderr)
        return 2
    with tempfile.TemporaryDirectory() as home:
        os.environ["AURORE_HOME"] = home
        if "cleaning" not in names and not set(names) <= BOOKLESS | RAW:
            corpus.prepare("all")
        for name in (name for name in SECTIONS if name in names):
            title, measure = SECTIONS[name]
            extra = {"novels": (options.model, options.file), "authors": (options.file,)}
            found = measure(*extra.get(name, ()))
            lines = [f"## {title} (`benchmarks/{name}.py`)", "", _origin(name), "", *found]
            _write_section(name, "\n".join(lines).rstrip() + "\n")
            print("\n".join(lines), flush=True)
    return 0


def _origin(name: str) -> str:
    command = "make bench" if name in USUAL else f"python -m benchmarks {name}"
    return (
        f"Fait le {datetime.date.today():%d/%m/%Y} par `{command}`, sur {os.cpu_count()} cœurs "
        f"({platform.machine()}, Python {platform.python_version()}). Les machines sont partagées : lisez les rapports."
    )


def _write_section(name: str, section: str) -> None:
    """Remplace une section de `RESULTS.md`, ou l'ajoute à sa place, sans toucher aux autres."""
    text = RESULTS.read_text(encoding="utf-8") if RESULTS.is_file() else ""
    found = {
        re.search(r"`benchmarks/(\w+)\.py`", piece)[1]: piece.rstrip() + "\n"
        for piece in re.split(r"^(?=## )", text, flags=re.MULTILINE)[1:]
    }
    found[name] = section
    write_atomic(RESULTS, "\n".join(["# Mesures\n", *(found[key] for key in SECTIONS if key in found)]))


def _cleaning() -> list[str]:
    return _table(["mesure", "valeur", "à comparer à"], cleaning.run())


def _recall() -> list[str]:
    return _table(["l'édition qui juge", "l'édition nettoyée", "mots comparés", "part gardée"], recall.run())


def _language() -> list[str]:
    """Ce que valent les modèles embarqués, livre par livre, puis ce qu'ils écrivent."""
    folders = language.embedded_models()
    columns = ["livre jamais appris", "xz", "5-gramme", *(folder.name for folder in folders)]
    lines = ["Bits par caractère, livres entiers.", "", *_table(columns, language.run()), ""]
    for folder in folders:
        found = language.samples(folder)
        columns, rows = language.summary(found)
        texts = [row["text"][: row["text"].rfind(" ")] for row in found]  # sans le mot coupé
        rows += [*language.agreement_rows(texts), language.accent_row(texts)]
        lines += [f"{folder.name}, vingt passages.", "", *_table(columns, rows), ""]
    return lines


def _room() -> list[str]:
    return _table(["précision", "tokens/s", "minutes", "visé"], list(room.run()))


def _pace() -> list[str]:
    columns = [
        "précision",
        "milliards d'opérations/s",
        "Go/s",
        "tokens/s prévus",
        "mesurés",
        "rapport",
        "Mo par token ajustés",
    ]
    with mock.patch.dict(os.environ, {"AURORE_CORPUS": "pastiche"}):
        return ["Un cœur, secondes de processeur.", "", *_table(columns, list(pace.run()))]


def _specialisation() -> list[str]:
    """Gain ou perte de chaque réglage, livre par livre ; courbes."""
    before, *outcomes = _told(specialisation.run())
    specialisation.draw(outcomes, settings.EMBEDDED_MODEL / "specialisation.svg")
    titles = list(before.books)
    rows = [(before.name, "", *(f"{before.books[title]:.4f}" for title in titles))]
    for found in outcomes:
        changes = (f"{found.books[title]:.4f} ({found.books[title] - before.books[title]:+.4f})" for title in titles)
        rows.append((found.name, found.steps, *changes))
    curves = [
        (
            found.name,
            " → ".join(f"{bits:.4f}" for _, bits in found.curve),
            f"{found.averaged:.4f}",
            f"{found.share:.2f}",
        )
        for found in outcomes
    ]
    lines = ["Bits par caractère, livres entiers.", "", *_table(["réglage", "pas", *titles], rows), ""]
    lines += ["En validation, au départ puis à chaque cinquième du chemin.", ""]
    return lines + _table(["réglage", "courbe", "après mélange", "part gardée"], curves)


def _speed() -> list[str]:
    columns = ["recette", "bits par caractère", "secondes", "l'atelier, secondes", "rapport", "visé"]
    pages = (
        f"Quatre fois {speed.CHARACTERS:_} caractères, {speed.HELD_OUT:_} de La Mare au diable tenus à l'écart".replace(
            "_", " "
        )
    )
    note = f"{pages} ; secondes d'un cœur, mesures des rivaux exclues."
    return [note, "", *_table(columns, speed.run())]


def _resume() -> list[str]:
    return _table(["mesure", "valeur", "visé"], resume.run())


def _training_memory() -> list[str]:
    return _table(["modèle", "limite", "pas faits", "pic", "ce qui est dit", "visé"], training_memory.run())


def _recipe() -> list[str]:
    columns = [
        "variante",
        "M de caractères lus",
        "M de poids",
        "bits par caractère",
        "tokens/s",
        "minutes pour 2 M de caractères",
    ]
    return _table(columns, list(_told(recipe.run())))


def _gpt() -> list[str]:
    columns = [
        "modèle",
        "geste",
        "l'autre, tokens/s",
        "le nôtre, tokens/s",
        "rapport",
        "visé",
        "Mo, l'autre",
        "Mo, le nôtre",
    ]
    return _table(columns, list(_told(gpt.run())))


def _copies() -> list[str]:
    return _table(["mesure", "valeur", "visé"], copies.run())


def _numerals() -> list[str]:
    return _table(["mesure", "valeur", "visé"], numerals.run())


def _instructions() -> list[str]:
    """Les mesures gardées de la leçon 10, une table chacune."""
    lines = [f"Mesures gardées, faites par `{instructions.origin()}`."]
    for caption, columns, rows in instructions.run():
        lines += ["", f"{caption}.", "", *_table(columns, rows)]
    return lines


def _generation() -> list[str]:
    return _table(["mesure", "valeur", "visé"], generation.run())


def _deploy() -> list[str]:
    note = (
        f"aurore-sand ; {deploy.TOKENS} tokens par texte, gloutons ; {deploy.ROUNDS} tours alternés, le plus rapide de chacun, et la médiane "
        "des rapports à `generate` un texte à la fois. Visé : 2,5 fois pour un client, 8 fois pour huit. Bits par caractère sur "
        f"{deploy.CHARACTERS} caractères de La Mare au diable ; à côté, l'écart au modèle quand le moteur lit un token à la fois."
    )
    return [note, "", *_table(deploy.COLUMNS, list(_told(deploy.run())))]


def _serving() -> list[str]:
    return _table(["mesure", "valeur", "visé"], list(_told(serving.run())))


def _console() -> list[str]:
    return _table(["mesure", "valeur", "visé"], list(_told(console.run())))


def _hub() -> list[str]:
    return _table(["mesure", "valeur", "visé"], list(_told(hub.run())))


def _authors(files: list[Path]) -> list[str]:
    lines = []
    for title, columns, rows in authors.run(tuple(files)):
        print(title, *rows, sep="\n", flush=True)
        lines += [title, "", *_table(columns, rows), ""]
    return [
        "Entre crochets, l'intervalle à 95 % : les œuvres, ou les amorces, retirées au sort avec remise.",
        "",
        *lines,
    ]


def _duel() -> list[str]:
    columns = ["un modèle par auteur", "caractères", "passages", "justes", *authors.DUELISTS]
    note = (
        f"Quatre auteurs, noms masqués, {authors.DUEL_FOLDS} parts par œuvre ; au hasard, 0,25. Le 5-gramme de chaque auteur a lu "
        f"{authors.DUEL_CHARACTERS:_} caractères ; aurore-base s'est spécialisé sur {duel.CHARACTERS:_}. Entre crochets, l'intervalle à "
        "95 % : les œuvres retirées au sort avec remise."
    )
    return [note.replace("_", " "), "", *_table(columns, list(_told(duel.run())))]


def _novels(names: list[str], files: list[Path]) -> list[str]:
    columns, rows = novels.run(tuple(names), tuple(files))
    return [
        f"Bits par caractère des {novels.CHARACTERS} premiers caractères de chaque livre, chapitre par chapitre ou, à défaut, par "
        f"tranches de {novels.SLICE} caractères ; chaque tranche est lue sans la précédente. Entre crochets, l'intervalle à 95 % : les "
        "tranches retirées au sort avec remise. xz et le 5-gramme n'ont lu que quatre livres de Sand ; aurore-base, d'autres auteurs ; "
        "aurore-sand, d'autres auteurs puis Sand. Aucun n'a lu ces livres ; ils ont pu en lire d'autres des mêmes auteurs. « tous » : la moyenne des livres, chacun comptant autant.",
        "",
        *_table(columns, rows),
    ]


def _memories() -> list[str]:
    """Une ligne par mémoire ; entre parenthèses, le rapport à SQLite, dans le même passage."""
    with tempfile.TemporaryDirectory() as folder:
        columns, rows = memories.table(list(_told(memories.run(Path(folder)))))
    return [
        "Un million de messages, dix mille personnes de cent. La base remplie par lots, puis, en médiane : les vingt derniers messages "
        "d'une personne, un message acquitté (écrit sur le disque), les trois messages les plus proches parmi les siens, et tout ce "
        "qu'elle a dit oublié. « À huit » : huit personnes écrivent ensemble, une transaction par message. Entre parenthèses, le rapport "
        "à SQLite. Les vecteurs ont 320 nombres.",
        "",
        *_table(columns, rows),
    ]


def _told(rows: Iterable) -> Iterator:
    """Les mêmes lignes, montrées dès qu'elles sont mesurées : certaines demandent plusieurs minutes."""
    for row in rows:
        print(row, flush=True)
        yield row


SECTIONS = {
    "cleaning": ("Nettoyage et découpage en phrases", _cleaning),
    "recall": ("Ce que le nettoyage garde d'un texte qui existe en deux éditions", _recall),
    "language": ("Ce que valent les modèles embarqués", _language),
    "room": ("Un passage sur deux millions de caractères, dans la salle", _room),
    "pace": ("La durée prévue d'un entraînement, et la vraie", _pace),
    "specialisation": ("Spécialiser aurore-base", _specialisation),
    "resume": ("Un vrai entraînement, tué dix fois et repris", _resume),
    "speed": ("Spécialiser : combien de temps pour la même qualité", _speed),
    "training_memory": ("La mémoire d'un entraînement", _training_memory),
    "recipe": ("Les choix d'aurore-base", _recipe),
    "gpt": ("Notre GPT-2 et celui de transformers", _gpt),
    "copies": ("Retrouver un passage recopié", _copies),
    "novels": ("Des romans français tenus à l'écart", _novels),
    "authors": ("Est-ce du Sand ?", _authors),
    "duel": ("Le duel, selon la longueur du passage", _duel),
    "numerals": ("Le traducteur de nombres", _numerals),
    "instructions": ("Apprendre à répondre", _instructions),
    "memories": ("Un million de messages", _memories),
    "deploy": ("Les moteurs : taille, qualité, vitesse", _deploy),
    "serving": ("La page sous la charge", _serving),
    "console": ("La console, trente carnets à la fois", _console),
    "hub": ("JupyterHub, cinq personnes à la fois", _hub),
    "generation": ("Le pupitre et la boucle d'écriture", _generation),
}


def _table(columns: list[str], rows: list) -> list[str]:
    cells = [columns, ["---"] * len(columns), *rows]
    lines = ["| " + " | ".join(map(str, row)) + " |" for row in cells]
    with_commas = (re.sub(r"(?<=\d)\.(?=\d)", ",", line) for line in lines)
    return [re.sub(r"(?<!\w)-(?=\d)", "−", line) for line in with_commas]


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
