"""Writes resnet50-features.json: what Keras's ResNet50 gives for weights and an image that a formula makes: `value` here,
`valuesOf` in resnet50.test.ts; each weight by its place in the order of names.

    python3 resnet50-features.py     with Keras 3 on TensorFlow
"""
import json
from pathlib import Path

import keras
import numpy as np

SIZE = 64
STAGES = ['conv1_relu', 'conv2_block3_out', 'conv3_block4_out', 'conv4_block6_out', 'conv5_block3_out']
SAMPLES = 6


def hashed(size, seed):
    """`hashed` of backends.ts for 0 to size - 1: whole numbers of 32 bits, mixed, as numbers in -1 to 1."""
    mask = np.uint64(0xFFFFFFFF)
    h = np.arange(size, dtype=np.uint64) ^ np.uint64((seed * 0x9E3779B1) & 0xFFFFFFFF)
    h = (h * np.uint64(0x85EBCA6B)) & mask
    h = ((h ^ (h >> np.uint64(13))) * np.uint64(0xC2B2AE35)) & mask
    h ^= h >> np.uint64(16)
    return h.astype(np.float64) / 2147483648 - 1


def value(role, shape, seed):
    """A weight: kernels so small that the planes stay of size 1, batch norm's values about those of a trained network."""
    x = hashed(int(np.prod(shape)), seed).reshape(shape)
    if role == 'kernel':
        return x * np.sqrt(3 / np.prod(shape[:3]))
    return {'bias': 0.1 * x, 'gamma': 0.75 + 0.25 * x, 'beta': 0.1 * x,
            'moving_mean': 0.1 * x, 'moving_variance': 0.75 + 0.25 * x}[role]


model = keras.applications.ResNet50(include_top=False, weights=None, input_shape=(SIZE, SIZE, 3))
named = sorted((f'{layer.name}/{weight.path.rsplit("/", 1)[1]}', weight)
               for layer in model.layers for weight in layer.weights)
for seed, (name, weight) in enumerate(named):
    weight.assign(value(name.rsplit('/', 1)[1], weight.shape, seed))

image = hashed(SIZE * SIZE * 3, 1000).reshape(1, SIZE, SIZE, 3).astype(np.float32)
outputs = keras.Model(model.input, [model.get_layer(stage).output for stage in STAGES]).predict(image, verbose=0)
features = {}
for stage, planes in zip(STAGES, outputs):
    flat = planes.ravel()
    at = [(flat.size * (2 * i + 1)) // (2 * SAMPLES) + 7 * i + 3 for i in range(SAMPLES)]
    features[stage] = {
        'shape': planes.shape[1:],
        'mean': float(flat.mean(dtype=np.float64)),
        'highest': float(flat.max()),
        'samples': {str(i): float(flat[i]) for i in at},
    }
result = {'keras': keras.__version__, 'parameters': model.count_params(), 'weights': [name for name, _ in named], 'features': features}
Path(__file__).with_suffix('.json').write_text(json.dumps(result, indent=1) + '\n')
