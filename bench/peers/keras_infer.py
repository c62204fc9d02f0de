"""`keras_infer.py --make FOLDER`: a U-Net with a ResNet50 encoder (32.6 M parameters, random weights), as a SavedModel and a Keras file.
`keras_infer.py FOLDER IMAGES BATCH`: that model in graph mode over one made-up batch, again and again."""

import os
import sys
from pathlib import Path

os.environ["TF_CPP_MIN_LOG_LEVEL"] = "3"

import keras
import numpy as np
import tensorflow as tf
from keras import layers

SKIPS = ("conv1_relu", "conv2_block3_out", "conv3_block4_out", "conv4_block6_out")


def block(x, filters):
    for _ in range(2):
        x = layers.Conv2D(filters, 3, padding="same", use_bias=False)(x)
        x = layers.ReLU()(layers.BatchNormalization()(x))
    return x


def unet():
    keras.utils.set_random_seed(1)
    encoder = keras.applications.ResNet50(include_top=False, weights=None, input_shape=(256, 256, 3))
    x = encoder.output
    for filters, name in zip((256, 128, 64, 32), reversed(SKIPS)):
        x = block(layers.Concatenate()([layers.UpSampling2D()(x), encoder.get_layer(name).output]), filters)
    x = block(layers.UpSampling2D()(x), 16)
    return keras.Model(encoder.input, layers.Activation("softmax")(layers.Conv2D(4, 3, padding="same")(x)))


def make(folder):
    model = unet()
    model.export(folder / "saved")
    model.save(folder / "unet.keras")


def infer(folder, images, batch):
    model = keras.models.load_model(folder / "unet.keras", compile=False)
    run = tf.function(lambda x: model(x, training=False))
    values = (np.arange(batch * 256 * 256 * 3, dtype=np.float32) % 997 / 997).reshape(batch, 256, 256, 3)
    for _ in range(0, images, batch):
        run(tf.constant(values)).numpy()


if __name__ == "__main__":
    if sys.argv[1] == "--make":
        make(Path(sys.argv[2]))
    else:
        infer(Path(sys.argv[1]), int(sys.argv[2]), int(sys.argv[3]))
