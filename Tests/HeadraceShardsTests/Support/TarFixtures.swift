import Foundation

/// Archives made by Python 3.11's tarfile and GNU tar 1.34, compressed by zstd -19.
///
/// Members: `0001.png`, `0001.cls`, an empty `0001.seg.png`, a text below a folder with a name of 120 letters (but in
/// `gnuV7`, which cannot hold it) and `d/ü3.json`; Python's have a folder before and a symbolic link behind.
enum TarFixtures {
  static let all: [(name: String, base64: String)] = [
    (
      "pythonUstar",
      "KLUv/WQAJ+0GAFLJHh+gqwP/a/3+3ZlDVn33bX63Zb5ufJ219/bfSrbv35cM8fFpfC83YWD/t6p30H0bSIHBxgHHlXXPThpX3As41h510pax"
        + "IyqC8f8lPXIdiFgo6IYYA/Z/trd5wkBgfyzpq3ytMk7Z/EauA/s///wUESTxfDxp07OU9AwcASMg8HCW2xz9Jz5gDVgqAEr58vHCTXqlUgVT"
        + "0hU2G9BUzG7YUzRfxQ8ByrTwUHoZ61I+Vp2Qe6dWHNTzp95Yq2yA9sQekJTTox6wyqCQ9IBTPo864KV8lOCAgwYwn4IbuuajMA=="
    ),
    (
      "pythonGNU",
      "KLUv/WQAJ/0HAAJLIx+QTQf/50RjPvN6xkA52lrgFPHxgnmy1k22TI+5qjrINPIpfT+3gWT/17I30M18I8qRwAdOZevCuFweiNxTAKBdYZWk"
        + "/+ed0rIoReQaWGtP/z+3KZgbFcOUU/7CmStJZqGAbgpKZP/n5UaRMA7ukSu9rbe20qA2v5kryf7PMU5IRVkcRA5oC+dahfNUAicgEGuUlLYN"
        + "/eP7gPUKgGK+PDGgSV1plK2CKU2FzQZMxbpBp2keVEQ2ICohY4wRBiAFd0E9FGkBW9UMUDe0DPj0x6oDuXdqwEE9f+qNmcoGaE/sAZtyetQD"
        + "VhkXkh4g5XRTHDwpX0pwwEEBzCfuBuDed8k="
    ),
    (
      "pythonPax",
      "KLUv/WQATwUKAEJNKiWQKx3/p8iry8zeI8AjRATi+b5bte/Nw1J/tb73llvK9JiryhhkrPSPv+qYjMfa/2qptLarqgP2zEjUWG3DYYFldpdM"
        + "R0mKhhNnc2sMkCZp8X82GSTlI1hIEVLde25+vytkpG330SOhckZU4YDAXGm/wz6Eza5Xv6qY0Nr/CnC8DlcgIQwJohpPSnv5C/m/SuQTpWGK"
        + "CAJbbOmvkihFE3VK3dt37X5X9gQ3oJBMlRS0LawBAG2UkbYN/UMeLKMAlKSXB9SoTCdIGbVTmiplA0Yl51IwVT9YGqTjZvgrC6CLMep7i+cr"
        + "QjZg6iUzYNI56Ec6bZO+uinSjFH33oEBUR2jDlLCxAPgKAB/7qNmrEoe9KUJMID+Q69qwahoggNy/EytnErvCthV/wDIC4BhMeVcqkGfcil5"
        + "wkEA+sRrykfY1A=="
    ),
    (
      "gnuV7",
      "KLUv/WQAJ10EAOIFExTAPe7/txunSqCJufp3WTaSMPo3O/j6e/mf1EZR9B7uHTmcVcBnC3m3sol3d/AmDWqxDAI4xJM7cDeekiHHPPB3d2AM"
        + "cncHcFbx7h4VIDBpMgvrpgc98GshVTClCptVMcnEDihFY+pA7pWaclDPn3pjVXav6QGmkZ4qpKAWDMSa4tSArOHgFI7pnbsJ"
    ),
    (
      "gnuOld",
      "KLUv/WQAJ/0GAALKIB+QTQf/50RjPvN6xkA52lrgFPHxgnne2t5bpsdcVR1kWtav3TeiHFk/cCpbF8bl8kDk1hrYSiuskvT/vFNaFqWITB+c"
        + "hdPnNgVzo2KYcsq37TNXksxC1e5TUCL7Py83ioRxcFxF0cQxTkhFWfzItgbv828vCJYCtvn9n60NzsyVZP8PIiBAa0lxc6YHPvBrQapgSio0"
        + "U5ku2ymap6IxVa/MBizSgErD3aFTDyUtYFQdBiCh0QHTP6aS7l6pLQf1/Ks3pjL3mh5gGump8jx0x8Gi/QeajsgeFGA4ZTnzMQfh"
    ),
    (
      "gnuGNU",
      "KLUv/WQAJ/0GAAKKIB+QTQf/50RjPvN6xkA52lrgFPHxgnne2t5bpsdcVR1kWla7b0Q5sn7gVLYujMvlgcjtA5VWWCXp/3mntCxKEZk+OAun"
        + "z20K5kbFMOWUb9tnriSZhardp6BE9n9ebhQJ4+C4iqKJY5yQirL4kW0N3uffXhAsBWzz+z9bG/w/M1eS/T8hIBBvSXHbpgc+8GtBqmBKKzRb"
        + "DTwPa4rmS0VkA6LSyDfgORFcCu4ORT2UtIBV5QIQhUYHTP9YlXT3So05qOdfvbEqY6/pAaaRvipPRXcYLO0/gHRE9nBwAkdSaiiV"
    ),
    (
      "gnuUstar",
      "KLUv/WQAJw0GAJIIHB6gqwP/a/3+3ZlDVv3d0u75M183vs7WvtxbyXZVv2TUBA+ZJ62Lg5kWJNW1ATLCtGPOoJEyiS92v0d63Pt/jldm4xRZ"
        + "IfMrgzj+v3JSgCgMax9KnX+d46nQHtiG/Pj792PsJzTv+f92D/+/ymwc/w8dIGBpSUEhB6YDPfBrMVUwpQrNqkyXbYrmqfggQEkLL6Uusz2g"
        + "NI5RXUTc1CgH9fzVG6sy5TU9wDTSUxUSTS24ITbggcI/oOlA9nBwOkcCuqed"
    ),
    (
      "gnuPosix",
      "KLUv/WQAT20LAFJPLx6g7f97QtC356de4fcLP1Yttd/5zZdsUiaZgKvvdBle9/3uczZ/KX4MFO6UXneqwiLhR7L5wjLIm0gulD9BvS2mheNq"
        + "LZBxmUC7ezCebLGCWp2w/1/9qcHKuWm/XZ06GZvv3sRtAldMYmamquBIFDCrqquDWd9p+wTo1ycuZYJ+oGJbWH8vBIyLrtQW1408QdkS9M/u"
        + "eS0Zpk0umJd4957dte+t1Faf9Xb3rJXo6VCW4N09YFduloxwizIIAUKgcSWUhkiq9WkMEGmSggK5ASUIvL7tWsWUWBWzAat+dz9ASxb+U752"
        + "1bKwnAG8jgBmG6saQnFq95Tr86KSbMBUTUdgANTIUB2ONUzaShQmYvDYjA1IneQGBG7LiWPUQGCUts+73Er5XehVZ5qKgrzjcX/VY9XhWUm3"
        + "36PjajOpDzj1AMQTekpdcqixGjk2OvMk6dH1AI2C/Z8W2FFRhV7NQ6EDkCqiQwGfRcMfXh2UVw=="
    ),
  ]

  static func bytes(_ name: String) -> [UInt8] {
    let fixture = all.first { $0.name == name }!
    return Array(Data(base64Encoded: fixture.base64)!)
  }
}
