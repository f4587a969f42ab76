"""Tout l'atelier d'un trait : corpus, tokenizer, spécialisation, génération, évaluation.

Chaque étape reprend ce que la précédente a laissé sur le disque ; la ligne de commande les appelle une à
une, `run` les enchaîne et rend le compte rendu.
"""

import json
import platform
from importlib.metadata import version
from pathlib import Path

from aurore import __version__, corpus, evaluation, finetune, generation, gpt, models, settings
from aurore import tokenizer as bpe
from aurore.settings import AuroreError
from aurore.storage import check_texts, registry, write_texts

MAX_CONTEXT = 512  # au-delà, la mémoire d'un portable ne suit plus
VALIDATION_CHARACTERS = 20_000  # par livre


def tokenize() -> dict:
    """Apprend un tokenizer sur les livres d'entraînement, ou prend celui du modèle de départ."""
    profile = settings.profile()
    dataset = corpus.load_dataset()
    held_out = _held_out(dataset, 20_000)
    if settings.model_name():
        _, tokenizer = models.load_model(settings.model_name())
        origin = settings.model_name()
    else:
        texts = _chosen_passages(dataset, profile.max_characters)
        tokenizer = bpe.train_tokenizer(texts, profile.vocab_size, profile.context_length)
        origin = "appris sur les livres d'entraînement"
    bpe.save_tokenizer(tokenizer, bpe.tokenizer_folder())
    return {
        "vocabulary": len(tokenizer),
        "characters_per_token": round(bpe.characters_per_token(tokenizer, held_out), 3),
        "origin": settings.short_path(origin),
    }


def train() -> dict:
    """Spécialise le modèle de départ (ou un GPT-2 neuf) et l'enregistre dans `model`."""
    profile = settings.profile()
    dataset = corpus.load_dataset()
    model, tokenizer = starting_model()
    texts = _chosen_passages(dataset, settings.training_characters())
    context, recipe = plan_training(profile, model.config.max_position_embeddings, bool(settings.model_name()))
    blocks = finetune.pack_blocks(texts, tokenizer, context)
    validation = validation_blocks(dataset, tokenizer, context)
    home = settings.home()
    models.keep_freed_memory()
    return finetune.fine_tune(
        model, tokenizer, blocks, validation, recipe, finetune.model_folder(), home / "checkpoints"
    )


def plan_training(profile: settings.Profile, positions: int, pretrained: bool) -> tuple[int, finetune.Recipe]:
    """Longueur des blocs, en tokens, et recette.

    Un modèle qui sait déjà écrire garde tout son contexte, dans la limite de `MAX_CONTEXT`, et avance par Muon : dès les
    premiers pas il gagne, là où AdamW, au même taux, perd d'abord ce qu'il savait. À la fin, il mêle ce qu'il savait à la
    moyenne de ce qu'il a appris. `benchmarks/speed.py` et la fiche d'aurore-base donnent les mesures.
    """
    if not pretrained:
        return profile.context_length, finetune.Recipe(profile.epochs, profile.batch_size, profile.learning_rate)
    context = min(positions, MAX_CONTEXT)
    return context, finetune.Recipe(
        settings.TUNING_EPOCHS,
        profile.tuning_batch,
        profile.tuning_rate / 3,
        matrix_rate=profile.tuning_rate,
        vector_rate=profile.tuning_rate * 2 / 3,
        momentum=0.9,
        averaged=True,
        steady=True,
        candidates=settings.TUNING_CANDIDATES,
    )


def starting_model():
    """Le modèle de départ et son tokenizer : celui de `AURORE_MODEL`, l'embarqué, ou un GPT-2 neuf."""
    if settings.model_name():
        return models.load_model(settings.model_name())
    tokenizer = bpe.load_tokenizer()
    return gpt.build_gpt2(settings.profile(), len(tokenizer), tokenizer.eos_token_id), tokenizer


def samples(model, tokenizer) -> list[dict]:
    """Trois passages, leurs amorces et le plus long morceau recopié des livres d'entraînement."""
    source = "".join(_training_texts(corpus.load_dataset()))
    passages = []
    for number, prompt in enumerate(generation.PROMPTS):
        text = generation.generate(model, tokenizer, prompt, seed=settings.SEED + number)
        copied = evaluation.longest_copied_span(text[len(prompt) :], source)
        passages.append(
            {"prompt": prompt, "text": text, "longest_copied": copied, "longest_copied_characters": len(copied)}
        )
    return passages


def evaluate(model, tokenizer) -> dict:
    """Mesure un modèle sur les livres de test, dans la limite du profil."""
    text = _held_out(corpus.load_dataset(), settings.profile().evaluation_characters)
    return report_score(evaluation.score(model, tokenizer, text))


def report_score(found: evaluation.Score) -> dict:
    """La forme publique d'une mesure : bits par caractère, perplexité, longueurs, justesse."""
    return {
        "bits_per_char": round(found.bits_per_character, 4),
        "perplexity": round(found.perplexity, 3),
        "characters": found.characters,
        "tokens": found.tokens,
        "token_accuracy": round(found.accuracy, 4),
    }


def run(books: str = "sand") -> dict:
    """Enchaîne les étapes et rend le compte rendu complet."""
    report: dict = {"corpus": corpus.prepare(books)}
    report["tokenizer"] = tokenize()
    before = evaluate(*starting_model())
    report["training"] = train()
    model, tokenizer = models.load_model(finetune.model_folder())
    after = evaluate(model, tokenizer)
    report["samples"] = samples(model, tokenizer)
    report["evaluation"] = {
        "bits_per_char_before": before["bits_per_char"],
        "bits_per_char_after": after["bits_per_char"],
        "perplexity_before": before["perplexity"],
        "perplexity_after": after["perplexity"],
        "token_accuracy": after["token_accuracy"],
        "characters": after["characters"],
        "longest_copied_characters": max(sample["longest_copied_characters"] for sample in report["samples"]),
    }
    report["settings"] = current_settings(gpt.count_parameters(model))
    return report


def current_settings(parameters: int) -> dict:
    """Réglages et versions, pour refaire la même chose ailleurs."""
    libraries = ("torch", "transformers", "datasets", "tokenizers", "nltk")
    return {
        "profile": settings.profile().name,
        "corpus": settings.corpus_name(),
        "model": settings.short_path(settings.model_name()) or "GPT-2 neuf",
        "parameters": parameters,
        "seed": settings.SEED,
        "device": models.choose_device().reason,
        "versions": {"aurore": __version__, "python": platform.python_version()}
        | {name: version(name) for name in libraries},
    }


def check_report(path: Path) -> None:
    """Lève `AuroreError` si un compte rendu ne peut pas s'écrire là : on le dit avant des heures de calcul."""
    if path.is_dir():
        raise AuroreError(f"{path} est un dossier. Donnez le nom d'un fichier pour le compte rendu.")
    check_texts(path.parent, {path.name: ""}, registry())


def write_report(report: dict, path: Path) -> None:
    """Écrit un compte rendu en JSON lisible ; un fichier que l'atelier n'a pas écrit n'est pas remplacé."""
    write_texts(path.parent, {path.name: json.dumps(report, ensure_ascii=False, indent=2) + "\n"}, registry())


def _training_texts(dataset) -> list[str]:
    return list(corpus.texts_by_book(dataset["train"]).values())


def _chosen_passages(dataset, characters: int) -> list[str]:
    """Ce que l'on apprend quand le temps manque pour tout lire : un passage de chaque roman ou conte.

    On veut un réseau qui raconte : lettres, mémoires et théâtre ne servent que si les récits ne font pas `characters`
    caractères. Un livre qui n'est pas du catalogue passe pour un récit.
    """
    books = corpus.texts_by_book(dataset["train"])
    others = {book.title for book in corpus.load_catalogue().values() if book.genre not in corpus.STORIES}
    stories = [text for title, text in books.items() if title not in others]
    enough = characters and sum(map(len, stories)) >= characters
    return finetune.spread(stories if enough else list(books.values()), characters)


def _held_out(dataset, characters: int) -> str:
    """Le texte de test (à défaut de validation), dans la limite donnée ; La Mare au diable d'abord."""
    books = (
        corpus.texts_by_book(dataset["test"])
        or corpus.texts_by_book(dataset["validation"])
        or corpus.texts_by_book(dataset["train"])
    )
    first = sorted(books, key=lambda title: title != "La Mare au diable")[:1]
    return finetune.limit([books[title] for title in first], characters)[0]


def validation_openings(dataset) -> list[str]:
    """Le début de chaque livre de validation : de quoi suivre l'entraînement sans l'alourdir."""
    characters = min(settings.profile().evaluation_characters or VALIDATION_CHARACTERS, VALIDATION_CHARACTERS)
    books = corpus.texts_by_book(dataset["validation"]).values()
    return [piece for book in books for piece in finetune.limit([book], characters)]


def validation_blocks(dataset, tokenizer, context: int):
    """Ces débuts en blocs pleins, ou `None` si le corpus n'a pas de livre de validation."""
    texts = validation_openings(dataset)
    return finetune.pack_blocks(texts, tokenizer, context) if texts else None
