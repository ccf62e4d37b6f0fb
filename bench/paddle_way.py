"""The PaddlePaddle tutorial in Paddle: python bench/paddle_way.py RECIPE EPOCHS DATA.npz

Runs in an environment of its own, without shuzi. See bench/training.py.
"""

import json
import sys
import time

import numpy as np
import paddle

epochs, path = int(sys.argv[2]), sys.argv[3]
data = np.load(path)
images = data["x_train"].reshape(-1, 784).astype("float32") / 127.5 - 1
labels = data["y_train"].astype("float32").reshape(-1, 1)
test = data["x_test"].reshape(-1, 784).astype("float32") / 127.5 - 1

start = time.perf_counter()
net = paddle.nn.Linear(784, 1)
optimiser = paddle.optimizer.SGD(learning_rate=0.001, parameters=net.parameters())
for _ in range(epochs):
    for first in range(0, len(images), 16):
        predicted = net(paddle.to_tensor(images[first : first + 16]))
        loss = paddle.nn.functional.mse_loss(predicted, paddle.to_tensor(labels[first : first + 16]))
        loss.backward()
        optimiser.step()
        optimiser.clear_grad()
seconds = time.perf_counter() - start
answers = net(paddle.to_tensor(test)).numpy().astype("int32").ravel()
print(json.dumps({"seconds": seconds, "accuracy": float((answers == data["y_test"]).mean())}))
