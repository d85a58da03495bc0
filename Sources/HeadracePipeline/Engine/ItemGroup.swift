/// Several samples that are worked on together and stay known one by one.
struct ItemGroup: Sendable {
  var items: [Item]
}
