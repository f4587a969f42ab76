"""Leçon 10, la grande chasse : les scripts du document 000, refaits en petit tels qu'ils sont, à côté du juste.

Ses dix-sept scripts de spécialisation ont trois fautes en commun : la réponse n'est jamais apprise, la mesure se fait sur
les lignes apprises, la fin de texte est masquée. `SCHEMES` les sépare, et les mesure une à une.
"""

import copy
import json
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass
from hashlib import sha256
from typing import Any

import torch
import transformers
from transformers import (
    DataCollatorForLanguageModeling,
    GPT2Config,
    GPT2Model,
    PreTrainedModel,
    PreTrainedTokenizerBase,
    Trainer,
    TrainingArguments,
)

from aurore import instructions as lesson
from aurore.instructions import IGNORED, Tuning, Verdict
from aurore.rows import Row

WIDTH = 64  # tokens : le document remplit jusqu'à 512, pour des lignes qui en font trente


# --- Les dix-sept scripts -------------------------------------------------------------------------------


@dataclass(frozen=True)
class Script:
    """Un script de spécialisation du document 000 : sa première ligne, et tout ce qui le distingue des autres.

    `ending` : ce qui suit chaque réponse ; `pads` : s'il se donne un token de remplissage.
    """

    name: str
    line: int
    model: str
    ending: str
    pads: bool = True
    learning_rate: float = 2e-5
    epochs: int = 3
    said: str = ""

    @property
    def settings(self) -> tuple:
        """Ce qui change d'un script à l'autre."""
        return self.model, self.ending, self.pads, self.learning_rate, self.epochs


PHI, NEO = "microsoft/Phi-1_5", "EleutherAI/gpt-neo-125M"
SCRIPTS = (
    Script("FT-02", 954, "gpt2", "\n\n", pads=False),
    Script("FT-03", 1108, "gpt2", "\n", pads=False, said="« script mis à jour »"),
    Script("FT-04", 1218, "gpt2", "\n"),
    Script("FT-05", 1394, "gpt2", "\n", said="contre les répétitions"),
    Script("FT-06", 1584, "gpt2", "\n", said="« script complet »"),
    Script("FT-08", 1896, "distilgpt2", "\n\n", said="un autre modèle"),
    Script("FT-10", 2148, NEO, "\n\n", said="un autre modèle"),
    Script("FT-11", 2322, PHI, "\n", said="un autre modèle"),
    Script("FT-12", 2500, PHI, "\n", said="de nouvelles données"),
    Script("FT-13", 2692, PHI, "\n\n", said="données enrichies"),
    Script("FT-14", 2877, PHI, "\n\n", said="réponses en texte, non plus en JSON"),
    Script("FT-15", 3057, "gpt2", "\n", said="retour à GPT-2"),
    Script("FT-16", 3253, "gpt2", "\n", learning_rate=5e-5, said="taux plus grand"),
    Script("FT-17", 3417, "gpt2", "\n", learning_rate=5e-5, said="celui du journal publié"),
    Script("FT-18", 3802, "gpt2", "\n", learning_rate=5e-5, said="questions variées"),
    Script("FT-19", 3997, "gpt2", "\n\n", learning_rate=5e-5, epochs=5, said="plus d'époques"),
    Script("FT-20", 4344, "gpt2", "\n", learning_rate=5e-5, said="sans un fait, puis avec"),
)


def twins(scripts: Sequence[Script] = SCRIPTS) -> list[list[Script]]:
    """Les scripts que rien ne distingue, réunis ; un script à part fait un groupe à lui seul. L'ordre est gardé."""
    groups: dict[tuple, list[Script]] = {}
    for script in scripts:
        groups.setdefault(script.settings, []).append(script)
    return list(groups.values())


# --- Ce qu'ils donnent à apprendre ----------------------------------------------------------------------


def document_prompt(row: Row, base: str = "") -> str:
    """L'amorce du document."""
    return f"## {row.instruction}\nLLM:"


@dataclass(frozen=True)
class Scheme:
    """Une façon de faire des exemples et des lots. `write` fait l'amorce, `examples` les exemples, `collator` les lots."""

    name: str
    fault: str
    write: Callable[[Row, str], str]
    examples: Callable[[Sequence[Row], PreTrainedTokenizerBase], list[dict[str, list[int]]]]
    collator: Callable[[PreTrainedTokenizerBase], Callable[[Sequence[dict]], dict]]


def _ids(tokenizer: PreTrainedTokenizerBase, text: str) -> list[int]:
    return tokenizer(text, verbose=False)["input_ids"]


def _filled(ids: Sequence[int], pad: int, width: int = WIDTH) -> list[int]:
    return [*ids[:width], *[pad] * (width - len(ids))]


def questions_in(rows: Sequence[Row], tokenizer: PreTrainedTokenizerBase) -> list[dict[str, list[int]]]:
    """Comme les dix-sept scripts : la question dans `input_ids`, la réponse dans `labels`, remplies à `WIDTH`."""
    end = tokenizer.eos_token_id
    found = []
    for row in rows:
        question, answer = _ids(tokenizer, document_prompt(row)), _ids(tokenizer, f"{row.output}\n")
        mask = _filled([1] * len(question), 0)
        found.append({"input_ids": _filled(question, end), "attention_mask": mask, "labels": _filled(answer, end)})
    return found


def overwriting_collator(tokenizer: PreTrainedTokenizerBase) -> Callable[[Sequence[dict]], dict]:
    """Le vrai `DataCollatorForLanguageModeling`, avec `pad_token = eos_token` : il remplace `labels` par `input_ids`."""
    padded = copy.deepcopy(tokenizer)
    padded.pad_token = padded.eos_token
    return DataCollatorForLanguageModeling(padded, mlm=False)


def joined(rows: Sequence[Row], tokenizer: PreTrainedTokenizerBase) -> list[dict[str, list[int]]]:
    """Comme FT-07, FT-21 et FT-22 : question et réponse d'une suite, tout est étiquette, le remplissage compris."""
    found = []
    for row in rows:
        ids = _ids(tokenizer, f"{lesson.prompt_of(row)} {row.output}")
        filled = _filled(ids, tokenizer.eos_token_id)
        found.append({"input_ids": filled, "labels": list(filled)})
    return found


def endless(rows: Sequence[Row], tokenizer: PreTrainedTokenizerBase) -> list[dict[str, list[int]]]:
    """Le juste, moins la fin de texte, comme FT-24."""
    return [{name: values[:-1] for name, values in example.items()} for example in lesson.examples_of(rows, tokenizer)]


def masking_collator(tokenizer: PreTrainedTokenizerBase) -> Callable[[Sequence[dict]], dict]:
    """Le nôtre, puis -100 partout où se trouve `pad`, qui est aussi la fin de texte."""
    ours = _collator(tokenizer)

    def mask(examples: Sequence[dict]) -> dict:
        batch = ours(examples)
        batch["labels"] = batch["labels"].masked_fill(batch["input_ids"] == tokenizer.eos_token_id, IGNORED)
        return batch

    return mask


def _collator(tokenizer: PreTrainedTokenizerBase) -> Callable[[Sequence[dict]], dict]:
    return lesson.Collator(tokenizer.eos_token_id)


QUESTIONS = Scheme("les questions seules", "la réponse n'est dans aucune étiquette", document_prompt, questions_in, overwriting_collator)  # fmt: skip
PADDED = Scheme("le remplissage compté", "le remplissage est une étiquette", lesson.prompt_of, joined, _collator)
ENDLESS = Scheme("sans fin", "rien ne suit la réponse", lesson.prompt_of, endless, _collator)
MASKED = Scheme(
    "la fin masquée", "pad = eos, et pad est masqué", lesson.prompt_of, lesson.examples_of, masking_collator
)
RIGHT = Scheme("le juste", "", lesson.prompt_of, lesson.examples_of, _collator)
SCHEMES = (QUESTIONS, PADDED, ENDLESS, MASKED, RIGHT)


def labelled_share(scheme: Scheme, rows: Sequence[Row], tokenizer: PreTrainedTokenizerBase) -> tuple[int, int]:
    """Combien des tokens des réponses sont dans les étiquettes, à leur suite, et combien il y en a en tout.

    Une réponse compte en entier si le lot la contient d'un seul tenant, et pas du tout sinon.
    """
    batch = scheme.collator(tokenizer)(scheme.examples(rows, tokenizer))
    there = total = 0
    for row, labels in zip(rows, batch["labels"].tolist(), strict=True):
        answer = _ids(tokenizer, f" {row.output}")
        total += len(answer)
        if any(labels[start : start + len(answer)] == answer for start in range(len(labels))):
            there += len(answer)
    return there, total


def padded_share(scheme: Scheme, rows: Sequence[Row], tokenizer: PreTrainedTokenizerBase) -> float:
    """La part du remplissage parmi les étiquettes qui comptent."""
    ids = [len(_ids(tokenizer, f"{scheme.write(row, '')} {row.output}")) for row in rows]
    batch = scheme.collator(tokenizer)(scheme.examples(rows, tokenizer))
    counted = int((batch["labels"] != IGNORED).sum())
    extra = sum(
        max(0, int((labels != IGNORED).sum()) - own - 1) for labels, own in zip(batch["labels"], ids, strict=True)
    )
    return extra / counted


# --- La mesure ------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Finding:
    """Ce qu'un entraînement a donné, sur les lignes apprises puis sur d'autres questions des mêmes faits.

    `question_loss`, `answer_loss` : nats par token ; `questions_back` : réponses qui sont des questions ; `stopped` :
    celles qui s'arrêtent ; `exact` : celles qui sont la bonne ; `held_out` : autres questions dont la réponse contient ce
    qu'il faut. Chaque compte va avec son total, `rows`.
    """

    scheme: str
    rows: int
    question_loss: float
    answer_loss: float
    questions_back: int
    stopped: int
    exact: int
    held_out: int
    reported_loss: float

    def as_dict(self) -> dict[str, Any]:
        """Pour un fichier JSON."""
        return asdict(self)


@torch.inference_mode()
def losses(
    model: PreTrainedModel, tokenizer: PreTrainedTokenizerBase, rows: Sequence[Row], write: Callable[[Row, str], str]
) -> tuple[float, float]:
    """La perte sur les questions et la perte sur les réponses et leur fin, en nats par token.

    `write` fait l'amorce : un modèle se juge avec celle qu'il a apprise.
    """
    sums, counts = [0.0, 0.0], [0, 0]
    for row in rows:
        question, answer = _ids(tokenizer, write(row, "")), _ids(tokenizer, f" {row.output}")
        ids = torch.tensor([[*question, *answer, tokenizer.eos_token_id]])
        nats = torch.nn.functional.cross_entropy(model(ids).logits[0, :-1].float(), ids[0, 1:], reduction="none")
        split = len(question) - 1
        for rank, part in enumerate((nats[:split], nats[split:])):
            sums[rank] += float(part.sum())
            counts[rank] += len(part)
    return sums[0] / counts[0], sums[1] / counts[1]


def judge(
    model: PreTrainedModel,
    tokenizer: PreTrainedTokenizerBase,
    scheme: Scheme,
    rows: Sequence[Row],
    held_out: Sequence[Row],
    reported: float = float("nan"),
    max_new_tokens: int = 40,
) -> Finding:
    """Mesure un modèle avec l'amorce de `scheme`."""
    question_loss, answer_loss = losses(model, tokenizer, rows, scheme.write)
    learnt = lesson.ask(model, tokenizer, rows, max_new_tokens=max_new_tokens, write=scheme.write)
    others = lesson.ask(model, tokenizer, held_out, max_new_tokens=max_new_tokens, write=scheme.write)
    return Finding(
        scheme.name,
        len(rows),
        question_loss,
        answer_loss,
        sum(map(is_question, learnt)),
        sum(verdict.stopped for verdict in learnt),
        sum(verdict.exact for verdict in learnt),
        sum(verdict.contained for verdict in others),
        reported,
    )


def is_question(verdict: Verdict) -> bool:
    """Dit si une réponse pose une question, ou reprend le gabarit d'une question."""
    return "?" in verdict.found or "##" in verdict.found


def hunt(
    base: PreTrainedModel,
    tokenizer: PreTrainedTokenizerBase,
    rows: Sequence[Row],
    held_out: Sequence[Row],
    schemes: Sequence[Scheme],
    tuning: Tuning,
    max_new_tokens: int = 40,
) -> list[Finding]:
    """Entraîne une copie de `base` selon chaque façon de faire, et mesure chacune ; `base` ne change pas."""
    found = []
    for scheme in schemes:
        model = copy.deepcopy(base)
        report = lesson.train_examples(model, scheme.examples(rows, tokenizer), tuning, scheme.collator(tokenizer))
        reported = report["losses"][-1][1]
        found.append(judge(model, tokenizer, scheme, rows, held_out, reported, max_new_tokens))
    return found


def fingerprint(model: PreTrainedModel) -> str:
    """L'empreinte des poids, en huit signes : deux modèles égaux ont la même."""
    digest = sha256()
    for parameter in model.parameters():
        digest.update(parameter.detach().cpu().float().numpy().tobytes())
    return digest.hexdigest()[:8]


# --- Ce qui n'a pas besoin d'apprendre ------------------------------------------------------------------


@dataclass(frozen=True)
class Probe:
    """Une faute qui se voit dès qu'on essaie : où elle est, ce qu'on essaie, ce qui arrive, ce qu'il faut écrire."""

    rows: str
    fault: str
    attempt: Callable[[PreTrainedTokenizerBase], object]
    right: str

    def outcome(self, tokenizer: PreTrainedTokenizerBase) -> str:
        """Ce qui arrive aujourd'hui : le nom de l'erreur, ou « rien »."""
        try:
            self.attempt(tokenizer)
        except Exception as error:  # chaque faute a la sienne
            return type(error).__name__
        return "rien"


def _tiny() -> GPT2Config:
    return GPT2Config(vocab_size=8, n_positions=8, n_embd=8, n_layer=1, n_head=1, bos_token_id=0, eos_token_id=0)


def _headless(_: PreTrainedTokenizerBase) -> object:
    ids = torch.zeros(1, 4, dtype=torch.long)
    return GPT2Model(_tiny())(input_ids=ids, labels=ids).loss  # les étiquettes sont avalées en silence


def _unjudged(_: PreTrainedTokenizerBase) -> object:
    arguments = TrainingArguments(output_dir="jamais-ecrit", eval_strategy="epoch", report_to="none", use_cpu=True)
    return Trainer(model=transformers.GPT2LMHeadModel(_tiny()), args=arguments, train_dataset=[])


def _unpadded(tokenizer: PreTrainedTokenizerBase) -> object:
    bare = copy.deepcopy(tokenizer)
    bare.pad_token = None
    return bare(["Un mot", "Une phrase plus longue"], padding=True)


PROBES = (
    Probe("FT-01", "une évaluation demandée, sans lignes à juger", _unjudged, "eval_dataset=… , ou eval_strategy=\"no\""),
    Probe("FT-01 à 03, 07, 21 à 23", "compléter sans token de remplissage", _unpadded, "un token de remplissage, et les étiquettes d'après le masque"),
    Probe("FT-02 à FT-20", "evaluation_strategy", lambda _: TrainingArguments(output_dir="jamais-ecrit", evaluation_strategy="epoch"), "eval_strategy"),  # type: ignore[call-arg]
    Probe("FT-02 à FT-20", "as_target_tokenizer, pour les réponses", lambda tokenizer: tokenizer.as_target_tokenizer(), "une seule suite : question, réponse, fin"),
    Probe("FT-08", "DistilGPT2LMHeadModel, une classe qui n'existe pas", lambda _: transformers.DistilGPT2LMHeadModel, "AutoModelForCausalLM"),
    Probe("FT-09", "GPTNeoModel, un modèle sans sa dernière couche", _headless, "GPTNeoForCausalLM, ou AutoModelForCausalLM"),
    Probe("C-13", "un guillemet oublié dans du JSON écrit à la main", lambda _: json.loads('{"prompt": "a", "completion": "{\\"b": 1}"}'), "json.dumps"),
    Probe("C-14", "un tableau commenté, nommé .jsonl", lambda _: json.loads("[  // les capitales"), "un objet par ligne, sans commentaire"),
    Probe("OA-05", "une chaîne qui n'est pas fermée", lambda _: compile('model = "davinci:ft-', "OA-05", "exec"), "le guillemet"),
    Probe("OA-10", "une parenthèse qui n'est pas fermée", lambda _: compile("create(model=name", "OA-10", "exec"), "la parenthèse"),
)  # fmt: skip
