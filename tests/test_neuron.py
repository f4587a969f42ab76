"""Le neurone : ses valeurs, ses trois gradients, sa boucle, et les mesures dont la leçon parle."""

import math
import random
from collections import Counter
from itertools import chain, pairwise

import pytest
import torch
from torch import nn

from aurore import neuron
from aurore.settings import AuroreError

DOGS = ("bouledogue", "teckel", "chihuahua")
SIX = [((3.0, 3.0), 6.0), ((4.0, 2.0), 6.0), ((1.0, 5.0), 6.0)]  # les trois exercices de la diapositive


@pytest.fixture(scope="module")
def exam():
    return neuron.split(neuron.additions())


@pytest.fixture(scope="module")
def parts(exam):
    return neuron.Exam(*(neuron.to_part(part, exam.training) for part in exam))


@pytest.fixture(scope="module")
def kennel():
    """Les animaux difficiles : pour apprendre, pour valider, pour l'examen."""
    raw = [neuron.animals(count, seed, DOGS, spread=1.6) for count, seed in ((40, 1), (200, 2), (1000, 3))]
    return [neuron.to_part(part, raw[0]) for part in raw]


# --- Un neurone -----------------------------------------------------------------------------------------


def test_activations_give_the_values_of_the_documents():
    points = [-1.0, 0.0, 1.0, 2.0]
    assert [neuron.relu(z) for z in points] == [0, 0, 1, 2]
    assert [round(neuron.gelu(z), 4) for z in points] == [-0.1587, 0, 0.8413, 1.9545]
    ours = torch.tensor([neuron.gelu(z / 10) for z in range(-60, 61)])
    torch.testing.assert_close(ours, nn.functional.gelu(torch.arange(-60, 61) / 10), atol=1e-6, rtol=0)


def test_a_neuron_is_a_linear_layer_then_an_activation():
    torch.manual_seed(0)
    layer, x = nn.Linear(5, 1), torch.randn(5)
    w, b = layer.weight[0].tolist(), layer.bias.item()
    assert neuron.forward(x.tolist(), w, b, neuron.relu) == pytest.approx(layer(x).relu().item(), abs=1e-6)
    assert neuron.forward(x.tolist(), w, b, neuron.identity) == pytest.approx(layer(x).item(), abs=1e-6)


def test_a_neuron_refuses_lengths_that_differ():
    with pytest.raises(ValueError):
        neuron.forward([1, 2], [1], 0, neuron.identity)


# --- L'erreur et sa pente -------------------------------------------------------------------------------


def test_the_slides_error_and_its_gradient_by_hand():
    """3 + 3 = 5 : erreur 1, au carré 1 ; chaque poids compte pour 2 × (5 − 6) × 3."""
    assert neuron.forward([3, 3], [1, 0.5], 0.5, neuron.identity) == 5
    assert neuron.squared_error(5, 6) == 1
    assert neuron.gradient([3, 3], 6, [1, 0.5], 0.5) == ([-6, -6], -2)


def test_three_gradients_are_one():
    draw = random.Random(0)
    for size in (1, 2, 7):
        x, w = ([draw.uniform(-3, 3) for _ in range(size)] for _ in range(2))
        y, b = draw.uniform(-9, 9), draw.uniform(-1, 1)
        dw, db = neuron.gradient(x, y, w, b)
        for other in (neuron.numerical_gradient, neuron.autograd_gradient):
            other_dw, other_db = other(x, y, w, b)
            assert other_dw == pytest.approx(dw, abs=1e-8) and other_db == pytest.approx(db, abs=1e-8)


def test_slope_of_known_functions():
    assert neuron.slope(math.sin, 1.0) == pytest.approx(math.cos(1.0), abs=1e-6)
    assert neuron.slope(lambda z: z**2, 3.0) == pytest.approx(6.0, abs=1e-9)


def test_noise_of_a_batch_follows_its_size(parts):
    """Un tirage sans remise de k parmi n : variance en (n − k) / (k (n − 1)), nulle pour la partie entière."""
    n = 80
    one, three, ten, whole = (neuron.gradient_noise(parts.training, size) for size in (1, 3, 10, n))
    assert whole == pytest.approx(0, abs=1e-12)
    assert (three / one) ** 2 == pytest.approx((n - 3) / (3 * (n - 1)), rel=0.15)
    assert (ten / one) ** 2 == pytest.approx((n - 10) / (10 * (n - 1)), rel=0.15)


# --- Le contrôle de maths -------------------------------------------------------------------------------


def test_the_exam_keeps_its_parts_apart(exam):
    assert [len(part) for part in exam] == [80, 10, 10]
    assert sorted(chain(*exam)) == sorted(neuron.additions()) and len(neuron.additions()) == 100
    assert all(a + b == y for (a, b), y in neuron.additions())
    assert ((3.0, 3.0), 6.0) in exam.validation, "la leçon suit cet exercice, qui ne doit pas être appris"
    assert neuron.split(neuron.additions()) == exam != neuron.split(neuron.additions(), seed=1)


def test_standardise_centres_the_reference_and_moves_the_rest_with_it():
    torch.manual_seed(0)
    reference, rows = torch.randn(50, 3) * 4 + 7, torch.randn(9, 3)
    ours = torch.tensor(neuron.standardise(rows.tolist(), reference.tolist()))
    theirs = (rows - reference.mean(0)) / reference.std(0, correction=0)
    torch.testing.assert_close(ours, theirs, atol=1e-5, rtol=0)
    own = torch.tensor(neuron.standardise(reference.tolist(), reference.tolist()))
    torch.testing.assert_close(own.mean(0), torch.zeros(3), atol=1e-5, rtol=0)
    torch.testing.assert_close(own.std(0, correction=0), torch.ones(3))


def test_standardise_survives_a_constant_column():
    assert neuron.standardise([[5, 1], [7, 1]], [[2, 1], [4, 1]]) == [[2, 0], [4, 0]]


def test_a_part_has_the_shapes_of_a_network(parts):
    assert parts.training.x.shape == (80, 2) and parts.training.y.shape == (80, 1)
    assert parts.training.x.dtype == parts.training.y.dtype == torch.float32


# --- La boucle ------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("count", "size"), [(80, 3), (80, 80), (7, 1), (5, 9), (0, 3)])
def test_batches_lose_and_repeat_nothing(count, size):
    rows = list(range(count))
    cut = neuron.make_batches(rows, size, seed=0)
    assert sorted(chain(*cut)) == rows == list(range(count))
    assert all(len(batch) == size for batch in cut[:-1]) and all(cut)


def test_batches_depend_on_the_seed_alone():
    rows = list(range(80))
    assert neuron.make_batches(rows, 3, 0) == neuron.make_batches(rows, 3, 0) != neuron.make_batches(rows, 3, 1)
    assert list(chain(*neuron.make_batches(rows, 3, 0))) != rows


def test_an_empty_batch_size_is_refused():
    with pytest.raises(AuroreError, match="au moins 1"):
        neuron.make_batches([1, 2], 0, seed=0)


def test_one_step_goes_down_the_gradient(exam):
    """Une époque d'un seul lot : les poids reculent du taux fois le gradient trouvé par la règle de la chaîne."""
    batch = exam.training[:3]
    model = neuron.linear_neuron()
    x, y = torch.tensor([x for x, _ in batch]), torch.tensor([[y] for _, y in batch])
    neuron.train_epoch(model, [(x, y)], nn.MSELoss(), torch.optim.SGD(model.parameters(), lr=0.01))
    expected = [-0.01 * slope for slope in neuron.batch_gradient(batch, [0, 0], 0)]
    assert [*model.weight[0].tolist(), model.bias.item()] == pytest.approx(expected, rel=1e-5)


def test_an_epoch_returns_the_error_per_example_and_not_per_batch(parts):
    """27 lots, le dernier de deux exercices : la moyenne des moyennes serait fausse."""
    model = neuron.linear_neuron()
    still = torch.optim.SGD(model.parameters(), lr=0.0)
    batches = [parts.training.rows(rows) for rows in neuron.make_batches(range(80), 3, seed=0)]
    mean = neuron.train_epoch(model, batches, nn.MSELoss(), still)
    assert mean == pytest.approx(neuron.evaluate(model, parts.training, nn.MSELoss()), rel=1e-6)


def test_evaluate_learns_nothing_and_switches_dropout_off(kennel):
    model, loss = neuron.network(8, dropout=0.5), nn.BCEWithLogitsLoss()
    before = [parameter.clone() for parameter in model.parameters()]
    assert neuron.evaluate(model.train(), kennel[1], loss) == neuron.evaluate(model.train(), kennel[1], loss)
    assert all(map(torch.equal, before, model.parameters()))
    assert all(parameter.grad is None for parameter in model.parameters())


def test_fit_learns_to_add(parts):
    model, loss = neuron.linear_neuron(), nn.MSELoss()
    history = neuron.fit(
        model, parts.training, loss, torch.optim.SGD(model.parameters(), lr=0.1), 5, 3, parts.validation
    )
    assert len(history.training) == len(history.validation) == 5
    assert neuron.evaluate(model, parts.test, nn.L1Loss()) < 1e-3 < history.training[0]


def test_after_one_epoch_three_and_three_make_about_five(exam, parts):
    model = neuron.linear_neuron()
    neuron.fit(model, parts.training, nn.MSELoss(), torch.optim.SGD(model.parameters(), lr=0.03), 1, 3)
    answer = model(parts.validation.x[exam.validation.index(((3.0, 3.0), 6.0))]).item()
    assert round(answer) == 5


def test_fit_reads_in_order_when_told_so_and_shuffled_otherwise(parts):
    def order(shuffle):
        seen = []
        model = neuron.linear_neuron()

        def spy(prediction, y):
            seen.extend(y.flatten().tolist())
            return nn.functional.mse_loss(prediction, y)

        neuron.fit(model, parts.training, spy, torch.optim.SGD(model.parameters(), lr=0.0), 1, 3, shuffle=shuffle)
        return seen

    given = parts.training.y.flatten().tolist()
    assert order(shuffle=False) == given != order(shuffle=True)
    assert Counter(order(shuffle=True)) == Counter(given)


def test_early_stopping_gives_back_the_best_weights(kennel):
    training, validation, _ = kennel
    model, loss = neuron.network(64), nn.BCEWithLogitsLoss()
    optimizer = torch.optim.Adam(model.parameters(), lr=0.01)
    history = neuron.fit(model, training, loss, optimizer, 120, 40, validation, judge=loss)
    assert min(history.validation) < history.validation[-1]
    assert neuron.evaluate(model, validation, loss) == pytest.approx(min(history.validation), rel=1e-6)


# --- Ce que la leçon mesure -----------------------------------------------------------------------------


def test_three_strategies(parts):
    """Au même taux : par exercice l'erreur bondit, par époque elle traîne, par lots de trois ni l'un ni l'autre."""
    one, three, all_of_them = (neuron.follow(parts.training, size, 0.3, 2) for size in (1, 3, 80))
    assert [len(points) for points in (one, three, all_of_them)] == [161, 55, 3]
    assert max(error for _, error in one) > 10 * one[0][1]
    assert max(error for _, error in three) == three[0][1]
    assert dict(three)[80] < 1e-6 < dict(all_of_them)[160]
    assert all(before[1] > after[1] for before, after in pairwise(all_of_them))


def test_the_limit_separates_what_converges_from_what_diverges(exam, parts):
    raw = neuron.Part(torch.tensor([x for x, _ in exam.training]), parts.training.y)
    for part in (parts.training, raw):
        limit = neuron.learning_rate_limit(part.x)
        under, over = (neuron.follow(part, 80, limit * share, 200)[-1][1] for share in (0.97, 1.03))
        assert under < 0.1 and over > 1000
    assert neuron.learning_rate_limit(parts.training.x) > 40 * neuron.learning_rate_limit(raw.x)


def _learn_six(rows):
    model = neuron.linear_neuron()
    part = neuron.Part(torch.tensor(rows), torch.full((3, 1), 6.0))
    neuron.fit(model, part, nn.MSELoss(), torch.optim.SGD(model.parameters(), lr=0.02), 2000, 3)
    return model


def test_always_six_with_standardised_inputs():
    model = _learn_six(neuron.standardise([x for x, _ in SIX], [x for x, _ in SIX]))
    everything = neuron.to_part(neuron.additions(), SIX)
    answers = model(everything.x)
    assert answers.min().item() == pytest.approx(6, abs=1e-4) == pytest.approx(answers.max().item(), abs=1e-4)
    assert neuron.evaluate(model, everything, nn.L1Loss()) == pytest.approx(4.12, abs=0.005)


def test_always_six_hides_with_raw_inputs():
    model = _learn_six([x for x, _ in SIX])
    assert [*model.weight[0].tolist(), model.bias.item()] == pytest.approx([18 / 19, 18 / 19, 6 / 19], abs=1e-3)
    raw = neuron.Part(
        torch.tensor([x for x, _ in neuron.additions()]), torch.tensor([[y] for _, y in neuron.additions()])
    )
    assert neuron.evaluate(model, raw, nn.L1Loss()) == pytest.approx(0.217, abs=0.002)


def test_sorted_exercises_are_forgotten_as_they_come(exam, parts):
    """Les mêmes 80 exercices, rangés par résultat : chaque lot n'a qu'une réponse, et chasse la précédente."""
    ordered = neuron.to_part(sorted(exam.training, key=lambda example: example[1]), exam.training)
    errors = []
    for shuffle in (False, True):
        model = neuron.linear_neuron()
        optimizer = torch.optim.SGD(model.parameters(), lr=0.1)
        neuron.fit(model, ordered, nn.MSELoss(), optimizer, 1, 3, shuffle=shuffle)
        errors.append(neuron.evaluate(model, parts.validation, nn.L1Loss()))
    assert errors[0] > 5 and errors[1] < 0.1


def test_animals_are_alternately_cats_and_dogs_and_a_line_is_enough_for_the_easy_ones():
    drawn = neuron.animals(40, 1804, neuron.EASY, spread=0.6)
    assert [y for _, y in drawn] == [0.0, 1.0] * 20 and drawn == neuron.animals(40, 1804, neuron.EASY, spread=0.6)
    assert neuron.mistakes(drawn, [4, 1], -15) == 0
    assert neuron.mistakes(drawn, [-4, -1], 15) == 40
    assert neuron.mistakes(drawn, [1, 0], -3) > 0 < neuron.mistakes(drawn, [0, 1], -4)


def test_gradient_descent_separates_what_a_line_can_separate():
    drawn = neuron.animals(40, 1804, neuron.EASY, spread=0.6)
    part, model = neuron.to_part(drawn, drawn), neuron.linear_neuron()
    neuron.fit(model, part, nn.BCEWithLogitsLoss(), torch.optim.SGD(model.parameters(), lr=1.0), 50, 5)
    assert neuron.accuracy(model, part) == 1


@pytest.fixture(scope="module")
def trials(kennel):
    return {setting.name: neuron.try_setting(setting, *kennel) for setting in neuron.REMEDIES}


def test_one_neuron_underfits_and_a_large_network_overfits(trials):
    simple, large = trials["un seul neurone"], trials["deux couches de 64"]
    assert simple.training > 0.5 and simple.right < 0.75
    assert large.training < 0.05 and large.test > 1 and large.validation > 1


@pytest.mark.parametrize("name", [setting.name for setting in neuron.REMEDIES[2:]])
def test_each_remedy_reduces_overfitting(trials, name):
    large, mended = trials["deux couches de 64"], trials[name]
    assert mended.test < 0.6 * large.test and mended.right > large.right > trials["un seul neurone"].right


def test_penalties_are_the_sums_they_say():
    model = neuron.linear_neuron()
    with torch.no_grad():
        model.weight.copy_(torch.tensor([[3.0, -4.0]]))
        model.bias.fill_(2.0)
    zero = torch.zeros(1)
    assert neuron.with_penalty(nn.functional.mse_loss, model, l1=0.5)(zero, zero).item() == 0.5 * 9
    assert neuron.with_penalty(nn.functional.mse_loss, model, l2=0.5)(zero, zero).item() == 0.5 * 29


def test_search_points_stay_in_their_bounds():
    grid, drawn = neuron.grid_points(3), neuron.random_points(9)
    assert len(grid) == len(drawn) == 9
    assert len({rate for rate, _ in grid}) == 3 and len({rate for rate, _ in drawn}) == 9
    for points in (grid, drawn):
        for values, (low, high) in zip(zip(*points, strict=True), (neuron.RATES, neuron.PENALTIES), strict=True):
            assert all(low * 0.999 <= value <= high * 1.001 for value in values)
    assert grid[4] == pytest.approx((1e-2, 1e-3)), "le milieu, sur une échelle logarithmique"


def test_random_search_beats_the_grid_of_as_many_tries(kennel):
    def best(points):
        settings = [neuron.Setting("essai", learning_rate=rate, l2=l2, epochs=60) for rate, l2 in points]
        return min(neuron.try_setting(setting, *kennel).validation for setting in settings)

    grid = best(neuron.grid_points(3))
    assert all(best(neuron.random_points(9, seed)) < grid for seed in range(3))


def test_choose_reads_the_exam_once():
    assert neuron.choose([0.5, 0.9, 0.7, 0.9], [0.6, 0.4, 1.0, 0.8]) == (1, 0.4)


@pytest.mark.parametrize(("candidates", "exercises"), [(20, 10), (100, 10), (20, 100)])
def test_coin_tossers_follow_the_exact_law(candidates, exercises):
    """Espérance du maximum de m binomiales : la somme des P(max ≥ k) / n."""
    below = [sum(math.comb(exercises, i) for i in range(k)) / 2**exercises for k in range(1, exercises + 1)]
    expected = sum(1 - share**candidates for share in below) / exercises
    best, exam = neuron.coin_tossers(candidates, exercises)
    assert best == pytest.approx(expected, abs=0.01) and exam == pytest.approx(0.5, abs=0.01)


# --- Deux lettres de suite ------------------------------------------------------------------------------

TEXT = "La meunière chantait, l'eau coulait ; le meunier, lui, dormait au moulin. " * 8


def test_letters_are_words_and_spaces_only():
    alphabet, ids = neuron.letters("L'Été, 12 fois !")
    assert "".join(alphabet[rank] for rank in ids) == "l été fois"
    with pytest.raises(AuroreError, match="pas de mot"):
        neuron.letters("12 !")


def test_counts_are_those_of_a_counter():
    alphabet, ids = neuron.letters(TEXT)
    counts = neuron.bigram_counts(ids, len(alphabet))
    expected = Counter(pairwise(alphabet[rank] for rank in ids))
    assert counts.sum() == len(ids) - 1
    assert all(counts[alphabet.index(a), alphabet.index(b)] == n for (a, b), n in expected.items())


def test_probabilities_sum_to_one_even_for_a_letter_without_a_follower():
    probabilities = neuron.bigram_probabilities(torch.tensor([[3, 1], [0, 0]]))
    assert probabilities.tolist() == [[0.75, 0.25], [0.5, 0.5]]


def test_surprise_is_cross_entropy():
    alphabet, ids = neuron.letters(TEXT)
    logits = torch.randn(len(alphabet), len(alphabet), generator=torch.Generator().manual_seed(0))
    expected = nn.functional.cross_entropy(logits[ids[:-1]], ids[1:]).item()
    assert neuron.surprise(logits.softmax(dim=1), ids) == pytest.approx(expected, rel=1e-5)
    uniform = torch.full((len(alphabet), len(alphabet)), 1 / len(alphabet))
    assert neuron.surprise(uniform, ids) == pytest.approx(math.log(len(alphabet)), rel=1e-5)


def test_a_network_learns_the_counts():
    """Parti de la même chance pour toutes, il arrive aux comptes, et à leur entropie."""
    alphabet, ids = neuron.letters(TEXT)
    counted = neuron.bigram_probabilities(neuron.bigram_counts(ids, len(alphabet)))
    model, history = neuron.learn_bigrams(ids, len(alphabet))
    learnt = model.weight.detach().softmax(dim=1)
    assert history.training[0] == pytest.approx(math.log(len(alphabet)), rel=1e-5)
    assert neuron.surprise(counted, ids) < neuron.surprise(learnt, ids) < neuron.surprise(counted, ids) + 0.01
    last = ids[-1].item()
    seen = [rank for rank in range(len(alphabet)) if rank != last]
    assert (learnt - counted)[seen].abs().max().item() < 0.02


def test_what_is_written_only_holds_pairs_that_were_read():
    alphabet, ids = neuron.letters(TEXT)
    counts = neuron.bigram_counts(ids, len(alphabet))
    written = neuron.write_letters(neuron.bigram_probabilities(counts), alphabet, 100)
    assert len(written) == 100 and written == neuron.write_letters(neuron.bigram_probabilities(counts), alphabet, 100)
    pairs = pairwise(alphabet.index(letter) for letter in " " + written)
    assert all(counts[pair] > 0 for pair in pairs)
