"""Ce que la machine a pour calculer, dit avec sa raison ; les cartes sont supposées, aucune n'est exigée."""

from types import SimpleNamespace

import pytest
import torch

from aurore import machine


def said(name, vendors=()):
    return next(one for one in machine.accelerators(vendors) if name in one.name)


@pytest.fixture
def no_card(monkeypatch):
    monkeypatch.setattr(torch.cuda, "is_available", lambda: False)
    monkeypatch.setattr(torch.version, "hip", None)


@pytest.fixture
def card(monkeypatch):
    monkeypatch.setattr(torch.cuda, "is_available", lambda: True)
    monkeypatch.setattr(torch.cuda, "get_device_name", lambda *_: "Carte d'essai")
    monkeypatch.setattr(torch.cuda, "is_bf16_supported", lambda **_: True)
    monkeypatch.setattr(torch.cuda, "get_device_properties", lambda *_: SimpleNamespace(total_memory=16 * 2**30))
    monkeypatch.setattr(torch.version, "hip", None)


def test_without_a_card_nothing_is_claimed(no_card):
    assert not said("NVIDIA").found and not said("AMD").found
    assert "torch.version.hip vaut None" in said("AMD").says


def test_an_nvidia_card_is_named_with_its_memory(card):
    assert said("NVIDIA").found and "Carte d'essai, 16 Go" in said("NVIDIA").says
    assert not said("AMD").found


def test_an_amd_card_answers_as_cuda(card, monkeypatch):
    monkeypatch.setattr(torch.version, "hip", "6.4")
    assert said("AMD").found and "HIP 6.4" in said("AMD").says
    assert not said("NVIDIA").found


def test_the_cuda_build_hides_an_amd_card_and_the_remedy_is_given(no_card):
    found = said("AMD", [machine.AMD])
    assert not found.found and "qui la cache" in found.says and machine.INSTALL_ROCM in found.says


def test_a_rocm_build_without_a_card_says_where_to_look(no_card, monkeypatch):
    monkeypatch.setattr(torch.version, "hip", "6.4")
    assert "rocm-smi" in said("AMD").says and "render" in said("AMD").says


def test_an_nvidia_card_that_pytorch_does_not_see_gets_its_line(no_card):
    assert machine.INSTALL_CUDA in said("NVIDIA", [machine.NVIDIA]).says


def test_an_old_mac_is_told_what_it_lacks(no_card, monkeypatch):
    monkeypatch.setattr(torch.backends.mps, "is_available", lambda: False)
    monkeypatch.setattr(machine.platform, "system", lambda: "Darwin")
    assert "macOS 14" in said("Apple").says


def test_this_machine_can_be_asked():
    assert len(machine.accelerators()) == 4
