//! One TLS configuration, made when first needed.
