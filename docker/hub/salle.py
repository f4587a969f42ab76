"""JupyterHub sur une seule machine, pour une salle de confiance ou pour essayer : un mot de passe pour tous, un nom chacun.

    AURORE_HUB_PASSWORD=… jupyterhub --config docker/hub/salle.py

Il faut, dans l'environnement de l'atelier, « pip install -r docker/hub/requirements.txt », et le mandataire de JupyterHub,
« npm install -g configurable-http-proxy ». Tout le monde travaille sous le même compte du système : les personnes ont chacune
leur dossier, et rien ne les empêche d'aller voir celui d'à côté. Pour de vrais comptes et de vraies limites : tljh.yaml,
kubernetes.yaml.
"""

import os
import sys
from pathlib import Path

c = get_config()  # noqa: F821

root = Path(__file__).resolve().parents[2]
work = Path(os.environ.get("AURORE_HUB_HOME", "salle")).resolve()  # un dossier par personne, là
work.mkdir(parents=True, exist_ok=True)

# Cette machine seulement ; pour la salle, AURORE_HUB=http://0.0.0.0:8000.
c.JupyterHub.bind_url = os.environ.get("AURORE_HUB", "http://127.0.0.1:8000")
c.JupyterHub.hub_port = int(os.environ.get("AURORE_HUB_PORT", "8081"))
c.JupyterHub.db_url = f"sqlite:///{work / 'hub.sqlite'}"
c.JupyterHub.cookie_secret_file = str(work / "hub.cookie")
c.ConfigurableHTTPProxy.pid_file = str(work / "hub.pid")

c.JupyterHub.authenticator_class = "shared-password"
c.SharedPasswordAuthenticator.user_password = os.environ.get("AURORE_HUB_PASSWORD", "")
c.Authenticator.allow_all = True
c.Authenticator.username_pattern = r"[a-z][a-z0-9-]{0,30}"  # ce nom devient celui d'un dossier

c.JupyterHub.spawner_class = "simple"
c.SimpleLocalProcessSpawner.home_dir_template = str(work / "{username}")
# La commande de tout le monde : elle copie les carnets chez la personne, et voit d'elle-même qu'un hub la lance.
c.Spawner.cmd = [sys.executable, "-m", "aurore", "lab", "--no-browser", "--folder", "~/carnets"]
c.Spawner.environment = {"AURORE_HOME": "~/travail", "PYTHONPATH": str(root)}
c.Spawner.start_timeout = c.Spawner.http_timeout = 180  # trente laboratoires qui s'ouvrent ensemble se gênent
c.JupyterHub.concurrent_spawn_limit = 10
