"""Leçon 02 : du texte aux nombres, par un BPE à base d'octets.

Un tokenizer par octets n'a pas de mot inconnu : tout ce qu'on peut écrire en UTF-8, il le découpe, et il
rend exactement ce qu'on lui a donné.
"""

from collections.abc import Iterable
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
