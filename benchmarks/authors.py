"""« Est-ce du Sand ? » : ce que vaut le juge des auteurs sur des livres jamais lus, ce qu'il dit du modèle, et le duel.

Écrit aussi `data/authors/judge.npz`, le juge embarqué : des poids de suites de lettres, sans aucun passage, et le compte
rendu de ces mesures. Il n'a appris ni les livres d'épreuve de Sand, ni ceux que donne `--file` : il est jugé sur eux.
"""

from collections.abc import Iterator
from dataclasses import asdict
from pathlib import Path

import numpy as np

from aurore import authors, corpus, models, settings
from aurore.authors import DISGUISES, DUELISTS, OTHERS, SAND, USUAL, Duel, Estimate, Passage, Verdict
from aurore.show import french_number
from benchmarks.brought import brought_books
from benchmarks.language import PROMPTS

PER_BOOK = 100
DUEL_CHARACTERS = 1_200_000  # par auteur : de quoi apprendre en quelques secondes, et autant à chacun
DUEL_FOLDS = 4
DUEL_PASSAGES = 12  # par œuvre


def run(files: tuple[Path, ...] = ()) -> Iterator[tuple[str, list[str], list[tuple]]]:
    """Donne des tableaux : titre, colonnes, lignes ; écrit le juge embarqué en chemin. `files` : des livres hors du catalogue."""
    passages = authors.catalogue_passages(PER_BOOK)
    labels = authors.classes(passages)
    found = {"toujours l'auteur le plus fréquent": authors.baseline(passages, labels=labels)}
    found |= {name: authors.cross_validate(passages, name, labels=labels) for name in DISGUISES}
    yield _scores(found)
    verdicts = found[USUAL]
    names = [*sorted(set(labels) - {OTHERS}), OTHERS]
    yield _by_author(verdicts, names)
    yield _by_work(found)
    aside = authors.held_out_works()
    learnt = [rank for rank, passage in enumerate(passages) if passage.work not in aside]
    judge = authors.train_judge([passages[rank] for rank in learnt], USUAL, [labels[rank] for rank in learnt])
    title, columns, rows, held_out = _embedded(judge, [p for p in passages if p.work in aside], brought(files))
    yield title, columns, rows
    title, columns, rows, report = _written(judge, written_texts())
    yield title, columns, rows
    judge.report = {"passages": len(passages), "works": len({(p.author, p.work) for p in passages}), "models": report}
    judge.report["held_out"] = held_out
    judge.report["scores"] = {
        name: {"accuracy": asdict(authors.accuracy(v)), "balanced": asdict(authors.balanced_accuracy(v))}
        for name, v in found.items()
    }
    judge.report["authors"] = {name: asdict(authors.accuracy(verdicts, name)) for name in names}
    judge.report["works_of"] = {name: len({v.work for v in verdicts if v.author == name}) for name in names}
    duel = duel_verdicts(DUELISTS)
    judge.report["duel"] = {
        "authors": list(DUELISTS),
        "accuracy": asdict(authors.accuracy(duel)),
        "works": asdict(authors.accuracy(authors.majority(duel))),
        "confusion": authors.confusion(duel, DUELISTS).round(3).tolist(),
    }
    judge.save(authors.ARTEFACT)
    yield from _duel(duel)


def _scores(found: dict[str, list[Verdict]]) -> tuple[str, list[str], list[tuple]]:
    rows = [
        (name, told(authors.accuracy(verdicts)), told(authors.balanced_accuracy(verdicts)))
        for name, verdicts in found.items()
    ]
    works = len({(v.author, v.work) for v in next(iter(found.values()))})
    title = f"{len(next(iter(found.values())))} passages de {authors.CHARACTERS} caractères, {works} œuvres, cinq parts par œuvre."
    return title, ["le juge lit", "auteur exact", "Sand contre le reste, équilibré"], rows


def _by_author(verdicts: list[Verdict], names: list[str]) -> tuple[str, list[str], list[tuple]]:
    rows = []
    for name in names:
        hers = [v for v in verdicts if v.author == name]
        wrongly = [v.sand for v in hers]
        rows.append(
            (
                name,
                len({v.work for v in hers}),
                len(hers),
                told(authors.accuracy(hers)),
                french_number(np.mean(wrongly), 3),
            )
        )
    return f"Par auteur, {USUAL}.", ["auteur", "œuvres", "passages", "rendus à leur auteur", "dits de Sand"], rows


def _by_work(found: dict[str, list[Verdict]]) -> tuple[str, list[str], list[tuple]]:
    rows = [
        (name, told(authors.accuracy(works)), told(authors.balanced_accuracy(works)))
        for name, works in ((name, authors.majority(verdicts)) for name, verdicts in found.items())
    ]
    title = "Les mêmes, œuvre par œuvre : la majorité de ses passages décide."
    return title, ["le juge lit", "auteur exact", "Sand contre le reste, équilibré"], rows


def brought(files: tuple[Path, ...]) -> list[Passage]:
    """Les passages des livres donnés par `--file` : aucun n'est au catalogue, et aucun n'est de Sand."""
    return [
        passage
        for author, title, rows in brought_books(files)
        for passage in authors.passages_of(author, title, "\n".join(paragraph for _, paragraph in rows), PER_BOOK)
    ]


def _embedded(judge: authors.Judge, hers: list[Passage], others: list[Passage]):
    """Ce que le juge embarqué dit des livres qu'il n'a pas appris : ceux de Sand, puis ceux qu'on apporte."""
    said = judge.chances(p.text for p in (*hers, *others)) > 0.5
    verdicts = [Verdict(p.author, p.work, "", bool(sand)) for p, sand in zip((*hers, *others), said, strict=True)]
    works = {
        (v.author, v.work): [o.sand for o in verdicts if (o.author, o.work) == (v.author, v.work)] for v in verdicts
    }
    rows = [
        (f"{work} ({author})", len(found), told(authors.wilson(sum(found), len(found))))
        for (author, work), found in works.items()
    ]
    found = authors.by_work((v for v in verdicts if v.author == SAND), lambda verdict: verdict.sand)
    report = {"works": [work for author, work in works if author == SAND], "sand": asdict(authors.bootstrap([found]))}
    if others:
        balanced = authors.balanced_accuracy(verdicts)
        rows.append(("Sand contre le reste, équilibré", len(verdicts), told(balanced)))
        report["balanced"] = asdict(balanced)
    title = "Le juge embarqué, sur des livres qu'il n'a pas appris ; à un livre, l'intervalle est celui de Wilson."
    return title, ["livre", "passages", "dits de Sand"], rows, report


def written_texts() -> dict[str, list[str]]:
    """Les passages de chaque modèle embarqué, aux mêmes amorces."""
    return {
        folder.name: authors.written_passages(*models.load_model(folder), (*PROMPTS, *PROMPTS))
        for folder in (settings.EMBEDDED_MODEL, settings.SAND_MODEL)
    }


def _written(judge: authors.Judge, texts: dict[str, list[str]]) -> tuple[str, list[str], list[tuple], dict]:
    """Ce que le juge dit des passages du modèle, avant et après sa spécialisation."""
    before, after = texts.values()
    shares = {name: authors.judged_sand(judge, found) for name, found in texts.items()}
    gain = authors.difference(judge, before, after)
    rows = [
        (name, len(texts[name]), told(share), french_number(float(judge.chances(texts[name]).mean()), 3))
        for name, share in shares.items()
    ]
    rows.append(
        (
            "différence",
            len(after),
            told(gain, signed=True),
            french_number(float((judge.chances(after) - judge.chances(before)).mean()), 3, signed=True),
        )
    )
    report = {name: asdict(share) for name, share in shares.items()} | {
        "difference": asdict(gain),
        "number": len(after),
    }
    return (
        "Passages écrits aux mêmes amorces, jugés un par un.",
        ["modèle", "passages", "dits de Sand", "chance moyenne"],
        rows,
        report,
    )


def duel_verdicts(names: tuple[str, ...]) -> list[Verdict]:
    """Chaque passage d'une œuvre, jugé par un duel où personne ne l'a lue : les œuvres sont réparties en parts."""
    works = works_by_author(names)
    verdicts = []
    for part in range(DUEL_FOLDS):
        learnt = {
            name: [t for rank, t in enumerate(works[name].values()) if rank % DUEL_FOLDS != part] for name in names
        }
        duel = Duel({name: authors.mingled(texts, DUEL_CHARACTERS) for name, texts in learnt.items()})
        for name in names:
            for rank, (work, text) in enumerate(works[name].items()):
                if rank % DUEL_FOLDS == part:
                    for passage in authors.passages_of(name, work, text, DUEL_PASSAGES):
                        decided = duel.decide(passage.text)
                        verdicts.append(Verdict(name, work, decided, decided == SAND))
    return verdicts


def works_by_author(names: tuple[str, ...]) -> dict[str, dict[str, str]]:
    """{auteur: {œuvre: texte}}, romans et contes, paragraphes mis bout à bout comme dans les passages."""
    dataset = corpus.load_dataset()
    known = {book.title: book for book in corpus.load_catalogue().values()}
    works: dict[str, dict[str, str]] = {name: {} for name in names}
    for role in corpus.SPLITS:
        for title, text in corpus.texts_by_book(dataset[role]).items():
            book = known.get(title)
            if book is not None and book.author in works and book.genre in corpus.STORIES:
                work = authors.work_of(title)
                works[book.author][work] = (
                    works[book.author].get(work, "") + authors.mask_names(" ".join(text.split())) + " "
                )
    return works


def _duel(verdicts: list[Verdict]) -> Iterator[tuple[str, list[str], list[tuple]]]:
    table = authors.confusion(verdicts, DUELISTS)
    rows = [
        (
            name,
            len({v.work for v in verdicts if v.author == name}),
            *(french_number(share, 3) for share in row),
            told(authors.accuracy(verdicts, name)),
        )
        for name, row in zip(DUELISTS, table, strict=True)
    ]
    total, works = told(authors.accuracy(verdicts)), told(authors.accuracy(authors.majority(verdicts)))
    title = f"Le duel : un 5-gramme de caractères par auteur, noms masqués, {DUEL_FOLDS} parts par œuvre ; {len(verdicts)} passages, justes à {total} (au hasard 0,25) ; à la majorité de ses passages, une œuvre l'est à {works}."
    yield title, ["en ligne, l'auteur vrai", "œuvres", *DUELISTS, "justes"], rows


def told(estimate: Estimate, digits: int = 3, signed: bool = False) -> str:
    """« 0,912 [0,900 ; 0,923] »."""
    value, low, high = (french_number(x, digits, signed=signed) for x in (estimate.value, estimate.low, estimate.high))
    return f"{value} [{low} ; {high}]"


__all__ = ["Passage", "duel_verdicts", "run", "told", "works_by_author"]
