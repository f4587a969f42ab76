"""Le nettoyage d'un livre, dont `aurore/corpus.py` enchaîne les étapes : lire, cadrer, ôter ce qui n'est pas de l'auteur.

encodings      lire les octets d'après ce qu'ils contiennent
frame          le cadre de Gutenberg : où commence le livre, où il finit, combien il y en a
blocks         les blocs d'un texte, et le compte de ce qu'on lui ôte
kinds          ce que dit un bloc : la voix de l'auteur, un titre, une table, un catalogue
transcription  ce qu'ont écrit ceux qui ont numérisé le livre
marks          les marques au fil du texte : appels de notes, numéros de page, italiques
ends           les deux bouts du livre : libraires, tables, annexes
edition        ces trois derniers, dans l'ordre
lines          des lignes aux paragraphes : prose, vers, typographie
cuts           rendre compte de ce qui a été ôté
"""
