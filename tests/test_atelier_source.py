"""Lire le code d'une réponse : un chemin sans « return » n'est dit que s'il existe."""

import pytest

from aurore.atelier.source import (
    calls_through_a_module,
    can_end_without_return,
    returns_none_in_words,
    source_of,
    tree_of,
)


def falls(x):
    x + 1


def falls_in_one_branch(x):
    if x:
        return 1


def falls_after_a_loop(x):
    for item in x:
        return item


def falls_after_a_break(x):
    while True:
        if x:
            break


def falls_in_a_handler(x):
    try:
        return 1 / x
    except ZeroDivisionError:
        print("zéro")


def falls_in_a_case(x):
    match x:
        case 1:
            return 1


def returns(x):
    return x


def returns_in_both_branches(x):
    if x:
        return 1
    else:
        raise ValueError


def returns_or_turns_forever(x):
    while True:
        if x:
            return x


def returns_everywhere(x):
    with open(x):  # noqa: PTH123
        try:
            return 1
        except OSError:
            return 2


def returns_in_every_case(x):
    match x:
        case 1:
            return 1
        case _:
            return 2


@pytest.mark.parametrize("function", [f for name, f in list(globals().items()) if name.startswith("falls")])
def test_a_path_without_return_is_found(function):
    assert can_end_without_return(function)


@pytest.mark.parametrize("function", [f for name, f in list(globals().items()) if name.startswith("returns")])
def test_no_path_is_invented(function):
    assert not can_end_without_return(function)


def test_what_has_no_source_proves_nothing():
    assert tree_of(len) is None and not can_end_without_return(len)
    assert source_of(len) == repr(len) and "x + 1" in source_of(falls)


def test_a_call_through_a_module_is_seen():
    def through(text):
        return str.upper(text)

    assert calls_through_a_module(through, "upper") and not calls_through_a_module(falls, "upper")


def writes_none(x):
    if not x:
        return None
    for item in x:
        return item


def test_a_written_none_is_told_from_a_missing_return():
    assert returns_none_in_words(writes_none) and can_end_without_return(writes_none)
    assert not returns_none_in_words(falls_in_one_branch) and not returns_none_in_words(len)
