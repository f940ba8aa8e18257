//! Where the model's file lies.

use std::io::Read;
use std::path::{Path, PathBuf};

use conversation::{Failure, FailureCode};

/// The file that the package carries, and that a checkout keeps under `models/`.
const FILE_NAME: &str = "SmolLM2-135M-Instruct.Q4_1.gguf";
/// The first bytes of a GGUF file (<https://github.com/ggml-org/ggml/blob/master/docs/gguf.md>).
const MAGIC: &[u8; 4] = b"GGUF";

/// The model's file: the one that `BUREAU_LOCAL_MODEL` names; else the configured one; else the
/// one beside the program, in its installation's `share/bureau` or `Resources`, or in the
/// `models/` of the checkout that the program was built in. `None` if it is in none of these.
pub fn model_file(configured: Option<PathBuf>) -> Option<PathBuf> {
    let named = std::env::var_os("BUREAU_LOCAL_MODEL").filter(|value| !value.is_empty());
    if let Some(file) = named.map(PathBuf::from).or(configured) {
        return Some(file);
    }
    let program = std::env::current_exe().ok()?;
    let folder = program.parent()?;
    let beside = ["", "../share/bureau", "../lib/bureau", "../Resources"].map(|f| folder.join(f));
    let checkout = folder.ancestors().map(|ancestor| ancestor.join("models"));
    beside.into_iter().chain(checkout).map(|f| f.join(FILE_NAME)).find(|file| file.is_file())
}

/// What the model in this file is called: by its own name the one that comes with Bureau, by its
/// file's name any other.
pub(crate) fn name(file: &Path) -> String {
    match (file.file_name(), file.file_stem()) {
        (Some(name), Some(stem)) if name != FILE_NAME => stem.to_string_lossy().into_owned(),
        _ => crate::MODEL_NAME.to_owned(),
    }
}

/// Refuses what is no model before llama.cpp sees it.
pub(crate) fn check(file: &Path) -> Result<(), Failure> {
    let failure = |problem: String| Failure::new(FailureCode::ModelUnavailable, problem);
    if file.as_os_str().is_empty() {
        return Err(failure(
            "the built-in model's file is missing; set BUREAU_LOCAL_MODEL to a GGUF file, \
             or in a checkout run `cargo xtask model`"
                .to_owned(),
        ));
    }
    let mut magic = [0; 4];
    let read = std::fs::File::open(file).and_then(|mut opened| opened.read_exact(&mut magic));
    match read {
        Ok(()) if &magic == MAGIC => Ok(()),
        Err(error) if error.kind() != std::io::ErrorKind::UnexpectedEof => {
            Err(failure(format!("the built-in model {} cannot be read: {error}", file.display())))
        }
        _ => Err(failure(format!("{} is not a model in GGUF format", file.display()))),
    }
}
