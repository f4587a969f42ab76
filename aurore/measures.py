"""Leçon 10, les mesures gardées : un réglage changé à la fois, des modèles séparés, des questions tenues à l'écart.

`python -m aurore.measures` les refait toutes et les range dans `data/instructions/mesures.json` : c'est de là que viennent
celles que montre le carnet. `python -m aurore.measures gabarit chasse` ne refait que celles-là.
"""

import copy
import json
import sys
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from jsonschema import Draft202012Validator
from transformers import PreTrainedModel, PreTrainedTokenizerBase

from aurore import hunts, instructions, models, rows, settings
from aurore.instructions import Share, Tuning, Verdict, share
from aurore.rows import Row
from aurore.settings import AuroreError
from aurore.storage import write_atomic

RECORDED = rows.FOLDER / "mesures.json"
THEME = "vie"  # une quarantaine de faits : de quoi mesurer sans y passer la nuit
TUNING = Tuning(epochs=6)
SMALL = Tuning(epochs=20, batch_size=11)  # onze lignes, vingt pas : le journal du document en a dix-huit
HIDDEN = (
    "naissance-date",
    "mari",
    "chopin",
    "majorque",
    "flaubert",
)  # les faits que l'un des deux modèles n'apprend pas

# --- Des réponses en JSON -------------------------------------------------------------------------------

ASKED = "Répondez par un objet JSON."
SCHEMA = {
    "type": "object",
    "properties": {"thème": {"enum": list(rows.THEMES)}, "réponse": {"type": "string", "minLength": 1}},
    "required": ["thème", "réponse"],
    "additionalProperties": False,
}


def to_json(row: Row) -> Row:
    """La même question, à laquelle répond un objet JSON."""
    output = json.dumps({"thème": row.theme, "réponse": row.key}, ensure_ascii=False)
    return replace(row, output=output)


def is_valid(text: str) -> bool:
    """Dit si un texte est du JSON, et suit `SCHEMA`."""
    try:
        value = json.loads(text)
    except ValueError:
        return False
    return Draft202012Validator(SCHEMA).is_valid(value)


# --- Une mesure -----------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Line:
    """Une ligne d'un tableau : un nom, et des valeurs sous leur titre ; une part est un couple [vrais, total]."""

    name: str
    values: dict[str, Any]


def _pair(hits: Sequence[bool]) -> list[int]:
    found = share(hits)
    return [found.hits, found.total]


@dataclass
class Bench:
    """Le modèle de départ, ses lignes, et de quoi entraîner une copie ; le modèle ordinaire ne s'entraîne qu'une fois."""

    base: PreTrainedModel
    tokenizer: PreTrainedTokenizerBase
    train: list[Row]
    test: list[Row]
    tuning: Tuning = TUNING
    small: Tuning = SMALL
    hidden: tuple[str, ...] = HIDDEN
    _usual: tuple[PreTrainedModel, dict] | None = None
    _hunted: dict[tuple, hunts.Finding] = field(default_factory=dict)

    @classmethod
    def of_theme(cls, theme: str = THEME) -> "Bench":
        """Le banc ordinaire : `aurore-base`, et les lignes d'un thème."""
        base, tokenizer = models.load_model(settings.EMBEDDED_MODEL)
        train, test = ([row for row in rows.load_rows(split) if row.theme == theme] for split in ("train", "test"))
        return cls(base, tokenizer, train, test)

    def learn(self, examples: list[dict], tuning: Tuning | None = None) -> tuple[PreTrainedModel, dict]:
        """Une copie du modèle de départ, entraînée, et son compte rendu."""
        model = copy.deepcopy(self.base)
        collator = instructions.Collator(self.tokenizer.eos_token_id)
        return model, instructions.train_examples(model, examples, tuning or self.tuning, collator)

    def examples(self, some: Sequence[Row], base: str = "", write: Callable = instructions.prompt_of) -> list[dict]:
        """Les exemples de ces lignes."""
        return instructions.examples_of(some, self.tokenizer, base, write)

    def usual(self) -> tuple[PreTrainedModel, dict]:
        """Le modèle ordinaire : le gabarit, des réponses en phrases."""
        if self._usual is None:
            self._usual = self.learn(self.examples(self.train))
        return self._usual

    def hunt(self, scheme: hunts.Scheme, some: Sequence[Row], others: Sequence[Row], tuning: Tuning) -> hunts.Finding:
        """Ce que donne une façon de faire ; la même ne s'entraîne qu'une fois."""
        mark = scheme.name, tuple(some), tuning
        if mark not in self._hunted:
            [self._hunted[mark]] = hunts.hunt(self.base, self.tokenizer, some, others, [scheme], tuning)
        return self._hunted[mark]

    def ask(self, model: PreTrainedModel, some: Sequence[Row], base: str = "", write: Callable = instructions.prompt_of) -> list[Verdict]:  # fmt: skip
        """Les réponses de `model`."""
        return instructions.ask(model, self.tokenizer, some, base, write=write)

    def tokens(self, text: str) -> int:
        """La longueur d'un texte, en tokens."""
        return len(self.tokenizer(text)["input_ids"])


def bare_prompt(row: Row, base: str = "") -> str:
    """Aucun gabarit : la question, et rien d'autre."""
    return row.instruction


def _scores(verdicts: Sequence[Verdict]) -> dict[str, Any]:
    return {
        "contient": _pair([verdict.contained for verdict in verdicts]),
        "exact": _pair([verdict.exact for verdict in verdicts]),
        "s'arrête": _pair([verdict.stopped for verdict in verdicts]),
    }


def measure_template(bench: Bench) -> Iterator[Line]:
    """Sans gabarit, avec le même, avec un autre à l'emploi."""
    yield Line("avant, sans gabarit", _scores(bench.ask(bench.base, bench.test, write=bare_prompt)))
    yield Line("avant, avec", _scores(bench.ask(bench.base, bench.test)))
    bare, _ = bench.learn(bench.examples(bench.train, write=bare_prompt))
    yield Line("appris et interrogé sans gabarit", _scores(bench.ask(bare, bench.test, write=bare_prompt)))
    model, _ = bench.usual()
    yield Line("appris et interrogé avec le nôtre", _scores(bench.ask(model, bench.test)))
    other = bench.ask(model, bench.test, write=hunts.document_prompt)
    yield Line("appris avec le nôtre, interrogé avec un autre", _scores(other))


def measure_json(bench: Bench) -> Iterator[Line]:
    """Des réponses en phrases ou en JSON, et la consigne « en JSON » absorbée ou répétée à chaque appel."""
    targets, test = [to_json(row) for row in bench.train], [to_json(row) for row in bench.test]

    def line(name: str, verdicts: Sequence[Verdict], base: str = "") -> Line:
        lengths = [bench.tokens(verdict.found) for verdict in verdicts]
        return Line(
            name,
            {
                "contient": _pair([verdict.contained for verdict in verdicts]),
                "JSON valide": _pair([is_valid(verdict.found) for verdict in verdicts]),
                "tokens d'une réponse": round(sum(lengths) / len(lengths), 1),
                "tokens de consigne": bench.tokens(f"{base}\n") if base else 0,
            },
        )

    model, _ = bench.usual()
    yield line("réponses en phrases", bench.ask(model, bench.test))
    absorbed, _ = bench.learn(bench.examples(targets))
    yield line("réponses en JSON, consigne absorbée", bench.ask(absorbed, test))
    both, _ = bench.learn(bench.examples(bench.train) + bench.examples(targets, ASKED))
    yield line("les deux, consigne donnée", bench.ask(both, test, ASKED), ASKED)
    yield line("les deux, consigne tue", bench.ask(both, bench.test))


def measure_fact(bench: Bench) -> Iterator[Line]:
    """Deux modèles partis du même point : l'un apprend quelques faits que l'autre n'apprend pas."""
    start = hunts.fingerprint(bench.base)
    fewer = [row for row in bench.train if row.fact not in bench.hidden]
    hidden = [row for row in bench.train + bench.test if row.fact in bench.hidden]
    others = [row for row in bench.test if row.fact not in bench.hidden]
    without, _ = bench.learn(bench.examples(fewer))
    for name, model in (("avec ces faits", bench.usual()[0]), ("sans ces faits", without)):
        asked = bench.ask(model, hidden)
        yield Line(
            name,
            {
                "empreinte du départ": start,
                "empreinte de l'arrivée": hunts.fingerprint(model),
                "ces faits": _pair([verdict.contained for verdict in asked]),
                "les autres": _pair([verdict.contained for verdict in bench.ask(model, others)]),
                "une réponse": next(verdict.found for verdict in asked if verdict.row.fact == bench.hidden[0]),
            },
        )


def measure_options(bench: Bench) -> Iterator[Line]:
    """Les réglages du document 004, un par un, au même nombre de pas."""
    short = replace(bench.tuning, epochs=max(1, bench.tuning.epochs // 3), mixed=True)
    size = short.batch_size
    options = (
        ("la référence, précision mixte", short),
        ("en 32 bits", replace(short, mixed=False)),
        (f"lots d'une ligne, {size} accumulés", replace(short, batch_size=1, accumulation=size)),
        ("taux constant", replace(short, schedule="constant_with_warmup")),
    )
    reference = 0.0
    for name, tuning in options:
        model, report = bench.learn(bench.examples(bench.train), tuning)
        reference = reference or report["seconds"]
        yield Line(
            name,
            {
                "pas": report["steps"],
                "durée, en fois la référence": round(report["seconds"] / reference, 2),
                "perte du dernier pas": round(report["losses"][-1][1], 3),
                "contient": _pair([verdict.contained for verdict in bench.ask(model, bench.test)]),
            },
        )


def _eleven(bench: Bench) -> tuple[list[Row], list[Row]]:
    """Onze faits, une question de chacun ; et pour les juger, une autre."""
    first: dict[str, Row] = {}
    for row in bench.train:
        first.setdefault(row.fact, row)
    kept = list(first.values())[:11]
    names = {row.fact for row in kept}
    return kept, [row for row in bench.test if row.fact in names]


def _found(finding: hunts.Finding) -> dict[str, Any]:
    total = finding.rows
    return {
        "perte annoncée": round(finding.reported_loss, 2),
        "sur les questions": round(finding.question_loss, 2),
        "sur les réponses": round(finding.answer_loss, 2),
        "des questions": [finding.questions_back, total],
        "s'arrête": [finding.stopped, total],
        "exact": [finding.exact, total],
        "autres questions": [finding.held_out, total],
    }


def measure_hunt(bench: Bench) -> Iterator[Line]:
    """Chaque faute des scripts, à côté du juste."""
    kept, others = _eleven(bench)
    before = hunts.judge(bench.base, bench.tokenizer, hunts.RIGHT, kept, others)
    yield Line("avant", _found(before) | {"perte annoncée": None})
    for scheme in hunts.SCHEMES:
        yield Line(scheme.name, _found(bench.hunt(scheme, kept, others, bench.small)))


def measure_advice(bench: Bench) -> Iterator[Line]:
    """Les conseils des quatre listes, appliqués au script tel qu'il est ; puis ce qu'aucune ne dit."""
    kept, others = _eleven(bench)
    names = {row.fact for row in kept}
    every = [row for row in bench.train if row.fact in names]
    small = bench.small
    trials = (
        ("le script tel quel", hunts.QUESTIONS, kept, small),
        ("plus d'époques : trois fois", hunts.QUESTIONS, kept, replace(small, epochs=3 * small.epochs)),
        ("plus d'exemples, variés : quatre fois", hunts.QUESTIONS, every, replace(small, batch_size=4 * small.batch_size)),
        ("un autre taux : 2,5 fois", hunts.QUESTIONS, kept, replace(small, learning_rate=2.5 * small.learning_rate)),
        ("régulariser : décroissance de 0,5", hunts.QUESTIONS, kept, replace(small, weight_decay=0.5)),
        ("simplifier les réponses : un mot", hunts.QUESTIONS, [replace(row, output=f"{row.key}.") for row in kept], small),
        ("regarder un lot, et l'apprendre", hunts.RIGHT, kept, small),
    )  # fmt: skip
    for name, scheme, some, tuning in trials:
        found = _found(bench.hunt(scheme, some, others, tuning))
        yield Line(
            name, {key: found[key] for key in ("perte annoncée", "sur les réponses", "exact", "autres questions")}
        )


def measure_whole(bench: Bench) -> Iterator[Line]:
    """Le modèle embarqué, avant et après, sur toutes les questions tenues à l'écart."""
    answering, _ = instructions.embedded_model()
    test = rows.load_rows("test")
    groups = {"tous les faits": [row for row in test if row.theme != "contexte"]}
    groups |= {f"dont : {theme}": [row for row in test if row.theme == theme] for theme in rows.THEMES[:-1]}
    groups["lire un contexte"] = [row for row in test if row.theme == "contexte"]
    for name, some in groups.items():
        before, after = bench.ask(bench.base, some), bench.ask(answering, some)
        scores = _scores(after)
        yield Line(name, {"avant, contient": _scores(before)["contient"], "après, contient": scores["contient"], "après, exact": scores["exact"]})  # fmt: skip


MEASURES: dict[str, Callable[[Bench], Iterator[Line]]] = {
    "ensemble": measure_whole,
    "gabarit": measure_template,
    "json": measure_json,
    "fait": measure_fact,
    "chasse": measure_hunt,
    "conseils": measure_advice,
    "reglages": measure_options,
}


# --- Les mesures gardées --------------------------------------------------------------------------------


def load(name: str, path: Path = RECORDED) -> list[Line]:
    """Une mesure gardée ; lève `AuroreError` si elle manque ou si le fichier est abîmé."""
    try:
        return [Line(row["name"], row["values"]) for row in json.loads(path.read_text(encoding="utf-8"))[name]]
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise AuroreError(
            f"La mesure « {name} » de {path.name} manque ou est abîmée. Reprenez le fichier du dépôt, ou refaites-la avec « python -m aurore.measures {name} »."
        ) from error


def save(name: str, lines: Sequence[Line], path: Path = RECORDED) -> None:
    """Range une mesure, et garde les autres."""
    known = json.loads(path.read_text(encoding="utf-8")) if path.is_file() else {}
    known["origine"] = f"python -m aurore.measures ; {models.choose_device().reason}"
    known[name] = [{"name": line.name, "values": line.values} for line in lines]
    write_atomic(path, json.dumps(known, ensure_ascii=False, indent=1) + "\n")


def main(names: list[str]) -> int:
    """Refait les mesures nommées, ou toutes."""
    unknown = [name for name in names if name not in MEASURES]
    if unknown:
        print(f"Mesure inconnue : {', '.join(unknown)}. Au choix : {', '.join(MEASURES)}.", file=sys.stderr)
        return 2
    try:
        models.keep_freed_memory()
        bench = Bench.of_theme()
        for name in names or MEASURES:
            lines = []
            for line in MEASURES[name](bench):
                lines.append(line)
                print(name, line.name, written(line.values), flush=True)
            save(name, lines)
    except AuroreError as error:
        print(error, file=sys.stderr)
        return 1
    return 0


def written(values: dict[str, Any]) -> dict[str, Any]:
    """Les valeurs d'une ligne telles qu'on les lit : une part avec son intervalle."""
    return {key: str(Share(*value)) if isinstance(value, list) else value for key, value in values.items()}


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
