"""Muon par morceaux : la référence est le Muon de PyTorch, et l'algèbre."""

import pytest
import torch

from benchmarks import muon

SHAPES = ((24, 24), (24, 96), (96, 24))


def matrix(shape: tuple[int, ...], seed: int = 0) -> torch.Tensor:
    return torch.randn(shape, generator=torch.Generator().manual_seed(seed))


@pytest.mark.parametrize("shape", SHAPES)
def test_a_matrix_goes_to_the_nearest_orthogonal_one(shape):
    pile = torch.stack([matrix(shape, seed) for seed in range(3)])
    found = muon.orthogonalize(pile)
    left, _, right = torch.linalg.svd(pile, full_matrices=False)
    singular = torch.linalg.svdvals(found)
    assert singular.min() > 0.6 and singular.max() < 1.3
    nearest = left @ right
    assert torch.nn.functional.cosine_similarity(found.flatten(1), nearest.flatten(1)).min() > 0.95


def test_each_matrix_of_a_pile_is_treated_alone():
    pile = torch.stack([matrix((24, 32), seed) for seed in range(3)])
    alone = torch.cat([muon.orthogonalize(pile[i : i + 1]) for i in range(3)])
    assert torch.allclose(muon.orthogonalize(pile), alone, atol=0.02)


def steps(optimizer, parameters, count=3):
    for number in range(count):
        for seed, parameter in enumerate(parameters):
            parameter.grad = matrix(tuple(parameter.shape), 10 * number + seed)
        optimizer.step()


def test_in_one_piece_it_is_the_muon_of_pytorch():
    ours = [torch.nn.Parameter(matrix(shape, 50)) for shape in SHAPES]
    theirs = [torch.nn.Parameter(parameter.detach().clone()) for parameter in ours]
    steps(muon.PiecesMuon([{"params": ours}], lr=0.02, weight_decay=0.1), ours)
    steps(torch.optim.Muon(theirs, lr=0.02, weight_decay=0.1, adjust_lr_fn="match_rms_adamw"), theirs)
    for one, other, shape in zip(ours, theirs, SHAPES, strict=True):
        moved = (other - matrix(shape, 50)).norm()
        assert (one - other).norm() < 0.02 * moved  # le bfloat16 n'arrondit pas dans le même ordre


def test_pieces_side_by_side_move_as_if_they_were_apart():
    fused = torch.nn.Parameter(matrix((16, 24)))
    apart = [torch.nn.Parameter(piece.clone()) for piece in fused.detach().split(8, dim=1)]
    optimizer = muon.PiecesMuon([{"params": [fused], "pieces": 3}], lr=0.1)
    separate = muon.PiecesMuon([{"params": apart}], lr=0.1)
    fused.grad = matrix((16, 24), 5)
    for piece, gradient in zip(apart, fused.grad.split(8, dim=1), strict=True):
        piece.grad = gradient
    optimizer.step()
    separate.step()
    assert torch.allclose(fused, torch.cat(apart, 1), atol=1e-4)


def test_weights_decay_apart_from_the_gradient():
    kept, decayed = (torch.nn.Parameter(matrix((8, 8))) for _ in range(2))
    for parameter, decay in ((kept, 0.0), (decayed, 0.5)):
        parameter.grad = matrix((8, 8), 3)
        muon.PiecesMuon([{"params": [parameter]}], lr=0.1, weight_decay=decay).step()
    assert torch.allclose(kept - decayed, 0.1 * 0.5 * matrix((8, 8)), atol=1e-5)


def test_a_state_reread_goes_on_the_same():
    whole, cut = (torch.nn.Parameter(matrix((8, 24))) for _ in range(2))
    groups = lambda parameter: [{"params": [parameter], "pieces": 3}]  # noqa: E731
    steps(muon.PiecesMuon(groups(whole), lr=0.1), [whole], 4)
    first = muon.PiecesMuon(groups(cut), lr=0.1)
    steps(first, [cut], 2)
    second = muon.PiecesMuon(groups(cut), lr=0.1)
    second.load_state_dict(first.state_dict())
    for number in (2, 3):
        cut.grad = matrix((8, 24), 10 * number)
        second.step()
    assert torch.equal(whole, cut)


@pytest.mark.parametrize(("shape", "pieces"), [((8,), 1), ((2, 3, 4), 1), ((8, 10), 3)])
def test_what_it_cannot_cut_is_refused(shape, pieces):
    with pytest.raises(ValueError, match="Muon"):
        muon.PiecesMuon([{"params": [torch.nn.Parameter(matrix(shape))], "pieces": pieces}], lr=0.1)
