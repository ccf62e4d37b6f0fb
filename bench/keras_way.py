"""The Keras tutorial in Keras on TensorFlow: python bench/keras_way.py RECIPE EPOCHS DATA.npz

Runs in an environment of its own, without shuzi. See bench/training.py.
"""

import json
import sys
import time

import keras
import numpy as np

name, epochs, path = sys.argv[1], int(sys.argv[2]), sys.argv[3]
hidden = {"keras-mlp-512": (512, 512), "keras-mlp-256": (256, 64)}[name]
data = np.load(path)
images, labels = data["x_train"].reshape(-1, 784).astype("float32") / 255, data["y_train"]
test, test_labels = data["x_test"].reshape(-1, 784).astype("float32") / 255, data["y_test"]
if name == "keras-mlp-256":
    (images, validation), (labels, validation_labels) = np.split(images, [50_000]), np.split(labels, [50_000])
else:
    validation, validation_labels = test, test_labels  # as the tutorial does

start = time.perf_counter()
layers: list[keras.Layer] = [keras.Input((784,))]
for units in hidden:
    layers += [keras.layers.Dense(units, activation="relu"), keras.layers.Dropout(0.2)]
net = keras.Sequential([*layers, keras.layers.Dense(10, activation="softmax")])
net.compile(loss="categorical_crossentropy", optimizer=keras.optimizers.RMSprop(), metrics=["accuracy"])
net.fit(
    images,
    keras.utils.to_categorical(labels, 10),
    batch_size=128,
    epochs=epochs,
    verbose=0,
    validation_data=(validation, keras.utils.to_categorical(validation_labels, 10)),
)
seconds = time.perf_counter() - start
accuracy = net.evaluate(test, keras.utils.to_categorical(test_labels, 10), verbose=0)[1]
print(json.dumps({"seconds": seconds, "accuracy": float(accuracy)}))
