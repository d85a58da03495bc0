import HeadraceCore

/// A way to mix each image of a batch with the one before it, the first with the last, and their labels alike.
///
/// Names, pairs and distributions are torchvision's (transforms.v2.MixUp and CutMix): one share is drawn for a batch.
/// H. Zhang et al., "mixup: Beyond Empirical Risk Minimization", 2018, https://arxiv.org/abs/1710.09412; S. Yun et al.,
/// "CutMix: Regularization Strategy to Train Strong Classifiers with Localizable Features", 2019,
/// https://arxiv.org/abs/1905.04899.
public enum ImageMixing: Hashable, Sendable {
  /// The share of an image and the rest of the other are added, pixel by pixel. The share has the distribution
  /// Beta(alpha, alpha): from 0.5 for all images where alpha is large to either image for itself where it is near 0.
  case mixUp(alpha: Double = 1)
  /// A box of an image is that of the other. The box has about the rest of a share of Beta(alpha, alpha) of the pixels,
  /// the proportions of the image, and its centre anywhere, so that part of it may be outside. Labels are mixed by the
  /// pixels that remain.
  case cutMix(alpha: Double = 1)

  /// What is wrong with its arguments; nil: nothing.
  package var mistake: String? {
    switch self {
    case .mixUp(let alpha), .cutMix(let alpha):
      alpha > 0 && alpha.isFinite ? nil : "alpha is \(alpha), and must be a number above 0"
    }
  }
}
