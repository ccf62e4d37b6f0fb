// What recipes say of themselves (title, tutorial, claim, fault), in Chinese, by the English in their files.

export const recipesZh = {
  "Blink: as good as a LeNet in two seconds": "一眨眼：两秒钟练到 LeNet 的水平",
  "The champion: five 3x3 convolutions": "冠军：五层 3×3 卷积",
  "Keras MLP 784-256-64-10 with dropout": "Keras 多层感知机 784-256-64-10，带 dropout",
  "Keras MLP 784-512-512-10 with dropout": "Keras 多层感知机 784-512-512-10，带 dropout",
  "Keras MLP 784-512-512-10 with dropout, validated on other writers":
    "Keras 多层感知机 784-512-512-10，带 dropout，用别人的笔迹做验证",
  "A minute: seven and a half passes over MNIST": "一分钟：把 MNIST 过七遍半",
  "small's net, which has also seen pen strokes and fonts": "small 的网络，另外学过笔画和手写字体",
  "MXNet LeNet with tanh": "MXNet 的 LeNet，用 tanh",
  "MXNet LeNet with tanh, started well and validated on other writers":
    "MXNet 的 LeNet，用 tanh，初始化得当，用别人的笔迹做验证",
  "MXNet MLP 784-128-64-10": "MXNet 多层感知机 784-128-64-10",
  "MXNet MLP 784-128-64-10, started well and validated on other writers":
    "MXNet 多层感知机 784-128-64-10，初始化得当，用别人的笔迹做验证",
  "The linear layer as softmax regression: a score for each digit": "把线性层改成 softmax 回归：每个数字各得一分",
  "PaddlePaddle's linear regressor: the digit as a quantity": "PaddlePaddle 线性回归：把数字当成数量",
  "PyTorch CNN: two 5x5 convolutions, 28,938 parameters": "PyTorch 卷积网络：两层 5×5 卷积，28,938 个参数",
  "PyTorch CNN: two 5x5 convolutions, judged on other writers": "PyTorch 卷积网络：两层 5×5 卷积，用别人的笔迹来评判",
  "PyTorch MLP 784-256-128-10, with a ReLU on its logits": "PyTorch 多层感知机 784-256-128-10，logits 上多套了一层 ReLU",
  "PyTorch MLP 784-256-128-10 without the ReLU on its logits": "PyTorch 多层感知机 784-256-128-10，去掉 logits 上的 ReLU",
  "For the record: three nets that answer together, on MNIST alone": "冲纪录：三个网络一起作答，只用 MNIST",
  "Small: under a hundred thousand parameters": "小号：不到十万个参数",
  "Sprint: one pass over MNIST": "冲刺：只把 MNIST 过一遍",
  "Tiny: under ten thousand parameters": "迷你：不到一万个参数",
  "Three 5x5 convolutions from half resolution": "三层 5×5 卷积，从一半的分辨率看起",
  "wide-kernels, which has also seen pen strokes and fonts": "wide-kernels 的网络，另外学过笔画和手写字体",

  "Keras: handwritten digits with a fully connected net": "Keras：用全连接网络识别手写数字",
  "Keras: handwritten digits with a fully connected net (its full listing)": "Keras：用全连接网络识别手写数字（文末的完整代码）",
  "MXNet tutorial 2: handwritten digit recognition (Chinese translation)": "MXNet 教程二：手写数字识别（中译）",
  "PaddlePaddle: handwritten digit recognition with one linear layer": "PaddlePaddle：用一层线性网络识别手写数字",
  "PyTorch: convolutional neural network, handwritten digits": "PyTorch：卷积神经网络识别手写数字",
  "PyTorch: the basic idea of handwritten digit recognition": "PyTorch：手写数字识别的基本思路",

  "over 98 %": "98% 以上",
  "answers 3 for a picture of 0": "给它看 0，它答 3",
  "99 % (printed with 2 decimals), later 98.35 %": "99%（只印到两位小数），后来是 98.35%",
  "keeps the best model": "会留下最好的模型",

  "The listing doesn't run: to_categorical is never imported and names are used outside the function that makes them; its data come as a pickle, which can execute anything.":
    "代码跑不起来：没有导入 to_categorical，还在函数外面用了函数里的变量；数据是一个 pickle，打开它等于允许它执行任意代码。",
  "Mended: the epoch is chosen on validation digits of other writers.": "已改：用别人写的验证数字来挑选轮次。",
  "Validates on the test set in every one of its 20 epochs, so any epoch picked by that figure is picked on test data.":
    "20 轮里每一轮都拿测试集当验证集，按这个数字挑轮次，就是用测试集挑的。",
  "Mended: Glorot's start, new order every epoch, validation by writer instead of on the test set.":
    "已改：用 Glorot 初始化，每轮重新打乱，验证集按书写人划分，不再用测试集。",
  "Weights start uniform in +-0.01: after a whole epoch the net still answers 1 to everything (11.35 %). The validation set is the test set, and the drawing box is resized without crop or centring.":
    "权重从 ±0.01 的均匀分布开始：学完整整一轮，见什么还是都答 1（11.35%）。验证集就是测试集；画板上的图直接缩小，不裁剪也不居中。",
  "Weights start uniform in +-0.01, so the first epoch learns next to nothing, and the validation set is the test set.":
    "权重从 ±0.01 的均匀分布开始，第一轮几乎什么也没学到；验证集就是测试集。",
  "Mended: one output a class with cross entropy instead of one for the quantity, shuffled data, validation by writer.":
    "已改：每个类别一个输出，用交叉熵，不再只输出一个数量；数据打乱；验证集按书写人划分。",
  "Ten unordered classes are regressed as one number, which is then truncated; the data are never shuffled and the net is never evaluated.":
    "十个没有大小之分的类别，被当成一个数来回归，还直接截去小数；数据从不打乱，网络也从未评估过。",
  "Mended: progress is judged once an epoch, without gradients, on validation digits of other writers.":
    "已改：每轮只评估一次，不算梯度，用的是别人写的验证数字。",
  "Evaluates all test pictures every 100 steps, with gradients on, which takes longer than training, and judges its progress by them; own pictures are not treated at all.":
    "每 100 步就把测试图全部评估一遍，还开着梯度，比训练本身还费时间，并且拿它来判断进展；自己写的图完全没有讲。",
  "Mended: no ReLU on the logits; the best epoch is chosen on validation digits of other writers.":
    "已改：logits 上不套 ReLU；最好的一轮用别人写的验证数字来挑。",
  "A ReLU on the ten logits kills a class for good in about a third of the runs, and test() ignores the loader it is given, so that validation and the best model are chosen on test data.":
    "十个 logits 上套了 ReLU，大约三分之一的训练里会有一个类别从此再也出不来；test() 不理会传给它的数据，验证和挑最好的模型其实用的都是测试集。",
};
