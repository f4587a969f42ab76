# Le laboratoire entier dans une image : « docker build -t aurore . » puis
# « docker run --rm -p 127.0.0.1:8888:8888 -v aurore:/home/aurore/travail aurore ».
FROM python:3.11-slim-bookworm

ARG UID=1000
# Pas de droits d'administrateur dans le conteneur ; l'UID se règle pour que les fichiers restent à vous.
RUN useradd --create-home --uid "$UID" aurore
WORKDIR /home/aurore/atelier

COPY requirements.txt ./
# PyTorch « processeur seul » si un dépôt la propose : l'image pèse plusieurs Go de moins.
RUN python -m venv /opt/venv \
 && (/opt/venv/bin/pip install --no-cache-dir --quiet --retries 0 --timeout 15 --no-deps \
       --extra-index-url https://download.pytorch.org/whl/cpu \
       "$(sed -n 's/^\(torch==[0-9.]*\).*/\1/p' requirements.txt)" \
     || echo "PyTorch « processeur seul » introuvable : version de PyPI.") \
 && /opt/venv/bin/pip install --no-cache-dir --quiet -r requirements.txt

COPY --chown=aurore:aurore . .
# Installée sur place : un carnet ouvert de n'importe quel dossier trouve la bibliothèque.
RUN /opt/venv/bin/pip install --no-cache-dir --quiet --no-deps --editable .
# Ce que l'on produit va dans un volume : le conteneur peut disparaître, pas le travail.
RUN mkdir -p /home/aurore/travail && chown -R aurore:aurore /home/aurore
USER aurore
ENV PATH=/opt/venv/bin:$PATH AURORE_HOME=/home/aurore/travail PYTHONUTF8=1
VOLUME /home/aurore/travail
EXPOSE 8888 8000

# Dans le conteneur on écoute partout ; c'est « -p 127.0.0.1:8888:8888 » qui garde la porte fermée au monde.
# Les carnets sont copiés dans le volume : ce que l'on y écrit survit au conteneur.
CMD ["python", "-m", "aurore", "lab", "--ip", "0.0.0.0", "--no-browser", "--folder", "/home/aurore/travail/carnets"]
