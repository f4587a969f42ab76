"""Leçon 12 : ce que l'on fait d'un modèle, hors écrire. Chaque tâche a son module, la leçon les présente ici ; et les modèles
français du Hub prennent la place des nôtres, avec le même code, quand le réseau le permet.
"""

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import torch

from aurore import digest, pull, reading
from aurore.classify import SandClassifier, closest, pool, sand_classifier, split_texts
from aurore.digest import length_bounds, resemblance
from aurore.download import Broken, NoAnswer
from aurore.entities import entity_f1
from aurore.masked import mask_words
from aurore.reading import best_span
from aurore.settings import AuroreError

# La leçon présente ces fonctions ici ; chacune vit dans le module de sa tâche.
__all__ = [
    "SandClassifier",
    "best_span",
    "closest",
    "entity_f1",
    "length_bounds",
    "mask_words",
    "pool",
    "resemblance",
    "sand_classifier",
    "split_texts",
]

# --- Les modèles français du Hub ------------------------------------------------------------------------

# Tâche : le nom du modèle, et la classe de transformers qui porte sa tête.
HUB = {
    "classer": ("cmarkea/distilcamembert-base-sentiment", "AutoModelForSequenceClassification"),
    "deviner": ("almanach/camembert-base", "AutoModelForMaskedLM"),
    "marquer": ("Jean-Baptiste/camembert-ner", "AutoModelForTokenClassification"),
    "répondre": ("etalab-ia/camembert-base-squadFR-fquad-piaf", "AutoModelForQuestionAnswering"),
    "traduire": ("Helsinki-NLP/opus-mt-en-fr", "AutoModelForSeq2SeqLM"),
    "résumer": ("moussaKam/barthez-orangesum-abstract", "AutoModelForSeq2SeqLM"),
}
# Ce que les documents écrivent, et que transformers 5 n'a plus : ce qui fait le travail aujourd'hui.
GONE = {
    'pipeline("question-answering")': "AutoModelForQuestionAnswering et best_span : tasks.load(…).answer",
    'pipeline("summarization")': "AutoModelForSeq2SeqLM et generate, longueurs réglées : tasks.load(…).summarize",
    'pipeline("translation_en_to_fr")': "AutoModelForSeq2SeqLM et generate : tasks.load(…).translate",
    'pipeline("text2text-generation")': "de même",
    'pipeline("conversational")': "un modèle d'instructions et son gabarit : leçons 10 et 11",
    'pipeline("sentiment-analysis")': "toujours là, sous le nom text-classification ; nommez le modèle, ou il répond en anglais",
    'pipeline("ner")': "toujours là, sous le nom token-classification",
    "from transformers import AdamW": "torch.optim.AdamW, sans correct_bias",
    "BertTokenizer(…).encode_plus": "tokenizer(…), qui donne tout ce que le modèle attend",
}


@dataclass
class Task:
    """Un modèle et son tokenizer, prêts pour une tâche : chaque méthode est ce qui remplace un « pipeline »."""

    model: Any
    tokenizer: Any

    @torch.no_grad()
    def classify(self, text: str) -> tuple[str, float]:
        """La classe la plus probable et sa probabilité."""
        chances = self.model(**self._read(text)).logits[0].softmax(-1)
        best = int(chances.argmax())
        return self.model.config.id2label[best], chances[best].item()

    @torch.no_grad()
    def fill(self, text: str, number: int = 5) -> list[tuple[str, float]]:
        """Les mots les plus probables à la place de « [MASK] », quel que soit le nom que le modèle lui donne."""
        read = self._read(text.replace("[MASK]", self.tokenizer.mask_token))
        places = (read["input_ids"][0] == self.tokenizer.mask_token_id).nonzero().flatten()
        if len(places) != 1:
            raise AuroreError("Il faut un [MASK], et un seul, à la place du mot caché.")
        best = self.model(**read).logits[0, places[0]].softmax(-1).topk(number)
        return [(self.tokenizer.decode([i]).strip(), p) for p, i in zip(*(x.tolist() for x in best), strict=True)]

    @torch.no_grad()
    def answer(self, question: str, context: str) -> str:
        """Le morceau du texte qui répond. Le tokenizer dit lui-même ce qui est question et ce qui est texte."""
        read = self.tokenizer(
            question, context, return_tensors="pt", truncation="only_second", return_offsets_mapping=True
        )
        offsets = read.pop("offset_mapping")[0].tolist()
        inside = torch.tensor([number == 1 for number in read.sequence_ids(0)])
        out = self.model(**read)
        first, last = reading.best_span(out.start_logits[0], out.end_logits[0], inside, 30)
        return context[offsets[first][0] : offsets[last][1]].strip()

    def translate(self, text: str) -> str:
        """La traduction d'un texte, par faisceaux."""
        return self._write(self._read(text), num_beams=4, max_new_tokens=256)

    def summarize(self, text: str) -> str:
        """Le résumé d'un texte, jamais plus long que lui."""
        least, most = self.bounds(text)
        return self._write(self._read(text), num_beams=4, min_new_tokens=least, max_new_tokens=most)

    def bounds(self, text: str) -> tuple[int, int]:
        """Les longueurs à demander pour le résumé d'un texte, en tokens."""
        return digest.length_bounds(self._read(text)["input_ids"].shape[1])

    def _read(self, text: str) -> Any:
        return self.tokenizer(text, return_tensors="pt", truncation=True)

    @torch.no_grad()
    def _write(self, read: Any, **settings: Any) -> str:
        return self.tokenizer.decode(self.model.generate(**read, **settings)[0], skip_special_tokens=True).strip()


def load(task: str, name: str = "") -> Task:
    """Le modèle d'une tâche de `HUB`, ou celui que `name` désigne, dossier ou nom du Hub.

    Lève `AuroreError` si la tâche est inconnue, ou si le modèle n'est ni dans un dossier, ni en cache, ni à portée.
    """
    import transformers

    if task not in HUB:
        raise AuroreError(f"La tâche « {task} » n'existe pas. Tâches connues : {', '.join(HUB)}.")
    usual, kind = HUB[task]
    name = name or usual
    try:
        folder = Path(name) if (Path(name) / "config.json").is_file() else pull.fetch_model(name)
        model = getattr(transformers, kind).from_pretrained(str(folder), local_files_only=True, trust_remote_code=False)
        tokenizer = transformers.AutoTokenizer.from_pretrained(
            str(folder), local_files_only=True, trust_remote_code=False
        )
    except (NoAnswer, Broken, OSError, ValueError, ImportError) as error:
        reason = str(error).strip().splitlines()[0]
        raise AuroreError(
            f"Le modèle « {name} » n'est pas là : {reason}. Gardez celui de la leçon, ou réessayez avec le réseau."
        ) from None
    return Task(model.eval(), tokenizer)


def within_reach() -> dict[str, str]:
    """Où est le modèle de chaque tâche : « cache », « Hub », ou « hors de portée »."""
    from aurore import models

    answers = pull.hub_answers()
    return {
        task: found if (found := models.where(name)) == "cache" or answers else "hors de portée"
        for task, (name, _) in HUB.items()
    }
