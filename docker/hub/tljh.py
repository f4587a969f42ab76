"""The Littlest JupyterHub : ce que config.yaml ne sait pas dire. À mettre dans /opt/tljh/config/jupyterhub_config.d/aurore.py.

L'atelier est dans /srv/aurore, lisible de tous et à personne ; chacun travaille dans son dossier personnel, gardé d'une séance à
l'autre.
"""

c = get_config()  # noqa: F821

# La commande de tout le monde : elle copie les carnets chez la personne, et voit d'elle-même qu'un hub la lance.
c.Spawner.cmd = ["/opt/tljh/user/bin/python", "-m", "aurore", "lab", "--no-browser", "--folder", "~/carnets"]
c.Spawner.environment = {
    "AURORE_HOME": "~/travail",
    "PYTHONPATH": "/srv/aurore",
    "OMP_NUM_THREADS": "2",  # PyTorch compterait les cœurs de la machine, et non ceux de la personne
    "HF_HUB_OFFLINE": "1",  # les modèles sont embarqués
}
c.Spawner.start_timeout = c.Spawner.http_timeout = 180
