"""Les erreurs du service : un code, un message en français, un mot pour les programmes."""

import re
from typing import Any

from flask import Flask, Response, jsonify, render_template, request
from werkzeug.exceptions import HTTPException

from aurore.serving import Busy
from aurore.settings import AuroreError, hide_passwords

# Ce que l'on répond à chaque code, à défaut d'une raison plus précise : le mot, la phrase.
KNOWN = {
    400: ("demande", "Cette demande ne se comprend pas. Vérifiez-la."),
    401: ("jeton", "Ce service demande son jeton d'accès. Donnez-le dans l'en-tête « Authorization: Bearer … »."),
    404: ("introuvable", "Cette page n'existe pas. La page d'accueil dit lesquelles existent."),
    405: ("méthode", "Cette adresse ne s'appelle pas ainsi. La page d'accueil dit comment."),
    413: ("trop-long", "Cette demande est trop longue. Raccourcissez le texte."),
    415: ("type", "Le corps de la demande doit être du JSON : « Content-Type: application/json »."),
    429: ("trop-de-demandes", "Vous avez déjà plusieurs demandes en cours. Attendez que l'une finisse."),
    500: ("panne", "Le service a rencontré une panne. Elle est notée ; réessayez."),
    503: ("occupé", "Trop de textes s'écrivent en ce moment. Réessayez dans quelques secondes."),
}
RETRY = 2  # secondes avant de réessayer, après un 429 ou un 503
API = ("/api/", "/predict", "/health", "/openapi.json")


def typeset(text: str) -> str:
    """Une phrase du service, ses espaces rendues insécables devant « : », « ; », « ! », « ? » et dans les guillemets."""
    text = re.sub(" (?=[;!?])", "\u202f", text)
    return re.sub(" (?=[:»])|(?<=«) ", "\u00a0", text)


class Fault(Exception):
    """Une demande que l'on refuse : son code HTTP, un mot pour les programmes, une phrase pour les gens."""

    def __init__(self, code: int, error: str = "", message: str = "") -> None:
        known = KNOWN[code]
        self.code, self.error, self.message = code, error or known[0], typeset(message or known[1])
        super().__init__(self.message)

    @property
    def body(self) -> dict[str, Any]:
        """Ce que reçoit un programme."""
        return {"error": self.error, "message": self.message, "code": self.code}


def as_fault(error: Exception) -> Fault:
    """La même erreur, telle qu'on la dit au-dehors : rien du code ni de la machine n'y paraît."""
    if isinstance(error, Fault):
        return error
    if isinstance(error, Busy):
        return Fault(503, message=str(error))
    if isinstance(error, AuroreError):
        return Fault(400, message=hide_passwords(str(error)))
    if isinstance(error, HTTPException):
        return Fault(error.code if error.code in KNOWN else 400)
    return Fault(500)


def answer(fault: Fault) -> Response:
    """La réponse à une demande refusée : du JSON pour un programme, une page pour une personne."""
    if request.path.startswith(API):
        response = jsonify(fault.body)
    else:
        response = Response(render_template("error.html", fault=fault), mimetype="text/html")
    response.status_code = fault.code
    if fault.code in (429, 503):
        response.headers["Retry-After"] = str(RETRY)
    if fault.code == 401:
        response.headers["WWW-Authenticate"] = 'Bearer realm="aurore"'
    return response


def install(app: Flask) -> None:
    """Fait répondre l'application à toute erreur, prévue ou non."""

    def handle(error: Exception) -> Response:
        fault = as_fault(error)
        if fault.code == 500:
            app.logger.error("Panne sur %s", request.path, exc_info=error)
        response = answer(fault)
        if isinstance(error, HTTPException) and error.code == 405:
            response.headers["Allow"] = ", ".join(sorted(getattr(error, "valid_methods", None) or []))
        return response

    app.register_error_handler(Exception, handle)
