#!/usr/bin/env python3
"""The duality gap of paths of weights as scikit-learn's coordinate descent measures it, from the masks and margins themselves.

  apt-get install python3-numpy
  /usr/bin/python3 gap_sklearn.py masks.npy margins.npy paths [--held-out 0.1]

masks.npy   [models, train] bool or uint8, margins.npy [models, targets] float.
paths       a folder with TARGET-weights.npy [lambdas, train] and TARGET-lambdas.npy [lambdas] for some targets.
The weights are fitted to all but the last of the models. Prints one JSON line: the largest gap over targets and lambdas,
relative to |y|^2 with y centred. The gap is that of sklearn/linear_model/_cd_fast.pyx for the objective
1/2 |y - Xw|^2 + alpha |w|_1 with alpha = lambda * models, whose tolerance is compared with the same ratio.
"""
import argparse, glob, json, os
import numpy as np

a = argparse.ArgumentParser(); a.add_argument('masks'); a.add_argument('margins'); a.add_argument('paths')
a.add_argument('--held-out', type=float, default=0.1)
args = a.parse_args()
M = np.load(args.masks, mmap_mode='r'); m = len(M) - round(args.held_out * len(M))
X = np.asarray(M[:m], dtype=np.float64); X -= X.mean(0); Y = np.load(args.margins, mmap_mode='r')
worst, paths = 0.0, glob.glob(os.path.join(args.paths, '*-weights.npy'))
for path in paths:
    target = int(os.path.basename(path).split('-')[0])
    y = np.asarray(Y[:m, target], dtype=np.float64); y -= y.mean()
    for w, lam in zip(np.load(path), np.load(path.replace('weights', 'lambdas'))):
        alpha = lam * m; R = y - X @ w; dual_norm = np.abs(X.T @ R).max(); R2 = R @ R
        const, gap = (alpha / dual_norm, .5 * (R2 + R2 * (alpha / dual_norm) ** 2)) if dual_norm > alpha else (1.0, R2)
        gap += alpha * np.abs(w).sum() - const * (R @ y); worst = max(worst, gap / (y @ y))
print(json.dumps({'worst_gap': worst, 'targets': len(paths)}))
