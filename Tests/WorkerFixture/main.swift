import Headrace
let spec = BatchSpec(size: 10, TensorSpec("x", .int64), TensorSpec("y", .float32, shape: [3]))
let placement: Placement = CommandLine.arguments.contains("same") ? .sameProcess : .subprocess
let pipeline = Pipeline(from: 0..<95)
  .map("double", concurrency: 2) { $0 * 2 }
  .filter { $0 % 3 != 0 }
  .batch(spec, concurrency: 2) { value, row in
    try row.write(Int64(value), to: "x")
    try row.write(contentsOf: [Float(value), 1, 2], to: "y")
  }
var batches = try runPipelineInSubprocess(pipeline, threads: 2, slots: 4, placement: placement)
for _ in 0..<3 {
  while let batch = try batches.next(timeout: .seconds(5)) {
    let x = try batch.tensor("x", as: Int64.self)
    let y = try batch.tensor("y", as: Float.self)
    var s = ""
    for i in 0..<x.count { s += "\(x[i]) " }
    print(batch.epoch, batch.sequence, batch.count, s, y[0])
  }
  print("end")
}
for s in batches.statistics() { print(s) }
