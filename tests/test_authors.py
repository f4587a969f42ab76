"""« Est-ce du Sand ? » : ce que le juge ne doit pas voir, ce qu'il vaut, et des intervalles qui disent vrai."""

import random

import numpy as np
import pytest
from conftest import ROOT
from small import small_model, small_tokenizer

from aurore import authors, corpus
from aurore.authors import OTHERS, SAND, Passage, Verdict
from aurore.settings import AuroreError

MANNERS = {
    SAND: "la prairie le ruisseau doucement elle rêvait encore sous les grands chênes de la vallée avec tendresse".split(),
    "Émile Zola": "la machine le charbon brutal il cognait toujours dans la fosse noire du coron avec rage".split(),
    "Victor Hugo": "l'abîme le gouffre immense il tonnait jamais parmi les ténèbres de la cathédrale avec effroi".split(),
}


def made_up(author, work, name, number=12):
    """Des passages d'une manière reconnaissable, semés du nom du héros de l'œuvre."""
    draw = random.Random(f"{author} {work}")
    texts = (" ".join(draw.choice([*MANNERS[author], name]) for _ in range(60)) for _ in range(number))
    return [Passage(author, work, text) for text in texts]


PASSAGES = [
    passage
    for author in MANNERS
    for rank in range(4)
    for passage in made_up(author, f"Œuvre {rank}", f"Héros{'ABCD'[rank]}")
]

# --- Les passages


@pytest.mark.parametrize(
    "title, work",
    [
        ("Consuelo, II", "Consuelo"),
        ("Histoire de ma vie, livre 3", "Histoire de ma vie"),
        ("Les Misérables, V", "Les Misérables"),
        ("La Comédie humaine, V", "La Comédie humaine, V"),
        ("Eugénie Grandet", "La Comédie humaine, V"),
        ("Francia ; Un bienfait n'est jamais perdu", "Francia ; Un bienfait n'est jamais perdu"),
    ],
)
def test_the_volumes_of_a_novel_are_one_work(title, work):
    assert authors.work_of(title) == work


def test_every_catalogue_work_stays_with_one_author_and_sand_has_the_most():
    works = {}
    for book in corpus.load_catalogue().values():
        works.setdefault(book.author, set()).add(authors.work_of(book.title))
    assert max(works, key=lambda author: len(works[author])) == SAND
    assert all(len(works[author]) >= authors.FEWEST_WORKS for author in authors.DUELISTS)


def test_passages_are_disjoint_and_whole_words():
    text = " ".join(f"mot{rank}" for rank in range(2000))
    found = authors.passages_of(SAND, "Simon", text, 20)
    assert 10 < len(found) <= 20
    words = [word for passage in found for word in passage.text.split()]
    assert len(words) == len(set(words)) and set(words) <= set(text.split())
    assert all(400 < len(passage.text) <= authors.CHARACTERS for passage in found)
    assert authors.passages_of(SAND, "Billet", "trop court", 20) == []


def test_the_rare_authors_share_a_class():
    few = [*PASSAGES, *made_up(SAND, "x", "X", 1), Passage("Loti", "Yves", "la mer")]
    labels = authors.classes(few)
    assert labels[-1] == OTHERS and set(labels[:-1]) == set(MANNERS)


# --- Ce qui trahit un livre


def test_no_name_survives_the_mask_wherever_it_stands():
    text = "Consuelo partit. Mais Anzoleto, à Venise, dit : « Il viendra, Jean-Paul ! » Élise se tut. Cela dura."
    masked = authors.mask_names(text)
    assert masked == "X partit. Mais X, à X, dit : « Il viendra, X ! » X se tut. X dura."
    assert authors.mask_names(masked) == masked


def test_letters_only_forgets_the_edition():
    modern, old = "— Le poète, dit-elle… « L'œuvre »", '-- Le poëte, dit-elle... "L\'œuvre"'
    assert authors.letters_only(modern) == authors.letters_only(old) == "le poete dit elle l œuvre"


# --- Le juge


@pytest.fixture(scope="module")
def judge():
    return authors.train_judge(PASSAGES)


def test_the_judge_knows_a_manner_in_a_work_it_has_not_read(judge):
    new = [passage for author in MANNERS for passage in made_up(author, "Œuvre inédite", "HérosZ")]
    assert judge.decide(p.text for p in new) == [p.author for p in new]
    chances = judge.chances(p.text for p in new)
    assert all((chance > 0.5) == (p.author == SAND) for chance, p in zip(chances, new, strict=True))
    with pytest.raises(AuroreError, match="ne connaît pas « Loti »"):
        judge.chances(["la mer"], "Loti")


def test_what_is_saved_judges_alike_and_holds_no_passage(judge, tmp_path):
    judge.report = {"works": 12}
    judge.save(tmp_path / "juge.npz")
    again = authors.Judge.load(tmp_path / "juge.npz")
    texts = [passage.text for passage in PASSAGES]
    assert np.abs(again.notes(texts) - judge.notes(texts)).max() < 0.02  # la demi-précision
    assert again.decide(texts) == judge.decide(texts) and again.report == {"works": 12}
    assert max(map(len, again.grams)) <= authors.SIZES[1]


def test_a_damaged_judge_is_told(tmp_path):
    (tmp_path / "juge.npz").write_bytes(b"PK\x03\x04 abime")
    for path in (tmp_path / "juge.npz", tmp_path / "absent.npz"):
        with pytest.raises(AuroreError, match="benchmarks authors"):
            authors.Judge.load(path)


def test_the_evidence_adds_up_to_the_note(judge):
    text = PASSAGES[0].text
    everything = judge.evidence(text, number=10**6)
    note = judge.notes([text])[0, judge.authors.index(SAND)]
    assert sum(share for _, share in everything) + judge.bias[judge.authors.index(SAND)] == pytest.approx(note)
    best = judge.evidence(text, number=3)
    assert [share > 0 for _, share in best] == [True] * 3 + [False] * 3
    assert best[0][1] == max(share for _, share in everything) and best[3][1] == min(share for _, share in everything)


def test_two_classes_have_opposite_notes():
    pair = [passage for passage in PASSAGES if passage.author != "Victor Hugo"]
    notes = authors.train_judge(pair).notes([passage.text for passage in pair])
    assert np.allclose(notes[:, 0], -notes[:, 1], atol=1e-6)
    with pytest.raises(AuroreError, match="deux auteurs"):
        authors.train_judge([passage for passage in PASSAGES if passage.author == SAND])


# --- Des œuvres tenues à l'écart


def test_no_work_is_on_both_sides_of_a_fold():
    labels = authors.classes(PASSAGES)
    judged = []
    for train, test in authors._folds(PASSAGES, labels, 4):
        sides = [{(PASSAGES[i].author, PASSAGES[i].work) for i in side} for side in (train, test)]
        assert not sides[0] & sides[1]
        judged += test.tolist()
    assert sorted(judged) == list(range(len(PASSAGES)))


def test_cross_validation_beats_the_baseline():
    verdicts, base = authors.cross_validate(PASSAGES, folds=4), authors.baseline(PASSAGES, folds=4)
    assert len(verdicts) == len(base) == len(PASSAGES)
    assert authors.accuracy(verdicts).value > 0.95 > authors.accuracy(base).value
    assert authors.balanced_accuracy(verdicts).value > 0.95
    assert authors.balanced_accuracy(base).value == pytest.approx(0.5, abs=0.01)


def test_names_are_a_leak_only_when_they_are_left():
    """Deux auteurs à la même manière, que seul le nom du héros sépare : masqué, il ne reste rien à reconnaître."""
    draw = random.Random(7)
    same = [
        Passage(author, f"Tome {rank}", " ".join(draw.choice([*MANNERS[SAND], name]) for _ in range(60)))
        for author, name in ((SAND, "Consuelo"), ("Émile Zola", "Gervaise"))
        for rank in range(4)
        for _ in range(12)
    ]
    plain, masked = (
        authors.balanced_accuracy(authors.cross_validate(same, one, 4)) for one in ("tel quel", "noms masqués")
    )
    assert plain.value > 0.95 and abs(masked.value - 0.5) < 0.2


def test_an_author_of_one_work_cannot_be_held_out():
    with pytest.raises(AuroreError, match="une œuvre"):
        authors.cross_validate([*PASSAGES, Passage("Loti", "Yves", "la mer")], folds=4)


# --- Les intervalles


def test_the_bootstrap_resamples_books_not_passages():
    alike = authors.bootstrap([[(8, 10)] * 20])
    assert (alike.value, alike.low, alike.high) == (0.8, 0.8, 0.8)
    split = authors.bootstrap([[(10, 10)] * 16 + [(0, 10)] * 4])
    assert split.value == pytest.approx(0.8) and split.low < 0.65 and split.high > 0.93
    assert split == authors.bootstrap([[(10, 10)] * 16 + [(0, 10)] * 4])
    with pytest.raises(AuroreError, match="rien à rééchantillonner"):
        authors.bootstrap([[(1, 1)], []])


def test_the_bootstrap_interval_holds_the_truth_as_often_as_it_says():
    """Cent échantillons d'une même loi : l'intervalle à 95 % contient la vraie part presque à chaque fois."""
    draw = np.random.default_rng(3)
    held = 0
    for _ in range(100):
        rates = draw.beta(6, 4, 40)  # de moyenne 0,6
        found = authors.bootstrap([[(draw.binomial(20, rate), 20) for rate in rates]], draws=300)
        held += found.low <= 0.6 <= found.high
    assert 87 <= held <= 100


def test_balanced_accuracy_gives_each_side_half():
    verdicts = (
        [Verdict(SAND, "a", SAND, True)] * 9
        + [Verdict(SAND, "b", "Zola", False)]
        + [Verdict("Zola", "c", SAND, True)] * 2
    )
    assert authors.balanced_accuracy(verdicts).value == pytest.approx((0.9 + 0) / 2)
    assert authors.accuracy(verdicts, SAND).value == pytest.approx(0.9)


def test_a_work_goes_to_whom_its_passages_name_most():
    verdicts = [Verdict(SAND, "a", SAND, True)] * 2
    verdicts += [Verdict(SAND, "a", "Zola", False), Verdict("Zola", "a", SAND, True)]
    assert authors.majority(verdicts) == [Verdict(SAND, "a", SAND, True), Verdict("Zola", "a", SAND, True)]


@pytest.mark.parametrize(
    "successes, total, low, high", [(8, 10, 0.4902, 0.9433), (0, 10, 0.0, 0.2775), (10, 10, 0.7225, 1.0)]
)
def test_wilson_is_that_of_scipy(successes, total, low, high):
    from scipy.stats import binomtest

    found = authors.wilson(successes, total)
    reference = binomtest(successes, total).proportion_ci(method="wilson")
    assert (found.low, found.high) == pytest.approx((reference.low, reference.high), abs=1e-6)
    assert (found.low, found.high) == pytest.approx((low, high), abs=1e-4)


def test_luck_is_that_of_scipy():
    from scipy.stats import binomtest

    assert authors.luck(6, 9, 1 / 3) == pytest.approx(binomtest(6, 9, 1 / 3, alternative="greater").pvalue)
    assert authors.luck(0, 9, 0.4) == pytest.approx(1.0)


# --- Le modèle, le duel, l'épreuve


def test_written_passages_leave_the_prompt_out_and_can_be_drawn_again():
    model, tokenizer = small_model(), small_tokenizer()
    prompts = ("Le meunier chantait", "La meunière")
    one, two = (authors.written_passages(model, tokenizer, prompts, characters=40) for _ in range(2))
    assert one == two and len(one) == 2 and all(len(text) <= 40 for text in one)


def test_the_difference_pairs_the_prompts(judge):
    hers = [p.text for p in PASSAGES if p.author == SAND][:10]
    theirs = [p.text for p in PASSAGES if p.author != SAND][:10]
    assert authors.difference(judge, theirs, hers).value == 1.0
    assert authors.difference(judge, hers, hers) == authors.Estimate(0.0, 0.0, 0.0)
    assert authors.judged_sand(judge, hers).value == 1.0
    with pytest.raises(AuroreError, match="autant de passages"):
        authors.difference(judge, hers, hers[:3])


def test_the_duel_gives_each_rival_as_much_to_read():
    texts = {a: " ".join(p.text for p in PASSAGES if p.author == a) * (3 if a == SAND else 1) for a in MANNERS}
    duel = authors.Duel(texts)
    assert duel.characters == min(map(len, texts.values()))
    for author in MANNERS:
        new = made_up(author, "Œuvre inédite", "HérosZ", 1)[0].text
        assert duel.decide(new) == author == min(duel.surprises(new), key=duel.surprises(new).get)
    for wrong in ({}, {SAND: "a"}, {SAND: "a", "Zola": ""}):
        with pytest.raises(AuroreError, match="duel"):
            authors.Duel(wrong)


def test_mingled_takes_as_much_from_each_book_as_it_can():
    assert authors.mingled(["a" * 2, "b" * 50, "c" * 50], 22) == "aa" + "b" * 10 + "c" * 10
    assert len(authors.mingled(["a" * 3, "b" * 4], 22)) == 7


def test_the_confusion_matrix_reads_by_true_author():
    verdicts = [Verdict("A", "x", "A", False)] * 3 + [Verdict("A", "x", "B", False)] + [Verdict("B", "y", "A", False)]
    assert authors.confusion(verdicts, ["A", "B"]).tolist() == [[0.75, 0.25], [1.0, 0.0]]


TEXTS = [[f"{source} {rank}" for rank in range(5)] for source in ("elle", "autre", "réseau")]


def test_the_blind_test_is_drawn_again_with_its_seed():
    one, two, three = (authors.draw_blind_test(*TEXTS, seed=seed) for seed in (1, 1, 2))
    assert one == two != three and len(one.items) == 9
    for text, source in one.items:
        assert text.split()[0] == {SAND: "elle", authors.ANOTHER: "autre", authors.NETWORK: "réseau"}[source]
    with pytest.raises(AuroreError, match="6 passages de chaque source"):
        authors.draw_blind_test(*TEXTS, each=6)


def test_the_blind_test_marks_three_questions():
    test = authors.draw_blind_test(*TEXTS)
    right = [source for _, source in test.items]
    assert [score[:2] for score in test.scores(right).values()] == [(9, 9)] * 3
    always = test.scores([SAND] * 9)
    assert [score[0] for score in always.values()] == [3, 6, 3]
    assert [score[2] for score in always.values()] == pytest.approx([1 / 3, 5 / 9, 5 / 9])
    assert test.scores([SAND, *[None] * 8])["la source exacte"][1] == 1


# --- Le juge embarqué


def test_the_held_out_works_are_the_test_books_of_the_catalogue():
    assert authors.held_out_works() == {"Simon", "La Mare au diable", "Les Maîtres sonneurs", "Elle et Lui"}


def test_the_embedded_judge_is_light_and_keeps_its_promise():
    judge = authors.embedded_judge()
    assert authors.ARTEFACT.stat().st_size < 1_500_000
    assert SAND in judge.authors and OTHERS in judge.authors
    assert max(map(len, judge.grams)) <= authors.SIZES[1]  # aucun passage : des suites de quelques lettres
    usual = judge.report["scores"][judge.disguise]
    assert usual["balanced"]["value"] >= 0.80
    assert set(judge.report["held_out"]["works"]) == authors.held_out_works()
    assert judge.report["held_out"]["sand"]["low"] > 0.5
    assert judge.report["models"]["difference"]["low"] > 0 and judge.report["models"]["number"] >= 20


BOOKS = ROOT.parent / "shared/gutenberg"


@pytest.mark.livres
@pytest.mark.skipif(not BOOKS.is_dir(), reason="les vrais livres ne sont pas là")
def test_the_embedded_judge_tells_sand_from_zola_in_real_books(tmp_path):
    fetcher = corpus.Fetcher(tmp_path, (str(BOOKS),))
    judge = authors.embedded_judge()
    books = [book for book in corpus.load_catalogue().values() if book.role == "test" or book.title == "L'Assommoir"]
    shares = {SAND: [], "Émile Zola": []}
    for book in books:
        text = corpus.clean(fetcher.fetch(book), book).text
        found = authors.passages_of(book.author, book.title, text, 40)
        shares[book.author] += [chance > 0.5 for chance in judge.chances(p.text for p in found)]
    promised = judge.report["held_out"]["sand"]  # quarante passages d'un seul livre en diraient trop peu
    assert promised["low"] <= np.mean(shares[SAND]) <= promised["high"]
    assert np.mean(shares["Émile Zola"]) < 0.3
