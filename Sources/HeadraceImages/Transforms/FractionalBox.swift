/// A rectangle whose edges may lie within pixels: where they are, from the left and from the top.
struct FractionalBox: Hashable {
  let columns: Range<Double>
  let rows: Range<Double>
}
