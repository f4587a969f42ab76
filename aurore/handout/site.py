"""Le site : une page par leçon, un sommaire, une recherche, et la figure qui s'ouvre sans noyau."""

import json
from collections.abc import Sequence
from html import escape
from pathlib import Path

from aurore.handout.pages import Page
from aurore.lessons import LESSONS, ROUTES
from aurore.settings import ROOT

_STATIC = Path(__file__).parent / "static"
_FIGURES = ROOT / "aurore" / "widgets" / "static"
_EXPORT = "export default { render };"
# Ce qu'une figure attend de Jupyter : un modèle que l'on lit. Sans noyau, rien ne lui répond.
_WITHOUT_KERNEL = """
for (const place of document.querySelectorAll('[data-figure="%s"]')) {
  const state = { ...JSON.parse(place.dataset.state), error: "" };
  const model = { get: (name) => state[name], set() {}, save_changes() {}, on() {}, off() {} };
  place.replaceChildren();
  render({ model, el: place });
  for (const field of place.querySelectorAll("input")) field.readOnly = true; // il faudrait un noyau pour la refaire
}
"""


def write_site(pages: Sequence[Page], folder: Path) -> None:
    """Écrit le site dans `folder`. Il s'ouvre d'un double-clic : rien ne vient d'ailleurs, rien ne demande de serveur."""
    for name in ("site.css", "site.js"):
        (folder / name).write_text((_STATIC / name).read_text(encoding="utf-8"), encoding="utf-8")
    index = json.dumps([section for page in pages for section in page.sections], ensure_ascii=False)
    (folder / "index.js").write_text(f"const SECTIONS = {index};\n", encoding="utf-8")
    (folder / "index.html").write_text(_page("Aurore", _contents(pages), pages), encoding="utf-8")
    for rank, page in enumerate(pages):
        around = "".join(
            f"<a href='{other.name}.html'>{arrow}{escape(other.title)}</a>"
            for arrow, other in (("← ", pages[rank - 1] if rank else None), ("→ ", (*pages[rank + 1 :], None)[0]))
            if other
        )
        body = f"{page.body}<nav class='around' aria-label='Page d&#39;avant, page d&#39;après'>{around}</nav>"
        path = folder / f"{page.name}.html"
        path.write_text(_page(page.title, body, pages, page.name) + _alive(page), encoding="utf-8")


def _page(title: str, body: str, pages: Sequence[Page], name: str = "index") -> str:
    links = "".join(
        f"<li><a href='{page.name}.html'{' aria-current=page' if page.name == name else ''}>{escape(page.title)}</a></li>"
        for page in pages
    )
    return f"""<!DOCTYPE html>
<html lang="fr">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>{escape(title)}{"" if name == "index" else " · Aurore"}</title>
<link rel="icon" href="data:,">
<link rel="stylesheet" href="site.css">
<script src="index.js" defer></script>
<script src="site.js" defer></script>
</head>
<body>
<a class="skip" href="#contenu">Aller au contenu</a>
<header>
<a class="home" href="index.html">Aurore</a>
<form role="search" id="search"><label for="query">Chercher</label> <input id="query" type="search" autocomplete="off"></form>
<details class="menu"><summary>Les pages</summary><nav aria-label="Les pages"><ul>{links}</ul></nav></details>
</header>
<section id="results" aria-label="Résultats de la recherche" hidden></section>
<div id="contenu" tabindex="-1">{body}</div>
</body>
</html>
"""


def _contents(pages: Sequence[Page]) -> str:
    """La page d'entrée : les leçons par route, puis le reste."""
    known = {page.name: page for page in pages}
    parts = [
        "<h1>Aurore, le réseau de neurones qui écrivait des romans</h1>",
        "<p>Les carnets de l'atelier, à lire sans rien installer. Les sorties sont celles d'un petit corpus écrit pour lui\u202f; "
        "pour exécuter une cellule, il faut l'atelier.</p>",
    ]
    for route, (title, _) in ROUTES.items():
        rows = [lesson for lesson in LESSONS if lesson.route == route and lesson.path.stem in known]
        items = "".join(
            f"<li><a href='{row.path.stem}.html'>{escape(row.label)}</a>, {row.minutes} minutes\u00a0: {escape(row.gives)}</li>"
            for row in rows
        )
        parts.append(f"<h2>{escape(title)}</h2><ul>{items}</ul>" if rows else "")
        for row in rows:
            known.pop(row.path.stem)
    rest = "".join(f"<li><a href='{page.name}.html'>{escape(page.title)}</a></li>" for page in known.values())
    parts.append(f"<h2>À côté</h2><ul>{rest}</ul>" if rest else "")
    return f"<main>{''.join(parts)}</main>"


def _alive(page: Page) -> str:
    """Le code et le style des figures de la page qui s'animent sans noyau ; en ligne, un module ne s'ouvre pas d'un double-clic."""
    names = sorted({str(figure["data-figure"]) for figure in page.body.select("[data-figure]")})
    parts = []
    for name in names:
        code, style = ((_FIGURES / f"{name}.{suffix}").read_text(encoding="utf-8") for suffix in ("js", "css"))
        parts.append(
            f"<style>{style}</style><script type='module'>{code.replace(_EXPORT, '')}{_WITHOUT_KERNEL % name}</script>"
        )
    return "".join(parts)
