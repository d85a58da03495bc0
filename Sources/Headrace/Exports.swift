// One import for users: `import Headrace`.
@_exported import HeadraceCore
@_exported import HeadraceHeadspace
@_exported import HeadraceImages
@_exported import HeadracePipeline
@_exported import HeadraceRing
@_exported import HeadraceShards
@_exported import HeadraceWorker
