"""La dernière couche et sa perte, calculées ensemble et par morceaux, sans jamais écrire tous les logits."""

import math

import torch
from torch import Tensor

IGNORED = -100  # une étiquette qui ne compte pas
# Les nombres d'un morceau : en 32 bits, moins de 32 Mio, que la bibliothèque C garde d'un pas à l'autre.
LOGITS = 2**23 - 2**15
ALIGNED = 32  # les colonnes d'un morceau : 64 octets en 16 bits, 128 en 32


def rows_at_once(vocabulary: int, exact: bool) -> int:
    """Combien de places note un morceau : assez pour bien multiplier, assez peu pour rester dans le cache.

    Un grand vocabulaire en garde deux fois moins si les produits ne sont pas exacts (32 bits) : il y faut deux copies.
    """
    return max(512 if exact else 256, LOGITS // vocabulary)


def head_loss(
    states: Tensor, table: Tensor, labels: Tensor, total: int | Tensor | None = None, candidates: int = 0
) -> Tensor:
    """Entropie croisée de `states @ table.T`, en nats par token ; mêmes nombres que celle de PyTorch, aux arrondis près.

    states (B, T, C), table (V, C), labels (B, T), pas encore décalées : la place t prédit l'étiquette t + 1. Celles qui
    valent -100 ne comptent pas. `total` est ce par quoi diviser : le nombre de tokens prédits par défaut, celui de tout un
    lot s'il est lu en plusieurs fois. Sous autocast, les produits se font dans sa précision, et la perte en 32 bits.

    `candidates`, s'il n'est pas nul, est le nombre de tokens du vocabulaire notés en apprenant : voir `_draw`. La perte n'est
    alors qu'estimée ; une mesure, sans gradient, reste exacte.
    """
    wanted = torch.nn.functional.pad(labels, (0, 1), value=IGNORED)[..., 1:].flatten()  # (B × T,)
    total = (wanted != IGNORED).sum() if total is None else total
    if not torch.is_grad_enabled():  # sans cela, une mesure ferait aussi le gradient de la table
        states, table = states.detach(), table.detach()
    elif 0 < candidates < len(table):
        table, wanted, shift = _draw(table, wanted, candidates)
        return _HeadLoss.apply(states.flatten(0, 1), table, wanted, total, shift)
    return _HeadLoss.apply(states.flatten(0, 1), table, wanted, total)


def _draw(table: Tensor, wanted: Tensor, candidates: int) -> tuple[Tensor, Tensor, Tensor]:
    """Les seuls tokens que l'on notera : ceux qu'il faut prédire, puis d'autres, tirés au sort, `candidates` en tout.

    Rend leurs lignes de `table` (K, C), les étiquettes renumérotées, et ce qu'il faut ajouter à chaque note (K,) : un token
    tiré au sort parle pour tous ceux qu'on laisse. La somme des exponentielles est ainsi estimée sans biais (« sampled
    softmax », Jean 2015). Un quart au moins des candidats sont tirés, si divers que soit le lot.
    """
    right = wanted[wanted != IGNORED].unique()
    absent = torch.ones(len(table), dtype=torch.bool, device=table.device)
    absent[right] = False
    others = absent.nonzero().flatten()
    drawn = others[torch.randperm(len(others), device=table.device)[: max(candidates - len(right), candidates // 4)]]
    kept = torch.cat([right, drawn])
    shift = torch.zeros(len(kept), device=table.device)
    if len(drawn):
        shift[len(right) :] = math.log(len(others) / len(drawn))
    places = torch.full((len(table),), IGNORED, device=table.device)
    places[kept] = torch.arange(len(kept), device=table.device)
    return table.index_select(0, kept), torch.where(wanted == IGNORED, IGNORED, places[wanted.clamp(min=0)]), shift


class _HeadLoss(torch.autograd.Function):
    """Perte et gradients de la dernière couche, un morceau après l'autre.

    Un lot de 8 192 tokens et un vocabulaire de 8 192 font 67 millions de logits, que le calcul ordinaire garde en quatre
    copies et lit une dizaine de fois. Ici un morceau est noté, jugé, remplacé par son gradient sur place, puis oublié
    (l'idée de « Liger Kernel », Hsu 2024) ; mêmes multiplications, rien de recalculé.
    """

    @staticmethod
    def forward(
        ctx, states: Tensor, table: Tensor, targets: Tensor, total: int | Tensor, shift: Tensor | None = None
    ) -> Tensor:
        """`states` (N, C), `table` (V, C), `targets` (N,), dont -100 ne compte pas, `shift` (V,), ajouté aux logits → la somme des
        pertes sur `total`.
        """
        device = states.device.type
        low = torch.get_autocast_dtype(device) if torch.is_autocast_enabled(device) else table.dtype
        exact = torch.promote_types(low, torch.float32)
        to_states = torch.empty_like(states) if ctx.needs_input_grad[0] else None
        to_table = torch.empty_like(table) if ctx.needs_input_grad[1] else None
        summed = states.new_zeros((), dtype=exact)
        # Des morceaux égaux : un reste de quelques places relirait toute la table pour elles.
        rows = math.ceil(len(states) / math.ceil(len(states) / rows_at_once(len(table), low == exact)))
        with torch.autocast(device, enabled=False):
            lean = table.to(low)
            # Des lignes d'un nombre rond d'octets : à 50 257 colonnes, multiplier prend un quart de temps de moins.
            width = len(table)
            scores = states.new_empty(rows, math.ceil(width / ALIGNED) * ALIGNED, dtype=low)
            chances = scores if low == exact else scores.to(exact)
            for start in range(0, len(states), rows):
                part = slice(start, start + rows)
                seen = states[part].to(low)  # (n, C)
                counted = (targets[part, None] != IGNORED).to(exact)  # (n, 1)
                wanted = targets[part, None].clamp(min=0)  # (n, 1)
                notes = scores[: len(seen)]  # (n, V), et quelques colonnes de plus que nulle chance n'atteint
                notes[:, width:] = -math.inf
                torch.mm(seen, lean.T, out=notes[:, :width])
                if shift is not None:
                    notes[:, :width] += shift.to(low)
                best, right = notes.amax(1, keepdim=True).to(exact), notes.gather(1, wanted).to(exact)
                odds = torch.softmax(notes, -1, dtype=exact, out=chances[: len(seen)])  # (n, V)
                # -ln p(juste) = ln Σ exp(notes) - note juste. La somme se tire de la plus grande probabilité, jamais nulle.
                summed += ((best - odds.amax(1, keepdim=True).log() - right) * counted).sum()
                if to_states is None and to_table is None:
                    continue
                # La dérivée de la perte par les logits : les probabilités, moins 1 à la bonne réponse.
                slope = odds.scatter_add_(1, wanted, -torch.ones_like(counted))
                if low != exact:
                    slope = notes.copy_(slope)
                # Une place qui ne compte pas est effacée du côté étroit, C, plutôt que du large, V.
                slope = slope[:, :width]
                if to_states is not None:
                    to_states[part] = (slope @ lean) * counted
                if to_table is not None:
                    _add_product(to_table, slope.T, seen * counted.to(low), first=start == 0)
        for gradient in (to_states, to_table):
            if gradient is not None:
                gradient.div_(total)
        ctx.save_for_backward(to_states, to_table)
        return summed / total

    @staticmethod
    @torch.autograd.function.once_differentiable
    def backward(ctx, upstream: Tensor) -> tuple[Tensor | None, Tensor | None, None, None, None]:
        """Les gradients sont déjà faits ; `upstream`, presque toujours 1, les multiplie."""
        gradients = ctx.saved_tensors
        if upstream != 1:
            gradients = tuple(found if found is None else found * upstream for found in gradients)
        return *gradients, None, None, None


def _add_product(into: Tensor, left: Tensor, right: Tensor, first: bool) -> None:
    """`into += left @ right`, sans copie quand les précisions sont les mêmes ; le premier remplace ce qu'il y avait."""
    if into.dtype == left.dtype:
        into.addmm_(left, right, beta=0 if first else 1)
    elif first:
        into.copy_(left @ right)
    else:
        into += left @ right
