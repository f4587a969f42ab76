"""Le pas de la machine : mesuré, noté, suivi par les profils d'une salle ; et le coût d'un entraînement."""

import pytest
import torch

from aurore import doctor, encoder, pace, settings

SLOW, FAST = pace.Speed(1e11, 1e10), pace.Speed(5e11, 5e10)


@pytest.fixture
def room(home, monkeypatch):
    monkeypatch.setenv("AURORE_PROFILE", "minute")
    return home


def test_the_measure_gives_rates_a_machine_can_have():
    found = pace.measure(seconds=0.05)
    assert 1e8 < found.products < 1e16 and 1e7 < found.memory < 1e14
    assert found.tokens < found.products / pace.OPERATIONS


def test_a_machine_five_times_as_fast_reads_five_times_as_much_in_the_same_time(room):
    lengths, durations = [], []
    for speed in (SLOW, FAST):
        settings.pace_file().unlink(missing_ok=True)
        pace.note(speed)
        lengths.append(settings.profile().max_characters)
        durations.append(lengths[-1] / speed.tokens)
    assert lengths[1] / lengths[0] == pytest.approx(5, rel=0.1)
    chosen = settings.PROFILES["minute"]
    ratio = settings.profile().tuning_characters / settings.profile().max_characters
    assert ratio == pytest.approx(chosen.tuning_characters / chosen.max_characters, rel=0.02)
    assert durations[0] == pytest.approx(durations[1], rel=0.1)  # « à peu près à la même minute »


def test_without_a_measure_nothing_changes(room):
    assert settings.profile() == settings.PROFILES["minute"] and settings.at_pace(400) == 400
    settings.pace_file().parent.mkdir(parents=True)
    settings.pace_file().write_text("{abîmé", encoding="utf-8")
    assert settings.profile() == settings.PROFILES["minute"] and pace.expected_seconds(10, 10) == 0


@pytest.mark.parametrize("name", ["test", "nuit"])
def test_what_must_be_the_same_everywhere_does_not_follow(room, monkeypatch, name):
    pace.note(SLOW)
    monkeypatch.setenv("AURORE_PROFILE", name)
    assert settings.profile() == settings.PROFILES[name] and settings.at_pace(400) == 400


def test_steps_follow_too(room):
    found = pace.note(SLOW)
    assert settings.at_pace(400) == round(400 * found) and settings.at_pace(1) == 1


def test_a_measure_a_little_different_keeps_the_sizes_of_an_interrupted_training(room):
    first = pace.note(FAST)
    assert pace.note(pace.Speed(1.1 * FAST.products, FAST.memory)) == first
    assert pace.note(SLOW) < first / 4


def test_an_extreme_machine_still_learns_and_still_ends(room):
    assert pace.note(pace.Speed(1.0, 1.0)) == 0.1
    assert pace.note(pace.Speed(1e18, 1e18)) == 4.0


def test_the_doctor_says_what_it_chose_and_why(room, monkeypatch):
    monkeypatch.setattr(pace, "measure", lambda: SLOW)
    speed, profile = doctor._profile()
    assert "100 milliards d'opérations" in speed.detail and "10 Go par seconde" in speed.detail
    assert "pour finir dans le même temps" in speed.choice
    assert doctor.french_number(settings.training_characters()) in profile.choice


def test_the_doctor_measures_nothing_when_nothing_depends_on_it(home, monkeypatch):
    monkeypatch.setattr(pace, "measure", lambda: pytest.fail("deux secondes perdues"))
    assert [finding.subject for finding in doctor._profile()] == ["Profil"]


# --- Le coût


def test_a_larger_model_is_expected_to_take_longer(room):
    assert pace.expected_seconds(1000, 10**7) == 0
    pace.note(FAST)
    assert 1.7 < pace.expected_seconds(1000, 2 * 10**7) / pace.expected_seconds(1000, 10**7) < 2
    assert pace.expected_seconds(1000, int(pace.PARAMETERS)) == pytest.approx(1000 / FAST.tokens)


def test_without_a_counter_the_energy_is_an_estimate_that_says_so(home, monkeypatch, tmp_path):
    monkeypatch.setattr(pace, "_RAPL", tmp_path)
    used = iter([10.0, 370.0])
    monkeypatch.setattr(pace, "_busy", lambda: next(used))
    with pace.metered(1000, 10) as cost:
        pass
    assert cost.watt_hours == pytest.approx(1.0) and "360 s de processeur, à 10 W par cœur" in cost.method


def test_the_counter_is_read_where_it_can_be_even_past_its_zero(home, monkeypatch, tmp_path):
    monkeypatch.setattr(pace, "_RAPL", tmp_path)
    package = tmp_path / "intel-rapl:0"
    package.mkdir()
    (package / "max_energy_range_uj").write_text("10000000000")
    (package / "energy_uj").write_text("9000000000")
    with pace.metered(1000, 10) as cost:
        (package / "energy_uj").write_text("2600000000")  # 3,6 kJ plus loin, le zéro passé
    assert cost.watt_hours == pytest.approx(1.0) and "RAPL" in cost.method


def test_a_training_of_a_notebook_tells_its_cost_when_it_was_planned(room, capsys):
    model, lot = torch.nn.Linear(4, 4), torch.ones(2, 4)
    for planned in (False, True):
        if planned:
            pace.note(FAST)
        encoder.fit(model, lambda step: model(lot).pow(2).mean(), steps=20, batch_words=8)
        assert ("Prévu" in capsys.readouterr().out) is planned


def test_a_training_says_what_was_planned_and_what_it_took():
    cost = pace.Cost(180, 168, 1_600_000_000, 1.42, "lus au compteur")
    assert (
        str(cost)
        == "Prévu 3 min, écoulé 2 min 48. Mémoire\u00a0: 1,6 Go au plus haut. Énergie\u00a0: 1,4 Wh, lus au compteur."
    )
    assert str(pace.Cost(0, 40)).startswith("Écoulé 40 s.")
    assert [pace.clock(seconds) for seconds in (59.4, 59.6, 3900)] == ["59 s", "1 min", "1 h 05"]
