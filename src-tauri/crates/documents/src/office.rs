//! Documents, presentations and tables of office programs.

pub mod docx;
mod docx_styles;
pub mod encrypted;
mod equation;
mod numbering;
pub mod odf;
mod odf_styles;
pub mod pptx;
pub mod sheets;

use crate::ReadError;
use crate::parts::Parts;

/// The name of the main part of an Office file (ECMA-376 part 2, section 6.5).
///
/// # Errors
/// [`ReadError::Damaged`] where it names none.
pub fn main_part(parts: &mut Parts<'_>) -> Result<String, ReadError> {
    let relations = parts.relations("")?;
    let main = relations.into_values().find(|relation| relation.kind == "officeDocument");
    let missing = || ReadError::Damaged("it does not say which of its parts is the first".into());
    main.map(|relation| relation.target).ok_or_else(missing)
}
