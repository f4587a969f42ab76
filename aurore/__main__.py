"""La ligne de commande : `python -m aurore …`.

Codes de sortie : 0 si tout va bien, 1 pour une erreur expliquée, 2 pour une commande mal formée.
"""

import argparse
import contextlib
import errno
import json
import os
import shutil
import socket
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from unittest import mock

from aurore import settings
from aurore.settings import AuroreError
from aurore.show import count, french_number, plural
from aurore.storage import explain_os_error, find_a_home, is_writable, read_limited, tidy, write_atomic

MAX_TEXT = 200_000_000  # octets d'un texte à mesurer

_FRENCH = {
    "usage: ": "usage : ",
    "positional arguments": "arguments",
    "options": "options",
    "show this help message and exit": "affiche cette aide et s'arrête",
    "%(prog)s: error: %(message)s\n": "%(prog)s : %(message)s\n",
    "the following arguments are required: %s": "il manque : %s",
    "unrecognized arguments: %s": "arguments inconnus : %s",
    "expected one argument": "une valeur est attendue",
    "expected at least one argument": "au moins une valeur est attendue",
    "argument %(argument_name)s: %(message)s": "%(argument_name)s : %(message)s",
    "invalid choice: %(value)r (choose from %(choices)s)": "« %(value)s » n'est pas permis (au choix : %(choices)s)",
    "invalid %(type)s value: %(value)r": "valeur incorrecte : %(value)r",
    "not allowed with argument %s": "incompatible avec %s",
}
_VENV_PYTHON = r".venv\Scripts\python" if os.name == "nt" else ".venv/bin/python"
# La télémétrie n'a pas sa place dans un atelier ; à fixer avant que les commandes n'importent les bibliothèques.
_ENVIRONMENT = {
    "HF_HUB_DISABLE_TELEMETRY": "1",
    "TOKENIZERS_PARALLELISM": "true",
    "TRANSFORMERS_VERBOSITY": "error",
}


def main(arguments: list[str] | None = None) -> int:
    """Exécute une commande et rend son code de sortie."""
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(encoding="utf-8", errors="replace")  # les consoles Windows ne le sont pas toujours
    for name, value in _ENVIRONMENT.items():
        os.environ.setdefault(name, value)
    with _argparse_in_french():
        options = build_parser().parse_args(arguments)
    try:
        find_a_home()
        tidy(settings.home())
        options.run(options)
    except AuroreError as error:
        return _fail(str(error))
    except OSError as error:
        return _fail(str(explain_os_error(error)))
    except ModuleNotFoundError as error:
        if (error.name or "").partition(".")[0] == "aurore":
            raise
        return _fail(
            f"Le paquet « {error.name} » manque : ce Python n'est pas celui de l'atelier. Lancez « make venv », puis "
            f"la même commande avec « {_VENV_PYTHON} -m aurore … »."
        )
    except KeyboardInterrupt:
        return _fail("Interrompu. Relancez la même commande : ce qui était fait est gardé.")
    except Exception as error:
        if os.environ.get("AURORE_DEBUG"):
            raise
        if _disk_is_full():  # les bibliothèques n'en lèvent pas toujours une OSError
            return _fail(str(explain_os_error(OSError(errno.ENOSPC, "disque plein"))))
        return _fail(
            f"Erreur imprévue ({type(error).__name__} : {error}). Relancez avec AURORE_DEBUG=1 pour le détail, et signalez-la."
        )
    return 0


@contextlib.contextmanager
def _argparse_in_french() -> Iterator[None]:
    """Le temps d'une analyse : argparse n'a pas de catalogue français, et traduit par ce nom de son module."""
    with mock.patch.object(argparse, "_", lambda text: _FRENCH.get(text, text)):
        yield


def _disk_is_full() -> bool:
    try:
        return shutil.disk_usage(settings.home()).free < 1_000_000
    except OSError:
        return False


def _fail(message: str) -> int:
    print(settings.hide_passwords(message), file=sys.stderr)
    return 1


def build_parser() -> argparse.ArgumentParser:
    """L'analyseur de la ligne de commande, une sous-commande par étape."""
    parser = argparse.ArgumentParser(
        prog="python -m aurore", description="Aurore, le réseau de neurones qui écrivait des romans."
    )
    commands = parser.add_subparsers(title="commandes", metavar="COMMANDE", required=True)

    def add(name: str, run, text: str) -> argparse.ArgumentParser:
        command = commands.add_parser(name, help=text, description=text)
        command.set_defaults(run=run)
        return command

    doctor = add("doctor", _doctor, "Dit ce que cette machine a et ce qu'il faut réparer.")
    doctor.add_argument(
        "--json", action="store_true", help="écrit les constats en JSON, anonymes, pour un rapport de panne"
    )
    lab = add("lab", _lab, "Ouvre JupyterLab sur les carnets.")
    lab.add_argument(
        "--ip", metavar="ADRESSE", default="127.0.0.1", help="adresse d'écoute (127.0.0.1 : cette machine)"
    )
    lab.add_argument("--port", metavar="N", type=_port, default=8888, help="port d'écoute (8888)")
    lab.add_argument("--no-browser", action="store_true", help="n'ouvre pas le navigateur")
    lab.add_argument(
        "--folder", metavar="DOSSIER", type=Path, help="travaille sur une copie des carnets, faite dans ce dossier"
    )
    prepare = add("prepare", _prepare, "Cherche, nettoie et enregistre le corpus.")
    source = prepare.add_mutually_exclusive_group()
    source.add_argument(
        "--books", metavar="all|sand|N°,…", default="sand", help="les livres à prendre (par défaut : sand)"
    )
    source.add_argument(
        "--file", metavar="CHEMIN", type=Path, nargs="+", help="un ou plusieurs fichiers de Gutenberg apportés"
    )
    prepare.add_argument(
        "--export", metavar="DOSSIER", type=Path, help="écrit aussi chaque livre nettoyé, un paragraphe par ligne"
    )
    prepare.add_argument(
        "--mirror",
        metavar="DOSSIER",
        type=Path,
        help="ne fait que copier là les livres, rangés comme Gutenberg, pour une salle",
    )
    add("tokenize", _tokenize, "Apprend le tokenizer sur le corpus préparé.")
    train = add("train", _train, "Spécialise le modèle sur le corpus préparé.")
    train.epilog = "Sur plusieurs processus, cartes ou machines : torchrun --nproc_per_node=2 -m aurore train."
    train.add_argument(
        "--export", metavar="DOSSIER", type=Path, help="l'enregistre aussi là, en demi-précision : moitié moins lourd"
    )
    train.add_argument("--report", metavar="FICHIER.json", type=Path, help="où écrire les pertes et les réglages")
    generate = add("generate", _generate, "Fait écrire le modèle spécialisé.")
    generate.add_argument("prompt", metavar="AMORCE", nargs="*", help="le début du texte")
    _model_option(generate)
    generate.add_argument(
        "--tokens", metavar="N", type=_positive, default=120, help="longueur de la suite, en tokens (120)"
    )
    generate.add_argument("--temperature", metavar="T", type=_number, default=0.8, help="audace du tirage (0,8)")
    generate.add_argument("--top-p", metavar="P", type=_number, default=0.95, help="part des chances gardée (0,95)")
    generate.add_argument("--seed", metavar="N", type=int, default=settings.SEED, help="graine du tirage")
    evaluate = add("evaluate", _evaluate, "Mesure un modèle en bits par caractère.")
    _model_option(evaluate)
    evaluate.add_argument(
        "--file", metavar="TEXTE", type=Path, help="un texte en UTF-8 (par défaut : le livre de test)"
    )
    evaluate.add_argument("--json", action="store_true", help="écrit le résultat en JSON")
    chat = add("chat", _chat, "Mène un dialogue qui se souvient.")
    chat.add_argument("--session", metavar="NOM", default="moi", help="la séance : PERSONNE, ou PERSONNE/SUJET (moi)")
    chat.add_argument(
        "--memory",
        metavar="ADRESSE",
        default="",
        help="où se souvenir : none://, memory://, sqlite:///fichier, postgresql://…, mysql://…, redis://… (AURORE_MEMORY, sinon un fichier SQLite)",
    )
    chat.add_argument(
        "--backend",
        metavar="QUI",
        default="local",
        help="qui répond : « local » (le modèle de l'atelier), « simulé », ou l'adresse d'un service compatible avec celui d'OpenAI",
    )
    chat.add_argument("--model", metavar="NOM", default="", help="le modèle demandé au service")
    chat.add_argument("--key", metavar="SERVICE", default="", help="la clé à envoyer, par le nom du service (openai)")
    chat.add_argument("--base", metavar="TEXTE", default="", help="l'amorce de base, ou un personnage")
    serve = add("serve", _serve, "Sert la page web : écrire, parler, et les mêmes choses pour un programme.")
    serve.add_argument(
        "--ip", metavar="ADRESSE", default="127.0.0.1", help="adresse d'écoute (127.0.0.1 : cette machine)"
    )
    serve.add_argument("--port", metavar="N", type=_port, default=8000, help="port d'écoute (8000)")
    serve.add_argument(
        "--token", metavar="JETON", help="exige ce jeton d'accès de chacun (ou AURORE_TOKEN, qui ne se voit pas)"
    )
    serve.add_argument("--memory", metavar="ADRESSE", default="", help="où le dialogue se souvient (AURORE_MEMORY)")
    console = add(
        "console",
        _console,
        "Ouvre la console de la salle : ce qu'elle réussit, où elle bute, les solutions, le bloc-notes.",
    )
    console.add_argument(
        "--ip",
        metavar="ADRESSE",
        default="127.0.0.1",
        help="adresse d'écoute (127.0.0.1 : cette machine ; 0.0.0.0 : toute la salle)",
    )
    console.add_argument("--port", metavar="N", type=_port, default=8600, help="port d'écoute (8600)")
    console.add_argument(
        "--token", metavar="JETON", help="le jeton de la personne qui anime (ou AURORE_TOKEN ; sinon, tiré au sort)"
    )
    console.add_argument("--file", metavar="FICHIER", type=Path, help="où la salle est gardée (console.sqlite)")
    pipeline = add("pipeline", _pipeline, "Enchaîne toutes les étapes et rend compte.")
    pipeline.add_argument(
        "--books", metavar="all|sand|N°,…", default="sand", help="les livres à prendre (par défaut : sand)"
    )
    pipeline.add_argument("--report", metavar="FICHIER.json", type=Path, help="où écrire le compte rendu")
    pretrain = add("pretrain", _pretrain, "Apprend aurore-base de zéro, sur d'autres auteurs que Sand : des heures.")
    pretrain.add_argument(
        "--plan",
        choices=["base", "carte", "sand", "test"],
        default="base",
        help="aurore-base sur un processeur ou sur une carte ; aurore-sand, à partir d'elle ; un essai",
    )
    pretrain.add_argument(
        "--eltec",
        metavar="ARCHIVE",
        type=Path,
        default=settings.eltec(),
        help="ajoute les textes de cette archive .tar.xz (AURORE_ELTEC)",
    )
    pretrain.add_argument("--tokens", metavar="N", type=_positive, help="nombre de tokens à lire (celui du plan)")
    pretrain.add_argument("--output", metavar="DOSSIER", type=Path, help="où écrire le modèle (pretrain/PLAN/model)")
    pretrain.add_argument(
        "--from",
        dest="start",
        metavar="DOSSIER",
        type=Path,
        help="part des poids de ce modèle ; si c'est un paquet de --pack, de ses tokens et de son pas aussi",
    )
    pretrain.add_argument(
        "--pack", metavar="DOSSIER", type=Path, help="écrit là, en fichiers légers, de quoi continuer ailleurs"
    )
    pretrain.add_argument(
        "--minutes", metavar="N", type=_duration, help="s'arrête au bout de N minutes ; la même commande continue"
    )
    solutions = add("solutions", _solutions, "Montre ou cache les solutions des exercices.")
    solutions.add_argument(
        "action",
        choices=["on", "off", "status", "lock", "unlock"],
        help="montrer, cacher, dire l'état, tirer le rideau, l'ouvrir",
    )
    solutions.add_argument(
        "targets", metavar="CIBLE", nargs="*", help="« all » (par défaut), un carnet, ou un exercice"
    )
    certificate = add(
        "certificate", _certificate, "Fait l'attestation des exercices validés sur cette machine, à imprimer."
    )
    certificate.add_argument("--name", metavar="NOM", default="", help="le nom à y mettre (sinon, une ligne à remplir)")
    certificate.add_argument(
        "--output",
        metavar="FICHIER",
        type=Path,
        default=Path("attestation.html"),
        help="une page .html, ou un .pdf (attestation.html)",
    )
    handout = add("handout", _handout, "Fait des copies à lire ou à refaire : un site, un PDF, des carnets sans prose.")
    handout.add_argument(
        "kinds",
        metavar="COPIE",
        nargs="*",
        help="« site », « pdf », « clean » (titres et code, pour un second passage) ; sans rien, les trois",
    )
    handout.add_argument("--output", metavar="DOSSIER", type=Path, help="où les écrire (data/copies)")
    handout.add_argument("--solutions", action="store_true", help="montre les solutions ; sinon, elles n'y sont pas")
    exercises = add("exercises", _exercises, "Donne la liste des exercices.")
    exercises.add_argument("--json", action="store_true", help="écrit la liste en JSON")
    return parser


def _model_option(command: argparse.ArgumentParser) -> None:
    command.add_argument("--model", metavar="DOSSIER", help="le modèle (par défaut : celui que « train » a laissé)")


def _positive(text: str) -> int:
    number = int(text)
    if number < 1:
        raise argparse.ArgumentTypeError("un nombre entier d'au moins 1 est attendu")
    return number


def _port(text: str) -> int:
    number = _positive(text)
    if number > 65_535:
        raise argparse.ArgumentTypeError(f"un port est un nombre de 1 à 65535, et non {number}")
    return number


def _number(text: str) -> float:
    try:
        return float(text.replace(",", "."))
    except ValueError:
        raise argparse.ArgumentTypeError(f"un nombre est attendu, et non « {text} »") from None


def _duration(text: str) -> float:
    number = _number(text)
    if not 0 < number < float("inf"):
        raise argparse.ArgumentTypeError(f"une durée est un nombre positif, et non « {text} »")
    return number


def _doctor(options: argparse.Namespace) -> None:
    from aurore import doctor

    if not options.json:
        print(doctor.check())
        return
    findings = [*doctor.examine(), *doctor.examine_around()]
    print(doctor.as_json(findings))
    if any(finding.state == doctor.FAILED for finding in findings):
        raise SystemExit(1)


def _lab(options: argparse.Namespace) -> None:
    _check_address(options.ip)
    in_a_hub = "JUPYTERHUB_SERVICE_URL" in os.environ  # JupyterHub dit alors lui-même où écouter
    if not in_a_hub and not _is_free(options.ip, options.port):
        print(f"Le port {options.port} est déjà pris : le laboratoire prend le suivant. Lisez l'adresse qu'il affiche.")
    if not is_writable(Path.home()):
        raise AuroreError(
            "Le laboratoire a besoin d'un dossier où écrire, et n'en trouve aucun. Indiquez-en un avec AURORE_HOME ; dans un conteneur, montez un volume : -v aurore:/home/aurore/travail."
        )
    notebooks = settings.ROOT / "notebooks"
    folder = options.folder or (None if is_writable(notebooks) else settings.home() / "carnets")
    if folder:
        notebooks = _own_notebooks(folder)
        print(f"Vous travaillez sur votre copie des carnets : {notebooks}", flush=True)
    command = [sys.executable, "-m", "jupyterhub.singleuser" if in_a_hub else "jupyterlab"]
    command += [f"--ServerApp.root_dir={notebooks}"]
    if not in_a_hub:
        command += [f"--ServerApp.ip={options.ip}", f"--ServerApp.port={options.port}"]
    if options.no_browser:
        command.append("--no-browser")
    if hasattr(os, "geteuid") and os.geteuid() == 0:
        command.append("--allow-root")  # Jupyter le demande ; l'image, elle, ne tourne pas en administrateur
    environment = os.environ | {
        # Les noyaux démarrent dans le dossier des carnets : sans cela ils ne trouveraient pas la bibliothèque.
        "PYTHONPATH": _first_in("PYTHONPATH", settings.ROOT),
        # Ni nouvelles ni mises à jour : la première ouverture ne pose pas de question, et rien n'attend le réseau.
        # Les fiches et les figures s'enregistrent avec le carnet : on les retrouve à la réouverture, noyau neuf compris.
        "JUPYTER_CONFIG_PATH": _first_in("JUPYTER_CONFIG_PATH", settings.DATA / "jupyter"),
    }
    first = [str(path) for path in sorted(notebooks.glob("*.ipynb"))[:1]]
    if in_a_hub:
        first = [f"--ServerApp.default_url=/lab/tree/{Path(path).name}" for path in first]
    if os.name == "posix":  # le laboratoire prend notre place : il reçoit lui-même Ctrl-C, et l'arrêt d'un conteneur
        sys.stdout.flush()
        os.execve(sys.executable, command + first, environment)
    raise SystemExit(subprocess.call(command + first, env=environment))


def _check_address(address: str) -> None:
    """Lève `AuroreError` si cette machine ne peut pas écouter à cette adresse."""
    if not _is_free(address, 0):
        raise AuroreError(
            f"--ip {address} : cette machine ne peut pas écouter à cette adresse. Donnez 127.0.0.1, ou 0.0.0.0 dans un conteneur."
        ) from None


def _is_free(address: str, port: int) -> bool:
    """Dit si cette machine peut écouter à cette adresse et à ce port ; 0 est un port quelconque."""
    try:
        family, *_, place = socket.getaddrinfo(address, port, type=socket.SOCK_STREAM)[0]
        with socket.socket(family) as probe:
            if os.name == "posix":  # comme le laboratoire : un port qu'on vient de quitter est libre
                probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            probe.bind(place)
    except (OSError, UnicodeError):
        return False
    return True


def _first_in(variable: str, folder: Path) -> str:
    """Une variable qui liste des dossiers, avec celui-ci en tête."""
    return os.pathsep.join(filter(None, [str(folder), os.environ.get(variable, "")]))


def _own_notebooks(folder: Path) -> Path:
    """Copie dans `folder` les carnets qui n'y sont pas encore ; ce que l'on y a écrit n'est jamais touché."""
    folder = folder.expanduser().resolve()
    folder.mkdir(parents=True, exist_ok=True)
    for path in (settings.ROOT / "notebooks").glob("*.ipynb"):
        if not (folder / path.name).exists():
            write_atomic(folder / path.name, path.read_bytes())
    return folder


def _mirror(options: argparse.Namespace) -> None:
    from aurore import mirror
    from aurore.storage import size_in_words

    if options.file or options.export:
        raise AuroreError("--mirror copie les livres tels quels : il ne va ni avec --file, ni avec --export. Ôtez-les.")
    report = mirror.make(options.books, options.mirror)
    for sentence in report["refused"]:
        print(f"Écarté : {sentence}")
    print(
        f"{count(report['books'], 'livre')} dans {options.mirror}, {size_in_words(report['bytes'])} ; {count(report['copied'], 'copié')} cette fois."
    )
    print(
        f"Sur chaque machine : AURORE_MIRROR={options.mirror} ; LISEZMOI.txt dit comment servir ce dossier à une salle."
    )


def _prepare(options: argparse.Namespace) -> None:
    if options.mirror:
        return _mirror(options)
    from aurore import corpus

    report = (
        corpus.prepare_files(options.file, options.export)
        if options.file
        else corpus.prepare(options.books, options.export)
    )
    for label, key in (("Écarté", "refused"), ("Remarque", "remarks"), ("Attention", "warnings")):
        for sentence in report[key]:
            print(f"{label} : {sentence}")
    print(
        f"{count(report['books'], 'livre')}, {count(report['characters'], 'caractère')}, {count(report['sentences'], 'phrase')}, dans {corpus.dataset_folder()}."
    )
    removed = ", ".join(f"{rule} {french_number(size)}" for rule, size in report["removed"].items())
    print(
        f"Caractères gardés, blancs non compris : {french_number(report['kept'])} ; ôtés hors du cadre : {removed or 'aucun'}."
    )
    if options.export:
        print(
            f"Textes nettoyés écrits dans {options.export} ; à côté de chacun, « .coupes.md » montre ce qui a été ôté."
        )


def _tokenize(options: argparse.Namespace) -> None:
    from aurore import pipeline

    report = pipeline.tokenize()
    print(
        f"{count(report['vocabulary'], 'token')}, {french_number(report['characters_per_token'], 2)} caractères par token ({report['origin']})."
    )


def _train(options: argparse.Namespace) -> None:
    from aurore import finetune, models, pipeline

    if options.export:
        models.check_export(options.export)
    if options.report:
        pipeline.check_report(options.report)
    report = pipeline.train()
    if not finetune.is_main():
        return  # sous torchrun, un seul processus parle et écrit
    print(
        f"{report['steps']} pas en {french_number(report['seconds'], 0)} s ({count(report['tokens_per_second'], 'token', digits=0)} par seconde ; {report['device']})."
    )
    print(report["cost"]["sentence"])
    print(f"Modèle enregistré dans {finetune.model_folder()}.")
    if options.report:
        pipeline.write_report(report, options.report)
    if options.export:
        models.export_model(*models.load_model(finetune.model_folder()), options.export)
        print(f"Exporté en demi-précision dans {options.export}.")


def _generate(options: argparse.Namespace) -> None:
    from aurore import generation

    model, tokenizer = _load(options.model)
    for prompt in [" ".join(options.prompt)] if options.prompt else generation.PROMPTS:
        text = generation.generate(
            model, tokenizer, prompt, options.tokens, options.temperature, options.top_p, options.seed
        )  # d'abord : un réglage hors limites se dit seul
        if notice := generation.read_prompt(model, tokenizer, prompt, options.tokens).notice:
            print(notice, file=sys.stderr)
        print(text, end="\n\n")


def _evaluate(options: argparse.Namespace) -> None:
    from aurore import evaluation, pipeline

    text = _read_text(options.file) if options.file else None
    model, tokenizer = _load(options.model)
    report = (
        pipeline.report_score(evaluation.score(model, tokenizer, text, progress=True))
        if text is not None
        else pipeline.evaluate(model, tokenizer)
    )
    if options.json:
        print(json.dumps(report))
        return
    print(
        f"{french_number(report['bits_per_char'], 3)} bits par caractère sur {count(report['characters'], 'caractère')}"
    )
    print(f"(perplexité par token : {french_number(report['perplexity'], 1)}, qui ne se compare qu'à tokenizer égal)")


def _chat(options: argparse.Namespace) -> None:
    from aurore import backends, chat, dialogue

    session = dialogue.check_session(options.session)
    if options.backend == "simulé":
        backend: backends.Backend = backends.MockLLM()
    elif options.backend == "local":
        backend = backends.LocalLLM()
    else:
        backend = backends.RemoteLLM(options.backend, options.model, options.key)
    with dialogue.open_memory(options.memory) as memory:
        talk = dialogue.Dialogue(backend, memory, options.base)
        if sys.stdin.isatty():
            print(f"{backend.name} vous répond, séance « {session} ». /aide dit les commandes, /quitter s'arrête.")

        def write(text: str) -> None:
            print(text, end="", flush=True)

        errors = chat.run(talk, session, chat.read_line("vous > "), write)
    if errors and not sys.stdin.isatty():
        raise AuroreError(f"{count(errors, 'ligne')} sans réponse.")


def _read_text(path: Path) -> str:
    try:
        return read_limited(path, MAX_TEXT).decode("utf-8-sig").replace("\r\n", "\n").replace("\r", "\n")
    except UnicodeDecodeError:
        raise AuroreError(
            f"{path} n'est pas en UTF-8. Convertissez-le, ou passez-le par « prepare --file … --export … »."
        ) from None


def _load(name: str | None):
    from aurore import finetune, models

    folder = name or finetune.model_folder()
    if not name and not (finetune.model_folder() / "config.json").is_file():
        raise AuroreError(
            f"Pas de modèle dans {folder}. Lancez d'abord « python -m aurore train », ou indiquez un dossier avec --model, par exemple {settings.short_path(settings.SAND_MODEL)}."
        )
    return models.load_model(folder)


def _serve(options: argparse.Namespace) -> None:
    _check_address(options.ip)
    from aurore import web

    web.serve(options.ip, options.port, options.token or settings.access_token(), options.memory)


def _console(options: argparse.Namespace) -> None:
    _check_address(options.ip)
    from aurore import console

    console.serve(options.ip, options.port, options.token or settings.access_token(), options.file)


def _pipeline(options: argparse.Namespace) -> None:
    from aurore import pipeline

    if options.report:
        pipeline.check_report(options.report)
    report = pipeline.run(options.books)
    if options.report:
        pipeline.write_report(report, options.report)
    found = report["evaluation"]
    before, after = (french_number(found[f"bits_per_char_{when}"], 3) for when in ("before", "after"))
    print(report["training"]["cost"]["sentence"])
    print(f"Bits par caractère : {before} avant, {after} après.")
    for sample in report["samples"]:
        print(f"\n{sample['text']}")


def _specialise(options: argparse.Namespace) -> None:
    from aurore import models, pretrain, soup

    if options.pack or options.tokens:
        raise AuroreError("--pack et --tokens ne vont pas avec --plan sand. Ôtez-les.")
    folder = pretrain.pretrain_folder("sand")
    output = options.output or folder / "model"
    models.check_export(output)
    report = soup.specialise(
        options.start or settings.EMBEDDED_MODEL,
        soup.own_texts(),
        pretrain.training_texts(options.eltec),
        pretrain.validation_text(),
        folder,
        output,
        minutes=options.minutes,
    )
    if report["done"]:
        print(f"{french_number(report['bits_per_char'], 3)} bits par caractère en validation.")
        print(f"Modèle enregistré dans {output} : la moyenne de {', '.join(report['kept'])}.")
    else:
        print("Arrêt avant la fin : la même commande continue.")


def _pretrain(options: argparse.Namespace) -> None:
    from dataclasses import replace

    from aurore import handover, models, pretrain

    if options.plan == "sand":
        return _specialise(options)
    plan = pretrain.PLANS[options.plan]
    plan = replace(plan, tokens=options.tokens or plan.tokens)
    folder = pretrain.pretrain_folder(options.plan)
    # Jamais le modèle embarqué par défaut : pour le remplacer, il faut le nommer.
    output = options.output or folder / "model"
    for place in filter(None, (output, options.pack)):
        models.check_export(place)
    if options.start and not (options.start / "config.json").is_file():
        raise AuroreError(f"--from {options.start} : ce dossier ne contient pas de modèle. Vérifiez le chemin.")
    packed = options.start is not None and handover.is_pack(options.start)
    report = pretrain.pretrain(
        plan,
        None if packed else pretrain.training_texts(options.eltec),
        handover.read_validation(options.start) if packed else pretrain.validation_text(),
        folder,
        output,
        start=options.start,
        packed=options.pack,
        minutes=options.minutes,
    )
    if report["bits_per_char"]:
        print(f"{french_number(report['bits_per_char'], 3)} bits par caractère en validation.")
    if report["done"]:
        print(f"Modèle enregistré dans {output}.")
    if options.pack:
        print(f"Paquet écrit dans {options.pack} : --from l'y reprend.")


def _solutions(options: argparse.Namespace) -> None:
    from aurore.atelier import progress, solutions
    from aurore.atelier.cards import all_cards
    from aurore.atelier.runner import TODO

    if options.action in ("on", "off"):
        done = solutions.switch(options.targets, options.action == "on")
        print(f"Solutions {'montrées' if options.action == 'on' else 'cachées'} : {', '.join(done)}.")
    elif options.action in ("lock", "unlock"):
        done = solutions.lock(options.targets, options.action == "lock")
        print(
            f"Rideau {'tiré' if options.action == 'lock' else 'ouvert'} : {', '.join(done)}. C'est un rideau, pas un coffre : la bibliothèque reste lisible."
        )
    else:
        known, width = progress.statuses(), max(map(len, all_cards()))
        for name in all_cards():
            shown = "montrée" if solutions.is_on(name) else "cachée"
            shown += ", rideau tiré" if solutions.is_locked(name) else ""
            print(f"{name:<{width}} {shown:<21} {known.get(name, TODO)}")
        _print_remaining()
    if solutions.forced():
        print(
            f"AURORE_SOLUTIONS={os.environ['AURORE_SOLUTIONS']} passe avant ces réglages, dans les noyaux où elle est donnée."
        )


def _handout(options: argparse.Namespace) -> None:
    from aurore import handout

    for path in handout.make(options.kinds, options.output, options.solutions):
        print(f"Écrit : {path}")


def _exercises(options: argparse.Namespace) -> None:
    from aurore.atelier import progress
    from aurore.atelier.cards import all_cards
    from aurore.atelier.runner import TODO

    rows: list[dict] = [
        {
            "id": card.id,
            "notebook": card.lesson.notebook,
            "minutes": card.minutes,
            "checks": len(card.checks),
            "hints": len(card.hints),
        }
        for card in all_cards().values()
    ]
    if options.json:
        print(json.dumps(rows))
        return
    known, width = progress.statuses(), max(map(len, all_cards()))
    for row in rows:
        print(
            f"{row['id']:<{width}} {row['minutes']:>3} min  {count(row['checks'], 'vérification')}, {count(row['hints'], 'indice')}  {known.get(row['id'], TODO)}"
        )
    print(f"{count(len(rows), 'exercice')}, {count(sum(row['minutes'] for row in rows), 'minute')}.")
    _print_remaining()


def _certificate(options: argparse.Namespace) -> None:
    from aurore import certificate
    from aurore.atelier.cards import all_cards

    certificate.write(certificate.page(all_cards().values(), options.name), options.output)
    print(f"Attestation écrite dans {options.output}. Ouvrez-la et imprimez-la.")


def _print_remaining() -> None:
    """Ce qui reste à faire, carnet par carnet."""
    from aurore.atelier import progress
    from aurore.atelier.cards import all_cards

    cards = all_cards().values()
    left = progress.remaining(cards)
    for lesson in dict.fromkeys(card.lesson for card in cards):
        total = sum(card.lesson == lesson for card in cards)
        waiting = [card for card in left if card.lesson == lesson]
        done = total - len(waiting)
        print(
            f"{lesson.notebook} : {done} {plural(done, 'validé')} sur {total}, il reste {sum(card.minutes for card in waiting)} min"
        )


if __name__ == "__main__":
    raise SystemExit(main())
