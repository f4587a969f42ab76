"""Les mesures annoncées par le projet : « make bench » les refait et écrit RESULTS.md."""
