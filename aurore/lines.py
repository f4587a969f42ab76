"""Des lignes coupées aux paragraphes : ce qui se joint, ce qui reste ligne à ligne, et une seule typographie."""

import re
from itertools import pairwise

from aurore.blocks import Block

_DASH_START = re.compile(r"^\s*(?:(?:--|—|–)(?!-)|-(?=[\s«]*[A-ZÀ-ÖØ-ÞŒ]))")
_SENTENCE_END = re.compile(r"[.!?…:»\"”]\W*$")


def wrap_width(blocks: list) -> int:
    """Largeur à laquelle le fichier coupe ses lignes : le neuvième décile, au moins 50 caractères."""
    lengths = sorted(len(line) for block in blocks for line in block.lines[:-1])
    return max(50, lengths[int(0.9 * len(lengths))]) if lengths else 72


def join_lines(lines: list[str], width: int, vocabulary: frozenset[str]) -> list[str]:
    """Découpe un bloc : vers un à un, répliques une à une, le reste joint."""
    if _is_verse(lines, width):
        return [line.strip() for line in lines]
    pieces = [lines[0].strip()]
    for previous, line in pairwise(lines):
        if _DASH_START.match(line) and _SENTENCE_END.search(previous) and _fits(previous, line, width):
            pieces.append(line.strip())
        else:
            pieces[-1] = _join(pieces[-1], line.strip(), vocabulary)
    return pieces


def _fits(previous: str, line: str, width: int) -> bool:
    """Le premier mot de `line` aurait tenu au bout de `previous` : la coupure est voulue."""
    words = line.split()
    return len(previous.rstrip()) + 1 + len(words[0]) <= width - 6 if words else True


def _is_verse(lines: list[str], width: int) -> bool:
    """Des vers (ou une liste) : lignes courtes, coupées exprès, qui commencent par une capitale."""
    lines = [line.strip() for line in lines]
    if len(lines) < 2 or max(map(len, lines)) > 0.88 * width:
        return False
    chosen = sum(_fits(previous, line, int(0.92 * width)) for previous, line in pairwise(lines))
    capitals = sum(bool(re.match(r"\W*[A-ZÀ-ÖØ-ÞŒ\d]", line)) for line in lines)
    # Trois lignes de suite en capitale ne sont pas un hasard de la coupe : un tiers de coupures voulues suffit.
    if len(lines) >= 3 and capitals == len(lines):
        return 3 * chosen >= len(lines) - 1
    return chosen == len(lines) - 1 and capitals >= 0.8 * len(lines)


def _join(left: str, right: str, vocabulary: frozenset[str]) -> str:
    """Joint deux lignes ; « avant-⏎propos » garde son trait d'union, « inscrip-⏎tion » le perd.

    La césure se reconnaît à ce que le mot soudé se lit ailleurs dans le livre.
    """
    right = re.sub(r"^»\s?(?=\w)", "", right)  # guillemet répété en tête de ligne, à l'ancienne
    if not re.search(r"[\w']-$", left[-2:]) or not re.match(r"\w", right):
        return f"{left} {right}"
    cut = re.search(r"[^\W\d_]*$", left[-40:-1]).group() + re.match(r"[^\W\d_]*", right).group()
    return (left[:-1] if cut.lower() in vocabulary else left) + right


# --- Une seule typographie ------------------------------------------------------------------------------

_OE = re.compile(
    r"(?i)(?<![a-zà-ÿ])(f|ph|)(o)(e)(?=tus|d[èe]m|sophag|dip|cum[ée]n|no[lnp]|be\b|bus\b|stre)|(o)(e)(?=u|il)"
)
_LEADING_DASH = re.compile(r"^(«\s*)?(?:--|—|–|-(?=[\s«]*[A-ZÀ-ÖØ-ÞŒ]))\s*")
_INNER_DASH = re.compile(r"\s*(?:—|–|(?<!-)--(?!-))\s*")


def uniform_typography(paragraph: str) -> str:
    """Une seule écriture par signe, pour que le réseau n'apprenne pas trois fois la même chose.

    - apostrophe droite « ' », celle des claviers : ce qu'une personne tape se retrouve dans le corpus ;
    - guillemets « » pour tous, avec une espace de chaque côté à l'intérieur ;
    - tiret cadratin « — » entouré d'espaces, en tête de réplique comme en incise ;
    - une espace ordinaire avant ; : ! ? (l'affichage la rendra insécable) ;
    - points de suspension en un signe « … » ;
    - « œ » rétabli dans les mots que l'ISO-8859-1 écrivait « oe » ;
    - toute suite de blancs vaut une espace.
    """
    text = paragraph.replace("’", "'").replace("‘", "'").replace("ʼ", "'").replace("`", "'").replace("´", "'")
    text = _quotes(text.replace("|", " "))
    text = re.sub(r"\.(?:\s?\.)+|…+", "…", text)
    text = re.sub(r"…[.\s…]*[.…]", "…", text)
    text = re.sub(r"-{3,}", "—", text)
    text = _OE.sub(_ligature, text)
    dialogue = _LEADING_DASH.match(text)
    text = _INNER_DASH.sub(" — ", text[dialogue.end() :] if dialogue else text)
    text = re.sub(r"\s*([;:!?]+(?:\s*[!?]+)*)", lambda match: " " + re.sub(r"\s", "", match.group(1)), text)
    text = re.sub(r"(?<=\d) :(?=\d)", ":", text)
    text = re.sub(r"^»\s*(?=[\w—…])", "« ", text)  # guillemet de suite, répété en tête d'alinéa
    text = re.sub(r"«(?:\s*«)*\s*", "« ", text)
    text = re.sub(r"(?:\s*»)+(?=(\w)?)", lambda match: " »" + (" " if match.group(1) else ""), text)
    text = re.sub(r"(?<=[a-zà-ÿ])([,;])(?=[a-zà-ÿ]{2})", r"\1 ", text)
    text = re.sub(r"(?<=[…!?])(?=[A-ZÀ-ÖØ-Þ])", " ", text)
    if text.count("[") != text.count("]"):
        text = text.replace("[", "").replace("]", "")  # un crochet sans son pareil est une scorie
    text = re.sub(r"\s+([,.)\]…])", r"\1", text)
    text = re.sub(r"([(\[])\s+", r"\1", text)
    text = " ".join(text.split())
    return ("« — " if dialogue and dialogue.group(1) else "— " if dialogue else "") + text


def _quotes(text: str) -> str:
    """Ramène “ ”, „ ‟, ″ et les guillemets droits à « »."""
    text = re.sub("[“„‟]", "«", text)
    text = text.replace("”", "»").replace("‹", "«").replace("›", "»")
    text = re.sub(r"''|,,", '"', text)
    text = re.sub(r'(?:^|(?<=[\s(\[—–«-]))"(?=\S)', "«", text)
    return text.replace('"', "»").replace("<<", "«").replace(">>", "»")


def _ligature(match: re.Match) -> str:
    letters = match.group(0)
    lower = letters[-2].islower()
    return letters[:-2] + ("œ" if lower else "Œ")
