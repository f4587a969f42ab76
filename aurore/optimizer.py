"""L'optimiseur d'un modèle qui écrit : Muon pour les matrices des couches, AdamW pour le reste."""

import torch
from transformers import PreTrainedModel


class MuonAdamW(torch.optim.Optimizer):
    """Muon (Jordan 2024) et AdamW sous un seul toit : Trainer n'en connaît qu'un.

    Muon remplace le gradient d'une matrice par la matrice orthogonale la plus proche : toutes les directions avancent
    du même pas. Son taux est ramené à l'échelle de celui d'AdamW (Liu 2025). `matrix_rate` vaut pour les
    matrices des couches, `rate` pour les plongements, `vector_rate` (`rate`, s'il n'est pas donné) pour les biais et les
    normes. Ni les uns ni les autres ne se prêtent à Muon. `momentum` est celui de Muon : plus il est grand, plus un pas tient
    aux gradients d'avant. `weight_decay` ne touche que les matrices et les plongements : seuls ceux-ci gagnent à être
    tenus petits.
    """

    def __init__(
        self,
        model: PreTrainedModel,
        rate: float,
        matrix_rate: float,
        weight_decay: float,
        vector_rate: float | None = None,
        momentum: float = 0.95,
    ) -> None:
        vector_rate = rate if vector_rate is None else vector_rate
        matrices, tables, vectors = split(model)
        self.parts = [
            torch.optim.Muon(
                [{"params": matrices}],
                lr=matrix_rate,
                weight_decay=weight_decay,
                momentum=momentum,
                adjust_lr_fn="match_rms_adamw",
            ),
            torch.optim.AdamW(
                [
                    {"params": tables, "weight_decay": weight_decay},
                    {"params": vectors, "weight_decay": 0.0, "lr": vector_rate},
                ],
                lr=rate,
                betas=(0.9, 0.95),
                fused=True,
            ),
        ]
        # Les mêmes groupes que les siens : le taux que Trainer y écrit est celui que chacun lit.
        super().__init__([group for part in self.parts for group in part.param_groups], {})

    def step(self, closure=None) -> None:
        """Un pas de chacun."""
        if closure is not None:
            raise ValueError("MuonAdamW ne réévalue pas la perte : appelez `step()` sans argument.")
        for part in self.parts:
            part.step()

    def state_dict(self) -> dict:
        """L'état de chacun, dans l'ordre."""
        return {"parts": [part.state_dict() for part in self.parts]}

    def load_state_dict(self, state: dict) -> None:
        """Relit ce que `state_dict` a rendu."""
        for part, saved in zip(self.parts, state["parts"], strict=True):
            part.load_state_dict(saved)
        self.param_groups = [group for part in self.parts for group in part.param_groups]


def split(model: PreTrainedModel) -> tuple[list, list, list]:
    """Les matrices des couches, les autres tables (plongements, sortie), et les vecteurs (biais, normes).

    Une matrice « de couche » est dans une liste de modules : `h` de GPT-2, `layers` des autres.
    """
    inside = {
        id(parameter)
        for module in model.modules()
        if isinstance(module, torch.nn.ModuleList)
        for parameter in module.parameters()
    }
    learning = [parameter for parameter in model.parameters() if parameter.requires_grad]
    matrices = [p for p in learning if p.ndim == 2 and id(p) in inside]
    tables = [p for p in learning if p.ndim >= 2 and not (p.ndim == 2 and id(p) in inside)]
    return matrices, tables, [p for p in learning if p.ndim < 2]
