# coding: utf-8  # noqa: UP009 - un Python 2 lit ainsi la phrase qui le refuse
"""Aurore : le réseau de neurones qui écrivait des romans."""

import sys

__version__ = "0.2.0"

if sys.version_info < (3, 11):  # noqa: UP036 - lisible par tout Python 3, pour que la phrase s'affiche
    raise SystemExit(
        "Aurore demande Python 3.11 ou plus récent ; celui-ci est le {}.{}. ".format(*sys.version_info)
        + "Installez-en un (python.org), effacez le dossier « .venv » s'il est là, puis refaites l'environnement : « make venv PYTHON=python3.11 »."
    )
