"""Des lignes coupées aux paragraphes : ce qui se joint, ce qui reste ligne à ligne, et une seule typographie."""

import re
from itertools import pairwise

from aurore.cleaning.blocks import Block

_DASH_START = re.compile(r"^\s*(?:(?:--|—|–)(?!-)|-(?=[\s«]*[A-ZÀ-ÖØ-ÞŒ]))")
_SENTENCE_END = re.compile(r"[.!?…:»\"”]\W*$")


def wrap_width(blocks: list[Block]) -> int:
    """Largeur à laquelle le fichier coupe sa prose : le neuvième décile de ses lignes, au moins 50 caractères.

    Seuls comptent les blocs qui coulent : des alexandrins ont aussi leur largeur, et ne sont pas coupés. Sans
    prose, c'est 72, la largeur de Gutenberg ; là où elle est rare, une coupure est plus souvent voulue, et l'on
    rend 80 au moins.
    """
    lengths = sorted(len(line.rstrip()) for block in blocks if _flows(block.lines) for line in block.lines[:-1])
    width = max(50, lengths[int(0.9 * len(lengths))]) if len(lengths) >= 10 else 72
    broken = sum(len(block.lines) - 1 for block in blocks)
    return max(width, 80) if 5 * len(lengths) < broken and broken >= 100 else width


def _flows(lines: list[str]) -> bool:
    """De la prose coupée : la plupart des lignes reprennent en minuscule, et vont presque toutes au même bord."""
    breaks = len(lines) - 1
    if breaks < 3 or max(map(len, lines)) < 45 or _is_stopped(lines):
        return False
    lower = sum(bool(re.match(r"\W*[a-zà-ÿœ]", line)) for line in lines[1:])
    return 2 * lower >= breaks and (4 * _forced(lines) >= 3 * breaks or _is_even(lines))


def _is_stopped(lines: list[str]) -> bool:
    """Deux lignes sur trois, et plus, finissent par une ponctuation : la coupe d'une prose ne tombe pas si juste."""
    return 3 * sum(bool(re.search(r"[.,;:!?…]\W*$", line)) for line in lines) >= 2 * len(lines)


def _is_even(lines: list[str]) -> bool:
    """Quatre lignes sur cinq, la dernière exceptée, ont au moins les trois quarts de la plus longue."""
    widest = max(map(len, lines))
    return 5 * sum(4 * len(line) >= 3 * widest for line in lines[:-1]) >= 4 * (len(lines) - 1)


def _forced(lines: list[str]) -> int:
    """Combien de coupures s'expliquent par la largeur du bloc : le mot suivant l'aurait dépassée."""
    widest = max(len(line.rstrip()) for line in lines)
    return sum(len(one.rstrip()) + 1 + len(other.split()[0]) > widest - 2 for one, other in pairwise(lines))


_SPEAKER = re.compile(r"^\s*[A-ZÀ-ÖØ-Þ][A-ZÀ-ÖØ-Þ' -]{2,40}\s*(?:[.:]|[,(].{0,200}[):.]\s*:?)\s*-*$")


def join_lines(lines: list[str], width: int, vocabulary: frozenset[str]) -> list[str]:
    """Découpe un bloc : vers un à un, répliques une à une, le reste joint."""
    if _is_verse(lines, width):
        return _verses(lines)
    spoken, indented = bool(_SPEAKER.match(lines[0])), _indented_starts(lines)
    pieces = [lines[0].strip()]
    for i, (previous, line) in enumerate(pairwise(lines), 1):
        if i in indented or _is_reply(previous, line, width) or _is_break(previous, line, width, spoken):
            pieces.append(line.strip())
        else:
            pieces[-1] = _join(pieces[-1], line.strip(), vocabulary)
    return pieces


def _indented_starts(lines: list[str]) -> set[int]:
    """Les débuts d'alinéas d'un bloc sans lignes vides, que marque un retrait : le même partout, devant une majuscule.

    Ce qui précède chacun est une fin : ponctuation, ou ligne restée courte.
    """
    margins = [len(line) - len(line.lstrip()) for line in lines]
    deep = max(margins)
    starts = [i for i, margin in enumerate(margins) if margin == deep]
    widest = max(map(len, lines))
    if (
        len(lines) < 8
        or set(margins) != {0, deep}
        or not 1 < deep <= 8
        or starts[0]
        or not 3 <= len(starts) <= 0.6 * len(lines)
    ):
        return set()
    ends = all(re.search(r"[.!?…:;»\"]\W*$", lines[i - 1]) or len(lines[i - 1]) < 0.6 * widest for i in starts[1:])
    opens = all(re.match(r"\W*[A-ZÀ-ÖØ-ÞŒ\d]", lines[i]) for i in starts)
    return set(starts[1:]) if ends and opens else set()


def _verses(lines: list[str]) -> list[str]:
    """Un vers par ligne ; un jeu de scène entre parenthèses se joint jusqu'à celle qui le ferme."""
    verses: list[str] = []
    for line in lines:
        if verses and verses[-1].startswith("(") and verses[-1].count("(") > verses[-1].count(")"):
            verses[-1] += " " + line.strip()
        else:
            verses.append(line.strip())
    return verses


def _is_reply(previous: str, line: str, width: int) -> bool:
    return bool(_DASH_START.match(line) and _SENTENCE_END.search(previous)) and _fits(previous, line, width)


def _is_break(previous: str, line: str, width: int, spoken: bool) -> bool:
    """Une coupure voulue au milieu d'un bloc : une capitale, quand il restait quinze caractères, et plus, sur la ligne.

    Après une ponctuation, ou partout dans la réplique d'une pièce (`spoken`), où les vers se mêlent aux jeux de scène.
    """
    if spoken and re.search(r":\s*-*$", previous):
        return True
    if not re.match(r"\s*[(«\"]?[A-ZÀ-ÖØ-ÞŒ]", line) or not _fits(previous, line, width - 9):
        return False
    return spoken or bool(re.search(r"[.!?…:;)]\W*$", previous))


def _fits(previous: str, line: str, width: int) -> bool:
    """Le premier mot de `line` aurait tenu au bout de `previous` : la coupure est voulue."""
    words = line.split()
    return len(previous.rstrip()) + 1 + len(words[0]) <= width - 6 if words else True


def _is_verse(lines: list[str], width: int) -> bool:
    """Des vers (ou une liste) : lignes courtes, coupées exprès, qui commencent par une capitale.

    Des vers sans capitales se reconnaissent à ce que ni la largeur du fichier ni la leur n'explique leurs coupures.
    """
    lines = [line.strip() for line in lines]
    if len(lines) < 2:
        return False
    chosen = sum(_fits(previous, line, int(0.92 * width)) for previous, line in pairwise(lines))
    capitals = sum(bool(re.match(r"\W*[A-ZÀ-ÖØ-ÞŒ\d]", line)) for line in lines)
    size = len(lines)
    if max(map(len, lines)) > 0.88 * width:
        # Un vers plus long que les autres ne fait pas de prose : quatre lignes en capitale, coupées court, suffisent.
        shouted = sum(map(str.isupper, "".join(lines))) > 0.4 * len("".join(lines))
        return size >= 4 and capitals >= 0.9 * size and 3 * chosen >= size - 1 and not shouted
    # Trois lignes de suite en capitale ne sont pas un hasard de la coupe : un tiers de coupures voulues suffit.
    if size >= 3 and capitals == size:
        return 3 * chosen >= size - 1
    if capitals >= 0.8 * size and (chosen == size - 1 or (size >= 4 and 2 * chosen >= size - 1)):
        return True
    if size < 3 or chosen < size - 1:
        return False
    if size >= 4 and _is_stopped(lines):
        return True
    # Une colonne étroite se lit comme de la prose si elle va au même bord ; si étroite, rien ne coupe ainsi.
    widest, half = max(map(len, lines)), 2 * capitals >= size
    if widest <= (0.75 if half else 0.62) * width:
        return True
    return widest <= 0.85 * width and 4 * _forced(lines) < 3 * (size - 1) and (half or not _is_even(lines))


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
    if "oe" in text.lower():
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
    # « classiques.Enfin », « MM.Aubin »
    text = re.sub(r"\.(?=[A-ZÀ-ÖØ-ÞŒ][a-zà-ÿœ'])(?:(?<=[a-zà-ÿœ]{2}\.)|(?<=\bM\.)|(?<=\bMM\.))", ". ", text)
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
