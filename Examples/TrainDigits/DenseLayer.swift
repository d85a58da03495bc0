/// A fully connected layer: output = input x weights + biases, for one sample at a time.
///
/// Gradients add up over the samples of a batch until `step` applies and clears them.
struct DenseLayer {
  let inputCount: Int
  let outputCount: Int
  // One row per input, so that the innermost loops run over outputs, which lie side by side.
  private var weights: [Float]
  private var biases: [Float]
  private var weightGradients: [Float]
  private var biasGradients: [Float]

  /// He initialisation, which keeps the variance of activations through layers with ReLU (He et al. 2015).
  init(inputs: Int, outputs: Int, generator: inout SplitMix64) {
    inputCount = inputs
    outputCount = outputs
    let deviation = (2 / Float(inputs)).squareRoot()
    weights = []
    for _ in 0..<(inputs * outputs) { weights.append(deviation * generator.nextNormal()) }
    biases = Array(repeating: 0, count: outputs)
    weightGradients = Array(repeating: 0, count: weights.count)
    biasGradients = biases
  }

  func forward(_ input: [Float], into output: inout [Float]) {
    for column in 0..<outputCount { output[column] = biases[column] }
    for row in 0..<inputCount where input[row] != 0 {  // half of all pixels and activations are 0
      let value = input[row]
      let start = row * outputCount
      for column in 0..<outputCount { output[column] += value * weights[start + column] }
    }
  }

  /// Adds this sample's gradients, given the loss's derivative by each output.
  mutating func addGradients(input: [Float], outputDerivatives: [Float]) {
    for column in 0..<outputCount { biasGradients[column] += outputDerivatives[column] }
    for row in 0..<inputCount where input[row] != 0 {
      let value = input[row]
      let start = row * outputCount
      for column in 0..<outputCount { weightGradients[start + column] += value * outputDerivatives[column] }
    }
  }

  /// The loss's derivative by each input.
  func backward(outputDerivatives: [Float], into inputDerivatives: inout [Float]) {
    for row in 0..<inputCount {
      let start = row * outputCount
      var sum: Float = 0
      for column in 0..<outputCount { sum += weights[start + column] * outputDerivatives[column] }
      inputDerivatives[row] = sum
    }
  }

  /// One step of plain SGD with the gradients added up so far: no momentum, no decay.
  mutating func step(rate: Float) {
    for index in 0..<weights.count {
      weights[index] -= rate * weightGradients[index]
      weightGradients[index] = 0
    }
    for index in 0..<biases.count {
      biases[index] -= rate * biasGradients[index]
      biasGradients[index] = 0
    }
  }
}
