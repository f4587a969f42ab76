"""Le tokenizer : rien d'inconnu, rien de perdu, relu tel quel."""

import json
import random
from itertools import pairwise

import pytest
from tokenizers import Tokenizer, models, pre_tokenizers, trainers

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


# --- Le BPE, à la main ----------------------------------------------------------------------------------

# Des fréquences choisies pour qu'aucun tour n'ait d'ex æquo : chaque bibliothèque les départage à sa façon.
UNTIED = {
    word: int(frequency)
    for word, frequency in (
        pair.split(":")
        for pair in "la:38 elle:16 tes:71 sel:43 des:70 te:27 en:78 le:71 une:76 de:37 un:57 ne:12".split()
    )
}
FRENCH = {"cœur": 9, "sœur": 7, "l’été": 5, "l'eau": 8, "d'été": 3, "où": 4, "Noël": 2, "à": 30, "aaaaa": 2, "": 1}


def test_pairs_are_weighted_and_overlapping_ones_all_count():
    assert tokenizer.count_pairs({("l", "e"): 5, ("l", "e", "s"): 3}) == {("l", "e"): 8, ("e", "s"): 3}
    assert tokenizer.count_pairs({("a", "a", "a"): 2}) == {("a", "a"): 4}
    assert tokenizer.count_pairs({}) == tokenizer.count_pairs({("à",): 4, (): 1}) == {}


def test_merging_goes_from_left_to_right_without_overlap():
    assert tokenizer.merge_pair(tuple("aaaaa"), ("a", "a")) == ("aa", "aa", "a")
    assert tokenizer.merge_pair(("ou", "r"), ("u", "r")) == ("ou", "r")
    assert tokenizer.merge_pair((), ("a", "b")) == ()


def test_no_round_has_a_tie_in_the_words_given_to_the_oracle():
    pieces = {tuple(word): frequency for word, frequency in UNTIED.items()}
    for merge in tokenizer.learn_merges(UNTIED, 100):
        counts = tokenizer.count_pairs(pieces)
        assert [pair for pair in counts if counts[pair] == max(counts.values())] == [merge]
        pieces = {tokenizer.merge_pair(symbols, merge): frequency for symbols, frequency in pieces.items()}


@pytest.mark.parametrize("count", [1, 5, 14, 100])
def test_merges_and_pieces_are_those_of_the_tokenizers_library(count):
    oracle = Tokenizer(models.BPE())
    oracle.pre_tokenizer = pre_tokenizers.WhitespaceSplit()
    size = len(set("".join(UNTIED))) + count
    words = (word for word, frequency in UNTIED.items() for _ in range(frequency))
    oracle.train_from_iterator(words, trainers.BpeTrainer(vocab_size=size, min_frequency=1, show_progress=False))
    expected = [tuple(pair) for pair in json.loads(oracle.to_str())["model"]["merges"]]
    merges = tokenizer.learn_merges(UNTIED, count)
    assert merges == expected and len(merges) == min(count, 14)
    for word in UNTIED:
        assert tokenizer.encode_word(word, merges) == oracle.encode(word).tokens


def test_learning_does_not_depend_on_the_order_of_words_and_stops_by_itself():
    merges = tokenizer.learn_merges(FRENCH, 1000)
    assert merges == tokenizer.learn_merges(dict(reversed(FRENCH.items())), 1000)
    assert all(len(tokenizer.encode_word(word, merges)) <= 1 for word in FRENCH)
    assert tokenizer.learn_merges(FRENCH, 3) == merges[:3] and tokenizer.learn_merges(FRENCH, 0) == []


@pytest.mark.parametrize("seed", range(20))
def test_decoding_undoes_encoding_and_more_merges_never_make_more_tokens(seed):
    chance = random.Random(seed)
    words = {
        "".join(chance.choices("aeéœlst'’", k=chance.randint(0, 9))): chance.randint(1, 20)
        for _ in range(chance.randint(1, 30))
    }
    merges = tokenizer.learn_merges(words, 40)
    for word in [*words, "jamais vu", "l’œil été", "日本 😀"]:
        lengths = []
        for count in range(len(merges) + 1):
            tokens = tokenizer.encode_word(word, merges[:count])
            assert tokenizer.decode_tokens(tokens) == word and all(tokens)
            lengths.append(len(tokens))
        assert lengths[0] == len(word) and lengths == sorted(lengths, reverse=True)
    totals = [
        sum(len(tokenizer.encode_word(word, merges[:count])) * words[word] for word in words)
        for count in range(len(merges) + 1)
    ]
    assert all(after < before for before, after in pairwise(totals))
