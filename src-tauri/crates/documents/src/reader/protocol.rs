//! What is said between the process that wants a file read and the one that reads it.
//!
//! A request is the length of its head (four bytes, the lowest first), the head as JSON, and the
//! file. An answer is the length of its head, the head as JSON, and the document as it is kept or
//! the picture.

use serde::{Deserialize, Serialize};

use crate::extract::Extract;
use crate::{Document, ReadError, Reading};

/// What is to be done.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum Task {
    /// The file is to be read.
    Read,
    /// A page is to be drawn.
    Draw {
        /// The page; the first is 0.
        page: usize,
        /// How wide, in pixels.
        width: u32,
    },
}

#[derive(Serialize, Deserialize)]
struct Request {
    task: Task,
    name: String,
    password: Option<String>,
}

#[derive(Debug, Serialize, Deserialize)]
enum Head {
    Document { pictured: Vec<usize> },
    Picture,
    Failed(ReadError),
}

/// A request but for the file, which follows it.
pub fn request(task: Task, reading: &Reading<'_>) -> Vec<u8> {
    let name = reading.name.to_owned();
    let password = reading.password.map(str::to_owned);
    framed(&Request { task, name, password })
}

/// What is asked for, and the file that follows it.
pub fn requested(request: &[u8]) -> Option<(Task, Reading<'_>, String, Option<String>)> {
    let (head, data) = unframed::<Request>(request)?;
    let reading = Reading { name: "", data, password: None };
    Some((head.task, reading, head.name, head.password))
}

/// The answer to [`Task::Read`].
pub fn read(extract: Result<Extract, ReadError>) -> Vec<u8> {
    match extract {
        Ok(Extract { document, pictured }) => {
            let mut answer = framed(&Head::Document { pictured });
            answer.extend_from_slice(document.to_stored().as_bytes());
            answer
        }
        Err(error) => framed(&Head::Failed(error)),
    }
}

/// The answer to [`Task::Draw`].
pub fn drawn(picture: Result<Vec<u8>, ReadError>) -> Vec<u8> {
    match picture {
        Ok(picture) => {
            let mut answer = framed(&Head::Picture);
            answer.extend_from_slice(&picture);
            answer
        }
        Err(error) => framed(&Head::Failed(error)),
    }
}

/// An answer, if this is a whole one.
pub fn answer(bytes: &[u8]) -> Option<Answer> {
    let (head, body) = unframed(bytes)?;
    Some(Answer { head, body: body.to_vec() })
}

/// What a reader answered.
#[derive(Debug)]
pub struct Answer {
    head: Head,
    body: Vec<u8>,
}

impl Answer {
    /// What was read. The process that answers may be in the hands of the file that it read, so
    /// that nothing in it is taken for granted.
    ///
    /// # Errors
    /// What the reader said, or [`ReadError::Crashed`] where it is no document.
    pub fn into_extract(self) -> Result<Extract, ReadError> {
        let no_document = || ReadError::Crashed("its answer was no document".into());
        match self.head {
            Head::Failed(error) => Err(error),
            Head::Picture => Err(no_document()),
            Head::Document { mut pictured } => {
                let text = String::from_utf8(self.body).map_err(|_| no_document())?;
                let document = Document::from_stored(&text).map_err(|_| no_document())?;
                pictured.retain(|page| *page < document.pages.len());
                Ok(Extract { document, pictured })
            }
        }
    }

    /// What was drawn.
    ///
    /// # Errors
    /// What the reader said, or [`ReadError::Crashed`] where it is no picture.
    pub fn into_picture(self) -> Result<Vec<u8>, ReadError> {
        match self.head {
            Head::Failed(error) => Err(error),
            Head::Picture if self.body.starts_with(b"\x89PNG\r\n\x1a\n") => Ok(self.body),
            _ => Err(ReadError::Crashed("its answer was no picture".into())),
        }
    }
}

fn framed(head: &impl Serialize) -> Vec<u8> {
    // Of plain strings and numbers, which JSON always takes.
    let head = serde_json::to_vec(head).unwrap_or_default();
    let length = u32::try_from(head.len()).unwrap_or(u32::MAX);
    [length.to_le_bytes().as_slice(), &head].concat()
}

fn unframed<'a, T: Deserialize<'a>>(bytes: &'a [u8]) -> Option<(T, &'a [u8])> {
    let (length, rest) = bytes.split_first_chunk::<4>()?;
    let (head, body) = rest.split_at_checked(u32::from_le_bytes(*length) as usize)?;
    Some((serde_json::from_slice(head).ok()?, body))
}
