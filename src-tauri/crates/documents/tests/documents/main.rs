//! Files of every kind, read as a person would read them; and files made to break their reader.

mod any_bytes;
mod apart;
mod files;
mod hostile;
mod mails;
mod office;
mod texts;
