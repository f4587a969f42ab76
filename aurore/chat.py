"""Le dialogue dans un terminal : `python -m aurore chat`."""

import json
import sys
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


def run(talk: dialogue.Dialogue, session: str, read: Callable[[], str], write: Callable[[str], None]) -> None:
    """Mène la conversation, ligne par ligne, jusqu'à ce que la personne s'en aille ou que l'entrée finisse.

    `read` rend une ligne, ou lève `EOFError` ; Ctrl-C pendant une réponse l'arrête, et entre deux réponses s'en va. Une erreur
    prévue se dit, et la conversation continue.
    """
    while True:
        try:
            line = read()
        except (EOFError, KeyboardInterrupt):
            write("\n")
            return
        if not line.strip():
            continue
        try:
            _answer(talk, session, line, write)
        except Leave:
            return
        except AuroreError as error:
            write(f"{error}\n")
        except KeyboardInterrupt:
            write("\nRéponse arrêtée. Ce qui est écrit est gardé.\n")


def _answer(talk: dialogue.Dialogue, session: str, line: str, write: Callable[[str], None]) -> None:
    word, _, rest = line.strip().partition(" ")
    if line.strip() in LEAVING:
        raise Leave
    if word.startswith("/"):
        return _command(talk.memory, session, word, rest.strip(), write)
    for piece in talk.stream(session, line):
        write(piece)
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
        write(json.dumps(memory.export(person), ensure_ascii=False, indent=2) + "\n")
    elif word == "/oublier":
        erased = memory.forget(person)
        left = sum(memory.traces(person).values())
        write(f"Effacé : {erased['messages']} messages, {erased['preferences']} préférences. Il reste {left} traces.\n")
    else:
        raise AuroreError(f"« {word} » n'est pas une commande, ou il lui manque quelque chose. /aide les dit toutes.")


def readable(text: str) -> str:
    """Un texte sans rien qui agisse sur un terminal : les signes de contrôle se montrent, ils n'opèrent pas."""
    return "".join(sign if sign in "\n\t" or sign.isprintable() else f"\\x{ord(sign):02x}" for sign in text)


def read_line(prompt: str) -> Callable[[], str]:
    """Lit une ligne au clavier, ou d'un fichier ; la première ne demande rien si personne n'est au clavier."""

    def read() -> str:
        if sys.stdin.isatty():
            return input(prompt)
        line = sys.stdin.readline()
        if not line:
            raise EOFError
        return line.rstrip("\n")

    return read
