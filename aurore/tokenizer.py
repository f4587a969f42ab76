"""Leçon 02 : du texte aux nombres, par un BPE à base d'octets.

Un tokenizer par octets n'a pas de mot inconnu : tout ce qu'on peut écrire en UTF-8, il le découpe, et il
rend exactement ce qu'on lui a donné.
"""

from collections.abc import Callable, Iterable
from itertools import pairwise
from pathlib import Path

from tokenizers import Tokenizer, decoders, models, pre_tokenizers, processors, trainers
from transformers import (
    AddedToken,
    AutoTokenizer,
    BatchEncoding,
    GPT2TokenizerFast,
    PreTrainedModel,
    PreTrainedTokenizerBase,
)

from aurore import language, settings
from aurore.settings import AuroreError
from aurore.storage import atomic_directory, recover

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


def tokens_per_word(tokenizer: PreTrainedTokenizerBase, text: str) -> float:
    """Fertilité : nombre moyen de tokens par mot d'un texte (Rust 2021), 0.0 s'il n'a pas de mot.

    Le texte est découpé d'un seul tenant, espaces et ponctuation comprises ; les mots sont ceux de
    `language.words`, où l'apostrophe sépare.
    """
    words = language.words(text)
    return len(tokenizer(text, verbose=False)["input_ids"]) / len(words) if words else 0.0


def tokenizer_folder() -> Path:
    """Dossier du tokenizer appris."""
    return settings.home() / "tokenizer"


def save_tokenizer(tokenizer: PreTrainedTokenizerBase, folder: Path) -> None:
    """Enregistre `tokenizer.json` et, à côté, les `vocab.json` et `merges.txt` que la leçon ouvre."""
    with atomic_directory(folder, "tokenizer") as temporary:
        tokenizer.save_pretrained(str(temporary))
        tokenizer.backend_tokenizer.model.save(str(temporary))


def load_tokenizer(folder: Path | str | None = None) -> PreTrainedTokenizerBase:
    """Relit un tokenizer ; dit quoi faire s'il manque ou s'il est abîmé."""
    folder = Path(folder or tokenizer_folder())
    recover(folder)
    if not (folder / "tokenizer.json").is_file():
        raise AuroreError(f"Pas de tokenizer dans {folder}. Lancez d'abord « python -m aurore tokenize ».")
    try:
        return AutoTokenizer.from_pretrained(str(folder), local_files_only=True, trust_remote_code=False)
    except Exception as error:  # chaque bibliothèque a les siennes, et certaines lèvent `Exception` même
        raise AuroreError(
            f"Le tokenizer de {folder} est illisible ({type(error).__name__}). Relancez « python -m aurore tokenize » pour le refaire."
        ) from error


def token_bytes(token: str) -> bytes:
    """Les octets que note un token de GPT-2 (Radford 2019) : « Ġ » est l'espace, « Ã© » les deux octets de « é ».

    Un token qui n'est pas écrit dans cet alphabet (un mot ajouté, un autre tokenizer) est rendu en UTF-8.
    """
    if all(sign in _BYTE_OF_SIGN for sign in token):
        return bytes(_BYTE_OF_SIGN[sign] for sign in token)
    return token.encode("utf-8")


def _byte_alphabet() -> dict[str, int]:
    """Le signe de chacun des 256 octets : lui-même s'il se voit en Latin-1, sinon l'un de ceux d'après U+0100."""
    seen = [*range(ord("!"), ord("~") + 1), *range(ord("¡"), ord("¬") + 1), *range(ord("®"), ord("ÿ") + 1)]
    hidden = [byte for byte in range(256) if byte not in seen]
    return {chr(byte): byte for byte in seen} | {chr(256 + rank): byte for rank, byte in enumerate(hidden)}


_BYTE_OF_SIGN = _byte_alphabet()


def tokenizers_at_hand() -> dict[str, PreTrainedTokenizerBase]:
    """Les tokenizers déjà sur cette machine : celui du modèle de départ, et deux du Hub s'ils sont en cache.

    Rien n'est téléchargé : la figure qui s'en sert ne doit pas attendre le réseau.
    """
    names = {
        "modèle de départ": settings.model_name(),
        "GPT-2": "gpt2",
        "GPT-2 français": "benjamin/gpt2-wechsel-french",
    }
    found = {}
    for label, name in names.items():
        try:
            if name:
                found[label] = AutoTokenizer.from_pretrained(name, local_files_only=True, trust_remote_code=False)
        except Exception:  # absent ou abîmé : la figure s'en passe
            continue
    return found


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


# --- Des textes de longueurs différentes ----------------------------------------------------------------

IGNORED = -100  # l'étiquette que la perte de PyTorch ne compte pas


def pad_batch(sequences: list[list[int]], pad_id: int, side: str = "right") -> tuple[list[list[int]], list[list[int]]]:
    """Met des suites à la longueur de la plus longue du lot ; rend `(input_ids, attention_mask)`, deux fois (B, T).

    Le masque vaut 1 sur les vrais tokens, même égaux à `pad_id`, et 0 sur le remplissage, mis à droite
    (`side="right"`, pour apprendre) ou à gauche (`"left"`, pour prolonger).
    """
    width = max(map(len, sequences), default=0)
    input_ids, attention_mask = [], []
    for sequence in sequences:
        missing, present = width - len(sequence), [1] * len(sequence)
        filling, absent = [pad_id] * missing, [0] * missing
        input_ids.append(filling + sequence if side == "left" else sequence + filling)
        attention_mask.append(absent + present if side == "left" else present + absent)
    return input_ids, attention_mask


def labels_for_language_modeling(input_ids: list[list[int]], attention_mask: list[list[int]]) -> list[list[int]]:
    """Les étiquettes d'un modèle causal, (B, T) : les tokens eux-mêmes, et -100 sur le remplissage.

    C'est le masque qui dit où est le remplissage, jamais l'identifiant : `<|endoftext|>` sert souvent aux deux,
    et un modèle dont on masque les vraies fins n'apprend pas à s'arrêter. Le décalage d'un cran est fait par
    le modèle (`GPT2LMHeadModel`).
    """
    return [
        [token if real else IGNORED for token, real in zip(row, mask, strict=True)]
        for row, mask in zip(input_ids, attention_mask, strict=True)
    ]


def language_modeling_batch(tokenizer: PreTrainedTokenizerBase, texts: list[str]) -> BatchEncoding:
    """Un lot prêt pour `model(**lot)` : `input_ids`, `attention_mask` et `labels`, des tenseurs (B, T).

    Chaque texte finit par `<|endoftext|>`, qui garde son étiquette ; le remplissage est à droite.
    """
    end = tokenizer.eos_token_id
    pad_id = end if tokenizer.pad_token_id is None else tokenizer.pad_token_id
    sequences = [[*tokenizer(text, verbose=False)["input_ids"], end] for text in texts]
    input_ids, attention_mask = pad_batch(sequences, pad_id)
    labels = labels_for_language_modeling(input_ids, attention_mask)
    columns = {"input_ids": input_ids, "attention_mask": attention_mask, "labels": labels}
    return BatchEncoding(columns, tensor_type="pt")


# --- Ajouter des mots -----------------------------------------------------------------------------------


def words_to_add(counts: dict[str, int], split: Callable[[str], list[str]], how_many: int) -> list[str]:
    """Les mots qui coûtent trois tokens ou plus, du plus fréquent au moins fréquent, `how_many` au plus.

    `counts` donne la fréquence de chaque mot, `split` les tokens d'un texte. Un mot est découpé avec l'espace
    qui le précède dans un texte ; à fréquence égale, l'ordre est celui de Python.
    """
    costly = [word for word in counts if len(split(" " + word)) >= 3]
    return sorted(costly, key=lambda word: (-counts[word], word))[:how_many]


def add_words(
    tokenizer: PreTrainedTokenizerBase, model: PreTrainedModel, counts: dict[str, int], how_many: int
) -> list[str]:
    """Ajoute au vocabulaire les mots de `words_to_add`, et au modèle une ligne de plongement pour chacun ; les rend.

    Chaque token ajouté porte son espace : « le mot » reste deux tokens. Les lignes nouvelles valent la moyenne
    des anciennes, à très peu près (Hewitt 2021) : elles ne veulent rien dire avant un entraînement.
    """
    words = words_to_add(counts, tokenizer.tokenize, how_many)
    tokenizer.add_tokens([AddedToken(" " + word, normalized=False) for word in words])
    model.resize_token_embeddings(len(tokenizer))
    return words
