//! The incident log on disk: append, follow, lock, sync, recover, mirror.
