//! Signing in at a real OpenID Connect provider, and what its tokens open.

mod attacks;
mod endpoints;
mod groups;
mod sessions;
mod support;
mod terminal;
