"""Reading: a picture -> digits -> lines -> numbers, with numpy, Pillow and onnxruntime only."""
