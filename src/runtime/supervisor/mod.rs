//! One small process per attempt that outlives the console.
