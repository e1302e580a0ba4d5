"""Trains random forests of scikit-learn for Datamodels: a line of JSON on standard input for each model, one back.

The protocol is in docs/process-learner.md. Whatever is not an answer goes to standard error.
"""
import json
import sys

import numpy as np
from sklearn.ensemble import RandomForestClassifier

TREES = 50

hello = json.loads(sys.stdin.readline())
features = np.load(hello["train"]["features"])  # float32 [n, features]
labels = np.load(hello["train"]["labels"])  # int32 [n]
targets = np.load(hello["targets"]["features"])  # float32 [targets, features]

for line in sys.stdin:
    task = json.loads(line)
    replaced = labels.copy()
    for example, label in task["labels"]:
        replaced[example] = label

    subset = task["indices"]
    forest = RandomForestClassifier(TREES, random_state=task["seed"])
    forest.fit(features[subset], replaced[subset])

    # A class that the subset lacks has no column. A probability of 0 has no logarithm: no vote counts as half a vote.
    probabilities = np.zeros((len(targets), len(hello["classes"])))
    probabilities[:, forest.classes_] = forest.predict_proba(targets)
    logits = np.log(np.maximum(probabilities, 0.5 / TREES))
    print(json.dumps({"model": task["model"], "logits": logits.tolist()}), flush=True)
