"""A COVID-QU-Ex tree as lists of paths, and two processes over it. What both peers share; no pixel is touched here."""

import json
import multiprocessing
import os
import sys

SPLITS = {'train', 'val', 'test'}
SOURCES = {'covid-19': 2, 'non-covid': 3, 'normal': 1}
PROCESSES = 2
CHUNK = 128


def folders(path):
    """Sub-folders by their name without regard to case, space and underscore."""
    with os.scandir(path) as entries:
        return {e.name.lower().replace(' ', '').replace('_', ''): e for e in entries if e.is_dir()}


def find_splits(path, prefix=''):
    """Walks down to the folder that holds Train, Val or Test; yields (path, path relative to the start) of each."""
    below = folders(path)
    found = [e for key, e in below.items() if key in SPLITS]
    if found:
        return [(e.path, prefix + e.name) for e in found]
    return [s for key, e in below.items() if key != 'lungsegmentationdata' for s in find_splits(e.path, f'{prefix}{e.name}/')]


def samples(dataset, predictions):
    """A list of (class of the illness, image, lung mask, infection mask, prediction), paired by name."""
    out = []
    for split, relative in find_splits(dataset):
        for key, source in folders(split).items():
            if key not in SOURCES:
                continue
            kinds = folders(source.path)
            images, lungs, infections = (kinds[k] for k in ('images', 'lungmasks', 'infectionmasks'))
            have_lung, have_infection = set(os.listdir(lungs.path)), set(os.listdir(infections.path))
            predicted = f'{predictions}/{relative}/{source.name}/{images.name}/'
            i, l, f = images.path + '/', lungs.path + '/', infections.path + '/'
            for name in sorted(os.listdir(images.path)):
                if name in have_lung and name in have_infection:
                    out.append((SOURCES[key], i + name, l + name, f + name, predicted + name))
    return out


def total(tallies):
    """Sums lists of numbers of the same length."""
    return [sum(column) for column in zip(*tallies)]


def run(tasks):
    """`peer.py stats|audit DATASET [PREDICTIONS]`: totals as JSON. A task maps a chunk of samples to a flat list."""
    name, dataset = sys.argv[1:3]
    work = samples(dataset, sys.argv[3] if len(sys.argv) > 3 else '')
    chunks = [work[at : at + CHUNK] for at in range(0, len(work), CHUNK)]
    with multiprocessing.get_context('fork').Pool(PROCESSES) as pool:
        flat = total(pool.imap_unordered(tasks[name], chunks))
    result = {'images': len(work), 'pixels': flat[:4], 'classImages': flat[4:8]}
    if name == 'audit':
        result['confusion'] = [flat[8 + 4 * row : 12 + 4 * row] for row in range(4)]
    print(json.dumps(result))
