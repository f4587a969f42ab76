"""Leçon 02 : du texte aux nombres, par un BPE à base d'octets.

Un tokenizer par octets n'a pas de mot inconnu : tout ce qu'on peut écrire en UTF-8, il le découpe, et il
rend exactement ce qu'on lui a donné.
"""

from collections.abc import Iterable
from itertools import pairwise
from pathlib import Path

from tokenizers import Tokenizer, decoders, models, pre_tokenizers, processors, trainers
from transformers import AutoTokenizer, GPT2TokenizerFast, PreTrainedTokenizerBase

from aurore import settings
from aurore.settings import AuroreError
from aurore.storage import atomic_directory

END_OF_TEXT = "<|endoftext|>"


def train_tokenizer(texts: Iterable[str], vocab_size: int, context_length: int = 1024) -> GPT2TokenizerFast:
    """Apprend un BPE par octets (Sennrich 2016 ; Radford 2019) et le rend au format de transformers.

    `vocab_size` compte les 256 octets et `<|endoftext|>`. Le résultat est déterministe.
    """
    tokenizer = Tokenizer(models.BPE())
    tokenizer.pre_tokenizer = pre_tokenizers.ByteLevel(add_prefix_space=False)
    tokenizer.decoder = decoders.ByteLevel()
    tokenizer.post_processor = processors.ByteLevel(trim_offsets=False)
    trainer = trainers.BpeTrainer(
        vocab_size=vocab_size,
        special_tokens=[END_OF_TEXT],
        # Les 256 octets sont là d'avance : un signe absent du corpus se découpe quand même.
        initial_alphabet=pre_tokenizers.ByteLevel.alphabet(),
        show_progress=False,
    )
    tokenizer.train_from_iterator(texts, trainer)
    return GPT2TokenizerFast(
        tokenizer_object=tokenizer,
        bos_token=END_OF_TEXT,
        eos_token=END_OF_TEXT,
        unk_token=END_OF_TEXT,
        model_max_length=context_length,
        clean_up_tokenization_spaces=False,
    )


def characters_per_token(tokenizer: PreTrainedTokenizerBase, text: str) -> float:
    """Nombre moyen de caractères par token sur un texte : plus il est haut, plus le découpage est économe."""
    return len(text) / max(1, len(tokenizer(text, verbose=False)["input_ids"]))


def tokenizer_folder() -> Path:
    """Dossier du tokenizer appris."""
    return settings.home() / "tokenizer"


def save_tokenizer(tokenizer: PreTrainedTokenizerBase, folder: Path) -> None:
    """Enregistre `tokenizer.json` et, à côté, les `vocab.json` et `merges.txt` que la leçon ouvre."""
    with atomic_directory(folder) as temporary:
        tokenizer.save_pretrained(str(temporary))
        tokenizer.backend_tokenizer.model.save(str(temporary))


def load_tokenizer(folder: Path | str | None = None) -> PreTrainedTokenizerBase:
    """Relit un tokenizer ; dit quoi faire s'il manque."""
    folder = Path(folder or tokenizer_folder())
    if not (folder / "tokenizer.json").is_file():
        raise AuroreError(f"Pas de tokenizer dans {folder}. Lancez d'abord « python -m aurore tokenize ».")
    return AutoTokenizer.from_pretrained(str(folder))


# --- Le BPE, à la main ----------------------------------------------------------------------------------
#
# Le même algorithme en clair, d'après Sennrich, Haddow et Birch (2016), sur des caractères et non des octets, et
# sans marque de fin de mot : un « es » de fin de mot et un « es » du milieu sont ici le même symbole.


def count_pairs(words: dict[tuple[str, ...], int]) -> dict[tuple[str, str], int]:
    """Compte les paires de symboles voisins (Sennrich 2016) : `{(gauche, droite): nombre}`.

    `words` donne, pour chaque mot découpé en symboles, sa fréquence (un nombre d'occurrences dans le corpus).
    Un mot de n symboles a n - 1 paires, et chacune compte autant de fois que le mot.
    """
    counts: dict[tuple[str, str], int] = {}
    for symbols, frequency in words.items():
        for pair in pairwise(symbols):
            counts[pair] = counts.get(pair, 0) + frequency
    return counts


def merge_pair(symbols: tuple[str, ...], pair: tuple[str, str]) -> tuple[str, ...]:
    """Fusionne la paire partout où elle se présente, de gauche à droite, sans chevauchement (Sennrich 2016).

    De n symboles, il en reste n moins le nombre de fusions faites ; ("a", "a", "a") devient ("aa", "a").
    """
    merged, index = [], 0
    while index < len(symbols):
        step = 2 if symbols[index : index + 2] == pair else 1
        merged.append("".join(symbols[index : index + step]))
        index += step
    return tuple(merged)


def learn_merges(words: dict[str, int], count: int) -> list[tuple[str, str]]:
    """Apprend au plus `count` fusions, de la première à la dernière (Sennrich 2016, algorithme 1).

    `words` donne la fréquence de chaque mot. Chaque tour fusionne la paire la plus fréquente ; à égalité, la
    plus petite dans l'ordre de Python, pour que le résultat ne dépende de rien d'autre.
    """
    pieces = {tuple(word): frequency for word, frequency in words.items()}
    merges: list[tuple[str, str]] = []
    while len(merges) < count and (counts := count_pairs(pieces)):
        best = min(counts, key=lambda pair: (-counts[pair], pair))
        pieces = {merge_pair(symbols, best): frequency for symbols, frequency in pieces.items()}
        merges.append(best)
    return merges


def encode_word(word: str, merges: list[tuple[str, str]]) -> list[str]:
    """Découpe un mot en tokens : ses caractères, puis chaque fusion dans l'ordre où elle fut apprise (Sennrich 2016).

    Le résultat a de 1 à len(word) tokens, et aucun pour un mot vide ; un caractère jamais vu reste seul.
    """
    symbols = tuple(word)
    for pair in merges:
        symbols = merge_pair(symbols, pair)
    return list(symbols)


def decode_tokens(tokens: list[str]) -> str:
    """Recolle les tokens d'un mot (Sennrich 2016) : l'inverse exact de `encode_word`."""
    return "".join(tokens)
