"""Le tokenizer : rien d'inconnu, rien de perdu, relu tel quel."""

import json
import random
from itertools import pairwise

import pytest
import torch
from small import small_model, small_tokenizer
from tokenizers import Tokenizer, models, pre_tokenizers, trainers
from transformers import AutoTokenizer, DataCollatorForLanguageModeling

from aurore import tokenizer as bpe
from aurore.settings import AuroreError

TEXTS = ["Le meunier chantait au bord de l'eau.\n— Eh bien ! dit la meunière.\n" * 40]


@pytest.fixture(scope="module")
def tokenizer():
    return bpe.train_tokenizer(TEXTS, vocab_size=400, context_length=64)


@pytest.mark.parametrize(
    "text", ["Le meunier", "œuf, « cœur » …", "😀 𝕏 ñ ł", "ligne\n\nautre\tligne", " espace en tête", "日本"]
)
def test_every_text_round_trips(tokenizer, text):
    ids = tokenizer(text)["input_ids"]
    assert tokenizer.decode(ids) == text
    assert tokenizer.unk_token_id not in ids


def test_vocabulary_has_the_256_bytes_and_the_end_of_text(tokenizer):
    assert len(tokenizer) <= 400
    assert tokenizer.convert_ids_to_tokens([tokenizer.eos_token_id]) == [bpe.END_OF_TEXT]
    assert len(set(tokenizer.get_vocab())) == len(tokenizer) >= 257


def test_training_is_deterministic(tokenizer):
    again = bpe.train_tokenizer(TEXTS, vocab_size=400, context_length=64)
    assert again.get_vocab() == tokenizer.get_vocab()


def test_frequent_words_cost_fewer_tokens_than_unseen_ones(tokenizer):
    assert bpe.characters_per_token(tokenizer, "meunier") > bpe.characters_per_token(tokenizer, "zythum")


def test_saved_folder_holds_vocab_and_merges_and_reloads_alike(tokenizer, tmp_path):
    bpe.save_tokenizer(tokenizer, tmp_path / "tokenizer")
    assert {"vocab.json", "merges.txt", "tokenizer.json"} <= {path.name for path in (tmp_path / "tokenizer").iterdir()}
    again = bpe.load_tokenizer(tmp_path / "tokenizer")
    text = "Le meunier, œuf et « cœur »."
    assert again(text)["input_ids"] == tokenizer(text)["input_ids"]
    assert again.eos_token_id == tokenizer.eos_token_id


def test_missing_tokenizer_says_what_to_run(tmp_path):
    with pytest.raises(AuroreError, match="aurore tokenize"):
        bpe.load_tokenizer(tmp_path)


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
    assert bpe.count_pairs({("l", "e"): 5, ("l", "e", "s"): 3}) == {("l", "e"): 8, ("e", "s"): 3}
    assert bpe.count_pairs({("a", "a", "a"): 2}) == {("a", "a"): 4}
    assert bpe.count_pairs({}) == bpe.count_pairs({("à",): 4, (): 1}) == {}


def test_merging_goes_from_left_to_right_without_overlap():
    assert bpe.merge_pair(tuple("aaaaa"), ("a", "a")) == ("aa", "aa", "a")
    assert bpe.merge_pair(("ou", "r"), ("u", "r")) == ("ou", "r")
    assert bpe.merge_pair((), ("a", "b")) == ()


def test_no_round_has_a_tie_in_the_words_given_to_the_oracle():
    pieces = {tuple(word): frequency for word, frequency in UNTIED.items()}
    for merge in bpe.learn_merges(UNTIED, 100):
        counts = bpe.count_pairs(pieces)
        assert [pair for pair in counts if counts[pair] == max(counts.values())] == [merge]
        pieces = {bpe.merge_pair(symbols, merge): frequency for symbols, frequency in pieces.items()}


@pytest.mark.parametrize("count", [1, 5, 14, 100])
def test_merges_and_pieces_are_those_of_the_tokenizers_library(count):
    oracle = Tokenizer(models.BPE())
    oracle.pre_tokenizer = pre_tokenizers.WhitespaceSplit()
    size = len(set("".join(UNTIED))) + count
    words = (word for word, frequency in UNTIED.items() for _ in range(frequency))
    oracle.train_from_iterator(words, trainers.BpeTrainer(vocab_size=size, min_frequency=1, show_progress=False))
    expected = [tuple(pair) for pair in json.loads(oracle.to_str())["model"]["merges"]]
    merges = bpe.learn_merges(UNTIED, count)
    assert merges == expected and len(merges) == min(count, 14)
    for word in UNTIED:
        assert bpe.encode_word(word, merges) == oracle.encode(word).tokens


def test_learning_does_not_depend_on_the_order_of_words_and_stops_by_itself():
    merges = bpe.learn_merges(FRENCH, 1000)
    assert merges == bpe.learn_merges(dict(reversed(FRENCH.items())), 1000)
    assert all(len(bpe.encode_word(word, merges)) <= 1 for word in FRENCH)
    assert bpe.learn_merges(FRENCH, 3) == merges[:3] and bpe.learn_merges(FRENCH, 0) == []


@pytest.mark.parametrize("seed", range(20))
def test_decoding_undoes_encoding_and_more_merges_never_make_more_tokens(seed):
    chance = random.Random(seed)
    words = {
        "".join(chance.choices("aeéœlst'’", k=chance.randint(0, 9))): chance.randint(1, 20)
        for _ in range(chance.randint(1, 30))
    }
    merges = bpe.learn_merges(words, 40)
    for word in [*words, "jamais vu", "l’œil été", "日本 😀"]:
        lengths = []
        for count in range(len(merges) + 1):
            tokens = bpe.encode_word(word, merges[:count])
            assert bpe.decode_tokens(tokens) == word and all(tokens)
            lengths.append(len(tokens))
        assert lengths[0] == len(word) and lengths == sorted(lengths, reverse=True)
    totals = [
        sum(len(bpe.encode_word(word, merges[:count])) * words[word] for word in words)
        for count in range(len(merges) + 1)
    ]
    assert all(after < before for before, after in pairwise(totals))


# --- Octets, fertilité, tokenizers à portée --------------------------------------------------------------


def test_the_alphabet_of_bytes_is_the_one_of_the_library(tokenizer):
    signs = pre_tokenizers.ByteLevel.alphabet()
    assert {bpe.token_bytes(sign) for sign in signs} == {bytes([byte]) for byte in range(256)}
    assert bpe.token_bytes("Ġ") == b" " and bpe.token_bytes("Ã©") == "é".encode()


@pytest.mark.parametrize("text", ["Où était l'œuf ?", "vous\u202f?", "😀 𝕏\n日本", "«\u00a0oui\u00a0»"])
def test_the_bytes_of_the_tokens_put_end_to_end_are_the_text(tokenizer, text):
    pieces = tokenizer.convert_ids_to_tokens(tokenizer(text)["input_ids"])
    assert b"".join(map(bpe.token_bytes, pieces)) == text.encode()


def test_an_added_word_is_its_own_bytes():
    assert bpe.token_bytes(" meunière") == " meunière".encode()


def test_fertility_counts_the_whole_text_by_its_words(tokenizer):
    text = "L'eau dort, l'été : le moulin dort."
    assert bpe.tokens_per_word(tokenizer, text) == len(tokenizer(text)["input_ids"]) / 8
    assert bpe.tokens_per_word(tokenizer, "… — ?") == 0.0
    assert bpe.tokens_per_word(tokenizer, TEXTS[0]) < bpe.tokens_per_word(tokenizer, "Zythum wagnérien")


def test_only_tokenizers_already_here_are_at_hand(tokenizer, tmp_path, monkeypatch):
    bpe.save_tokenizer(tokenizer, tmp_path / "model")
    (tmp_path / "model" / "config.json").write_text('{"model_type": "gpt2"}', encoding="utf-8")
    monkeypatch.setenv("AURORE_MODEL", str(tmp_path / "model"))
    found = bpe.tokenizers_at_hand()
    assert found["modèle de départ"]("Le meunier")["input_ids"] == tokenizer("Le meunier")["input_ids"]
    monkeypatch.setenv("AURORE_MODEL", str(tmp_path / "rien"))
    assert "modèle de départ" not in bpe.tokenizers_at_hand()


def test_editing_the_vocabulary_alone_changes_nothing_and_a_merge_does(tokenizer, tmp_path):
    """Ce que la leçon affirme de `vocab.json` et de `merges.txt` (le document d'origine n'éditait que le premier)."""
    folder = tmp_path / "edited"
    bpe.save_tokenizer(tokenizer, folder)
    word, (left, right) = "zy", tokenizer.tokenize("zy")
    vocabulary = json.loads((folder / "vocab.json").read_text(encoding="utf-8"))
    vocabulary[left + right] = len(vocabulary)
    (folder / "vocab.json").write_text(json.dumps(vocabulary, ensure_ascii=False), encoding="utf-8")
    assert AutoTokenizer.from_pretrained(str(folder)).tokenize(word) == [left, right]
    (folder / "tokenizer.json").unlink()
    assert AutoTokenizer.from_pretrained(str(folder)).tokenize(word) == [left, right]
    with (folder / "merges.txt").open("a", encoding="utf-8") as merges:
        merges.write(f"{left} {right}\n")
    assert AutoTokenizer.from_pretrained(str(folder)).tokenize(word) == [left + right]


# --- Lots, étiquettes, mots ajoutés ----------------------------------------------------------------------


def fresh_tokenizer():
    """Un tokenizer neuf, que l'essai peut régler sans changer celui des autres."""
    return bpe.train_tokenizer(TEXTS, vocab_size=400, context_length=64)


@pytest.mark.parametrize("side", ["right", "left"])
def test_padding_is_that_of_transformers(tokenizer, side):
    texts = ["Oui.", "Le meunier chantait.", "", "— Eh bien ! dit la meunière."]
    sequences = [tokenizer(text)["input_ids"] for text in texts]
    copy = fresh_tokenizer()
    copy.pad_token = copy.eos_token
    padded = copy(texts, padding=True, padding_side=side)
    assert bpe.pad_batch(sequences, copy.eos_token_id, side) == (padded["input_ids"], padded["attention_mask"])


def test_an_empty_batch_is_padded_to_nothing():
    assert bpe.pad_batch([], 0) == ([], []) and bpe.pad_batch([[], []], 0) == ([[], []], [[], []])


def test_the_end_of_a_text_keeps_its_label_where_the_collator_of_transformers_masks_it():
    tokenizer = fresh_tokenizer()
    end, texts = tokenizer.eos_token_id, ["Oui.", "Le meunier chantait.", "— Eh bien !"]
    batch = bpe.language_modeling_batch(tokenizer, texts)
    assert [row[row != -100][-1].item() for row in batch["labels"]] == [end] * 3
    assert torch.equal(batch["labels"] != -100, batch["attention_mask"] == 1)
    assert torch.equal(batch["labels"][batch["attention_mask"] == 1], batch["input_ids"][batch["attention_mask"] == 1])
    tokenizer.pad_token = tokenizer.eos_token
    collated = DataCollatorForLanguageModeling(tokenizer, mlm=False)(
        [tokenizer(text + tokenizer.eos_token) for text in texts]
    )
    assert end not in collated["labels"] and torch.equal(collated["input_ids"], batch["input_ids"])


def test_padding_does_not_change_the_loss():
    tokenizer, model = small_tokenizer(), small_model()
    alone = [
        bpe.language_modeling_batch(tokenizer, [text]) for text in ("Le meunier.", "La meunière chantait, il pleut.")
    ]
    together = bpe.language_modeling_batch(tokenizer, ["Le meunier.", "La meunière chantait, il pleut."])
    with torch.inference_mode():
        counts = [batch["input_ids"].shape[1] - 1 for batch in alone]
        losses = [model(**batch).loss.item() for batch in alone]
        expected = sum(loss * count for loss, count in zip(losses, counts, strict=True)) / sum(counts)
        assert model(**together).loss.item() == pytest.approx(expected, abs=1e-5)


def test_only_whole_costly_words_are_worth_adding(tokenizer):
    counts = {"le": 90, "zythum": 3, "wagnérien": 3, "meunier": 40}
    words = bpe.words_to_add(counts, tokenizer.tokenize, 10)
    assert words == ["wagnérien", "zythum"] and bpe.words_to_add(counts, tokenizer.tokenize, 1) == ["wagnérien"]
    assert bpe.words_to_add({}, tokenizer.tokenize, 5) == []


def test_added_words_cost_one_token_round_trip_and_get_a_row_near_the_mean():
    tokenizer, model = fresh_tokenizer(), small_model()
    model.resize_token_embeddings(len(tokenizer))
    before = model.get_input_embeddings().weight.detach().clone()
    assert bpe.add_words(tokenizer, model, {"zythum": 3, "le": 9}, 5) == ["zythum"]
    text = "le zythum, du zythum\net zythum"
    assert tokenizer.decode(tokenizer(text)["input_ids"]) == text
    assert tokenizer.tokenize("le zythum")[-1] == " zythum"
    after = model.get_input_embeddings().weight.detach()
    assert after.shape[0] == len(tokenizer) == before.shape[0] + 1 and torch.equal(after[:-1], before)
    assert (after[-1] - before.mean(0)).norm() < 0.05 * (before - before.mean(0)).norm(dim=1).min()
    assert model(torch.tensor([[len(tokenizer) - 1]])).logits.shape == (1, 1, len(tokenizer))


def test_a_new_tokenizer_gives_the_same_numbers_to_other_pieces(tokenizer):
    english = bpe.train_tokenizer(["The miller was singing by the water, and the mill was singing.\n" * 40], 400)
    again = english.train_new_from_iterator(iter(TEXTS), vocab_size=400)
    assert again.get_vocab() == tokenizer.get_vocab() != english.get_vocab()
