"""Le dialogue dans un terminal : `python -m aurore chat`."""

import json
import sys
import unicodedata
from collections.abc import Callable

from aurore import dialogue
from aurore.settings import AuroreError

HELP = """/aide             ces commandes
/souvenirs        ce qui est gardé de cette séance
/préférence A=B   garde une préférence ; « A= » l'efface
/effacer N        efface le message N
/export           tout ce qui est gardé de vous, en JSON
/oublier          efface tout ce qui est gardé de vous, et le vérifie
/quitter          s'arrête (Ctrl-D aussi) ; « exit » fait de même"""
LEAVING = ("/quitter", "exit", "quit")


class Leave(Exception):
    """La personne s'en va."""


def run(talk: dialogue.Dialogue, session: str, read: Callable[[], str], write: Callable[[str], None]) -> int:
    """Mène la conversation, ligne par ligne, jusqu'à ce que la personne s'en aille ou que l'entrée finisse.

    `read` rend une ligne, ou lève `EOFError` ; Ctrl-C pendant une réponse l'arrête, et entre deux réponses s'en va. Une erreur
    prévue se dit, et la conversation continue. Rend le nombre de ces erreurs.
    """
    errors = 0
    while True:
        try:
            line = read()
        except (EOFError, KeyboardInterrupt):
            write("\n")
            return errors
        if not line.strip():
            continue
        try:
            _answer(talk, session, line, write)
        except Leave:
            return errors
        except AuroreError as error:
            errors += 1
            write(f"{error}\n")
        except KeyboardInterrupt:
            write("\nRéponse arrêtée. Ce qui est écrit est gardé.\n")


def _answer(talk: dialogue.Dialogue, session: str, line: str, write: Callable[[str], None]) -> None:
    word, _, rest = line.strip().partition(" ")
    if line.strip() in LEAVING:
        raise Leave
    if word.startswith("/"):
        return _command(talk.memory, session, word, rest.strip(), write)
    pieces = talk.stream(session, line)
    try:
        for piece in pieces:
            write(readable(piece))
    finally:
        pieces.close()  # un Ctrl-C : ce qui est écrit est gardé aussitôt
    write("\n")


def _command(memory: dialogue.Memory, session: str, word: str, rest: str, write: Callable[[str], None]) -> None:
    person = dialogue.person_of(session)
    if word == "/aide":
        write(f"{HELP}\n")
    elif word == "/souvenirs":
        kept = [f"{each.id} {each.role} : {each.content}\n" for each in memory.messages(session)]
        kept += [f"{key} = {value}\n" for key, value in memory.preferences(person).items()]
        write(readable("".join(kept) or "Rien.\n"))
    elif word == "/préférence" and "=" in rest:
        key, _, value = rest.partition("=")
        memory.prefer(person, key.strip(), value.strip())
        write("Noté.\n")
    elif word == "/effacer" and rest.isdecimal():
        memory.delete(session, int(rest))
        write("Effacé.\n")
    elif word == "/export":
        write(readable(json.dumps(memory.export(person), ensure_ascii=False, indent=2)) + "\n")
    elif word == "/oublier":
        erased = memory.forget(person)
        left = sum(memory.traces(person).values())
        write(
            f"Effacé : {', '.join(f'{name} {number}' for name, number in erased.items())}. Traces qui restent : {left}.\n"
        )
    else:
        raise AuroreError(f"« {word} » n'est pas une commande, ou il lui manque quelque chose. /aide les dit toutes.")


def readable(text: str) -> str:
    """Un texte sans rien qui agisse sur un terminal : les signes de contrôle se montrent, ils n'opèrent pas."""
    return "".join(f"\\x{ord(sign):02x}" if _acts(sign) else sign for sign in text)


def _acts(sign: str) -> bool:
    # Celui qui joint deux émojis (U+200D) est le seul de sa sorte dont un texte ait besoin.
    return unicodedata.category(sign) in ("Cc", "Cf", "Cs", "Zl", "Zp") and sign not in "\n\t\u200d"


def read_line(prompt: str) -> Callable[[], str]:
    """De quoi lire une ligne : au clavier, après `prompt`, ou dans un fichier, sans rien demander."""

    def read() -> str:
        if sys.stdin.isatty():
            return input(prompt)
        line = sys.stdin.readline()
        if not line:
            raise EOFError
        return line.rstrip("\n")

    return read
