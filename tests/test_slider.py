"""La glissière : entière ou à virgule selon son pas, et rien d'autre que ce qu'on lui donne."""

import pytest
import traitlets

from aurore.slider import slider


def test_it_is_whole_if_its_step_is():
    whole, real = slider("k", 1, 50), slider("p", 0.05, 1.0, 0.05, value=0.5, disabled=True)
    assert whole.value == 1 and isinstance(whole.value, int)
    assert real.value == 0.5 and real.disabled and real.description == "p"
    with pytest.raises(traitlets.TraitError):
        whole.value = 0.5


def test_a_change_is_heard():
    heard, one = [], slider("k", 1, 50)
    one.observe(lambda change: heard.append(change["new"]), names="value")
    one.value = 7
    assert heard == [7]
