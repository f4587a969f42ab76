"""Muon, matrice par matrice : ce que GPT-2 range côte à côte y est rendu orthogonal à part.

`torch.optim.Muon`, celui d'aurore-base, traite d'un bloc les projections de GPT-2 que rien n'unit (requêtes, clés et
valeurs de chaque tête). Ici, on les traite une à une : de quoi mesurer si cela change quelque chose.
"""

import math

import torch

# Les coefficients de Jordan : cinq tours suffisent à amener toutes les valeurs singulières près de 1.
COEFFICIENTS = (3.4445, -4.7750, 2.0315)
ROUNDS = 5


def orthogonalize(matrices: torch.Tensor) -> torch.Tensor:
    """Rapproche chaque matrice d'une pile (N, A, B) de la matrice orthogonale la plus proche, en float32.

    Itération de Newton et Schulz, en bfloat16 : les valeurs singulières non nulles finissent entre 0,7 et 1,2 environ.
    """
    a, b, c = COEFFICIENTS
    wide = matrices if matrices.size(-2) <= matrices.size(-1) else matrices.mT
    found = wide.bfloat16()
    found = found / found.norm(dim=(-2, -1), keepdim=True).clamp(min=1e-7)
    for _ in range(ROUNDS):
        gram = found @ found.mT  # (N, A, A)
        found = torch.baddbmm(found, torch.baddbmm(gram, gram, gram, beta=b, alpha=c), found, beta=a)
    return (found if wide is matrices else found.mT).float()


class PiecesMuon(torch.optim.Optimizer):
    """Muon, décroissance découplée, taux ramené à l'échelle de celui d'AdamW (Liu 2025).

    Un groupe de paramètres peut porter `pieces` : le nombre de matrices rangées côte à côte dans chacun des siens, par
    colonnes (les `Conv1D` de GPT-2 ont une colonne par neurone). Lève `ValueError` si un paramètre n'est pas une
    matrice, ou ne se coupe pas en autant de morceaux égaux.
    """

    def __init__(self, groups: list[dict], lr: float, weight_decay: float = 0.1, momentum: float = 0.95) -> None:
        super().__init__(groups, {"lr": lr, "weight_decay": weight_decay, "momentum": momentum, "pieces": 1})
        for group in self.param_groups:
            for matrix in group["params"]:
                if matrix.ndim != 2 or matrix.size(1) % group["pieces"]:
                    raise ValueError(
                        f"PiecesMuon ne sait pas couper en {group['pieces']} une forme {tuple(matrix.shape)}."
                    )

    @torch.no_grad()
    def step(self, closure=None) -> None:
        """Un pas. Les morceaux de même forme sont rendus orthogonaux d'un seul coup."""
        if closure is not None:
            raise ValueError("Muon ne réévalue pas la perte : appelez `step()` sans argument.")
        piles: dict[torch.Size, list] = {}
        for group in self.param_groups:
            for matrix in group["params"]:
                if matrix.grad is not None:
                    pieces = self._direction(matrix, group)
                    piles.setdefault(pieces.shape, []).append((matrix, group, pieces))
        for pile in piles.values():
            found = orthogonalize(torch.cat([pieces for _, _, pieces in pile]))
            for (matrix, group, pieces), update in zip(pile, found.split(len(pile[0][2])), strict=True):
                scale = 0.2 * math.sqrt(max(pieces.shape[-2:]))
                matrix.mul_(1 - group["lr"] * group["weight_decay"])
                matrix.sub_(_joined(update), alpha=group["lr"] * scale)

    def _direction(self, matrix: torch.Tensor, group: dict) -> torch.Tensor:
        """L'élan de Nesterov, coupé en morceaux : (pieces, A, B / pieces)."""
        state = self.state[matrix]
        if not state:
            state["momentum_buffer"] = torch.zeros_like(matrix)
        state["momentum_buffer"].lerp_(matrix.grad, 1 - group["momentum"])
        direction = matrix.grad.lerp(state["momentum_buffer"], group["momentum"])
        return direction.unflatten(1, (group["pieces"], -1)).transpose(0, 1)


def _joined(pieces: torch.Tensor) -> torch.Tensor:
    """Les morceaux (P, A, B) remis côte à côte : (A, P × B)."""
    return pieces.transpose(0, 1).flatten(1)
