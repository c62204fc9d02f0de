"""Pillow + numpy, as fast as we know how to make it: the PNG plugin straight, arrays on its bytes, no needless copy."""

import io

import numpy as np
from PIL import Image
from PIL.PngImagePlugin import PngImageFile

import tree


def picture(path):
    # One read, no probing of the other formats.
    with open(path, 'rb', buffering=0) as file:
        image = PngImageFile(io.BytesIO(file.read()))
    image.load()
    return image


def read(path):
    return np.frombuffer(picture(path).tobytes(), np.uint8)


def stats(chunk):
    pixels, images = [0] * 4, [0] * 4
    for ill, _, lung_path, infection_path, _ in chunk:
        lung, infection = read(lung_path), read(infection_path)
        patch = 0 if ill == 1 else int(np.count_nonzero(infection))
        if patch:
            counts = ((1, int(np.count_nonzero(lung > infection))), (ill, patch))
        else:
            counts = ((3 if ill == 3 else 1, int(np.count_nonzero(lung))),)
        rest = lung.size
        for index, n in counts:
            pixels[index] += n
            images[index] += n > 0
            rest -= n
        pixels[0] += rest
        images[0] += rest > 0
    return pixels + images


def audit(chunk):
    images = [0] * 4
    confusion = np.zeros(16, np.int64)
    hashes = []
    for ill, image_path, lung_path, infection_path, prediction_path in chunk:
        lung, infection, predicted = read(lung_path), read(infection_path), read(prediction_path)
        # Bits 2 and 3 of the code are the truth, bits 0 and 1 the prediction.
        if ill == 1 or not infection.any():
            code = lung & np.uint8(12 if ill == 3 else 4)
        else:
            code = lung & np.uint8(4)
            np.maximum(code, infection & np.uint8(ill << 2), out=code)
        code |= predicted
        # Two pixels a bin, folded: half as many numbers to widen and count.
        pairs = np.bincount(code.view(np.uint16), minlength=4096).reshape(16, 256)
        counts = pairs.sum(1) + pairs[:, :16].sum(0)
        confusion += counts
        for index, n in enumerate(counts.reshape(4, 4).sum(1)):
            images[index] += int(n > 0)
        small = np.asarray(picture(image_path).resize((9, 8), Image.Resampling.BOX, reducing_gap=1.0))
        hashes.append(np.packbits(small[:, 1:] > small[:, :-1]).tobytes())
    return confusion.reshape(4, 4).sum(1).tolist() + images + confusion.tolist()


if __name__ == '__main__':
    tree.run({'stats': stats, 'audit': audit})
