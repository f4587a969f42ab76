# syntax=docker/dockerfile:1
# Le laboratoire entier dans une image : « docker build -t aurore . » puis
# « docker run --rm -p 127.0.0.1:8888:8888 -v aurore:/home/aurore/travail aurore ».
FROM python:3.11-slim-bookworm

LABEL org.opencontainers.image.title="Aurore" \
      org.opencontainers.image.description="Le réseau de neurones qui écrivait des romans : un atelier Jupyter, en français." \
      org.opencontainers.image.licenses="MIT AND CC-BY-SA-4.0" \
      org.opencontainers.image.base.name="docker.io/library/python:3.11-slim-bookworm"

ARG UID=1000
# Pas de droits d'administrateur dans le conteneur ; le groupe 0, sans pouvoir lui-même, est celui qu'un moteur donne à un
# numéro d'utilisateur quelconque (--user 12345) : c'est par lui que le dossier de travail s'écrit alors.
RUN useradd --create-home --uid "$UID" --gid 0 aurore
WORKDIR /home/aurore/atelier

# Les bibliothèques d'abord, seules : changer une leçon ne les réinstalle pas.
# PyTorch « processeur seul » si un dépôt la propose : l'image pèse plusieurs Go de moins. « --build-arg TORCH=cuda » prend
# celle de PyPI, qui calcule aussi sur une carte NVIDIA (docker run --gpus all).
ARG TORCH=cpu
COPY requirements.txt ./
RUN python -m venv /opt/venv \
 && if [ "$TORCH" = cpu ]; then \
      /opt/venv/bin/pip install --no-cache-dir --quiet --retries 0 --timeout 15 --no-deps \
        --extra-index-url https://download.pytorch.org/whl/cpu \
        "$(sed -n 's/^\(torch==[0-9.]*\).*/\1/p' requirements.txt)" \
      || echo "PyTorch « processeur seul » introuvable : version de PyPI."; \
    fi \
 && /opt/venv/bin/pip install --no-cache-dir --quiet -r requirements.txt

# De quoi être lancée par un JupyterHub : la même image pour une personne et pour une salle.
COPY docker/hub/requirements.txt ./hub.txt
RUN /opt/venv/bin/pip install --no-cache-dir --quiet -r hub.txt && rm hub.txt

# Hors de l'atelier : un dossier monté à sa place ne les emporte pas.
COPY docker/entree docker/sante /usr/local/bin/
COPY . .
# Installée sur place : un carnet ouvert de n'importe quel dossier trouve la bibliothèque, et un dossier monté ici à la
# place de celui de l'image (-v CHEMIN:/home/aurore/atelier) est employé sans rien reconstruire.
# Ce que l'on produit va dans un volume : le conteneur peut disparaître, pas le travail.
RUN /opt/venv/bin/pip install --no-cache-dir --quiet --no-deps --editable . \
 && chmod 755 /usr/local/bin/entree /usr/local/bin/sante \
 && mkdir -p /home/aurore/travail && chown -R "$UID:0" /home/aurore/travail && chmod 2775 /home/aurore/travail
USER aurore
ENV PATH=/opt/venv/bin:$PATH AURORE_HOME=/home/aurore/travail AURORE_UID=$UID \
    PYTHONUTF8=1 PYTHONDONTWRITEBYTECODE=1
VOLUME /home/aurore/travail
EXPOSE 8888 8000

# Le laboratoire ou la page : celui des deux qui tourne dit qu'il va bien.
HEALTHCHECK --interval=30s --timeout=5s --start-period=60s CMD ["sante"]

# L'entrée vérifie que le volume s'écrit, et remplace deux mots : « lab » et « page ». Toute autre commande passe telle quelle.
ENTRYPOINT ["entree"]
CMD ["lab"]
