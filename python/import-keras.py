"""Turns a Keras file into a SavedModel, and into ONNX where tf2onnx is at hand: import-keras.py SITE MODEL SAVED_MODEL ONNX RESULT

SITE is the folder with TensorFlow and Keras. RESULT becomes a JSON file: what is known of the model, or what is wrong with it.
"""

import importlib.util
import json
import os
import sys
import zipfile

site, model_file, saved_model, onnx_file, result_file = sys.argv[1:]
sys.path.insert(0, site)
os.environ["KERAS_BACKEND"] = "tensorflow"
os.environ["CUDA_VISIBLE_DEVICES"] = "-1"
os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "2")


def read_config(file):
    """The model's configuration without making the model; None where the file has none (weights alone)."""
    if zipfile.is_zipfile(file):
        with zipfile.ZipFile(file) as archive:
            return json.loads(archive.read("config.json")) if "config.json" in archive.namelist() else None
    import h5py

    with h5py.File(file, "r") as archive:
        text = archive.attrs.get("model_config")
        return None if text is None else json.loads(text)


def layers_in(config):
    """Class names of all layers, those of models inside models too."""
    if isinstance(config, dict):
        if isinstance(config.get("layers"), list):
            for layer in config["layers"]:
                yield layer.get("class_name", "")
        for value in config.values():
            yield from layers_in(value)
    elif isinstance(config, list):
        for value in config:
            yield from layers_in(value)


MODELS = {"Functional", "Sequential", "Model"}


def foreign_layers(config, layers):
    """Layers whose code is not Keras's own; a Lambda carries Python code of its own."""
    names = dict.fromkeys(layers_in(config))
    known = {name for name in names if name in MODELS or (hasattr(layers, name) and name != "Lambda")}
    return [name for name in names if name not in known]


def activation_of(layer):
    """What the last layer makes of its values; layers that only move values are looked through."""
    while True:
        if type(layer).__name__ == "Softmax":
            return "softmax"
        name = getattr(getattr(layer, "activation", None), "__name__", None)
        if name in ("softmax", "sigmoid"):
            return name
        if type(layer).__name__ not in {"Reshape", "Permute", "Dropout", "UpSampling2D", "Cropping2D", "Resizing"}:
            return None
        layer = layer._inbound_nodes[0].parent_nodes[0].operation


def describe(model, keras):
    """Facts for the model card. A model that scales by itself takes the gray values as they are."""
    known = {"parameters": model.count_params(), "keras": keras.__version__}
    if len(model.inputs) == 1 and len(model.inputs[0].shape) == 4:
        _, height, width, channels = model.inputs[0].shape
        known["layout"] = "NHWC"
        if height and width:
            known["size"] = [height, width]
        if channels in (1, 3):
            known["channels"] = channels
    output = activation_of(model.layers[-1]) if len(model.outputs) == 1 else None
    if output is not None:
        known["output"] = output
    if any(type(layer).__name__ in ("Rescaling", "Normalization") for layer in model.layers[:3]):
        known["preprocess"] = "byte"
    return known


def export_onnx(model):
    """@returns null where it was done, else why not."""
    if not all(importlib.util.find_spec(name) for name in ("tf2onnx", "onnx")):
        return "tf2onnx is not installed"
    try:
        model.export(onnx_file, format="onnx", verbose=False)
        return None
    except Exception as error:
        return str(error).split("\n")[0]


def main():
    config = read_config(model_file)
    if config is None:
        return {"error": "it holds weights alone: build the model in its own program, load them, and save it whole"}
    import keras

    foreign = foreign_layers(config, keras.layers)
    if foreign:
        return {"foreign": foreign}
    model = keras.saving.load_model(model_file, compile=False)
    model.export(saved_model, format="tf_saved_model", verbose=False)
    return {"known": describe(model, keras), "noOnnx": export_onnx(model)}


try:
    result = main()
except Exception as error:
    result = {"error": f"{type(error).__name__}: {error}"}
with open(result_file, "w", encoding="utf-8") as file:
    json.dump(result, file)
