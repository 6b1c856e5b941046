//! libpq conventions, connections with deadlines, readings.
