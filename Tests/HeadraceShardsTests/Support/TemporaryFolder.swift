import HeadraceTestSupport

/// So that each test file need not import it.
typealias TemporaryFolder = HeadraceTestSupport.TemporaryFolder
