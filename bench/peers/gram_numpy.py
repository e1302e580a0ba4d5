#!/usr/bin/env python3
"""Peer for the Gram matrix of the masks: what OpenBLAS does for it through NumPy, in float32.

  apt-get install python3-numpy libopenblas0
  /usr/bin/python3 gram_numpy.py --rows 65536 --columns 8192 --threads 2

Counts below 2^24 are exact in float32, so this gives the same numbers. Prints one JSON line: seconds of the general matrix
product (sgemm: of two copies, so that NumPy cannot see that the result is symmetric), seconds of what NumPy does for X.T @ X
(ssyrk, half of the work, and a copy), and the kernels that OpenBLAS took. Turning the masks into float32 is not in the time.
"""
import argparse, ctypes, json, os, time

a = argparse.ArgumentParser(); a.add_argument('--rows', type=int, default=65536); a.add_argument('--columns', type=int, default=8192)
a.add_argument('--threads', type=int, default=os.cpu_count())
args = a.parse_args()
os.environ['OMP_NUM_THREADS'] = os.environ['OPENBLAS_NUM_THREADS'] = str(args.threads)
try:
    # An OpenBLAS that is older than the processor, or is told so, takes AVX2 kernels; those for AVX-512 are twice as fast.
    if ' avx512bw ' in open('/proc/cpuinfo').read(): os.environ['OPENBLAS_CORETYPE'] = 'SKYLAKEX'
except OSError:
    pass
import numpy as np

def seconds(work):
    start = time.perf_counter(); work(); return time.perf_counter() - start

def kernels():
    try:
        path = next(line.split()[-1] for line in open('/proc/self/maps') if 'openblas' in line)
        name = ctypes.CDLL(path).openblas_get_corename; name.restype = ctypes.c_char_p
        return name().decode()
    except (OSError, StopIteration, AttributeError):
        return 'unknown'

X = np.random.default_rng(1).integers(0, 2, size=(args.rows, args.columns), dtype=np.uint8).astype(np.float32)
Y = X.copy()
assert np.array_equal(X[:256].T @ Y[:256], X[:256].T @ X[:256])
out = np.empty((args.columns, args.columns), dtype=np.float32)
gemm = seconds(lambda: np.matmul(X.T, Y, out=out))
del Y
syrk = seconds(lambda: np.matmul(X.T, X, out=out))
print(json.dumps({'sgemm_s': round(gemm, 3), 'ssyrk_s': round(syrk, 3), 'kernels': kernels()}))
