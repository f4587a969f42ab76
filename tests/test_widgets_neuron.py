"""Les figures de la leçon 03 : le texte dit les mêmes nombres que l'image, et les curseurs changent les deux."""

import re

import pytest
import torch
from torch import nn

from aurore import neuron, show
from aurore.widgets import neuron as figures


@pytest.fixture(scope="module")
def kennel():
    return neuron.animals(40, 1804, neuron.EASY, spread=0.6)


def test_activations_are_written_beside_the_curves():
    plate = figures.activations_plate()
    assert "ReLU rend 0 ; 0 ; 1 ; 2." in plate.text and "GELU rend −0,1587 ; 0 ; 0,8413 ; 1,9545." in plate.text
    assert len(plate.figure.axes[0].lines) == 3


def test_sliders_move_the_line_and_the_count(kennel):
    panel = figures.animals_plate(kennel, [1.0, 0.0], -3.0).widget()
    height, muzzle, bias, page = panel.children
    assert (height.value, muzzle.value, bias.value) == (1.0, 0.0, -3.0)
    wrong = neuron.mistakes(kennel, [1.0, 0.0], -3.0)
    assert f"{wrong} erreurs sur 40" in page.value
    height.value, muzzle.value, bias.value = 4.0, 1.0, -15.0
    assert "0 erreur sur 40" in page.value and "z = 4 × taille + 1 × museau − 15" in page.value


@pytest.mark.parametrize(("w", "b"), [((0.0, 0.0), 0.0), ((0.0, 0.0), 3.0), ((-5.0, 5.0), 20.0), ((5.0, -5.0), -20.0)])
def test_every_position_of_the_sliders_can_be_drawn(kennel, w, b):
    page = figures.animals_plate(kennel, w, b)._repr_html_()
    assert f"{show.count(neuron.mistakes(kennel, w, b), 'erreur')} sur 40" in page and "data:image/png" in page


def test_confusions_add_up(kennel):
    text = figures.animals_plate(kennel, [0.0, 0.0], 1.0).still().text
    assert "20 fois un chat pris pour un chien, 0 fois un chien pris pour un chat" in text


def test_the_still_version_stands_without_a_kernel(kennel):
    bundle = figures.animals_plate(kennel, [1.0, 0.0], -3.0)._repr_mimebundle_()
    assert set(bundle) == {"text/plain", "text/html"} and "alt='" in bundle["text/html"]


def test_colour_is_never_alone(kennel):
    axes = figures.animals_plate(kennel, [4.0, 1.0], -15.0).still().figure.axes[0]
    cats, dogs = axes.collections[-2:]
    assert cats.get_paths()[0].vertices.shape != dogs.get_paths()[0].vertices.shape
    curves = {name: [(0, 1.0), (80, 0.1)] for name in ("un", "deux", "trois")}
    lines = figures.strategies_plate(curves).figure.axes[0].lines
    assert len({line.get_linestyle() for line in lines}) == 3


def test_the_neuron_of_the_figure_only_meets_plain_numbers(kennel, monkeypatch):
    """Une réponse validée peut ne savoir traiter que des nombres : float(…) d'un tableau échoue."""
    plain = neuron.forward

    def learner(x, w, b, activation):
        assert all(type(value) is float for value in x)
        return plain(x, w, b, activation)

    monkeypatch.setattr(neuron, "forward", learner)
    assert "0 erreur sur 40" in figures.animals_plate(kennel, [4.0, 1.0], -15.0).still().text


def test_boundaries_count_the_mistakes_of_each_model(kennel):
    good, bad = neuron.linear_neuron(), neuron.linear_neuron()
    part = neuron.to_part(kennel, kennel)
    neuron.fit(good, part, nn.BCEWithLogitsLoss(), torch.optim.SGD(good.parameters(), lr=1.0), 50, 5)
    plate = figures.boundaries_plate(kennel, {"au départ": bad, "appris": good})
    assert plate.text.endswith("au départ, 20 erreurs ; appris, 0 erreur.")


def test_curves_say_where_they_end():
    text = figures.strategies_plate({"lot": [(0, 104.0), (3, 4193.8), (6, 0.0123)]}).text
    assert "lot : 2 corrections, erreur au plus haut 4\u202f194, à la fin 0,012" in text
    text = figures.rates_plate({0.3: [(0, 1.0), (80, 1e-12)], 1.0: [(0, 1.0), (80, 3e12)]}, limit=0.908).text
    assert (
        "après 1 époque" in text
        and "taux 0,3, moins d'un milliardième ; taux 1, plus d'un million" in text
        and "0,91" in text
    )


def test_history_names_the_best_epoch():
    text = figures.history_plate(neuron.History([0.7, 0.3, 0.1], [0.7, 0.4, 0.9])).text
    assert "descend à 0,40 à l'époque 2, puis finit à 0,90" in text


def test_remedies_give_both_errors_and_the_share_of_right_answers():
    trials = [
        neuron.Trial("un seul", 0.591, 0.6, 0.572, 0.66, None),
        neuron.Trial("souple", 0.005, 2.0, 1.695, 0.82, None),
    ]
    text = figures.remedies_plate(trials).text
    assert "un seul, 0,59 puis 0,57, 66 % de bonnes réponses" in text
    assert text.endswith("souple, 0,01 puis 1,70, 82 % de bonnes réponses.")


def test_search_names_the_best_try_and_how_many_rates_were_seen():
    tries = {"grille": [(0.01, 0.1, 0.5), (0.01, 0.001, 0.4)], "hasard": [(0.02, 0.1, 0.3), (0.3, 0.01, 13.0)]}
    text = figures.search_plate(tries).text
    assert "grille, 2 essais, 1 taux, meilleure erreur 0,40" in text
    assert "hasard, 2 essais, 2 taux différents, meilleure erreur 0,30 (taux 0,02, pénalité 0,1)" in text


def test_bigrams_say_the_strongest_pairs_and_the_gap():
    counted = torch.tensor([[0.1, 0.9, 0.0], [0.5, 0.0, 0.5], [1.0, 0.0, 0.0]])
    text = figures.bigrams_plate(" qu", counted, counted + 0.004, " qu").text
    assert "« u » suivi de « espace » 1,00" in text and "« espace » suivi de « q » 0,90" in text
    assert re.search(r"écart entre les deux tableaux : 0,004\.$", text)
