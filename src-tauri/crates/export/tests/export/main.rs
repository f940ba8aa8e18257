//! Every format, from conversations like those that a history holds to those that nobody would
//! write.

#[cfg(test)]
mod docx;
#[cfg(test)]
mod hostile;
#[cfg(test)]
mod html;
#[cfg(test)]
mod json;
#[cfg(test)]
mod markdown;
#[cfg(test)]
mod pdf;
#[cfg(test)]
mod samples;
