"""Les figures de la leçon 13 disent ce qu'elles montrent, et rien d'inexact."""

import torch
from small import small_model

from aurore import deploy
from aurore.widgets import deploy as figures


def test_the_weights_are_told_three_ways():
    model = small_model()
    table = figures.weights_table({"un": model, "deux": deploy.quantize_dynamic(model)})
    assert [row[0] for row in table.rows] == ["un", "deux"] and table.rows[0][-1] == "1,00"
    assert float(table.rows[1][-1].replace(",", ".")) < 1  # il a grossi


def test_the_loss_is_a_difference_with_the_first():
    rows = figures.loss_table({"avant": 1.5, "après": 1.75}).rows
    assert rows == [("avant", "1,5000", "+0,0000"), ("après", "1,7500", "+0,2500")]


def test_the_grid_says_its_errors():
    plate = figures.grid_plate(torch.tensor([1.27, -0.64, 0.31, 0.02]))
    assert repr(plate).startswith("4 poids d'une ligne") and "8 bits, 0 %" in repr(plate).replace("0,0 %", "0 %")
    coarse = figures.grid_plate(torch.linspace(-1, 1, 9))
    assert "2 bits" in repr(coarse) and "<img" in coarse._repr_html_()


def test_the_engines_are_compared_with_the_first():
    measures = [deploy.Measure("a", 50_000_000, 1.5, 20.0, 20.0), deploy.Measure("b", 12_500_000, 1.51, 100.0, 400.0)]
    assert figures.engines_table(measures).rows[1] == ("b", "12,5", "1,510", "100", "400", "5,0", "20,0")
    assert "b, 100 et 400" in repr(figures.engines_plate(measures))


def test_the_rows_fill_as_the_function_counts():
    plate = figures.batching_plate([9, 2, 2, 3, 8, 1, 4, 2], 3)
    assert (
        repr(plate)
        == "8 textes, 3 rangées : 21 pas par lots fermés, 11 par lots continus. Places perdues : 51 % et 6 %."
    )
    for bars in (figures._closed, figures._open):
        found = bars([9, 2, 2, 3, 8, 1, 4, 2], 3)
        assert len(found) == len(set(found)) == 8  # deux textes ne partent jamais de la même place
