import Glibc

/// 64 pixels, 64 hidden units with ReLU, 10 classes with softmax: enough for 8x8 digits.
struct Network {
  static let pixelCount = 64
  static let hiddenCount = 64
  static let classCount = 10

  private var hidden: DenseLayer
  private var output: DenseLayer
  // Activations and derivatives of the sample at hand; members, so that a step allocates nothing.
  private var pixels = [Float](repeating: 0, count: pixelCount)
  private var activations = [Float](repeating: 0, count: hiddenCount)
  private var probabilities = [Float](repeating: 0, count: classCount)
  private var hiddenDerivatives = [Float](repeating: 0, count: hiddenCount)

  init(seed: UInt64) {
    var generator = SplitMix64(seed: seed)
    hidden = DenseLayer(inputs: Self.pixelCount, outputs: Self.hiddenCount, generator: &generator)
    output = DenseLayer(inputs: Self.hiddenCount, outputs: Self.classCount, generator: &generator)
  }

  /// One step on a batch of images, 64 pixels each, one after the other.
  ///
  /// - Returns: the mean cross-entropy before the step.
  mutating func train(images: Span<UInt8>, labels: Span<Int64>, rate: Float) -> Float {
    var loss: Float = 0
    for sample in 0..<labels.count {
      let label = Int(labels[sample])
      forward(images, sample: sample)
      loss -= logf(max(probabilities[label], .leastNormalMagnitude))
      backward(label: label)
    }
    let count = Float(max(labels.count, 1))
    hidden.step(rate: rate / count)
    output.step(rate: rate / count)
    return loss / count
  }

  /// How many of the images it classifies as their labels say.
  mutating func countCorrect(images: Span<UInt8>, labels: Span<Int64>) -> Int {
    var correct = 0
    for sample in 0..<labels.count {
      forward(images, sample: sample)
      var best = 0
      for index in 1..<Self.classCount where probabilities[index] > probabilities[best] { best = index }
      if best == Int(labels[sample]) { correct += 1 }
    }
    return correct
  }

  private mutating func forward(_ images: Span<UInt8>, sample: Int) {
    let start = sample * Self.pixelCount
    for index in 0..<Self.pixelCount { pixels[index] = Float(images[start + index]) * (1 / 255) }
    hidden.forward(pixels, into: &activations)
    for index in 0..<Self.hiddenCount { activations[index] = max(activations[index], 0) }
    output.forward(activations, into: &probabilities)
    softmax()
  }

  /// Turns the outputs into probabilities; the largest is subtracted first, so that no exponential overflows.
  private mutating func softmax() {
    let largest = probabilities.max() ?? 0
    var sum: Float = 0
    for index in 0..<Self.classCount {
      probabilities[index] = expf(probabilities[index] - largest)
      sum += probabilities[index]
    }
    for index in 0..<Self.classCount { probabilities[index] /= sum }
  }

  private mutating func backward(label: Int) {
    // The derivative of cross-entropy by the outputs is the probability, less 1 for the right class.
    probabilities[label] -= 1
    output.addGradients(input: activations, outputDerivatives: probabilities)
    output.backward(outputDerivatives: probabilities, into: &hiddenDerivatives)
    for index in 0..<Self.hiddenCount where activations[index] == 0 { hiddenDerivatives[index] = 0 }
    hidden.addGradients(input: pixels, outputDerivatives: hiddenDerivatives)
  }
}
