"""`onnx_infer.py MODEL IMAGES THREADS`: Python's ONNX Runtime over one made-up image, again and again, in one session."""

import sys

import numpy as np
import onnxruntime as ort

model, images, threads = sys.argv[1], int(sys.argv[2]), int(sys.argv[3])
options = ort.SessionOptions()
options.intra_op_num_threads = threads
session = ort.InferenceSession(model, options, providers=["CPUExecutionProvider"])
entry = session.get_inputs()[0]
shape = [n if isinstance(n, int) else 1 if i == 0 else 256 for i, n in enumerate(entry.shape)]
values = (np.arange(np.prod(shape), dtype=np.float32) % 997 / 997).reshape(shape)
for _ in range(images):
    session.run(None, {entry.name: values})
