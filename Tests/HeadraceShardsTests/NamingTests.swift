import HeadraceCore
import Testing

@testable import HeadraceShards

struct NamingTests {
  @Test(arguments: [
    ("0001.png", "0001", "png"), ("0001.seg.png", "0001", "seg.png"), ("a/b/0001.cls", "a/b/0001", "cls"),
    ("a.b/0001.png", "a.b/0001", "png"), ("IMG.JPG", "IMG", "jpg"), ("./7.Seg.PNG", "7", "seg.png"),
    ("é/ü.json", "é/ü", "json"), ("a..png", "a", ".png"), ("__a__b.txt", "__a__b", "txt"),
    ("__info__.json", "__info__", "json"),
    ("d/__x__.txt", "d/__x__", "txt"), ("././/d/7.png", "d/7", "png"), ("../7.png", "../7", "png"),
    ("d/./7.png", "d/./7", "png"),
  ])
  func aNameSplitsAtTheFirstDotOfItsLastPart(_ name: String, _ key: String, _ field: String) throws {
    let parsed = try #require(MemberName(name))
    #expect(parsed.key == key)
    #expect(parsed.field == field)
  }

  @Test(arguments: [
    "README", ".hidden.png", "a/.png", "a.b/c", "0001.", "", "/", "__meta__/a.json", "__a.b__", "____/x.png",
    "./__meta__/a.json", "./.hidden.png", "./README", "./",
  ])
  func aNameThatIsNoFieldIsLeftOut(_ name: String) {
    #expect(MemberName(name) == nil)
  }

  @Test(arguments: [
    ("a.tar", ["a.tar"]),
    ("{0..2}.tar", ["0.tar", "1.tar", "2.tar"]),
    ("{08..11}", ["08", "09", "10", "11"]),
    ("{000..002}", ["000", "001", "002"]),
    ("{1..010}", (1...10).map { ($0 < 10 ? "00" : "0") + "\($0)" }),
    ("{2..0}", ["2", "1", "0"]),
    ("{0..10..5}", ["0", "5", "10"]),
    ("{10..0..5}", ["10", "5", "0"]),
    ("{a,b}/{0..1}.tar", ["a/0.tar", "a/1.tar", "b/0.tar", "b/1.tar"]),
    ("x{,-val}.tar", ["x.tar", "x-val.tar"]),
    ("{train-{0..1},val-{a,b}}.tar", ["train-0.tar", "train-1.tar", "val-a.tar", "val-b.tar"]),
    ("\\{0..1\\}\\,.tar", ["{0..1},.tar"]),
    ("{5..5}", ["5"]),
    ("ü{0..1}", ["ü0", "ü1"]),
  ])
  func aPatternExpandsAsInAShell(_ pattern: String, _ paths: [String]) throws {
    #expect(try BracePattern.expand(pattern) == paths)
  }

  @Test(arguments: [
    "{", "}", "a{0..1", "{}", "{abc}", "{0..}", "{..1}", "{0...2}", "{a..c}", "{0..10..0}", "{-1..2}", "x\\",
    "{0..99999999}", "{0..9999}{0..9999}", "{0..9999999999999999}", "{a,b", "{a,{0..1}",
  ])
  func aMistakenPatternIsOneErrorThatShowsIt(_ pattern: String) throws {
    let error = try failure { _ = try ShardSource(pattern) }
    #expect(error.code == .invalidArgument)
    #expect(error.message.contains("The shard pattern \(pattern) "))
  }
}
