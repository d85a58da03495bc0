import Headrace

// What a batch holds: 64 gray images of 8x8, and their labels.
let spec = BatchSpec(size: 64, TensorSpec("image", .uint8, shape: [8, 8]), TensorSpec("label", .int64))

// What is to be done. Nothing runs yet; mistakes that can be found before the start are found before the start.
let pipeline = Pipeline(from: try ShardSource("Examples/Data/digits-train.tar.zst"))
  .filter("labelled") { record in record.has("cls") }
  .batch("decode", spec, concurrency: 2, onFailure: .skip(upTo: 10), partial: .drop) { record, row in
    // `row` is memory of the batch that the trainer will read: each pixel is written once.
    try PNG.decode(try record.bytes("png"), into: try row.tensor("image"))
    try row.write(Int64(try record.integer("cls")), to: "label")
  }

// Forks the worker, which starts at once and runs ahead until all slots are full.
var batches = try runPipelineInSubprocess(pipeline, threads: 2, slots: 8)

for epoch in 0..<3 {
  var seen = 0, ink = 0
  while let batch = try batches.next() {  // a lease on one slot, given back at the end of the scope
    let images = try batch.tensor("image", as: UInt8.self)  // Span<UInt8> of batch.count x 8 x 8, no copy
    let labels = try batch.tensor("label", as: Int64.self)
    for index in images.indices { ink += Int(images[index]) }  // your training step
    seen += labels.count
  }
  print("epoch \(epoch): \(seen) images, mean pixel \(ink / (seen * 64))")
}
print(StatisticsTable(batches.statistics()))
