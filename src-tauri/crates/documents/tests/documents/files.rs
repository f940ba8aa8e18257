//! Small files, made of what is in them.

use std::io::{Cursor, Write};

use documents::{Document, ReadError, Reading};
use zip::ZipWriter;
use zip::write::SimpleFileOptions;

/// Where the types of relations are named.
const TYPES: &str = "http://schemas.openxmlformats.org/officeDocument/2006/relationships";

/// A ZIP archive of these parts.
pub fn archive(parts: &[(&str, &str)]) -> Vec<u8> {
    let mut zip = ZipWriter::new(Cursor::new(Vec::new()));
    for (name, content) in parts {
        zip.start_file(*name, SimpleFileOptions::default()).unwrap();
        zip.write_all(content.as_bytes()).unwrap();
    }
    zip.finish().unwrap().into_inner()
}

/// An Office file of these parts: its main part, and what that points to by its kind.
pub fn office(kind: &str, main: &str, content: &str, others: &[(&str, &str)]) -> Vec<u8> {
    let (folder, file) = main.rsplit_once('/').unwrap();
    let types = format!(
        "<Types><Override PartName='/{main}' ContentType='application/vnd.openxmlformats-officedocument.{kind}.main+xml'/></Types>"
    );
    let root = format!(
        "<Relationships><Relationship Id='r' Type='{TYPES}/officeDocument' Target='{main}'/></Relationships>"
    );
    let mut relations = String::from("<Relationships>");
    for (id, kind, name) in others.iter().filter_map(|(name, _)| relation(name)) {
        relations += &format!("<Relationship Id='{id}' Type='{TYPES}/{kind}' Target='{name}'/>");
    }
    relations += "</Relationships>";
    let relations_name = format!("{folder}/_rels/{file}.rels");
    let names: Vec<String> = others
        .iter()
        .map(|(name, _)| {
            let name = relation(name).map_or(*name, |(_, _, name)| name);
            format!("{folder}/{name}")
        })
        .collect();
    let mut parts = vec![
        ("[Content_Types].xml", types.as_str()),
        ("_rels/.rels", root.as_str()),
        (main, content),
        (relations_name.as_str(), relations.as_str()),
    ];
    parts.extend(names.iter().map(String::as_str).zip(others.iter().map(|(_, content)| *content)));
    archive(&parts)
}

/// `id kind name`, for a part that the main one points to.
fn relation(name: &str) -> Option<(&str, &str, &str)> {
    let mut words = name.split(' ');
    Some((words.next()?, words.next()?, words.next()?))
}

/// A DOCX with this body, and these other parts.
pub fn docx(body: &str, others: &[(&str, &str)]) -> Vec<u8> {
    let content = format!("<w:document><w:body>{body}</w:body></w:document>");
    office("wordprocessingml.document", "word/document.xml", &content, others)
}

/// An OpenDocument file.
pub fn odf(kind: &str, styles: &str, body: &str) -> Vec<u8> {
    let content = format!(
        "<office:document-content><office:automatic-styles>{styles}</office:automatic-styles><office:body>{body}</office:body></office:document-content>"
    );
    let kind = format!("application/vnd.oasis.opendocument.{kind}");
    archive(&[("mimetype", &kind), ("content.xml", &content)])
}

/// Reads a file.
pub fn try_read(name: &str, data: &[u8]) -> Result<Document, ReadError> {
    documents::read(&Reading { name, data, password: None })
}

/// Reads a file that can be read.
pub fn read(name: &str, data: &[u8]) -> Document {
    try_read(name, data).unwrap()
}

/// What is read of a file of one page.
pub fn text(name: &str, data: &[u8]) -> String {
    let mut document = read(name, data);
    assert_eq!(document.pages.len(), 1);
    document.pages.pop().unwrap().text
}

/// What is hidden in a file.
pub fn hidden(document: &Document) -> Vec<&str> {
    let pages = document.pages.iter();
    pages.flat_map(|page| page.hidden.iter().map(|range| &page.text[range.clone()])).collect()
}
