"""Le tokenizer : rien d'inconnu, rien de perdu, relu tel quel."""

import pytest

from aurore import tokenizer
from aurore.settings import AuroreError

TEXTS = ["Le meunier chantait au bord de l'eau.\n— Eh bien ! dit la meunière.\n" * 40]


@pytest.fixture(scope="module")
def tokens():
    return tokenizer.train_tokenizer(TEXTS, vocab_size=400, context_length=64)


@pytest.mark.parametrize(
    "text", ["Le meunier", "œuf, « cœur » …", "😀 𝕏 ñ ł", "ligne\n\nautre\tligne", " espace en tête", "日本"]
)
def test_every_text_round_trips(tokens, text):
    ids = tokens(text)["input_ids"]
    assert tokens.decode(ids) == text
    assert tokens.unk_token_id not in ids


def test_vocabulary_has_the_256_bytes_and_the_end_of_text(tokens):
    assert len(tokens) <= 400
    assert tokens.convert_ids_to_tokens([tokens.eos_token_id]) == [tokenizer.END_OF_TEXT]
    assert len(set(tokens.get_vocab())) == len(tokens) >= 257


def test_training_is_deterministic(tokens):
    again = tokenizer.train_tokenizer(TEXTS, vocab_size=400, context_length=64)
    assert again.get_vocab() == tokens.get_vocab()


def test_frequent_words_cost_fewer_tokens_than_unseen_ones(tokens):
    assert tokenizer.characters_per_token(tokens, "meunier") > tokenizer.characters_per_token(tokens, "zythum")


def test_saved_folder_holds_vocab_and_merges_and_reloads_alike(tokens, tmp_path):
    tokenizer.save_tokenizer(tokens, tmp_path / "tokenizer")
    assert {"vocab.json", "merges.txt", "tokenizer.json"} <= {path.name for path in (tmp_path / "tokenizer").iterdir()}
    again = tokenizer.load_tokenizer(tmp_path / "tokenizer")
    text = "Le meunier, œuf et « cœur »."
    assert again(text)["input_ids"] == tokens(text)["input_ids"]
    assert again.eos_token_id == tokens.eos_token_id


def test_missing_tokenizer_says_what_to_run(tmp_path):
    with pytest.raises(AuroreError, match="aurore tokenize"):
        tokenizer.load_tokenizer(tmp_path)
