//! A program that does nothing but read, for the tests of reading apart.

fn main() -> std::process::ExitCode {
    if std::env::args().nth(1).as_deref() == Some(documents::READER_ARGUMENT) {
        return documents::serve();
    }
    std::process::ExitCode::FAILURE
}
