"""`keras_train.py CASE.json`: the same training in Keras, as a compiled graph: the network and its first weights from the TensorFlow.js
model that the case names, its batches in turn. Prints a line of JSON: losses and seconds of each step."""

import json
import os
import sys
import time
from pathlib import Path

os.environ["TF_CPP_MIN_LOG_LEVEL"] = "3"

import keras
import numpy as np
from keras import layers


def read_weights(folder, manifest):
    data = b"".join((folder / name).read_bytes() for group in manifest for name in group["paths"])
    values, at = {}, 0
    for spec in (one for group in manifest for one in group["weights"]):
        size = 4 * int(np.prod(spec["shape"]))
        values[spec["name"]] = np.frombuffer(data[at : at + size], np.float32).reshape(spec["shape"])
        at += size
    return values


def layer_of(kind, config):
    if kind == "InputLayer":
        return layers.Input(config["batch_input_shape"][1:], name=config["name"])
    keep = {key: value for key, value in config.items() if key not in ("trainable", "data_format", "dtype")}
    return getattr(layers, kind)(**keep)


def read_model(folder):
    described = json.loads((folder / "model.json").read_text())
    config = described["modelTopology"]["config"]
    outputs = {}
    for node in config["layers"]:
        layer = layer_of(node["class_name"], node["config"])
        inputs = [outputs[name] for name, *_ in node["inbound_nodes"][0]] if node["inbound_nodes"] else None
        outputs[node["name"]] = layer if inputs is None else layer(inputs[0] if len(inputs) == 1 else inputs)
    model = keras.Model(outputs[config["input_layers"][0][0]], outputs[config["output_layers"][0][0]])
    values = read_weights(folder, described["weightsManifest"])
    for layer in model.layers:
        for weight in layer.weights:
            weight.assign(values.pop(f"{layer.name}/{weight.name}"))
    assert not values, f"weights of no layer: {list(values)}"
    return model


def main():
    case = json.loads(Path(sys.argv[1]).read_text())
    network = case["network"]
    size = [case["batch"], network["height"], network["width"]]
    images = np.fromfile(case["images"], np.float32).reshape(-1, *size, network["channels"])
    labels = np.fromfile(case["labels"], np.uint8).reshape(-1, *size).astype(np.int32)
    model = read_model(Path(case["model"]))
    model.compile(
        optimizer=keras.optimizers.Adam(case["learningRate"]),
        loss=keras.losses.SparseCategoricalCrossentropy(),
        jit_compile=False,
    )
    losses, seconds = [], []
    for step in range(case["steps"]):
        i = step % len(images)
        start = time.perf_counter()
        # Without a reset, Keras gives the mean of all steps so far.
        model.reset_metrics()
        losses.append(float(model.train_on_batch(images[i], labels[i])))
        seconds.append(time.perf_counter() - start)
    print(json.dumps({"losses": losses, "seconds": seconds}))


if __name__ == "__main__":
    main()
