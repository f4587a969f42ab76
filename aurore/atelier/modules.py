"""Rendre aux bibliothèques ce qu'un essai y a changé : `re.search = ...`, `np.mean = ...`, `corpus.SPLITS = ...`.

On retient ce que contient chaque module que le code d'une personne peut nommer, et l'on remet ce qui n'est plus le même
objet. Pour la bibliothèque `aurore`, on retient aussi le contenu de ses listes et de ses dictionnaires, et le corps de
ses fonctions.
"""

import builtins
import contextlib
import inspect
import sys
from collections.abc import Callable, Iterator
from types import FunctionType, ModuleType
from typing import Any

# Avec leurs sous-modules. De PyTorch, qui en a deux mille, on ne retient que ceux qu'on nomme.
_PACKAGES = tuple(
    "aurore numpy re json math random string itertools functools collections statistics textwrap unicodedata pathlib "
    "os posixpath ntpath operator heapq bisect copy time datetime html difflib fractions decimal io sys typing "
    "dataclasses enum hashlib csv tempfile shutil tokenizers nltk".split()
)
_EXACTLY = tuple("torch torch.nn torch.nn.functional torch.nn.init torch.optim torch.utils.data".split())


def snapshot() -> Callable[[], None]:
    """Retient l'état des bibliothèques ; rend la fonction qui le remet, autant de fois qu'on l'appelle."""
    modules = {
        name: module for name, module in sys.modules.items() if _is_lent(name) and isinstance(module, ModuleType)
    }
    names = [(vars(module), dict(vars(module))) for module in modules.values()]
    kinds = {kind for module in modules.values() for kind in _classes(module)}
    classes = [(kind, dict(vars(kind))) for kind in kinds]
    spaces = {id(held) for held, _ in names} | {id(vars(builtins))}  # un espace de noms se rend à part
    ours = [value for name, module in modules.items() if _is_ours(name) for value in vars(module).values()]
    functions = [(value, _body(value)) for value in ours if isinstance(value, FunctionType)]
    tensors = [
        (value, value.clone()) for name, module in modules.items() if _is_a_card(name) for value in _tensors(module)
    ]
    contents = [(value, value.copy()) for value in ours if type(value) in (dict, list, set) and id(value) not in spaces]

    def give_back() -> None:
        sys.modules.update(modules)
        for held, saved in names:
            _give_back_names(held, saved)
        for kind, saved in classes:
            _give_back_attributes(kind, saved)
        for function, body in functions:
            if any(old is not new for old, new in zip(body, _body(function), strict=True)):
                function.__code__, function.__defaults__, function.__kwdefaults__ = body
        for value, saved in tensors:
            value.data.copy_(saved)
        for value, saved in contents:
            if not _holds_the_same(value, saved):
                value.clear()
                (value.extend if isinstance(value, list) else value.update)(saved)

    return give_back


def _holds_the_same(value: Any, saved: Any) -> bool:
    """Compare des objets, jamais des valeurs : « == » entre deux tableaux ne dit pas oui ou non."""
    if isinstance(value, set):
        return value == saved
    if len(value) != len(saved):
        return False
    if isinstance(value, dict):
        return all(key in value and value[key] is held for key, held in saved.items())
    return all(one is other for one, other in zip(value, saved, strict=True))


def _is_a_card(name: str) -> bool:
    return name.startswith("aurore.exercises.")


def _tensors(module: ModuleType) -> list[Any]:
    """Les tenseurs d'un fichier de fiches : une réponse qui les change sur place gâterait les suivantes."""
    held = [value for value in vars(module).values() if not isinstance(value, type | ModuleType)]
    return [value for value in held if hasattr(value, "detach") and hasattr(value, "clone")]


def _is_ours(name: str) -> bool:
    return name.partition(".")[0] == "aurore"


def _is_lent(name: str) -> bool:
    return name in _EXACTLY or name.partition(".")[0] in _PACKAGES


def _classes(module: ModuleType) -> Iterator[type]:
    """Les classes écrites en Python qu'un module montre et que sa bibliothèque définit : les autres ne se changent pas."""
    package = module.__name__.partition(".")[0]
    for value in list(vars(module).values()):
        if inspect.isclass(value) and value.__flags__ & _HEAP_TYPE and value.__module__.partition(".")[0] == package:
            yield value


_HEAP_TYPE = 1 << 9


def _body(function: FunctionType) -> tuple:
    return function.__code__, function.__defaults__, function.__kwdefaults__


def _give_back_names(held: dict[str, Any], saved: dict[str, Any]) -> None:
    for name in set(held) - set(saved):
        if not isinstance(held[name], ModuleType):  # un sous-module importé pendant l'essai, il a le droit de rester
            del held[name]
    for name, value in saved.items():
        if name not in held or held[name] is not value:
            held[name] = value


def _give_back_attributes(kind: type, saved: dict[str, Any]) -> None:
    with contextlib.suppress(AttributeError, TypeError):  # certaines classes refusent toute écriture
        for name in set(vars(kind)) - set(saved):
            delattr(kind, name)
        for name, value in saved.items():
            changed = name not in vars(kind) or vars(kind)[name] is not value  # None est une valeur
            if changed and name not in ("__dict__", "__weakref__"):
                setattr(kind, name, value)
