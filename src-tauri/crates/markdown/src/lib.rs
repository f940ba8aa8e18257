//! Markdown in, safe HTML blocks out, incrementally.
