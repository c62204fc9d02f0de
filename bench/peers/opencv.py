"""OpenCV + numpy, as fast as we know how to make it: one thread a process, no map is made where a count will do."""

import cv2
import numpy as np

import tree

cv2.setNumThreads(0)
cv2.ocl.setUseOpenCL(False)


def read(path):
    # Faster than imread by a tenth on files of a kilobyte: no format is probed by reopening the file.
    with open(path, 'rb', buffering=0) as file:
        return cv2.imdecode(np.frombuffer(file.read(), np.uint8), cv2.IMREAD_UNCHANGED)


def shrink(image, size):
    # Halves by their own fast path: a seventh of the time of one step to 9 x 8.
    return cv2.resize(image, size, interpolation=cv2.INTER_AREA)


def stats(chunk):
    pixels, images = [0] * 4, [0] * 4
    for ill, _, lung_path, infection_path, _ in chunk:
        lung, infection = read(lung_path), read(infection_path)
        on = cv2.countNonZero(lung)
        patch = 0 if ill == 1 else cv2.countNonZero(infection)
        if patch:
            counts = ((1, cv2.countNonZero(cv2.subtract(lung, infection))), (ill, patch))
        else:
            counts = ((3 if ill == 3 else 1, on),)
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
        # Bits 2 and 3 of the code are the truth, bits 0 and 1 the prediction. numpy's bit operations are the faster ones.
        if ill == 1 or not cv2.countNonZero(infection):
            code = lung & np.uint8(12 if ill == 3 else 4)
        else:
            code = lung & np.uint8(4)
            np.maximum(code, infection & np.uint8(ill << 2), out=code)
        code |= predicted
        # 256 uniform bins have a path of their own in OpenCV, twice as fast as 16.
        counts = cv2.calcHist([code], [0], None, [256], [0, 256]).ravel()[:16].astype(np.int64)
        confusion += counts
        for index, n in enumerate(counts.reshape(4, 4).sum(1)):
            images[index] += int(n > 0)
        small = shrink(shrink(shrink(read(image_path), (128, 128)), (64, 64)), (9, 8))
        hashes.append(np.packbits(small[:, 1:] > small[:, :-1]).tobytes())
    return confusion.reshape(4, 4).sum(1).tolist() + images + confusion.tolist()


if __name__ == '__main__':
    tree.run({'stats': stats, 'audit': audit})
