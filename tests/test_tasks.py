"""Les tâches de la leçon 12 : les vecteurs, les partages, l'encodeur, les entités, le lecteur, le traducteur, la recherche, et les
modèles du Hub, en miniature."""

import math

import pytest
import torch
from small import small_model, small_tokenizer
from transformers import GPT2ForSequenceClassification

from aurore import classify, digest, encoder, entities, masked, reading, tasks, translation, village
from aurore.settings import AuroreError

# --- Classer


def test_the_classifier_of_the_page_says_a_class_and_its_probability():
    one = tasks.sand_classifier()
    assert one is tasks.sand_classifier()
    text = "La petite Marie ramenait ses brebis en chantant, et le soir tombait sur la vallée."
    label, chance = one.predict(text)
    hers = float(one.judge.chances([text])[0])
    assert (label, chance) == (("Sand", hers) if hers > 0.5 else ("pas Sand", 1 - hers))
    with pytest.raises(AuroreError, match="trop court"):
        one.predict("  1804 !  ")


def test_a_text_has_the_same_vector_alone_or_in_a_batch():
    model, tokenizer = small_model(), small_tokenizer()
    texts = ["Le meunier chante.", "La roue tourne sous l'eau, et la meunière regarde.", "Il pleut."]
    for gather in (None, classify.last):
        together = classify.embed(model, tokenizer, texts, gather)
        alone = torch.cat([classify.embed(model, tokenizer, [text], gather) for text in texts])
        assert torch.allclose(together, alone, atol=1e-5)
    with pytest.raises(AuroreError, match="vide"):
        classify.embed(model, tokenizer, [""])


def test_our_untrained_head_is_that_of_transformers():
    """Même vecteur, mêmes poids : mêmes notes."""
    model, tokenizer = small_model(), small_tokenizer()
    model.config.pad_token_id, model.config.num_labels = tokenizer.eos_token_id, 2
    theirs = GPT2ForSequenceClassification(model.config).eval()
    theirs.transformer.load_state_dict(model.transformer.state_dict())
    text = "La roue tourne."
    with torch.no_grad():
        notes = theirs(**tokenizer(text, return_tensors="pt")).logits[0]
    state = classify.embed(model, tokenizer, [text], classify.last)[0]
    assert torch.allclose(notes, theirs.score.weight @ state, atol=1e-5)
    assert abs(theirs.score.weight.std().item() - 0.02) < 0.005 and theirs.score.bias is None


def test_untrained_heads_agree_more_when_texts_are_alike():
    draw = torch.Generator().manual_seed(0)
    apart = torch.randn(4, 64, generator=draw)
    assert classify.untrained_heads(apart[:1].repeat(4, 1)).unanimous == 1.0
    assert classify.untrained_heads(apart).unanimous < 0.4


def test_a_head_learns_what_separates_the_classes():
    vectors = torch.tensor([[1.0, 0.0], [2.0, 1.0], [-1.0, 0.0], [-2.0, 1.0]])
    assert classify.Head(vectors, [*"aabb"]).predict(torch.tensor([[3.0, 0.0], [-3.0, 0.0]])) == ["a", "b"]
    with pytest.raises(AuroreError, match="deux classes"):
        classify.Head(vectors, [*"aaaa"])


@pytest.mark.parametrize("seed", range(5))
def test_a_text_is_never_on_both_sides(seed):
    texts = [*"abcdefabcabcz"]
    train, test = classify.split_texts(texts, 0.3, seed)
    assert sorted(train + test) == list(range(len(texts)))
    assert classify.leaked_share(texts, train, test) == 0
    assert len({texts[rank] for rank in test}) == 2


def test_two_texts_repeated_a_hundred_times_leak_into_any_split():
    texts = ["bon", "mauvais"] * 100
    ranks = torch.randperm(200, generator=torch.Generator().manual_seed(1)).tolist()
    assert classify.leaked_share(texts, ranks[40:], ranks[:40]) == 1.0


def test_one_row_measures_nothing():
    assert classify.standard_error(0.5, 1) == 0.5
    assert classify.standard_error(0.5, 100) == pytest.approx(0.05)
    with pytest.raises(AuroreError, match="au moins une ligne"):
        classify.standard_error(0.5, 0)


def test_the_examples_are_balanced_and_do_not_overlap():
    (learnt, moods), (aside, others) = classify.moods("train"), classify.moods("test")
    assert not set(learnt) & set(aside)
    for labels in (moods, others):
        assert labels.count("contente") == labels.count("mécontente") >= 12
    texts, labels = classify.lines_and_tales(["— " + "a" * 50, "b" * 50, "court", "« " + "c" * 50], 5)
    assert labels == ["dialogue", "narration"] and texts[0].startswith("a")


# --- Deviner


def test_words_are_split_and_numbered():
    assert encoder.split_words("L'eau [MASK], dit-il.") == ["l'", "eau", "[MASK]", ",", "dit-il", "."]
    vocabulary = encoder.Words(["la roue", "la meule"], fewest=2)
    assert vocabulary.encode(["la", "roue"]) == [5, encoder.UNKNOWN] and len(vocabulary) == 6


@pytest.mark.parametrize("causal", [False, True])
def test_an_encoder_reads_both_sides_unless_told_otherwise(causal):
    net = encoder.seeded(lambda: encoder.Encoder(20, width=16, causal=causal))
    ids = torch.tensor([[5, 6, 7, 8]])
    other = torch.tensor([[5, 6, 7, 9]])
    with torch.no_grad():
        first, second = net(ids), net(other)
        padded = net(torch.tensor([[5, 6, 7, 8, encoder.PAD]]))
    assert torch.allclose(first[:, :3], second[:, :3], atol=1e-6) is causal
    assert torch.allclose(first, padded[:, :4], atol=1e-5)


def test_the_masked_words_are_learnt():
    lines = ["le chien noir dort", "la poule noire dort", "les chiens noirs dorment", "les poules noires dorment"] * 8
    found = masked.train_masked(lines, lines[:4], steps=80)
    assert sum(found.losses[-5:]) < sum(found.losses[:5]) / 2
    [(word, _), *_] = masked.fill(found.model, "[MASK] poule noire dort", 2)
    assert word == "la"
    with pytest.raises(AuroreError, match="un seul"):
        masked.fill(found.model, "le chien dort")


# --- Marquer


def test_a_marked_line_gives_words_and_tags():
    one = entities.parse("Me [PER de Vilserre] vint à [LIEU St-Vrain].")
    assert one.words == ("Me", "de", "Vilserre", "vint", "à", "St-Vrain", ".")
    assert one.tags == ("O", "B-PER", "I-PER", "O", "O", "B-LIEU", "O")


@pytest.mark.parametrize(
    ("tags", "expected"),
    [
        ("B-PER I-PER O B-PER B-PER", [(0, 1, "PER"), (3, 3, "PER"), (4, 4, "PER")]),
        ("I-PER I-LIEU O I-LIEU", [(0, 0, "PER"), (1, 1, "LIEU"), (3, 3, "LIEU")]),
        ("O O", []),
    ],
)
def test_tags_give_entities(tags, expected):
    assert entities.entities_of(tags.split()) == expected


def test_the_gold_file_is_whole():
    learnt, measured = entities.read_gold().values()
    for sentences in (learnt, measured):
        found = [entity for one in sentences for entity in entities.entities_of(one.tags)]
        assert len(sentences) >= 35 and {kind for *_, kind in found} == set(entities.KINDS)
    assert not {one.words for one in learnt} & {one.words for one in measured}


def test_perfect_tags_score_one_and_no_tag_scores_zero():
    sentences = list(entities.read_gold().values())[1]
    gold = {one.words: one.tags for one in sentences}
    assert set(entities.scores(sentences, lambda words: gold[tuple(words)]).values()) == {1.0}
    nothing = entities.scores(sentences, entities.nothing)
    assert nothing["tout"] == 0 and nothing["mots"] > 0.9


def test_the_learnt_tagger_beats_saying_nothing_on_another_book():
    learnt, measured = entities.read_gold().values()
    assert entities.scores(measured, entities.Tagger(learnt))["tout"] > 0.4


# --- Répondre


@pytest.mark.parametrize("seed", range(20))
def test_the_best_span_is_the_best_of_all(seed):
    draw = torch.Generator().manual_seed(seed)
    start, end = torch.randn(2, 9, generator=draw)
    context = torch.arange(9) >= 3
    pairs = [(i, j) for i in range(3, 9) for j in range(i, min(9, i + 3))]
    wanted = max(pairs, key=lambda pair: (start[pair[0]] + end[pair[1]]).item())
    assert reading.best_span(start, end, context, 3) == wanted


def test_an_end_comes_before_its_beginning_nearly_half_the_time():
    assert reading.backward_share(20) == pytest.approx(19 / 40, abs=0.02)


def test_questions_are_answered_by_their_text_and_kept_apart():
    learnt, aside = reading.draw_questions(200, 1), reading.draw_questions(50, 1, held_out=True)
    assert all(one.answer in one.context for one in [*learnt, *aside])
    known = {(one.question, one.answer) for one in learnt}
    assert not known & {(one.question, one.answer) for one in aside}


def test_a_reader_answers_with_words_of_the_text():
    rows = reading.draw_questions(40, 3)
    vocabulary = encoder.Words(f"{row.question} {row.context}" for row in rows)
    reader = encoder.seeded(lambda: reading.Reader(vocabulary))
    for row in rows[:5]:
        assert reader.answer(row.question, row.context) in " ".join(encoder.split_words(row.context))
    with pytest.raises(AuroreError, match="pas de texte"):
        reader.answer("Où ?", " ")


def test_word_f1():
    assert reading.word_f1("près de la forge", "de la forge") == pytest.approx(6 / 7)
    assert reading.word_f1("lundi", "mardi") == 0


# --- Traduire


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        (["le", "moulin"], "du moulin"),
        (["les", "poules"], "des poules"),
        (["l'", "étang"], "de l'étang"),
        (["une", "poule"], "d'une poule"),
        (["mon", "âne"], "de mon âne"),
    ],
)
def test_de_is_contracted(words, expected):
    assert village.join(village._of(words)) == expected


def test_the_village_speaks_good_french():
    lines = [pair.french for pair in village.draw_pairs(3000, 4)]
    wrong = (
        "de le ",
        "de les ",
        "le â",
        "le é",
        "la é",
        "ce e",
        "ce é",
        "ce â",
        "ma é",
        "le vieux a",
        "mon vieux a",
        "un beau a",
        "ne e",
        "ne a",
    )
    assert not [line for line in lines if any(f" {bit}" in f" {line}" for bit in wrong)]


def test_the_pairs_held_out_are_never_learnt():
    learnt = {couple for pair in village.draw_pairs(2000, 1) for couple in pair.couples}
    for pair in village.draw_pairs(100, 2, held_out=True):
        assert set(pair.couples) - learnt


def test_a_translator_learns_and_refuses_unknown_words():
    one = translation.train_interpreter(steps=12, batch_size=24, width=32)
    assert one.losses[-1] < one.losses[0]
    assert len(one.translate_all(["the dog sleeps near the mill", "my goat sings with a hen"])) == 2
    with pytest.raises(AuroreError, match="« robot » n'y est pas"):
        one.translate("the robot sleeps")


def test_a_translation_is_graded_on_the_whole():
    lines = ["le chien noir ne dort pas", "la poule chante près du moulin"]
    assert translation.quality(lines, lines) == translation.Quality(pytest.approx(100), 1.0)
    assert translation.quality([lines[0], "rien"], lines).exact == 0.5


# --- Chercher, résumer, comparer


def test_the_questions_have_their_answer_in_the_book(home):
    from aurore import corpus

    catalogue, fetcher = corpus.open_pastiche()
    book = next(book for book in catalogue.values() if book.title == "L'Étang aux nielles")
    library = digest.Library(corpus.clean(fetcher.fetch(book), book).paragraphs)
    for one in digest.questions():
        assert any(one.clue in text for text in library.passages), one
    assert any(one.answer in text for one in digest.questions() for text in library.passages if one.clue in text)
    shares = [digest.found_share(library, digest.questions(), k) for k in (1, 3, 200)]
    assert shares[0] <= shares[1] <= shares[2] == 1.0 and shares[0] > 0.3


def test_a_summary_keeps_the_order_of_the_text():
    sentences, vectors = ["un", "deux", "trois"], torch.tensor([[1.0, 1.0], [-1.0, 0.0], [1.0, 0.9]])
    assert digest.central_sentences(sentences, vectors, 2) == ["un", "trois"]
    assert digest.first_sentences(sentences, 2) == ["un", "deux"]


def test_rouge_is_that_of_the_reference_library():
    from rouge_score.rouge_scorer import RougeScorer

    one, other = "le chien noir dort pres du moulin", "le chien dort dans le moulin noir"
    theirs = RougeScorer(["rouge1", "rouge2"]).score(one, other)
    for n in (1, 2):
        assert digest.rouge(one, other, n) == pytest.approx(theirs[f"rouge{n}"].fmeasure)


def test_duplicates_are_found_from_the_closest():
    texts = ["a b c d e", "x y z t u", "a b c d e", "a b c d k"]
    assert [(one, other) for one, other, _ in digest.duplicates(texts)] == [(0, 2), (0, 3), (2, 3)]


# --- Les modèles du Hub, en miniature


@pytest.fixture
def tiny(tmp_path):
    """Un CamemBERT minuscule, au format de transformers, avec la tête demandée."""
    import transformers
    from tokenizers import Tokenizer, models, pre_tokenizers, processors

    words = "<s> <pad> </s> <unk> <mask> où demeure Landry ? Landry demeure près de la forge .".split()
    table = {word: rank for rank, word in enumerate(dict.fromkeys(words))}
    bare = Tokenizer(models.WordLevel(table, unk_token="<unk>"))
    bare.pre_tokenizer = pre_tokenizers.Whitespace()
    ends = [("<s>", 0), ("</s>", 2)]
    bare.post_processor = processors.TemplateProcessing(
        single="<s> $A </s>", pair="<s> $A </s> $B:1 </s>:1", special_tokens=ends
    )
    names = {
        "unk_token": "<unk>",
        "pad_token": "<pad>",
        "mask_token": "<mask>",
        "cls_token": "<s>",
        "sep_token": "</s>",
    }
    tokenizer = transformers.PreTrainedTokenizerFast(tokenizer_object=bare, model_max_length=30, **names)
    config = transformers.CamembertConfig(vocab_size=len(table), hidden_size=16, num_hidden_layers=1, num_attention_heads=2, intermediate_size=16, max_position_embeddings=40)  # fmt: skip

    def save(task):
        kind = getattr(transformers, tasks.HUB[task][1])
        kind.from_config(config).save_pretrained(tmp_path)
        tokenizer.save_pretrained(tmp_path)
        return tasks.load(task, str(tmp_path))

    return save


def test_a_hub_model_takes_the_place_of_ours(tiny):
    label, chance = tiny("classer").classify("Landry demeure près de la forge .")
    assert label.startswith("LABEL_") and 0.5 <= chance <= 1
    guesses = tiny("deviner").fill("Landry [MASK] près de la forge .", 3)
    assert len(guesses) == 3 and math.fsum(chance for _, chance in guesses) <= 1
    text = "Landry demeure près de la forge ."
    answer = tiny("répondre").answer("où demeure Landry ?", text)
    assert answer and answer in text


def test_what_is_not_there_is_said(monkeypatch):
    monkeypatch.setenv("HF_HUB_OFFLINE", "1")
    monkeypatch.setattr(tasks.pull, "hub_answers", lambda: False)
    with pytest.raises(AuroreError, match="Gardez celui de la leçon"):
        tasks.load("résumer", "aurore/ce-modele-n-existe-pas")
    with pytest.raises(AuroreError, match="Tâches connues : classer"):
        tasks.load("chanter")
    assert set(tasks.within_reach()) == set(tasks.HUB)


def test_what_the_table_says_is_gone_is_gone():
    from transformers.pipelines import SUPPORTED_TASKS

    for written, instead in tasks.GONE.items():
        if written.startswith("pipeline"):
            name = written.split('"')[1]
            assert (name in SUPPORTED_TASKS or name in ("sentiment-analysis", "ner")) is instead.startswith("toujours")
